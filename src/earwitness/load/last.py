"""How long until the last listener heard each message: four bytes a message, however many listened."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from earwitness.history import Json
from earwitness.load.figures import Histogram, whole
from earwitness.load.numbers import Run

# Messages in a block: what one report sends again if one of them was heard since.
_BLOCK: Final = 512
_MOST: Final = 2**32 - 1


class _Block:
    """Some messages in a row of one sender: for each a microsecond more than the latest, 0 if nobody heard it; ``touched`` is the second
    in which the block changed."""

    __slots__ = ("late", "touched")

    def __init__(self, touched: int = 0, late: Iterable[int] = ()) -> None:
        self.touched = touched
        self.late = array("I", late)


class LastHeard:
    """For each message how long until the last listener so far heard it, in microseconds (71 minutes at most)."""

    def __init__(self) -> None:
        self._blocks: dict[tuple[str, int], _Block] = {}

    def hear(self, sender: str, sequence: int, second: int, late_us: int) -> None:
        """A listener heard it, so long after it was due."""
        number, place = divmod(sequence, _BLOCK)
        block = self._blocks.get((sender, number))
        if block is None:
            block = self._blocks[sender, number] = _Block()
        late = block.late
        if place >= len(late):
            late.extend([0] * (place + 1 - len(late)))
        mark = min(max(0, late_us) + 1, _MOST)
        if mark > late[place]:
            late[place] = mark
            block.touched = second

    def merge(self, other: LastHeard) -> None:
        """Add what another process has heard."""
        for key, theirs in other._blocks.items():
            ours = self._blocks.get(key)
            if ours is None:
                self._blocks[key] = _Block(theirs.touched, theirs.late)
                continue
            long, short = sorted((ours.late, theirs.late), key=len, reverse=True)
            ours.late = array("I", map(max, long, [*short, *[0] * (len(long) - len(short))]))
            ours.touched = max(ours.touched, theirs.touched)

    def spread(self, heard_by_all: Mapping[str, Iterable[Run]]) -> Histogram:
        """The histogram over the messages, by sender, that all have heard."""
        made = Histogram()
        for sender, runs in heard_by_all.items():
            for late in self._of(sender, runs):
                made.add(late - 1)
        return made

    def _of(self, sender: str, runs: Iterable[Run]) -> Iterator[int]:
        for begin, end in runs:
            for number in range(begin // _BLOCK, -(-end // _BLOCK)):
                block = self._blocks.get((sender, number))
                if block is not None:
                    low = number * _BLOCK
                    yield from filter(None, block.late[max(0, begin - low) : end - low])

    def dump(self, since: int = 0) -> dict[str, Json]:
        """As JSON; only the blocks that changed in second ``since`` or later."""
        return {
            f"{number} {sender}": [block.touched, [*block.late]]
            for (sender, number), block in self._blocks.items()
            if block.touched >= since
        }

    @staticmethod
    def load(value: Mapping[str, Json]) -> LastHeard:
        """What ``dump`` gave."""
        made = LastHeard()
        for key, row in value.items():
            assert isinstance(row, list | tuple) and isinstance(row[1], list | tuple)
            number, _, sender = key.partition(" ")
            made._blocks[sender, int(number)] = _Block(whole(row[0]), map(whole, row[1]))
        return made
