"""What one listener heard of one sender: the last number, and the gaps below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from earwitness.load.numbers import Numbers, Run, up_to, without

# Of every window whose listener stays; nothing is ever added to it.
_NO_NUMBERS: Final = Numbers()


class Window:
    """Up to ``high`` all was heard but the ``gaps``."""

    __slots__ = ("doubtful", "gaps", "high", "sure")

    def __init__(self, high: int = 0, gaps: Numbers | None = None) -> None:
        self.high = high
        self.gaps = Numbers() if gaps is None else gaps
        # Of a listener that drops and returns: what was heard so shortly before that a server may tell the new socket of it again.
        self.sure = 0
        self.doubtful = _NO_NUMBERS

    def hear(self, sequence: int) -> str:
        """Take one in; returns ``heard``, ``reordered``, ``duplicated``, or ``again`` for a copy that a new socket may hear."""
        high = self.high
        if sequence > high:
            if sequence > high + 1:
                self.gaps.add_run(high + 1, sequence)
            self.high = sequence
            return "heard"
        if sequence in self.gaps:
            self.gaps.discard(sequence)
            return "reordered"
        if sequence in self.doubtful:
            self.doubtful.discard(sequence)
            return "again"
        return "duplicated"

    def has(self, sequence: int) -> bool:
        """Whether it was heard."""
        return sequence <= self.high and sequence not in self.gaps

    def missing(self, issued: int) -> Iterator[Run]:
        """What of the numbers up to ``issued`` was not heard."""
        yield from up_to(self.gaps.runs(), issued)
        if self.high < issued:
            yield self.high + 1, issued + 1

    def about_to_drop(self) -> None:
        """What was heard up to now, no new socket may hear again."""
        self.sure = self.high

    def dropped(self) -> None:
        """What was heard since may be heard once more by the next socket: the two may be told of it by different machines."""
        self.doubtful = Numbers()
        for begin, end in without([(self.sure + 1, self.high + 1)], self.gaps.runs()):
            self.doubtful.add_run(begin, end)
