"""Sockets that listen: what an ear is, and one that is a greenlet with a sans-I/O protocol."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Protocol

import gevent
from gevent.lock import RLock
from websockets.frames import Frame, Opcode
from websockets.protocol import State

from earwitness.deployment import Account, Deployment, allowed
from earwitness.documents import Documents
from earwitness.errors import RefusedByPolicy
from earwitness.member import SocketAddress, socket_address
from load.handshake import open_socket, why_it_ended

# The payload as it came, the monotonic nanoseconds at which it was received, and whether its frame was a binary one. What it returns is
# true if it counts how late that was.
OnFrame = Callable[[bytes, int, bool], object]
OnClosed = Callable[[str], None]

_CHUNK: Final = 65_536


class Ear(Protocol):
    """A socket that listens. Those of a bank have one loop in common, others a greenlet each; whoever uses ears knows no more than this."""

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
        self._pieces = bytearray()
        self._binary = False
        opened = open_socket(url, headers, self._limit_s, self._tls)
        self._socket, self._protocol = opened.socket, opened.protocol
        self._greenlet = gevent.spawn(self._listen, opened.rest)

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

    def _listen(self, first: bytes) -> None:
        try:
            if first:
                self._take(first)
            while self._protocol.state is not State.CLOSED:
                self._take(self._socket.recv(_CHUNK))
        except OSError as error:
            self._over(str(error.strerror or error))
            return
        self._over(why_it_ended(self._protocol))

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
            self._pieces += frame.data
            if frame.fin:
                whole, self._pieces = bytes(self._pieces), bytearray()
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


def open_all(openings: Iterable[Callable[[], object]], at_once: int) -> None:
    """Do all ``openings``, ``at_once`` of them at a time, and raise what the first of them raises that fails."""
    left = iter(openings)

    def go_on() -> None:
        for opening in left:
            opening()

    # A few greenlets take turns; one for each would be as much memory as all the sockets.
    openers = [gevent.spawn(go_on) for _ in range(at_once)]
    try:
        gevent.joinall(openers, raise_error=True)
    finally:
        gevent.killall(openers)


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
