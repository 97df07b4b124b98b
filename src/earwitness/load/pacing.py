"""When messages are due: an absolute timetable that no answer can move."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """``rate`` messages a second for ``seconds``, dealt in turn to ``senders``.

    Sender k of m takes the messages k, k+m, k+2m, … of the timetable. Sequence numbers count from 1; times are nanoseconds since the
    start. The n-th message of all is due at n/rate, whatever became of the one before (open model).
    """

    rate: float
    seconds: float
    senders: int = 1

    @property
    def messages(self) -> int:
        """How many messages are due in all."""
        # 0.1 * 30 is a little more than 3: what is due at the very end is not due any more.
        return math.ceil(round(self.rate * self.seconds, 6))

    def count(self, sender: int) -> int:
        """How many of them sender number ``sender`` (from 0) has to send."""
        return max(0, -(-(self.messages - sender) // self.senders))

    def due(self, sender: int, sequence: int) -> int:
        """When message ``sequence`` (from 1) of that sender is due."""
        return round((sender + (sequence - 1) * self.senders) * 1e9 / self.rate)

    def due_in(self, second: int) -> int:
        """How many messages of all are due in that second (from 0)."""
        return self.due_before(second + 1) - self.due_before(second)

    def due_before(self, second: float) -> int:
        """How many messages of all are due before that time, in seconds since the start."""
        return min(self.messages, math.ceil(round(self.rate * second, 6)))
