"""What the text of a load message holds, and how it is read back: run, sender, sequence number, due time and a checksum."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import Final

# The last word is a checksum of all that stands before it, so a text that was changed on its way is known to be.
_TEXT: Final = re.compile(
    r"(ew1 (?P<run>[0-9a-z]{1,16}) (?P<sender>\S{1,40}) (?P<seq>\d{1,9}) (?P<due>\d{1,19})(?: \.*)?) (?P<sum>[0-9a-f]{8})"
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """One message of one sender of one run. ``due`` is in nanoseconds of the conductor's monotonic clock; of that of who hears it, once it is read."""

    run: str
    sender: str
    sequence: int
    due: int

    def text(self, size: int = 0) -> str:
        """The text of the message, filled up with dots to ``size`` characters."""
        head = f"ew1 {self.run} {self.sender} {self.sequence} {self.due}"
        missing = size - len(head) - 9
        body = f"{head} {'.' * (missing - 1)}" if missing > 0 else head
        return f"{body} {_sum(body)}"


def read_stamp(text: str) -> Stamp | None:
    """The stamp in ``text``; None when there is none, or when it is not as it was sent."""
    found = _TEXT.fullmatch(text)
    if found is None or found["sum"] != _sum(found[1]):
        return None
    return Stamp(found["run"], found["sender"], int(found["seq"]), int(found["due"]))


def _sum(body: str) -> str:
    return f"{zlib.crc32(body.encode('utf-8', 'surrogatepass')):08x}"
