"""A transcript laid out as a sequence: a column for each member and one for the server, time downwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from earwitness.report.transcript import CLAIM, KEPT, Line, Transcript

# More columns than these nobody reads; further members share the last.
MOST_LANES: Final = 6
SERVER: Final = "server"
OTHERS: Final = "others"


@dataclass(frozen=True, slots=True)
class Note:
    """What one end of an exchange did: ``way`` is ``→`` (said), ``←`` (heard) or ``·``; ``aside`` says what else tells it
    apart: a role, a socket, how much later than the row."""

    way: str
    what: str
    outcome: str = ""
    aside: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a column. ``end`` is how a wire meets it: ``from`` and ``to`` where it ends, ``wire`` where it passes
    through, or nothing."""

    end: str = ""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """What happened at one moment: a cell for each column, or an ``aside`` across all; below it what should have been."""

    ms: float
    cells: tuple[Cell, ...] = ()
    aside: str = ""
    remark: str = ""
    sides: tuple[tuple[str, str], ...] = ()
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """The sequence of a case: the heads of its columns, the server's last, its rows, and how many lines are left out."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    before: int = 0
    after: int = 0


def score(told: Transcript) -> Score:
    """``told`` as a sequence. What several sockets heard of one frame, one right after the other, is one row."""
    members = tuple(dict.fromkeys(line.lane for line in told.lines if line.lane))
    lanes = members if len(members) <= MOST_LANES else (*members[: MOST_LANES - 1], OTHERS)
    # A claim that was kept is told beside what proves it.
    proven = {line.remark for line in told.lines if not line.bad}
    lines = [line for line in told.lines if line.remark or KEPT + line.what.removeprefix(CLAIM) not in proven]
    return Score((*lanes, SERVER), tuple(_rows(lines, lanes)), told.before, told.after)


def _rows(lines: Iterable[Line], lanes: Sequence[str]) -> Iterator[Row]:
    for frame, group in groupby(lines, key=_frame):
        if frame is None:
            yield from (_row(line, lanes) for line in group)
        else:
            yield _broadcast(list(group), lanes)


def _frame(line: Line) -> tuple[str, str] | None:
    """What lines have in common that are one frame heard by several; None for a line that stands alone."""
    return (line.what, line.said) if line.way == "←" and line.lane and not line.remark else None


def _broadcast(lines: Sequence[Line], lanes: Sequence[str]) -> Row:
    first = lines[0]
    by_lane: dict[int, list[Note]] = {}
    for line in lines:
        later = f"{line.ms - first.ms:+.1f} ms" if line.ms - first.ms >= 0.05 else ""
        aside = ", ".join(part for part in (_other(line, lanes), line.socket, later) if part)
        by_lane.setdefault(_place(line, lanes), []).append(Note("←", line.what, aside=aside))
    server = Cell("from", (Note("", first.what, body=first.said),))
    start = min(by_lane)
    cells = tuple(
        Cell("to", tuple(by_lane[at])) if at in by_lane else Cell("wire" if at > start else "")
        for at in range(len(lanes))
    )
    return Row(first.ms, (*cells, server))


def _row(line: Line, lanes: Sequence[str]) -> Row:
    return replace(_happened(line, lanes), remark=line.remark, sides=line.sides, bad=line.bad)


def _happened(line: Line, lanes: Sequence[str]) -> Row:
    if not line.lane:
        text = " ".join(
            part for part in (line.who and f"{line.who}:", line.what, line.outcome, line.said) if part
        )
        return Row(line.ms, aside=text)
    place = _place(line, lanes)
    aside = ", ".join(part for part in (_other(line, lanes), line.role, line.socket) if part)
    if line.way == "·":
        cells = [Cell() for _ in lanes]
        cells[place] = Cell("", (Note("·", line.what, line.outcome, aside),))
        return Row(line.ms, (*cells, Cell()))
    heard = line.way == "←"
    mine = Note(line.way, line.what, "", aside, "" if heard else line.said)
    theirs = _at_server(line, heard)
    return Row(
        line.ms,
        (
            *(Cell() for _ in range(place)),
            Cell("to" if heard else "from", (mine,)),
            *(Cell("wire") for _ in lanes[place + 1 :]),
            Cell("from" if heard else "to", tuple(theirs)),
        ),
    )


def _at_server(line: Line, heard: bool) -> Iterable[Note]:
    if heard:
        yield Note("", line.what, body=line.said)
    elif line.outcome or line.answered:
        yield Note("", line.outcome, body=line.answered)


def _place(line: Line, lanes: Sequence[str]) -> int:
    return lanes.index(line.lane) if line.lane in lanes else len(lanes) - 1


def _other(line: Line, lanes: Sequence[str]) -> str:
    return "" if line.lane in lanes else line.lane
