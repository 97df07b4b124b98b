"""Opens a socket at a URL as a WebSocket: connects, asks, and reads the answer and not a byte more."""

from __future__ import annotations

import errno
import functools
import resource
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlsplit

import gevent
from websockets.client import ClientProtocol
from websockets.exceptions import InvalidHandshake, PayloadTooBig
from websockets.protocol import Protocol as Library
from websockets.protocol import State
from websockets.uri import parse_uri

from earwitness.errors import CouldNotTest
from load.tls import Tls, TlsWire

# Bytes of a message at most: what is longer ends the socket.
MAX_SIZE: Final = 2**20
_CHUNK: Final = 65_536
_END_OF_HEAD: Final = b"\r\n\r\n"
# Made when it is needed: reading the trusted certificates takes longer than opening ten sockets.
_TRUST: Final = functools.cache(ssl.create_default_context)


@dataclass(frozen=True, slots=True)
class Opened:
    """A socket that was opened, the protocol that opened it, and what came after the answer and belongs to frames. Where ``tls`` is not
    part of the socket it is beside it."""

    socket: socket.socket
    protocol: ClientProtocol
    rest: bytes
    tls: Tls | None = None


class Wire(Protocol):
    """What a handshake needs of a socket."""

    def recv(self, most: int, /) -> bytes: ...

    def sendall(self, data: bytes, /) -> None: ...

    def close(self) -> None: ...


def open_socket(
    url: str,
    headers: Mapping[str, str],
    limit_s: float,
    trust: ssl.SSLContext | None,
    *,
    beside: bool = False,
) -> Opened:
    """Open ``url``, asking with ``headers``, within ``limit_s`` seconds. Certificates are held against ``trust``, or what the system trusts.
    ``beside``: TLS, if it is spoken there, is to be beside the socket. Raises CouldNotTest when it is refused."""
    place = urlsplit(url)
    plain: socket.socket | None = None
    # Of it all, not of each step: who answers a byte at a time does not answer.
    limit = gevent.Timeout(limit_s, TimeoutError(f"no answer within {limit_s:.0f} s"))
    limit.start()
    try:
        plain = socket.create_connection(
            (place.hostname or "", place.port or (443 if place.scheme == "wss" else 80))
        )
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire: Wire = plain
        tls: Tls | None = None
        if place.scheme == "wss" and beside:
            secured = TlsWire(plain, trust or _TRUST(), place.hostname or "")
            wire, tls = secured, secured.tls
        elif place.scheme == "wss":
            wire = plain = (trust or _TRUST()).wrap_socket(plain, server_hostname=place.hostname)
        protocol = ClientProtocol(parse_uri(url), max_size=MAX_SIZE)
        request = protocol.connect()
        for name, value in headers.items():
            request.headers[name] = value
        protocol.send_request(request)
        rest = _ask(wire, protocol)
    except (OSError, InvalidHandshake) as error:
        if plain is not None:
            plain.close()
        raise _refused(error) from error
    finally:
        limit.close()
    if protocol.handshake_exc is not None:
        wire.close()
        raise CouldNotTest(f"a socket was refused: {protocol.handshake_exc}")
    return Opened(plain, protocol, rest, tls)


def _ask(wire: Wire, protocol: ClientProtocol) -> bytes:
    """Send the request and let ``protocol`` read the answer; returns what follows its head if that opens the socket."""
    _send(wire, protocol)
    head = b""
    while _END_OF_HEAD not in head and (data := wire.recv(_CHUNK)):
        head += data
        if len(head) > 2 * _CHUNK:
            raise ConnectionError(f"more than {_CHUNK:,} bytes of headers")
    head, end, rest = head.partition(_END_OF_HEAD)
    protocol.receive_data(head + end)
    if protocol.state is State.CONNECTING and protocol.handshake_exc is None:
        # A refusal, whose body belongs to it; or an answer that was cut off.
        protocol.receive_data(rest)
    while protocol.state is State.CONNECTING and protocol.handshake_exc is None:
        if data := wire.recv(_CHUNK):
            protocol.receive_data(data)
        else:
            protocol.receive_eof()
    return rest


def _send(wire: Wire, protocol: ClientProtocol) -> None:
    for data in protocol.data_to_send():
        wire.sendall(data)


def _refused(error: Exception) -> CouldNotTest:
    if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        return CouldNotTest(
            f"no more sockets can be opened: a process may hold {most} open files; raise that (ulimit -n), or take more --processes"
        )
    return CouldNotTest(f"a socket could not be opened: {str(error) or type(error).__name__}")


def why_it_ended(protocol: Library) -> str:
    """Why a socket is not open any more, as people read it: what the other side did, or what it sent that is no WebSocket."""
    broken = protocol.parser_exc
    if isinstance(broken, PayloadTooBig):
        return f"it sent more than we take: {broken}"
    if broken is not None and not isinstance(broken, EOFError):
        return f"it broke the WebSocket protocol: {broken}"
    close = protocol.close_rcvd
    return "closed with 1006" if close is None else f"closed with {close.code} {close.reason}".rstrip()
