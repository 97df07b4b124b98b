"""A deleted message is gone from every list, and its text from every preview."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.binding import key_of
from earwitness.checks.model import Check, Finding
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
    for listing in world.listings:
        for room in listing.items:
            text = room.text("last_text")
            sent = world.state.in_room(key_of(world.binding, room)) if room.view == "room" and text else []
            # One that was not sent yet is no deleted one: the text may be that of an older message.
            gone = [
                m for m in sent if m.text.allows(text, listing.begun, listing.done) and m.done < listing.begun
            ]
            if gone and all(m.exists.certain(listing.begun, listing.done) is False for m in gone):
                yield Finding(
                    CHECK.id, f"{CHECK.id}:preview", "decided", CHECK.severity, rule.clause,
                    "no deleted text in a room's preview", f"{listing.member} was shown {text!r:.80}",
                    (listing.exchange.entry.n,), listing.exchange.entry.case,
                )  # fmt: skip
