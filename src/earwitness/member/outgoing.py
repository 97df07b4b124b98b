"""What a member is about to send: HTTP requests, frames, and the addresses of sockets; values without any I/O."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode


@dataclass(frozen=True, slots=True)
class File:
    """A file that a member sends. ``kind`` is what the API calls such a message (``image``, ``file``)."""

    name: str
    type: str
    content: bytes = field(repr=False)
    kind: str = "file"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart body (RFC 7578); a file when it has a ``filename``."""

    name: str
    value: bytes
    filename: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request that is ready to go.

    ``target`` is a path below the deployment's address, or an absolute URL (a presigned one). ``credentials`` are headers
    that must not travel to any origin but the deployment's own. The body is ``content``, or ``parts``, or there is none.
    """

    method: str
    target: str
    operation: str = ""
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: bytes | None = None
    content_type: str = ""
    parts: tuple[Part, ...] = ()
    role: str = "member"

    @property
    def absolute(self) -> bool:
        """Whether ``target`` names a host itself."""
        return "://" in self.target.partition("?")[0]

    @property
    def location(self) -> str:
        """The target with its query."""
        return with_query(self.target, self.query)


@dataclass(frozen=True, slots=True)
class FrameToSay:
    """A frame that is ready to be said on the member's socket ``socket`` (a name out of the binding)."""

    socket: str
    frame: str
    payload: str


@dataclass(frozen=True, slots=True)
class SocketAddress:
    """Where and how a member opens a socket: ``target`` is a path and query below the deployment's socket address.
    ``room`` is the id of the room that the address names; "" when it names none."""

    name: str
    channel: str
    target: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    role: str = "member"
    room: str = ""


def with_query(target: str, query: tuple[tuple[str, str], ...]) -> str:
    """``target`` with ``query`` added to whatever query it has."""
    if not query:
        return target
    return f"{target}{'&' if '?' in target else '?'}{urlencode(query, quote_via=quote)}"


def segment(value: object) -> str:
    """``value`` as one segment of a path, whatever characters it has."""
    text = str(value)
    # A segment of dots alone would be taken for a step up the path, quoted or not, unless its dots are quoted too.
    return text.replace(".", "%2E") if text in (".", "..") else quote(text, safe="", errors="surrogatepass")


def json_bytes(value: object) -> bytes:
    """``value`` as a JSON document: UTF-8, escaped only where UTF-8 cannot say it (lone surrogates).

    Raises TypeError for what JSON has no word for, ValueError for NaN and infinity.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode("ascii")
