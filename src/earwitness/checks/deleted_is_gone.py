"""A deleted message is gone from every list, and its text from every preview."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.checks.rooms import shown_rooms
from earwitness.checks.sights import finding, known_messages
from earwitness.world import World

CHECK = Check(
    id="deleted-is-gone",
    sentence="A deleted message is in no list, and its text in no preview.",
    severity="high",
    needs=("delete-message",),
    cwe=("CWE-212",),
)


def find(world: World) -> Iterator[Finding]:
    rule = world.binding.rule("deleted-messages")
    if rule is None or rule.value != "gone":
        return
    for sighting, message in known_messages(world):
        if not sighting.event and message.exists.certain(sighting.begun, sighting.done) is False:
            heard = f"message {message.id}, {sighting.seen.text('text')!r:.80}"
            yield finding(
                CHECK, sighting, message, rule.clause, "", f"message {message.id} gone", heard, rule.basis
            )
    for exchange, shown, room in shown_rooms(world):
        text, answered = shown.text("last_text"), exchange.response
        if not text or answered is None:
            continue
        # One that was not sent yet is no deleted one: the text may be that of an older message.
        gone = [
            m
            for m in world.state.in_room(room.id)
            if m.text.allows(text, exchange.begun, answered.t) and m.done < exchange.begun
        ]
        if gone and all(m.exists.certain(exchange.begun, answered.t) is False for m in gone):
            yield Finding(
                CHECK.id, f"{CHECK.id}:preview", "decided", CHECK.severity, rule.clause,
                "no deleted text in a room's preview", f"{exchange.member} was shown {text!r:.80}",
                (exchange.entry.n,), exchange.entry.case,
            )  # fmt: skip
