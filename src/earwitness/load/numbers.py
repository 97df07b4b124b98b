"""Sets of message numbers, kept as runs: what they take grows with the holes in them, not with the numbers."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Final

# From the first number of a run to the one after its last.
Run = tuple[int, int]


class Numbers:
    """A set of whole numbers from 0 to 4 294 967 295. A run takes 8 bytes, however long it is; an empty set shares what it is made of."""

    __slots__ = ("_edges",)

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        # The edges of the runs in order: a number is in the set if an odd number of edges is not above it.
        self._edges: array[int] = _NONE
        for number in numbers:
            self.add(number)

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and bisect_right(self._edges, number) % 2 == 1

    def __len__(self) -> int:
        return sum(end - begin for begin, end in self.runs())

    def __bool__(self) -> bool:
        return bool(self._edges)

    def __iter__(self) -> Iterator[int]:
        for begin, end in self.runs():
            yield from range(begin, end)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Numbers) and self._edges == other._edges

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Numbers({', '.join(f'{begin}..{end - 1}' for begin, end in self.runs())})"

    def runs(self) -> Iterator[Run]:
        """Its runs, in order."""
        edges = self._edges
        return zip(edges[::2], edges[1::2], strict=True)

    def add(self, number: int) -> None:
        """Take ``number`` in, if it is not there yet."""
        edges = self._edges
        at = bisect_right(edges, number)
        if at % 2:
            return
        follows = at > 0 and edges[at - 1] == number
        precedes = at < len(edges) and edges[at] == number + 1
        if follows and precedes:
            del edges[at - 1 : at + 1]
        elif follows:
            edges[at - 1] = number + 1
        elif precedes:
            edges[at] = number
        elif edges is _NONE:
            self._edges = array("I", (number, number + 1))
        else:
            edges[at:at] = array("I", (number, number + 1))

    def add_run(self, begin: int, end: int) -> None:
        """Take in all from ``begin`` up to ``end``, which lie above all that are there."""
        if begin >= end:
            return
        if self._edges is _NONE:
            self._edges = array("I", (begin, end))
        elif self._edges[-1] == begin:
            self._edges[-1] = end
        else:
            self._edges.extend((begin, end))

    def discard(self, number: int) -> None:
        """Put ``number`` out, if it is there."""
        edges = self._edges
        at = bisect_right(edges, number)
        if at % 2 == 0:
            return
        first, last = edges[at - 1] == number, edges[at] == number + 1
        if first and last:
            del edges[at - 1 : at + 1]
            if not edges:
                self._edges = _NONE
        elif first:
            edges[at - 1] = number + 1
        elif last:
            edges[at] = number
        else:
            edges[at:at] = array("I", (number, number + 1))

    def dump(self) -> list[int]:
        """Its edges, for the way to another process."""
        return self._edges.tolist()

    @staticmethod
    def load(edges: Iterable[int]) -> Numbers:
        """What ``dump`` gave."""
        made = Numbers()
        made._edges = array("I", edges) or _NONE
        return made


# Of every set without numbers; nothing may ever be added to it.
_NONE: Final[array[int]] = array("I")


def without(runs: Iterable[Run], holes: Iterable[Run]) -> Iterator[Run]:
    """What is left of ``runs``, which are in order and apart, outside ``holes``, which are in order."""
    rest = iter(holes)
    hole = next(rest, None)
    for begin, end in runs:
        low = begin
        while hole is not None and hole[1] <= low:
            hole = next(rest, None)
        while hole is not None and hole[0] < end:
            if hole[0] > low:
                yield low, hole[0]
            low = max(low, hole[1])
            if hole[1] > end:
                break
            hole = next(rest, None)
        if low < end:
            yield low, end


def up_to(runs: Iterable[Run], last: int) -> Iterator[Run]:
    """``runs`` without what is above ``last``."""
    for begin, end in runs:
        if begin > last:
            return
        yield begin, min(end, last + 1)


def size(runs: Iterable[Run]) -> int:
    """How many numbers there are in ``runs``."""
    return sum(end - begin for begin, end in runs)
