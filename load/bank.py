"""The listener bank: thousands of sockets that listen, in one epoll loop of one greenlet.

What is nearly always heard, a plain frame by itself, is cut out and passed on. All else goes to the library's protocol, which is built
when it is needed and dropped when its frame is over: kept for every socket it would take ten times the memory of all the rest.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import gevent
from gevent.monkey import get_original
from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol, Side, State

from earwitness.load.slicing import extent, may_be_plain, slices, sole
from load.ears import Ear, GreenletEar, OnClosed, OnFrame
from load.handshake import MAX_SIZE, open_socket, why_it_ended

# Sockets that are served before other greenlets get their turn: a millisecond or two.
_BATCH: Final = 256
_CHUNK: Final = 65_536
# Bytes that wait for a server to read them, at most: pongs, and our goodbye.
_MOST_OUT: Final = 65_536
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


def why_no_bank(url: str) -> str:
    """Why the listeners at ``url`` cannot be in a bank; "" if they can."""
    if _real("select", "epoll") is None:
        return "this system has no epoll"
    if url.startswith("wss:"):
        return "TLS is spoken there"
    return ""


class Bank:
    """The sockets of one process, and the greenlet that listens to them all."""

    def __init__(self, on_fault: OnFault) -> None:
        """``on_fault`` is told when a mistake of ours ends the listening. Needs a system with epoll."""
        self._on_fault = on_fault
        self._epoll = _real("select", "epoll")()
        self._lines: dict[int, Line] = {}
        self._listening: gevent.Greenlet = gevent.spawn(self._listen)

    def __len__(self) -> int:
        return len(self._lines)

    def ear(self, limit_s: float) -> Ear:
        """An ear that will be in this bank; ``limit_s`` bounds its handshake."""
        return BankEar(self, limit_s)

    def close(self) -> None:
        """Let go of everything, without a goodbye."""
        self._listening.kill()
        for line in tuple(self._lines.values()):
            self.drop(line)
        self._epoll.close()

    def take_on(self, line: Line) -> None:
        """Listen to ``line`` from now on."""
        self._lines[line.fd] = line
        self._epoll.register(line.fd, _READABLE)

    def drop(self, line: Line) -> None:
        """Listen to it no more, and close its socket. Its number may be another's a moment later."""
        if self._lines.get(line.fd) is line:
            del self._lines[line.fd]
            self._epoll.unregister(line.fd)
            line.socket.close()

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
        for fd, what in self._epoll.poll(0, _BATCH):
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
            text = sole(data) if line.is_plain else None
            if text is not None:
                line.on_frame(text, at, False)
            else:
                line.take(data, at)

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


class Line:
    """One socket of a bank: what is known of it between two reads."""

    __slots__ = (
        "_bank",
        "_is_binary",
        "_library",
        "_on_closed",
        "_out",
        "_owed",
        "_pieces",
        "fd",
        "is_over",
        "is_plain",
        "on_frame",
        "receive",
        "rest",
        "socket",
    )

    def __init__(self, bank: Bank, plain: socket.socket, on_frame: OnFrame, on_closed: OnClosed) -> None:
        self._bank, self.socket = bank, plain
        self.on_frame, self._on_closed = on_frame, on_closed
        self.fd: int = plain.fileno()
        self.receive: Callable[[int], bytes] = plain.recv
        # Nothing is left over of what was received, so the next byte begins a frame.
        self.is_plain = True
        # The other side has ended it, or we have.
        self.is_over = False
        self.rest = b""
        self._library: Protocol | None = None
        # How many bytes of its frame the library has yet to get.
        self._owed = 0
        self._pieces: bytearray | None = None
        self._is_binary = False
        self._out: bytearray | None = None

    def take(self, data: bytes, at: int) -> None:
        """Take in what was received ``at`` (monotonic nanoseconds); nothing at all is the end of it."""
        if not data:
            self._end_of_stream()
        elif not self.is_over:
            self._read(self.rest + data if self.rest else data, at)
            self.is_plain = not (self.rest or self._owed or self._library or self.is_over)

    def _read(self, data: bytes, at: int) -> None:
        self.rest = b""
        while data and not self.is_over:
            if self._library is None:
                texts, end = slices(data)
                for text in texts:
                    self.on_frame(text, at, False)
                data = data[end:]
                if not data or may_be_plain(data):
                    self.rest = data
                    return
            if not self._owed:
                # Frame by frame, so that it can be let go between two.
                if (whole := extent(data)) is None:
                    self.rest = data
                    return
                self._owed = whole
            piece, data = data[: self._owed], data[self._owed :]
            self._owed -= len(piece)
            self._ask_library(piece, at)

    def _ask_library(self, data: bytes, at: int) -> None:
        if self._library is None:
            self._library = Protocol(Side.CLIENT, max_size=MAX_SIZE)
        library = self._library
        library.receive_data(data)
        for event in library.events_received():
            if isinstance(event, Frame):
                self._frame(event, at)
        self.send(b"".join(library.data_to_send()))
        if library.state is not State.OPEN:
            # Whoever says goodbye closes the connection as well; nobody waits for one who broke the protocol.
            self.ends(why_it_ended(library), hang_up=library.close_rcvd is None)
        elif not self._owed and library.current_size is None:
            self._library = None

    def _frame(self, frame: Frame, at: int) -> None:
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            if frame.opcode is not Opcode.CONT:
                self._is_binary, self._pieces = frame.opcode is Opcode.BINARY, bytearray()
            assert self._pieces is not None
            self._pieces += frame.data
            if frame.fin:
                whole, self._pieces = bytes(self._pieces), None
                self.on_frame(whole, at, self._is_binary)

    def _end_of_stream(self) -> None:
        if self.is_over:
            self._bank.drop(self)
        else:
            library = self._library or Protocol(Side.CLIENT)
            library.receive_eof()
            self.ends(why_it_ended(library))

    def ends(self, why: str, hang_up: bool = True) -> None:
        """It is over, and not because we wanted it: tell so, once."""
        told, self.is_over, self.is_plain = self.is_over, True, False
        self.rest, self._library, self._pieces = b"", None, None
        if hang_up:
            self._bank.drop(self)
        if not told:
            self._on_closed(why)

    # -- what we say ----------------------------------------------------------------------------------------------------------

    def send(self, data: bytes) -> None:
        """Write ``data`` now or as soon as the socket takes it. Who sends pings and never reads the answers is hung up on."""
        if self._out is not None:
            self._out += data
            if len(self._out) > _MOST_OUT:
                self.ends("it does not read what it is sent")
        elif data:
            self._out = bytearray(data)
            self.write()

    def write(self) -> None:
        """Write what waits to be written."""
        assert self._out is not None
        try:
            del self._out[: self.socket.send(self._out)]
        except BlockingIOError:
            pass
        except OSError:
            self._out.clear()  # reading tells what happened
        self._bank.wants_to_write(self, bool(self._out))
        if not self._out:
            self._out = None


class BankEar:
    """An ear in a bank."""

    __slots__ = ("_bank", "_limit_s", "_line")

    def __init__(self, bank: Bank, limit_s: float) -> None:
        self._bank, self._limit_s = bank, limit_s
        self._line: Line | None = None

    def open(self, url: str, headers: Mapping[str, str], on_frame: OnFrame, on_closed: OnClosed) -> None:
        opened = open_socket(url, headers, self._limit_s, None)
        # Its parser and it know one another, and thousands of such pairs would wait for the collector.
        opened.protocol.parser.close()
        plain = _real("socket", "socket")(fileno=opened.socket.detach())
        plain.setblocking(False)
        self._line = line = Line(self._bank, plain, on_frame, on_closed)
        self._bank.take_on(line)
        if opened.rest:
            line.take(opened.rest, time.monotonic_ns())

    def close(self) -> None:
        line, self._line = self._line, None
        if line is not None and not line.is_over:
            line.is_over = True
            goodbye = Frame(Opcode.CLOSE, b"\x03\xe8").serialize(mask=True)
            with contextlib.suppress(OSError):  # it is gone, which is what we want
                line.socket.send(goodbye)
        if line is not None:
            self._bank.drop(line)


def ear_for(url: str, limit_s: float, bank: Bank | None, tls: ssl.SSLContext | None) -> Ear:
    """The ear for ``url``: in the bank if there is one and it can be."""
    return bank.ear(limit_s) if bank is not None and not why_no_bank(url) else GreenletEar(limit_s, tls)
