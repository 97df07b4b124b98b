"""Self-lag: how long what a socket hears had waited for us, by the kernel's own note of when it was received.

The kernel notes it for each segment, and tells that of the youngest whose bytes a read took; what comes close behind is put into one piece
with what waits, and has its stamp from then on. So of several messages in one read only the last has a stamp of its own. Of the others it is
known that they were not there when the bank last looked, or at the read before, which says how long they waited at most; and so of all,
should the clock be set.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from typing import Final

from earwitness.load.slicing import sole
from load.ears import OnClosed, OnFrame
from load.lines import Line, Place
from load.tls import Tls

# SO_TIMESTAMPNS of Linux, by which the kernel sends a timespec of its real-time clock along with the data; Python has no name for it.
_STAMP: Final = 35
_TIMESPEC: Final = struct.Struct("@ll")
_ROOM: Final = socket.CMSG_SPACE(_TIMESPEC.size) if hasattr(socket, "CMSG_SPACE") else 0
_SECOND: Final = 1_000_000_000

# When deliveries were read (monotonic nanoseconds), how long they had waited (nanoseconds), how many, and whether that is only a bound.
OnLag = Callable[[int, int, int, bool], None]


def why_no_stamps() -> str:
    """Why the kernel does not say when it received something; "" if it does."""
    with socket.socket() as one:
        return "" if _are_asked_for(one) else "this system's kernel does not tell when it received something"


def _are_asked_for(one: socket.socket) -> bool:
    try:
        one.setsockopt(socket.SOL_SOCKET, _STAMP, 1)
    except OSError:
        return False
    return bool(_ROOM)


class StampedLine(Line):
    """A line of which the kernel says when it received what is read, until it retires. It costs some microseconds more a frame, so few are
    like this."""

    __slots__ = (
        "_counts",
        "_emptied",
        "_has_more",
        "_hear",
        "_is_alone",
        "_is_last",
        "_is_retired",
        "_looked",
        "_on_lag",
        "_receive",
        "_waited",
    )

    def __init__(
        self,
        bank: Place,
        plain: socket.socket,
        on_frame: OnFrame,
        on_closed: OnClosed,
        on_lag: OnLag,
        tls: Tls | None = None,
    ) -> None:
        """``on_lag`` is told how long the messages had waited for which ``on_frame`` returns true."""
        super().__init__(bank, plain, self._count, on_closed, tls, self._receive_stamped)
        _are_asked_for(plain)
        self._hear, self._on_lag = on_frame, on_lag
        self._receive = plain.recvmsg
        # All that it hears goes by ``take``, where it is counted; what others call plain is noted beside.
        self.is_plain, self._is_alone = False, True
        # How long the end of what was read last had waited by the real-time clock; below 0 if nobody knows.
        self._waited = -1
        # When it was last known that nothing was there of what is read next: the bank had looked, or a read had left nothing.
        self._looked = self._emptied = bank.looked
        self._has_more = self._is_retired = False
        # How many of the messages of one read count, and whether the last of them does.
        self._counts, self._is_last = 0, False

    def _receive_stamped(self, most: int) -> bytes:
        began = time.monotonic_ns()
        data, notes, _, _ = self._receive(most, _ROOM)
        read = time.time_ns()
        self._waited = -1
        for level, kind, note in notes:
            if level == socket.SOL_SOCKET and kind == _STAMP:
                seconds, rest = _TIMESPEC.unpack(note)
                self._waited = read - seconds * _SECOND - rest
        # Where there was more than one read takes, the rest may have been there just as long.
        if not self._has_more:
            self._looked = max(self._bank.looked, self._emptied)
        self._emptied, self._has_more = began, len(data) == most
        return data

    def retire(self) -> None:
        """Be a line like others from now on."""
        self._is_retired, self.on_frame = True, self._hear
        self._is_alone = False
        receive = self.socket.recv
        self.receive = receive if self._tls is None else self._tls.over(receive, self._put, self.socket)

    def take(self, data: bytes, at: int) -> None:
        self._counts, self._is_last = 0, False
        if self._is_alone and (text := sole(data)) is not None:
            self._count(text, at, False)
            is_whole = True
        else:
            super().take(data, at)
            if self._is_retired:
                return
            # If it ends with a message, that has the stamp; the beginning of another would have it instead.
            is_whole = self._is_alone = self.is_plain
            self.is_plain = False
        if not self._counts:
            return
        most = max(0, at - self._looked)
        exact = int(is_whole and self._is_last and 0 <= self._waited <= most)
        if exact:
            self._on_lag(at, self._waited, exact, False)
        if self._counts > exact:
            self._on_lag(at, most, self._counts - exact, True)

    def _count(self, payload: bytes, at: int, binary: bool) -> None:
        self._is_last = bool(self._hear(payload, at, binary))
        self._counts += self._is_last
