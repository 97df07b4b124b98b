"""The listener bank: thousands of sockets that listen, in one epoll loop of one greenlet.

What is nearly always heard, a plain frame by itself, is cut out and passed on. All else goes to the library's protocol, which is built
when it is needed and dropped when its frame is over: kept for every socket it would take ten times the memory of all the rest. On some of the
sockets the kernel says when it received what we read, so that the bank knows how late it is itself.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import gevent
from gevent.monkey import get_original

from earwitness.load.slicing import sole
from load.ears import Ear, GreenletEar, OnClosed, OnFrame
from load.handshake import open_socket
from load.lines import Line
from load.stamps import OnLag, StampedLine, why_no_stamps
from load.tls import Tls

# Sockets that are served before other greenlets get their turn: a millisecond or two.
_BATCH: Final = 256
_CHUNK: Final = 65_536
# One socket in so many has stamps at most, but a few in any case.
_STAMPED: Final = 50
_FEW: Final = 8
# Which of so many: about the middle of each stretch, whatever power of two it is, since who is served first or last is no measure for all.
_MIDDLE: Final = 0x55555555
# How often the bank looks when nothing happens, so that it is known how old at most is what comes then.
_LOOK_S: Final = 0.002
# EPOLLIN and EPOLLOUT, where there is an epoll. Errors and ends are told unasked, and found by reading.
_READABLE: Final = 0x001
_WRITABLE: Final = 0x004

OnFault = Callable[[Exception], None]


def _real(module: str, name: str) -> Any:
    """``module.name`` as it was before gevent patched it, or took it away since it would block: a poll that does not wait cannot.
    None where the system has no such thing."""
    try:
        return get_original(module, name)
    except AttributeError:
        return None


def why_no_bank() -> str:
    """Why listeners cannot be in a bank; "" if they can."""
    return "this system has no epoll" if _real("select", "epoll") is None else ""


class Bank:
    """The sockets of one process, and the greenlet that listens to them all."""

    def __init__(self, on_fault: OnFault, on_lag: OnLag | None = None) -> None:
        """``on_fault`` is told when a mistake of ours ends the listening; ``on_lag`` how late some of what is heard was read. Needs a
        system with epoll."""
        self._on_fault = on_fault
        self._on_lag = None if why_no_stamps() else on_lag
        # How many lines that count there have been; one in ``_every`` of them has stamps.
        self._taken, self._every = 0, 1
        self._stamped: dict[int, StampedLine] = {}
        self.looked = time.monotonic_ns()
        self._epoll = _real("select", "epoll")()
        self._lines: dict[int, Line] = {}
        self._looking = gevent.get_hub().loop.timer(_LOOK_S, _LOOK_S)
        self._listening: gevent.Greenlet = gevent.spawn(self._listen)

    def __len__(self) -> int:
        return len(self._lines)

    def ear(self, limit_s: float, trust: ssl.SSLContext | None = None, *, counts: bool = True) -> Ear:
        """An ear that will be in this bank; ``limit_s`` bounds its handshake, ``trust`` says which certificates are good. ``counts``:
        whether it has to hear anything."""
        return BankEar(self, limit_s, trust, counts)

    def close(self) -> None:
        """Let go of everything, without a goodbye."""
        self._listening.kill()
        self._looking.close()
        for line in tuple(self._lines.values()):
            self.drop(line)
        self._epoll.close()

    def line(
        self,
        plain: socket.socket,
        on_frame: OnFrame,
        on_closed: OnClosed,
        tls: Tls | None = None,
        *,
        counts: bool = True,
    ) -> Line:
        """A line over ``plain``, not listened to yet. Of those that count some have stamps, evenly spread however many come."""
        number = self._taken
        self._taken += counts
        if self._on_lag is None or not counts or not self._has_stamps(number):
            return Line(self, plain, on_frame, on_closed, tls)
        if not self._looking.active:
            self._looking.start(self._look)
        self._stamped[number] = made = StampedLine(self, plain, on_frame, on_closed, self._on_lag, tls)
        while len(self._stamped) > max(_FEW, self._taken // _STAMPED):
            self._every *= 2
            for one in [one for one in self._stamped if not self._has_stamps(one)]:
                self._stamped.pop(one).retire()
        return made

    def _has_stamps(self, number: int) -> bool:
        return not (number ^ _MIDDLE) & (self._every - 1)

    def take_on(self, line: Line) -> None:
        """Listen to ``line`` from now on."""
        self._lines[line.fd] = line
        self._epoll.register(line.fd, _READABLE)

    def drop(self, line: Line) -> None:
        """Listen to it no more, and close its socket. Its number may be another's a moment later."""
        if self._lines.get(line.fd) is line:
            del self._lines[line.fd]
            self._epoll.unregister(line.fd)
            line.let_go()
            if isinstance(line, StampedLine):
                self._stamped = {number: one for number, one in self._stamped.items() if one is not line}

    def wants_to_write(self, line: Line, does: bool) -> None:
        """Whether to tell ``line`` when its socket takes bytes again."""
        self._epoll.modify(line.fd, _READABLE | (_WRITABLE if does else 0))

    def fileno(self) -> int:
        """Readable whenever one of the sockets is: an epoll can itself be waited for."""
        number: int = self._epoll.fileno()
        return number

    def hear_all(self) -> None:
        """Take what is there from each of a batch of sockets, without waiting for any.

        The hot path: a plain frame by itself goes straight to its listener.
        """
        lines, now = self._lines, time.monotonic_ns
        began = now()
        ready = self._epoll.poll(0, _BATCH)
        # In a fan-out the next socket mostly has what this one had; then its text is the same object, and is found by whoever looks it up
        # without being read again.
        before, text = b"", None
        for fd, what in ready:
            line = lines.get(fd)
            if line is None:
                continue
            if what != _READABLE and what & _WRITABLE:
                line.write()
                if what == _WRITABLE:
                    continue
            try:
                data = line.receive(_CHUNK)
            except (BlockingIOError, InterruptedError):
                continue
            except OSError as error:
                line.ends(str(error.strerror or error))
                continue
            at = now()
            if data != before:
                before, text = data, sole(data)
            if text is not None and line.is_plain:
                line.on_frame(text, at, False)
            else:
                line.take(data, at)
        if len(ready) < _BATCH:
            self.looked = began

    def _look(self) -> None:
        began = time.monotonic_ns()
        if not self._epoll.poll(0, 1):
            self.looked = began

    def _listen(self) -> None:
        hub = gevent.get_hub()
        watcher = hub.loop.io(self.fileno(), 1)
        try:
            while True:
                hub.wait(watcher)
                self.hear_all()
        except Exception as error:
            self._on_fault(error)
        finally:
            watcher.close()


class BankEar:
    """An ear in a bank."""

    __slots__ = ("_bank", "_counts", "_limit_s", "_line", "_trust")

    def __init__(self, bank: Bank, limit_s: float, trust: ssl.SSLContext | None, counts: bool) -> None:
        self._bank, self._limit_s, self._trust, self._counts = bank, limit_s, trust, counts
        self._line: Line | None = None

    def open(self, url: str, headers: Mapping[str, str], on_frame: OnFrame, on_closed: OnClosed) -> None:
        opened = open_socket(url, headers, self._limit_s, self._trust, beside=True)
        # Its parser and it know one another, and thousands of such pairs would wait for the collector.
        opened.protocol.parser.close()
        plain = _real("socket", "socket")(fileno=opened.socket.detach())
        plain.setblocking(False)
        self._line = line = self._bank.line(plain, on_frame, on_closed, opened.tls, counts=self._counts)
        self._bank.take_on(line)
        if opened.rest:
            line.take(opened.rest, time.monotonic_ns())

    def close(self) -> None:
        line, self._line = self._line, None
        if line is not None and not line.is_over:
            line.is_over = True
            line.say_goodbye()
        if line is not None:
            self._bank.drop(line)


def ear_for(limit_s: float, bank: Bank | None, trust: ssl.SSLContext | None, *, counts: bool = True) -> Ear:
    """An ear: in the bank if there is one. ``counts``: whether it has to hear anything."""
    return GreenletEar(limit_s, trust) if bank is None else bank.ear(limit_s, trust, counts=counts)
