"""What a socket heard of a message is what REST then returns."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.binding import Seen
from earwitness.checks.model import Check, Finding
from earwitness.checks.sights import finding, known_messages
from earwitness.world import Message, Sighting, World

CHECK = Check(
    id="rest-equals-socket",
    sentence="A message looks the same in every answer and every event: the fields that never change have one value.",
    severity="medium",
    needs=("message-created",),
)

# Fields of a message that nobody can change; the others have registers of their own.
_FIXED = ("id", "room", "author", "recipient", "kind", "sent_at", "reply_to", "file", "file_name", "file_size")


def find(world: World) -> Iterator[Finding]:
    first: dict[tuple[str, str], tuple[object, Sighting]] = {}
    for sighting, message in known_messages(world):
        for name, value in _plain(sighting.seen):
            before, source = first.setdefault((message.id, name), (value, sighting))
            if value != before:
                yield _differs(sighting, source, message, name, before, value)


def _plain(seen: Seen) -> Iterator[tuple[str, object]]:
    for name in _FIXED:
        value = seen.get(name)
        if value is not None and not isinstance(value, tuple):
            yield name, value


def _differs(sighting: Sighting, source: Sighting, message: Message, name: str, before: object, value: object) -> Finding:
    where = source.event or (source.exchange.operation.id if source.exchange.operation else "an answer")
    expected = f"{name} {before!r:.80} as in {where}"
    return finding(CHECK, sighting, message, "", name, expected, f"{name} {value!r:.80}")
