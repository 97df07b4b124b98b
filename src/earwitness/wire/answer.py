"""What comes back for a request, and how long a server asks to be left alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from earwitness.binding import MISSING
from earwitness.history import Body
from earwitness.wire.limits import MAX_WAIT_S

_PATIENCE: Final = (429, 503)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for a request. ``status`` is 0 when nothing did; ``reason`` and ``detail`` then say why (see
    history.NoAnswer). ``content`` are the bytes as they came, ``cut`` of them left out."""

    exchange: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = field(default=b"", repr=False)
    body: Body = field(default_factory=Body, repr=False)
    reason: str = ""
    detail: str = ""

    @property
    def answered(self) -> bool:
        """Whether an answer came at all."""
        return self.status != 0

    @property
    def json(self) -> object:
        """The decoded body; ``binding.MISSING`` when it is no JSON."""
        return self.body.value if self.body.is_json else MISSING


def asked_to_wait(answer: Answer) -> float | None:
    """The seconds for which a server asked to be left alone, when it did and they are few; RFC 9110, section 10.2.3."""
    value = answer.headers.get("retry-after", "").strip() if answer.status in _PATIENCE else ""
    try:
        if value.isascii() and value.isdigit():
            seconds = float(value)
        else:
            when = parsedate_to_datetime(value)
            when = when if when.tzinfo else when.replace(tzinfo=UTC)
            seconds = max(0.0, (when - datetime.now(UTC)).total_seconds())
    except (ValueError, OverflowError):
        return None
    return seconds if seconds <= MAX_WAIT_S else None
