"""A member's hands under load: bodies of several parts."""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message
from itertools import pairwise

import pytest

from earwitness.member import Part
from load.hands import multipart


def read(content: bytes, media: str) -> list[Message]:
    """The parts, as a reader of such bodies finds them."""
    whole = message_from_bytes(f"Content-Type: {media}\r\n\r\n".encode() + content)
    assert whole.is_multipart()
    parts = whole.get_payload()
    assert isinstance(parts, list)
    return [part for part in parts if isinstance(part, Message)]


def test_every_part_is_found_again() -> None:
    values = (b"hello", "grüße\r\n--not the end--".encode(), b"", bytes(range(256)))
    found = read(*multipart([Part(f"p{n}", value) for n, value in enumerate(values)]))
    assert [part.get_param("name", header="content-disposition") for part in found] == [
        "p0",
        "p1",
        "p2",
        "p3",
    ]
    assert [part.get_payload(decode=True) for part in found] == list(values)


def test_a_file_has_its_name_and_type_and_no_name_ends_its_line() -> None:
    (found,) = read(*multipart([Part("file", b"x", 'a"b\r\nX-Evil: 1.txt', "text/plain")]))
    assert found.get_filename() == "a%22b%0D%0AX-Evil: 1.txt"
    assert found.get_content_type() == "text/plain"
    assert found["X-Evil"] is None


def test_the_boundary_stands_in_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = ["a" * 32, "b" * 32, "c" * 32]
    monkeypatch.setattr("load.hands.secrets.token_hex", lambda _: drawn.pop(0))
    content, media = multipart([Part("one", b"b" * 32), Part("two", b"--" + b"a" * 32)])
    assert media == f"multipart/form-data; boundary={'c' * 32}"
    ends = [n for n in range(len(content)) if content.startswith(b"--" + b"c" * 32, n)]
    assert len(ends) == 3 and all(one < other for one, other in pairwise(ends))
