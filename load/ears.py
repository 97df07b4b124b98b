"""Sockets that listen: what an ear is, and one that is a greenlet with a sans-I/O protocol."""

from __future__ import annotations

import contextlib
import errno
import functools
import resource
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Final, Protocol
from urllib.parse import urlsplit

import gevent
from gevent.lock import RLock
from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from earwitness.deployment import Account, Deployment, allowed
from earwitness.documents import Documents
from earwitness.errors import CouldNotTest, RefusedByPolicy
from earwitness.member import SocketAddress, socket_address

# The payload as it came, the monotonic nanoseconds at which it was received, and whether its frame was a binary one.
OnFrame = Callable[[bytes, int, bool], None]
OnClosed = Callable[[str], None]

MAX_SIZE: Final = 2**20
_CHUNK: Final = 65_536
# Made when it is needed: reading the trusted certificates takes longer than opening ten sockets.
_TRUST: Final = functools.cache(ssl.create_default_context)


class Ear(Protocol):
    """A socket that listens. The listener bank will hold many of these in one greenlet; whoever uses ears knows no more than this."""

    def open(self, url: str, headers: Mapping[str, str], on_frame: OnFrame, on_closed: OnClosed) -> None:
        """Connect, and from then on call ``on_frame`` with each message, when it was received and whether it was binary, and
        ``on_closed`` when the other side ends it. Raises CouldNotTest when it is refused."""

    def close(self) -> None:
        """End it, from our side."""


class GreenletEar:
    """An ear with a greenlet of its own: simple, and milliseconds late when hundreds of them hear at once. It can speak as well."""

    def __init__(self, limit_s: float, tls: ssl.SSLContext | None = None) -> None:
        """``limit_s`` bounds the handshake."""
        self._limit_s, self._tls = limit_s, tls
        self._closing = False
        self._greenlet: gevent.Greenlet | None = None
        # Who speaks and who answers a ping must not write into each other's frames.
        self._writing = RLock()

    def open(self, url: str, headers: Mapping[str, str], on_frame: OnFrame, on_closed: OnClosed) -> None:
        self._on_frame, self._on_closed = on_frame, on_closed
        self._pieces: list[bytes] = []
        self._binary = False
        place = urlsplit(url)
        self._protocol = ClientProtocol(parse_uri(url), max_size=MAX_SIZE)
        plain: socket.socket | None = None
        try:
            plain = socket.create_connection(
                (place.hostname or "", place.port or (443 if place.scheme == "wss" else 80)), self._limit_s
            )
            self._socket = (
                plain
                if place.scheme == "ws"
                else (self._tls or _TRUST()).wrap_socket(plain, server_hostname=place.hostname)
            )
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            request = self._protocol.connect()
            for name, value in headers.items():
                request.headers[name] = value
            self._protocol.send_request(request)
            self._flush()
            while self._protocol.state is State.CONNECTING and self._protocol.handshake_exc is None:
                self._take(self._socket.recv(_CHUNK))
        except (OSError, InvalidHandshake) as error:
            if plain is not None:
                plain.close()
            if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
                most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
                raise CouldNotTest(
                    f"no more sockets can be opened: a process may hold {most} open files; raise that (ulimit -n), or take more --processes"
                ) from error
            raise CouldNotTest(
                f"a socket could not be opened: {str(error) or type(error).__name__}"
            ) from error
        if self._protocol.handshake_exc is not None:
            self._socket.close()
            raise CouldNotTest(f"a socket was refused: {self._protocol.handshake_exc}")
        self._socket.settimeout(None)
        self._greenlet = gevent.spawn(self._listen)

    def close(self) -> None:
        self._closing = True
        with contextlib.suppress(OSError):  # it is gone, which is what we want
            if self._protocol.state is State.OPEN:
                self._protocol.send_close(1000)
                self._flush()
        if self._greenlet is not None:
            self._greenlet.kill()
        self._socket.close()

    def say(self, payload: str) -> None:
        """Send a text frame. Raises OSError when the socket does not take it."""
        if self._protocol.state is not State.OPEN:
            raise ConnectionError("the socket is closed")
        with self._writing:
            self._protocol.send_text(payload.encode("utf-8"))
            self._flush()

    def _listen(self) -> None:
        try:
            while self._protocol.state is not State.CLOSED:
                self._take(self._socket.recv(_CHUNK))
        except OSError as error:
            self._over(str(error.strerror or error))
            return
        self._over(
            f"closed with {self._protocol.close_code or 'no close frame'} {self._protocol.close_reason or ''}".rstrip()
        )

    def _over(self, why: str) -> None:
        if not self._closing:
            self._on_closed(why)

    def _take(self, data: bytes) -> None:
        at = time.monotonic_ns()
        if data:
            self._protocol.receive_data(data)
        else:
            self._protocol.receive_eof()
        self._flush()
        for event in self._protocol.events_received():
            if isinstance(event, Frame):
                self._frame(event, at)

    def _frame(self, frame: Frame, at: int) -> None:
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            if frame.opcode is not Opcode.CONT:
                self._binary = frame.opcode is Opcode.BINARY
            self._pieces.append(bytes(frame.data))
            if frame.fin:
                whole, self._pieces = b"".join(self._pieces), []
                self._on_frame(whole, at, self._binary)

    def _flush(self) -> None:
        with self._writing:
            for data in self._protocol.data_to_send():
                if data:
                    self._socket.sendall(data)
                else:
                    self._half_close()

    def _half_close(self) -> None:
        with contextlib.suppress(OSError):  # the other side was faster
            self._socket.shutdown(socket.SHUT_WR)


def socket_of(
    deployment: Deployment,
    documents: Documents,
    name: str,
    account: Account,
    room: Mapping[str, object] | None,
) -> tuple[str, SocketAddress]:
    """The URL, and the address, at which ``account`` opens the socket ``name``. Raises RefusedByPolicy for a host that is not allowed."""
    address = socket_address(
        documents.spec, documents.binding, name, me={**account.attributes, "name": account.name}, room=room,
        peer=room.get("peer") if room else None, token=account.token,
    )  # fmt: skip
    url = deployment.ws + address.target
    if not allowed(deployment, url):
        raise RefusedByPolicy(f"{deployment.ws} is not on the allow-list and was not contacted")
    return url, address


def tls_of(ca_file: str | None) -> ssl.SSLContext | None:
    """The context for a deployment with certificates of its own."""
    return ssl.create_default_context(cafile=ca_file) if ca_file else None
