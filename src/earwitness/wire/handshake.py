"""The opening of a socket: a handshake that follows nothing, and the reasons why one fails."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from typing import Final
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, InvalidURI

from earwitness.errors import CouldNotTest, Problem
from earwitness.member import SocketAddress
from earwitness.wire.limits import USER_AGENT, Limits

# The library logs headers and frames; tokens must not get anywhere but into a redacted history.
_SILENT: Final = logging.Logger("earwitness.wire.silent", logging.CRITICAL + 1)


class Connection(ClientConnection):
    """The library's connection, which ends within its ``close_timeout`` also when the server has to end it and does not.

    The library keeps that time only for what we send or close ourselves. A server that sends a close frame, or breaks the
    protocol, and then leaves the connection standing would be listened to for ever.
    """

    _ending: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        """Take what the server sent, and start the clock when that means that it has to go."""
        super().data_received(data)
        if self._ending is None and self.close_timeout is not None and self.protocol.close_expected():
            self._ending = self.loop.call_later(self.close_timeout, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is over; nothing needs to be ended any more."""
        if self._ending is not None:
            self._ending.cancel()
        super().connection_lost(exc)


class Handshake(connect):
    """The library's client without its following of redirects: a redirect is an answer like any other."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Never another address."""
        return exc

    async def through(self, port: int) -> int:
        """Open it through ``port`` on this machine, whatever the URL says; returns our port of the connection. Raises OSError."""
        sock = socket.socket()
        try:
            sock.setblocking(False)
            async with asyncio.timeout(self.open_timeout):
                await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
        except BaseException:
            sock.close()
            raise
        self.create_connection_kwargs["sock"] = sock
        return int(sock.getsockname()[1])


def handshake(url: str, address: SocketAddress, limits: Limits, tls: ssl.SSLContext) -> Handshake:
    """The handshake that opens ``url``, to be awaited; nothing has left yet.

    Raises CouldNotTest when ``url`` or a header cannot be sent at all.
    """
    # The library would write a header with a line end into the handshake as it is.
    if any(ord(c) < 32 or ord(c) > 126 for line in address.headers.values() for c in line):
        raise CouldNotTest(f"the socket {address.name} has a header that HTTP cannot carry")
    try:
        return Handshake(
            url,
            additional_headers=dict(address.headers),
            user_agent_header=USER_AGENT,
            proxy=None,
            compression=None,
            max_size=limits.max_frame,
            open_timeout=limits.open_s,
            close_timeout=limits.close_s,
            logger=_SILENT,
            create_connection=Connection,
            ssl=tls if urlsplit(url).scheme == "wss" else None,
        )
    except (InvalidURI, ValueError) as error:
        raise CouldNotTest(Problem(f"the socket {address.name} has no usable address: {error}")) from error


def why_refused(error: Exception) -> tuple[int, str]:
    """The status and the reason of a handshake that failed."""
    if isinstance(error, InvalidStatus):
        return error.response.status_code, str(error)
    cause = error.__cause__
    words = str(error) or type(error).__name__
    return 0, f"{words}: {cause}" if cause is not None and str(cause) else words
