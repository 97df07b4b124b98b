"""Requests, answers and frames as bytes."""

from __future__ import annotations

# The head of a request whose body has five bytes.
POST = b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n"
ANSWER = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok"


def frame(payload: bytes, *, opcode: int = 1, masked: bool = False, final: bool = True) -> bytes:
    mask = 0x80 if masked else 0
    size = len(payload)
    length = (
        bytes([mask | size])
        if size < 126
        else bytes([mask | 126]) + size.to_bytes(2, "big")
        if size < 65536
        else bytes([mask | 127]) + size.to_bytes(8, "big")
    )
    return bytes([(0x80 if final else 0) | opcode]) + length + (b"mask" if masked else b"") + payload
