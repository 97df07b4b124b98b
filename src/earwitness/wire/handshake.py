"""The opening of a socket: a handshake that follows nothing, and the reasons why one fails."""

from __future__ import annotations

import logging
import ssl
from typing import Final
from urllib.parse import urlsplit

from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus, InvalidURI

from earwitness.errors import CouldNotTest, Problem
from earwitness.member import SocketAddress
from earwitness.wire.limits import USER_AGENT, Limits

# The library logs headers and frames; tokens must not get anywhere but into a redacted history.
_SILENT: Final = logging.Logger("earwitness.wire.silent", logging.CRITICAL + 1)


class Handshake(connect):
    """The library's client without its following of redirects: a redirect is an answer like any other."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Never another address."""
        return exc


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
