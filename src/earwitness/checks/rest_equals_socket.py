"""What a socket heard of a message is what REST then returns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from earwitness.binding import Seen
from earwitness.checks.model import Check, Finding
from earwitness.checks.sights import finding, known_messages
from earwitness.world import Message, Sighting, World

CHECK = Check(
    id="rest-equals-socket",
    sentence="A message looks the same in every answer and every event: the fields that never change have one value.",
    severity="medium",
    needs=("message.id",),
    also=("send-text", "list-messages", "read-message", "message-created", "message-edited"),
)

# Fields of a message that nobody can change; the others have registers of their own.
_FIXED = (
    "id",
    "room",
    "author",
    "recipient",
    "kind",
    "sent_at",
    "reply_to",
    "file",
    "file_name",
    "file_size",
)


def find(world: World) -> Iterator[Finding]:
    first: dict[tuple[str, str], tuple[object, Sighting]] = {}
    for sighting, message in known_messages(world):
        for name, value in _plain(sighting.seen):
            before, source = first.setdefault((message.id, name), (value, sighting))
            if not _same(name, before, value):
                yield _differs(sighting, source, message, name, before, value)


def _plain(seen: Seen) -> Iterator[tuple[str, object]]:
    for name in _FIXED:
        value = seen.get(name)
        if value is not None and not isinstance(value, tuple):
            yield name, value


def _same(name: str, one: object, other: object) -> bool:
    """Whether two values say the same: a moment may be written in another zone or less exactly, and the address of a file be
    signed anew."""
    if one == other or not isinstance(one, str) or not isinstance(other, str):
        return one == other
    if name == "file":
        return urlsplit(one).path == urlsplit(other).path
    if name != "sent_at":
        return False
    try:
        apart = abs(datetime.fromisoformat(one) - datetime.fromisoformat(other))
    except (ValueError, TypeError):
        return False
    return apart < timedelta(seconds=10.0 ** -min(_digits(one), _digits(other)))


def _digits(moment: str) -> int:
    """How many digits of the second are written."""
    found = re.search(r"\.(\d+)", moment)
    return len(found[1]) if found else 0


def _differs(
    sighting: Sighting, source: Sighting, message: Message, name: str, before: object, value: object
) -> Finding:
    where = source.event or (source.exchange.operation.id if source.exchange.operation else "an answer")
    expected = f"{name} {before!r:.80} as in {where}"
    return finding(CHECK, sighting, message, "", name, expected, f"{name} {value!r:.80}")
