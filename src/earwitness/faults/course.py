"""The course of one exchange under a fault: what comes from either side, turned into steps for whoever carries it; no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

from earwitness.faults.framing import LONGEST_HEAD, Extent, Frames, Head, end_of_head, status_of
from earwitness.faults.plan import Cut, Delay, Fault, Side, Slice, Stall


@dataclass(frozen=True, slots=True)
class Forward:
    """Send these bytes on."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Wait:
    """Let so many seconds pass."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Hold:
    """Send nothing more, in either direction, until told to go on."""


@dataclass(frozen=True, slots=True)
class Break:
    """End both connections: with RST where ``reset`` is true, else with FIN."""

    reset: bool


Step = Forward | Wait | Hold | Break


class Course:
    """What becomes of one exchange. ``struck``: the fault has had an effect. ``is_socket``: the server has agreed to one."""

    def __init__(self, fault: Fault | None, head: Head, number: int = 0) -> None:
        """``number`` counts the exchanges that have passed, for whoever asks."""
        self.fault, self.head, self.number = fault, head, number
        self.struck = False
        self.is_socket = False
        self._answer_head = bytearray()
        self._mark = _Mark(fault, head) if isinstance(fault, Cut | Stall) else None
        self._sizes = cycle(fault.sizes) if isinstance(fault, Slice) else None

    def steps(self, side: Side, data: bytes) -> Iterator[Step]:
        """What is to be done, in order, with ``data`` that came from ``side``."""
        opened_at = self._opening(data) if side == "answer" and self.head.upgrade else None
        match self.fault:
            case Delay(seconds, where) if where in (side, "both"):
                self.struck = True
                yield Wait(seconds)
                yield Forward(data)
            case Slice(_, pause_s, where) if where in (side, "both"):
                self.struck = True
                yield from self._pieces(data, pause_s)
            case (Cut() | Stall()) as fault if self._mark is not None:
                at = self._mark.reached(side, data, self.is_socket, opened_at)
                if at is None:
                    yield Forward(data)
                    return
                self._mark, self.struck = None, True
                if at:
                    yield Forward(data[:at])
                yield Break(fault.reset) if isinstance(fault, Cut) else Hold()
                if at < len(data):
                    yield Forward(data[at:])
            case _:
                yield Forward(data)

    def _pieces(self, data: bytes, pause_s: float) -> Iterator[Step]:
        assert self._sizes is not None, "only what is sliced has sizes"
        at = 0
        while at < len(data):
            size = next(self._sizes)
            yield Forward(data[at : at + size])
            at += size
            yield Wait(pause_s)

    def _opening(self, data: bytes) -> int | None:
        """How many bytes of ``data`` there are up to the end of the head that opens a socket, when it ends here."""
        before = len(self._answer_head)
        if self.is_socket or before > LONGEST_HEAD or end_of_head(self._answer_head):
            return None
        self._answer_head += data
        end = end_of_head(self._answer_head)
        self.is_socket = bool(end) and status_of(self._answer_head) == 101
        return end - before if self.is_socket else None


class _Mark:
    """The point of an exchange at which a fault strikes."""

    def __init__(self, fault: Cut | Stall, head: Head) -> None:
        self._fault = fault
        self._passed = 0
        self._extent = Extent(answers=head.method if fault.side == "answer" else "")
        self._frames = Frames()
        self._head = bytearray()
        self._in_body = False

    def reached(self, side: Side, data: bytes, is_socket: bool, opened_at: int | None) -> int | None:
        """How many bytes of ``data`` come before the mark; None when it is not among them."""
        if self._fault.unit == "frames":
            return self._in_frames(side, data, is_socket, opened_at)
        if side != self._fault.side:
            return None
        if self._fault.after is None:
            return self._extent.feed(data)
        start = self._body_in(data) if self._fault.unit == "body" else 0
        if start is None:
            return None
        before, self._passed = self._passed, self._passed + len(data) - start
        return start + self._fault.after - before if self._passed >= self._fault.after else None

    def _body_in(self, data: bytes) -> int | None:
        """Where in ``data`` the body begins, or goes on; None when it does not begin here."""
        if self._in_body:
            return 0
        before = len(self._head)
        self._head += data
        end = end_of_head(self._head)
        self._in_body = bool(end) or len(self._head) > LONGEST_HEAD
        return end - before if end else None

    def _in_frames(self, side: Side, data: bytes, is_socket: bool, opened_at: int | None) -> int | None:
        if not is_socket:
            return None
        # The head that opens the socket is no frame, and what comes with it may be some already.
        start, wanted = opened_at or 0, self._fault.after or 0
        if opened_at is not None and not wanted:
            return start
        if side != self._fault.side:
            return None
        ends = self._frames.feed(data[start:])
        before, self._passed = self._passed, self._passed + len(ends)
        return start + ends[wanted - before - 1] if self._passed >= wanted else None
