"""What was refused has not happened: nobody hears of it and nothing shows it."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.world import World, effective

CHECK = Check(
    id="refused-changes-nothing",
    sentence="A refused request changes nothing: no event tells of it, and no list shows what it asked for.",
    severity="critical",
    judges=("refusals",),
    cwe=("CWE-863",),
    owasp=("API1:2023",),
    source="OWASP WebSocket Security Cheat Sheet, Message-Level Authorization",
)


def find(world: World) -> Iterator[Finding]:
    for heard in world.delivery.heard:
        if heard.match == "refused" and heard.due is not None:
            exchange = heard.due.exchange
            # That only who has stored something may tell of it is our reading.
            stored = exchange.readings and world.state.stored_for(exchange.readings[0])
            basis = "decided" if stored else "stated"
            yield _finding(f"{heard.event}", exchange.entry.n, heard.entry.n, exchange.entry.case, heard.due.clause,
                           f"{heard.socket.member} heard {heard.due.name}", basis)  # fmt: skip
    refused = {
        text: exchange
        for exchange in world.line.exchanges.values()
        if (reading := effective(exchange)) is not None
        and exchange.by_http
        and 400 <= exchange.status < 500
        and len(text := reading.argument("text")) >= 12  # shorter texts are too likely to be somebody else's
        and exchange.id not in world.state.gave
    }
    known = {write.value for message in world.state.all_messages() for write in message.text.writes}
    seen: dict[
        tuple[str, str], float
    ] = {}  # what was shown before it was refused is another message of the same text
    for sighting in world.sightings:
        text = sighting.seen.text("text")
        first = seen.setdefault((sighting.seen.text("id"), text), sighting.begun)
        cause = refused.get(text)
        if cause is not None and text not in known and first > cause.begun and sighting.exchange is not cause:
            yield _finding(f"{cause.operation.id if cause.operation else 'frame'}", cause.entry.n, sighting.n, cause.entry.case,
                           cause.operation.clause if cause.operation else "", f"{sighting.member} was shown {text!r:.80}")  # fmt: skip


def _finding(
    subject: str, cause: int, seen: int, case: str, clause: str, heard: str, basis: str = "stated"
) -> Finding:
    return Finding(
        CHECK.id, f"{CHECK.id}:{subject}", basis, CHECK.severity, clause, "a refused request leaves no trace", heard,
        (cause, seen), case,
    )  # fmt: skip
