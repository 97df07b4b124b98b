"""Just enough of HTTP and WebSocket to tell where a request, an answer or a frame ends; nothing of it is judged."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# A head that is longer is no head that we understand: it is forwarded as it is.
LONGEST_HEAD: Final = 64 * 1024

_BEGINNING: Final = re.compile(rb"[A-Z]{1,20}(?: |$)")
_REQUEST: Final = re.compile(rb"([A-Z]+) (\S+) HTTP/1\.[01]\r\n")
_STATUS: Final = re.compile(rb"HTTP/1\.[01] (\d{3})[ \r]")
_FIRST_CONTROL: Final = 0x8


@dataclass(frozen=True, slots=True)
class Head:
    """What a request says of itself before its body."""

    method: str = ""
    target: str = ""
    upgrade: bool = False


def may_be_request(data: bytes) -> bool:
    """Whether ``data`` may be the beginning of a request."""
    return _BEGINNING.match(data) is not None


def request_head(data: bytes) -> Head:
    """The head at the beginning of ``data``; an empty one when this is no request."""
    found = _REQUEST.match(data)
    if found is None:
        return Head()
    upgrade = _header(data, b"upgrade").lower() == b"websocket"
    return Head(found[1].decode("ascii"), found[2].decode("latin-1"), upgrade)


def status_of(data: bytes | bytearray) -> int:
    """The status of the answer at the beginning of ``data``; 0 when this is none."""
    found = _STATUS.match(data)
    return int(found[1]) if found else 0


def end_of_head(data: bytes | bytearray) -> int:
    """How many bytes the head at the beginning of ``data`` has; 0 when it is not complete."""
    at = data.find(b"\r\n\r\n")
    return at + 4 if at >= 0 else 0


def _header(data: bytes, name: bytes) -> bytes:
    head = data[: end_of_head(data) or len(data)]
    found = re.search(rb"\r\n" + re.escape(name) + rb"[ \t]*:[ \t]*([^\r\n]*)", head, re.IGNORECASE)
    return found[1].strip() if found else b""


class Extent:
    """Finds the last byte of a request or an answer in what comes of it, piece by piece."""

    def __init__(self, *, answers: str = "") -> None:
        """``answers``: the method that this answers; "" for a request."""
        self._answers = answers
        self._head = bytearray()
        self._left: int | None = None  # of the body; None: it ends with the connection, or in chunks
        self._chunks: _Chunks | None = None
        self._in_body = False

    def feed(self, data: bytes) -> int | None:
        """Take ``data``; the number of its bytes that still belong to the message when it ends there, None when it goes on."""
        if self._in_body:
            return self._feed_body(data, 0)
        before = len(self._head)
        self._head += data
        head = bytes(self._head)
        end = end_of_head(head)
        if not end:
            # Whatever this is, it is not kept for ever.
            self._in_body = len(head) > LONGEST_HEAD
            return None
        if status_of(head) // 100 == 1 and status_of(head) != 101:
            # One that comes before the answer proper (RFC 9110, section 15.2).
            self._head.clear()
            rest = self.feed(head[end:])
            return None if rest is None else end + rest - before
        self._in_body = True
        self._begin_body(head)
        return self._feed_body(data, end - before)

    def _begin_body(self, head: bytes) -> None:
        length, status = _header(head, b"content-length"), status_of(head)
        if self._answers and (self._answers == "HEAD" or status in (101, 204, 304)):
            self._left = 0
        elif b"chunked" in _header(head, b"transfer-encoding").lower():
            self._chunks = _Chunks()
        elif length.isdigit():
            self._left = int(length)
        elif not self._answers:
            self._left = 0

    def _feed_body(self, data: bytes, start: int) -> int | None:
        if self._chunks is not None:
            end = self._chunks.feed(data[start:])
            return None if end is None else start + end
        if self._left is None:
            return None
        taken = min(self._left, len(data) - start)
        self._left -= taken
        return start + taken if self._left == 0 else None


class _Chunks:
    """Follows a body in chunks (RFC 9112, section 7.1) to its end."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._left = 0  # of the chunk, with the line end after it
        self._last = False

    def feed(self, data: bytes) -> int | None:
        at = 0
        while at < len(data):
            if self._left:
                taken = min(self._left, len(data) - at)
                self._left -= taken
                at += taken
                continue
            self._line.append(data[at])
            at += 1
            if not self._line.endswith(b"\n"):
                # A line that has no end is not kept without one.
                del self._line[:-LONGEST_HEAD]
                continue
            line, self._line = bytes(self._line).strip(), bytearray()
            if self._last:  # trailers, up to an empty line
                if not line:
                    return at
                continue
            size = line.partition(b";")[0].strip()
            try:
                self._left = int(size, 16) + 2 if int(size, 16) else 0
            except ValueError:
                return None
            self._last = self._left == 0
        return None


class Frames:
    """Finds the ends of the data frames in one direction of a WebSocket (RFC 6455, section 5.2)."""

    def __init__(self) -> None:
        self._header = bytearray()
        self._left = 0  # of the frame's payload
        self._counts = False

    def feed(self, data: bytes) -> list[int]:
        """Take ``data``; how many of its bytes there are up to the end of each data frame that ends in it."""
        ends: list[int] = []
        at = 0
        while at < len(data):
            if self._left:
                taken = min(self._left, len(data) - at)
                self._left -= taken
                at += taken
            else:
                self._header.append(data[at])
                at += 1
                if len(self._header) < _header_length(self._header):
                    continue
                self._left = _payload_length(self._header)
                self._counts = self._header[0] & 0x0F < _FIRST_CONTROL
                self._header.clear()
            if not self._left and self._counts:
                ends.append(at)
                self._counts = False
        return ends


def _header_length(header: bytearray) -> int:
    if len(header) < 2:
        return 2
    length = header[1] & 0x7F
    return 2 + (2 if length == 126 else 8 if length == 127 else 0) + (4 if header[1] & 0x80 else 0)


def _payload_length(header: bytearray) -> int:
    length = header[1] & 0x7F
    if length < 126:
        return length
    return int.from_bytes(header[2 : 4 if length == 126 else 10], "big")
