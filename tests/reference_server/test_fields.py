"""Fields that are not in test_web: lists, UUIDs, and multipart forms."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from reference_server.core.refusals import Absent, Invalid
from reference_server.fields import Fields
from reference_server.web import Call

UUID = "96bf0d3f-720d-4620-8dee-0f59f997cb51"
BOUNDARY = "xYzZY"


def call(body: bytes = b"", content_type: str = "", query: str = "") -> Call:
    return Call(
        None, {"id": UUID.upper(), "other": "5"}, query, Headers({"content-type": content_type}), body, ""
    )


def form(*parts: str, boundary: str = BOUNDARY) -> Fields:
    body = "".join(f"--{BOUNDARY}\r\nContent-Disposition: form-data; {part}\r\n" for part in parts)
    return call(f"{body}--{BOUNDARY}--\r\n".encode(), f'multipart/form-data; boundary="{boundary}"').fields()


def test_a_form_is_read_with_its_types() -> None:
    said = form(
        'name="content"\r\n\r\nhällo',
        'name="reply_to"\r\n\r\n',
        'name="number"\r\n\r\n5',
        'name="member_ids"\r\n\r\n2',
        'name="member_ids"\r\n\r\n3',
        'name="types"\r\n\r\nimage',
        'name="attachments"; filename="a.png"\r\nContent-Type: image/png\r\n\r\none',
        'name="attachments"; filename="b.txt"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n',
    )
    assert said.text("content") == "hällo"
    assert said.optional_integer("reply_to") is None
    assert said.integer("number") == 5
    assert said.integers("member_ids") == [2, 3]
    assert said.texts("types") == ["image"]
    first, second = said.files["attachments"]
    assert (first.name, first.media_type, first.content) == ("a.png", "image/png", b"one")
    assert (second.name, second.media_type, second.content) == ("b.txt", "text/plain", b"")
    assert "content" not in said.files
    with pytest.raises(Invalid):
        said.integer("content")


@pytest.mark.parametrize(
    "body, content_type",
    [
        (b"", f"multipart/form-data; boundary={BOUNDARY}"),
        (b"{}", "multipart/form-data"),
        (b"--other--\r\n", f"multipart/form-data; boundary={BOUNDARY}"),
        (b"no JSON", "application/json"),
    ],
)
def test_what_is_no_form_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises(Invalid):
        call(body, content_type).fields()


def test_a_body_that_is_no_form_is_json() -> None:
    said = call(b'{"ids": [1, 2.0], "uuids": [], "on": true, "empty": ""}', "application/json").fields()
    assert said.integers("ids") == [1, 2]
    assert said.uuids("uuids") == said.texts("nothing") == []
    assert said.boolean("on") is True
    assert said.any_text("empty") == said.any_text("nothing") == ""


@pytest.mark.parametrize(
    "read",
    [
        lambda said: said.integers("texts"),
        lambda said: said.integers("on"),
        lambda said: said.texts("numbers"),
        lambda said: said.uuids("texts"),
        lambda said: said.uuid("word"),
        lambda said: said.boolean("word"),
        lambda said: said.boolean("nothing"),
        lambda said: said.any_text("on"),
    ],
)
def test_the_wrong_type_is_refused(read: object) -> None:
    assert callable(read)
    with pytest.raises(Invalid):
        read(Fields({"texts": ["a"], "numbers": [1], "on": True, "word": "word"}))


def test_uuids_are_written_in_small_letters() -> None:
    assert Fields({"id": UUID.upper()}).uuid("id") == UUID
    assert Fields({"id": None}).optional_uuid("id") is None
    assert call().uuid("id") == UUID
    with pytest.raises(Absent):
        call().uuid("other")


def test_a_page_is_never_larger_than_the_most() -> None:
    assert call().page_size(20, 100) == 20
    assert call(query="page_size=7").page_size(20, 100) == 7
    assert call(query="page_size=101").page_size(20, 100) == 100
    for bad in ("0", "-1", "x", "", "1&page_size=2"):
        with pytest.raises(Absent):
            call(query=f"page_size={bad}").page_size(20, 100)
