"""How far a load has come: one line for a terminal, and what it is made of, for the way from the process that knows it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from earwitness.load.figures import Histogram
from earwitness.load.lacking import lacking, settled
from earwitness.load.pacing import Pace
from earwitness.load.part import Part

# Looking for what is lost so far may take so long each second; beyond this it would disturb the load.
_MOST_MS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Progress:
    """``connected`` of ``sockets`` are open, ``due`` of ``messages`` were due; ``lost`` is what a deadline has passed for, None where that
    would take too long to find out; ``p99_ms`` is of all deliveries so far; ``left_s`` is until the last message is due."""

    phase: str
    connected: int
    sockets: int
    due: int = 0
    messages: int = 0
    heard: int = 0
    lost: int | None = 0
    p99_ms: float | None = None
    left_s: float = 0.0

    def line(self) -> str:
        """As people read it."""
        if self.phase == "opening":
            return f"opening sockets: {self.connected:,} of {self.sockets:,}"
        lost = "unknown" if self.lost is None else f"{self.lost:,}"
        p99 = "-" if self.p99_ms is None else f"{self.p99_ms:.1f} ms"
        left = f", {self.left_s:.0f} s left" if self.phase == "sending" else ""
        return (
            f"{self.phase}: {self.connected:,} sockets, {self.due:,} of {self.messages:,} messages due, {self.heard:,} heard,"
            f" {lost} lost so far, p99 {p99}{left}"
        )

    def dump(self) -> str:
        """As one line of JSON."""
        return json.dumps(asdict(self))

    @staticmethod
    def load(line: str) -> Progress:
        """What ``dump`` gave."""
        return Progress(**json.loads(line))


def progress(
    parts: Sequence[Part], told: Mapping[str, int], phase: str, sockets: int, pace: Pace, ran_s: float
) -> Progress:
    """Where a load is that has sent for ``ran_s`` seconds; ``parts`` are what its processes have seen so far, and ``told`` says, by
    sender, up to which message each of them has told since its deadline was over."""
    heard, connected = Histogram(), 0
    for part in parts:
        heard.merge(part.times["delivery"])
        connected += part.times["connect"].n
    sent = {name: out for part in parts for name, out in part.ledger.sent.items()}
    over = settled(sent, told)
    (lost,) = lacking([part.ledger for part in parts], over, most_ms=_MOST_MS)
    left = max(0.0, pace.seconds - ran_s)
    return Progress(
        phase,
        min(connected, sockets),  # who returns opens again
        sockets,
        pace.due_before(ran_s),
        pace.messages,
        heard.n,
        lost,
        heard.milliseconds(99),
        left,
    )
