"""Recognises plain frames among bytes that were received: whole texts that need nothing but to be cut out.

A frame is *plain* if it is a text in one piece, neither masked nor extended, of fewer than 65,536 bytes (RFC 6455, section 5.2). That is
nearly all that a chat server sends. Whatever else there is (fragments, pings, binary frames, mistakes) is left to a library.
"""

from __future__ import annotations

from typing import Final

# The last fragment of a text, no extension: the first byte of a plain frame.
_WHOLE_TEXT: Final = 0x81
# Lengths that stand in the second byte itself; then those that follow it in two bytes, and in eight.
_SHORT, _IN_TWO, _IN_EIGHT = 125, 126, 127
_MASKED: Final = 0x80


def sole(data: bytes) -> bytes | None:
    """The text in ``data`` if that is one plain frame, from its first byte to its last; None if it is anything else."""
    size = len(data)
    if size < 2 or data[0] != _WHOLE_TEXT:
        return None
    length = data[1]
    if length <= _SHORT:
        return data[2:] if size == length + 2 else None
    if length == _IN_TWO and size >= 4 and size - 4 == data[2] << 8 | data[3]:
        return data[4:]
    return None


def slices(data: bytes) -> tuple[list[bytes], int]:
    """The texts of all whole plain frames with which ``data`` begins, and where that ends which was cut."""
    texts: list[bytes] = []
    at, size = 0, len(data)
    while size - at >= 2 and data[at] == _WHOLE_TEXT:
        length, begin = data[at + 1], at + 2
        if length == _IN_TWO and size >= begin + 2:
            length, begin = data[begin] << 8 | data[begin + 1], begin + 2
        elif length > _SHORT:
            break
        if begin + length > size:
            break
        at = begin + length
        texts.append(data[begin:at])
    return texts, at


def may_be_plain(data: bytes) -> bool:
    """Whether ``data`` (one byte at least) is the beginning of a plain frame, as far as it goes."""
    return data[0] == _WHOLE_TEXT and (len(data) < 2 or data[1] <= _IN_TWO)


def extent(data: bytes) -> int | None:
    """How many bytes the frame has with which ``data`` begins, of whatever kind it is; None while its header is not complete."""
    if len(data) < 2:
        return None
    length, head = data[1] & ~_MASKED, 2 + (4 if data[1] & _MASKED else 0)
    extended = {_IN_TWO: 2, _IN_EIGHT: 8}.get(length, 0)
    if len(data) < head + extended:
        return None
    if extended:
        length = int.from_bytes(data[2 : 2 + extended], "big")
    return head + extended + length
