"""JSON, ids and links, read strictly."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from reference_server.core.refusals import Absent, Invalid
from reference_server.fields import Fields, parse, parse_object
from reference_server.web import Call


def call(path: dict[str, str] | None = None, query: str = "", body: bytes = b"") -> Call:
    return Call(None, path or {}, query, Headers(), body, "http://host:1")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"a=b",
        b"{",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b"\xff",
        b"\xef\xbb\xbf{}",  # a byte order mark
        '{"a": 1}'.encode("utf-16"),
        b'{"a": "\\ud800"}',
        b'{"\\udfff": 1}',
        b'{"a": "\\ud83d"}',
        b'{"a": 1' + b"0" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_what_is_no_json(body: bytes) -> None:
    with pytest.raises(Invalid):
        parse(body)


@pytest.mark.parametrize("body", [b"[]", b"null", b"1", b'"x"', b"true"])
def test_what_is_json_and_no_object(body: bytes) -> None:
    parse(body)
    with pytest.raises(Invalid, match="not a JSON object"):
        parse_object(body)


def test_what_is_an_object() -> None:
    # Escapes are Python's business here, so the body is spelt by hand.
    body = b'{"pair": "\\ud83d\\udc4d", "nul": "a\\u0000b", "big": 1e400, "twice": 1, "twice": 2}'
    assert parse_object(body) == {"pair": "👍", "nul": "a\x00b", "big": float("inf"), "twice": 2}


@pytest.mark.parametrize("text, number", [("1", 1), ("0", 0), (str(2**63 - 1), 2**63 - 1)])
def test_an_id(text: str, number: int) -> None:
    assert call({"id": text}).id("id") == number


@pytest.mark.parametrize(
    "text", ["", "x", "-1", "+1", "01", "1.0", "1e3", " 1", "1\n", "٣", "NaN", str(2**63), "9" * 5000]
)
def test_what_is_no_id(text: str) -> None:
    with pytest.raises(Absent):
        call({"id": text}).id("id")


@pytest.mark.parametrize("query, page", [("", 1), ("page=1", 1), ("x=2&page=3", 3), ("page=%32", 2)])
def test_a_page(query: str, page: int) -> None:
    assert call(query=query).page() == page


@pytest.mark.parametrize(
    "query",
    ["page=", "page", "page=0", "page=-1", "page=x", "page=1.0", "page=01", "page=1&page=1", "page=%00"],
)
def test_what_is_no_page(query: str) -> None:
    with pytest.raises(Absent):
        call(query=query).page()


@pytest.mark.parametrize(
    "query, link",
    [
        ("", "page=2"),
        ("page=1", "page=2"),
        ("a=%20b&page=1&c&%70age=7", "a=%20b&c&page=2"),
        ("mypage=1", "mypage=1&page=2"),
    ],
)
def test_a_link_keeps_the_other_parameters(query: str, link: str) -> None:
    assert call(query=query).page_link("/x/", 2) == f"http://host:1/x/?{link}"


@pytest.mark.parametrize("value", [1, 0, -5, 2**63 - 1, -(2**63)])
def test_an_integer(value: int) -> None:
    assert Fields({"n": value}).integer("n") == value
    assert Fields({"n": value}).optional_integer("n") == value


def test_an_integer_may_be_written_as_a_float() -> None:
    assert Fields({"n": 2.0}).integer("n") == 2


@pytest.mark.parametrize("value", [True, False, "1", None, 1.5, 2**63, -(2**63) - 1, float("inf"), [], {}])
def test_what_is_no_integer(value: object) -> None:
    with pytest.raises(Invalid, match="n: expected an integer"):
        Fields({"n": value}).integer("n")


@pytest.mark.parametrize("value", ["", None, 1, [], {}, True])
def test_what_is_no_text(value: object) -> None:
    for read in (Fields({"t": value}).text, Fields({"t": value}).optional_text):
        with pytest.raises(Invalid, match="t: expected a string"):
            read("t")


def test_a_text_may_have_a_limit() -> None:
    assert Fields({"t": "👍" * 64}).text("t", longest=64) == "👍" * 64
    with pytest.raises(Invalid, match="at most 64"):
        Fields({"t": "x" * 65}).text("t", longest=64)


def test_what_may_be_left_out() -> None:
    assert Fields({}).optional_text("t") is None
    assert Fields({}).optional_integer("n") is None
    assert Fields({"n": None}).optional_integer("n") is None
    assert Fields({}).choice("kind", ("text", "image")) == "text"
    for way in (Fields({}).text, Fields({}).integer):
        with pytest.raises(Invalid, match="required"):
            way("n")
    with pytest.raises(Invalid, match="required"):
        Fields({}).one_of("kind", ("text", "image"))
    assert Fields({"kind": "image"}).one_of("kind", ("text", "image")) == "image"


@pytest.mark.parametrize("value", ["video", "", None, True, ["text"], {"text": 1}])
def test_what_is_no_choice(value: object) -> None:
    with pytest.raises(Invalid, match="kind: expected one of text, image"):
        Fields({"kind": value}).choice("kind", ("text", "image"))
        Fields({"kind": value}).one_of("kind", ("text", "image"))
