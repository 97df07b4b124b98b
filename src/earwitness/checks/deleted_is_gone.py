"""A deleted message is gone from every list, and its text from every preview; nor does who tells of the deletion repeat it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from earwitness.checks.model import Check, Finding
from earwitness.checks.rooms import shown_rooms
from earwitness.checks.sights import finding, known_messages, verb_of
from earwitness.world import World

CHECK = Check(
    id="deleted-is-gone",
    sentence="A deleted message is in no list, and its text in no preview, nor in the event that tells of the deletion.",
    severity="high",
    needs=("delete-message", "deleted-messages"),
    also=("list-messages", "list-all-messages", "read-message", "read-room", "message-deleted"),
    cwe=("CWE-212",),
)

# Shorter texts may be in a frame by chance.
_LEAST_TEXT = 12


def find(world: World) -> Iterator[Finding]:
    rule = world.binding.rule("deleted-messages")
    if rule is None or rule.value != "gone":
        return
    for sighting, message in known_messages(world):
        if not sighting.event and message.exists.certain(sighting.begun, sighting.done) is False:
            heard = f"message {message.id}, {sighting.seen.text('text')!r:.80}"
            basis = rule.basis_of(verb_of(sighting))
            yield finding(
                CHECK, sighting, message, rule.clause, "", f"message {message.id} gone", heard, basis
            )
    yield from _repeated(world)
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


def _repeated(world: World) -> Iterator[Finding]:
    """Events that tell of a deletion and say once more what the message said."""
    for heard in world.delivery.heard:
        message = world.state.messages.get(heard.shows.get("message", ""))
        if heard.event != "message-deleted" or message is None or not heard.entry.payload.is_json:
            continue
        said = {write.value for write in message.text.writes if len(write.value) >= _LEAST_TEXT}
        repeated = next(
            (text for text in _texts(heard.entry.payload.value) if any(one in text for one in said)), ""
        )
        if repeated:
            yield Finding(
                CHECK.id, f"{CHECK.id}:{heard.event}", "decided", CHECK.severity, heard.frame.clause if heard.frame else "",
                f"no word of what message {message.id} said", f"{heard.socket.member} heard {repeated!r:.80}", (heard.entry.n,),
                heard.entry.case,
            )  # fmt: skip


def _texts(value: object) -> Iterator[str]:
    """Every text in a frame, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for held in value.values():
            yield from _texts(held)
    elif isinstance(value, list | tuple):
        for held in value:
            yield from _texts(held)
