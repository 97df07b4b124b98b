"""TLS for the sockets of a listener bank: bytes of the socket go in, those of the WebSocket come out, and no descriptor is known to it."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Callable
from typing import Final

_CHUNK: Final = 65_536


class Tls:
    """One side of a connection, its handshake first. Which records the bytes came in makes no difference: what is whole is read, always all
    of it, so nothing can wait in here that the socket would not tell of."""

    __slots__ = ("_broken", "_in", "_out", "_put", "_receive", "_session", "_socket", "_unsaid", "is_over")

    def __init__(self, context: ssl.SSLContext, host: str) -> None:
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._session = context.wrap_bio(self._in, self._out, server_hostname=host)
        # What could not be sealed yet, since the two sides are agreeing on something anew.
        self._unsaid = bytearray()
        self._broken: ssl.SSLError | None = None
        # The other side has ended it, with a goodbye of TLS or without.
        self.is_over = False

    def shake(self) -> bool:
        """Go on with the handshake; returns whether it is done. Raises ssl.SSLError when it failed."""
        try:
            self._session.do_handshake()
        except ssl.SSLWantReadError:
            return False
        return True

    def feed(self, data: bytes) -> None:
        """Take in what was received; nothing at all is the end of it."""
        if data:
            self._in.write(data)
        else:
            self._in.write_eof()

    def read(self) -> bytes:
        """All that was said; nothing if that is none yet, or ``is_over``. Raises ssl.SSLError when it was no TLS."""
        if self._broken is not None:
            raise self._broken
        pieces: list[bytes] = []
        session, incoming = self._session, self._in
        try:
            while piece := session.read(_CHUNK):
                pieces.append(piece)
                if not incoming.pending and not session.pending():
                    return piece if len(pieces) == 1 else b"".join(pieces)
            self.is_over = True
        except ssl.SSLWantReadError:
            pass
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            self.is_over = True
        except ssl.SSLError as error:
            # What was said before is worth hearing; then nothing more will be.
            self._broken = error
            if not pieces:
                raise
        return b"".join(pieces)

    def seal(self, data: bytes) -> bytes:
        """``data`` as it is to be sent, as far as that can be done now, with what TLS itself has to say."""
        self._unsaid += data
        with contextlib.suppress(ssl.SSLError):  # it is not the moment, or over, which reading tells
            while self._unsaid:
                del self._unsaid[: self._session.write(self._unsaid)]
        return self._out.read()

    def farewell(self) -> bytes:
        """The goodbye of TLS, as it is to be sent."""
        with contextlib.suppress(ssl.SSLError):  # nobody waits for the answer to it
            self._session.unwrap()
        return self._out.read()

    # -- in a bank ------------------------------------------------------------------------------------------------------------

    def over(
        self, receive: Callable[[int], bytes], put: Callable[[bytes], None], plain: socket.socket
    ) -> Callable[[int], bytes]:
        """A ``receive`` that gives what was said; what TLS itself has to say is ``put``. It raises BlockingIOError where a record is not whole yet."""
        self._receive, self._put, self._socket = receive, put, plain
        if self.is_over or self._broken:
            self._come_again()
        return self._receive_said

    def _receive_said(self, most: int) -> bytes:
        self.feed(self._receive(most))
        said = self.read()
        if self._unsaid or self._out.pending:
            self._put(self.seal(b""))
        if said and (self.is_over or self._broken):
            self._come_again()
        if not said and not self.is_over:
            raise BlockingIOError
        return said

    def _come_again(self) -> None:
        """What is to be told next does not come from the socket, so it has to be woken for it."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RD)


class TlsWire:
    """A socket that waits, with TLS over it: what a handshake needs of one. ``tls`` goes on without it afterwards."""

    def __init__(self, plain: socket.socket, context: ssl.SSLContext, host: str) -> None:
        """Does the handshake of TLS. Raises OSError when it fails."""
        self._plain, self.tls = plain, Tls(context, host)
        try:
            while not self.tls.shake():
                self._flush()
                self.tls.feed(plain.recv(_CHUNK))
        finally:
            with contextlib.suppress(OSError):  # why it failed is what counts
                self._flush()

    def recv(self, most: int) -> bytes:
        """Wait for something to be said; nothing at all is the end of it. May be a little more than ``most``."""
        while not (said := self.tls.read()) and not self.tls.is_over:
            self._flush()
            self.tls.feed(self._plain.recv(most))
        return said

    def sendall(self, data: bytes) -> None:
        self._plain.sendall(self.tls.seal(data))

    def close(self) -> None:
        self._plain.close()

    def _flush(self) -> None:
        if waiting := self.tls.seal(b""):
            self._plain.sendall(waiting)
