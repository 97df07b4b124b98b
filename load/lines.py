"""One socket of a listener bank: cuts plain frames out of what is received, leaves the rest to the library, and answers what must be."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from typing import Final, Protocol

from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol as Library
from websockets.protocol import Side, State

from earwitness.load.slicing import extent, may_be_plain, slices
from load.ears import OnClosed, OnFrame
from load.handshake import MAX_SIZE, why_it_ended
from load.tls import Tls

# Bytes that wait for a server to read them, at most: pongs, and our goodbye.
_MOST_OUT: Final = 65_536


def _nothing(most: int) -> bytes:
    raise BlockingIOError


def _nobody(payload: bytes, at: int, binary: bool) -> None:
    pass


class Place(Protocol):
    """Where a line is listened to. ``looked`` is when it last looked at all sockets and left nothing unread that was there (monotonic
    nanoseconds)."""

    looked: int

    def drop(self, line: Line) -> None:
        """Listen to it no more, and close its socket."""

    def wants_to_write(self, line: Line, does: bool) -> None:
        """Whether to tell ``line`` when its socket takes bytes again."""


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
        "_tls",
        "fd",
        "is_over",
        "is_plain",
        "on_frame",
        "receive",
        "rest",
        "socket",
    )

    def __init__(
        self,
        bank: Place,
        plain: socket.socket,
        on_frame: OnFrame,
        on_closed: OnClosed,
        tls: Tls | None = None,
        receive: Callable[[int], bytes] | None = None,
    ) -> None:
        """``receive`` is how bytes are received from ``plain``, if not in the usual way."""
        self._bank, self.socket, self._tls = bank, plain, tls
        self.on_frame, self._on_closed = on_frame, on_closed
        self.fd: int = plain.fileno()
        receive = receive or plain.recv
        self.receive = receive if tls is None else tls.over(receive, self._put, plain)
        # Nothing is left over of what was received, so the next byte begins a frame.
        self.is_plain = True
        # The other side has ended it, or we have.
        self.is_over = False
        self.rest = b""
        self._library: Library | None = None
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
            self._library = Library(Side.CLIENT, max_size=MAX_SIZE)
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
            library = self._library or Library(Side.CLIENT)
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

    def let_go(self) -> None:
        """Close the socket, and hold nothing that holds this line: thousands that drop would wait for the collector."""
        self.socket.close()
        self.receive, self.on_frame, self._tls = _nothing, _nobody, None

    # -- what we say ----------------------------------------------------------------------------------------------------------

    def send(self, data: bytes) -> None:
        """Write ``data`` now or as soon as the socket takes it. Who sends pings and never reads the answers is hung up on."""
        self._put(data if self._tls is None else self._tls.seal(data))

    def say_goodbye(self) -> None:
        """Write that we leave, if the socket takes it."""
        if self._out is None:
            goodbye = Frame(Opcode.CLOSE, b"\x03\xe8").serialize(mask=True)
            with contextlib.suppress(OSError):  # it is gone, which is what we want
                self.socket.send(
                    goodbye if self._tls is None else self._tls.seal(goodbye) + self._tls.farewell()
                )

    def _put(self, data: bytes) -> None:
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
