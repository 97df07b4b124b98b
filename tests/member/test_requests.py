"""One operation is called with any values, as right or as wrong as a test wants them."""

from __future__ import annotations

import json
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earwitness.errors import UsageError
from earwitness.member import File, HttpRequest, operation_request
from earwitness.member.outgoing import json_bytes, segment
from tests.member.conftest import Api


def call(api: Api, operation: str, **settings: object) -> HttpRequest:
    """The request that calls ``operation``; ``values`` and other settings as ``operation_request`` takes them."""
    values = settings.pop("values", {})
    assert isinstance(values, dict)
    return operation_request(api.spec, api.binding, operation, values, token="abc123", **settings)  # type: ignore[arg-type]  # passed on as they are


def test_values_go_where_the_operation_has_their_names(letters: Api) -> None:
    request = call(letters, "editLetter", values={"circle": "a", "letter": "b", "text": "c", "more": 1})

    assert (request.method, request.target, request.operation) == (
        "PATCH",
        "/circles/a/letters/b/",
        "editLetter",
    )
    assert json.loads(request.content or b"") == {"text": "c", "more": 1}


def test_query_and_header_parameters(letters: Api) -> None:
    request = call(
        letters, "listPairs", values={"tag": ["x y", "z&"], "X-Trace": 5, "odd": True, "none": None}
    )

    assert request.query == (("tag", "x y"), ("tag", "z&"), ("odd", "true"))
    assert request.location == "/pairs/?tag=x%20y&tag=z%26&odd=true"
    assert request.headers == {"X-Trace": "5"}
    assert request.content is None


def test_nothing_is_mended_unless_asked(fe16ops: Api) -> None:
    wrong = call(fe16ops, "startConversation", values={"receiver_id": "2", "message": None})
    assert wrong.content == b'{"receiver_id":"2","message":null}'

    right = call(fe16ops, "startConversation", values={"receiver_id": "2"}, fit=True)
    assert right.content == b'{"receiver_id":2}'


def test_fitting_changes_nothing_that_it_cannot_heal(fe16ops: Api) -> None:
    request = call(
        fe16ops, "startConversation", values={"receiver_id": "02", "message": 5, "product_id": "x"}, fit=True
    )

    assert json.loads(request.content or b"") == {"receiver_id": "02", "message": "5", "product_id": "x"}


def test_a_body_may_be_anything(fe16ops: Api) -> None:
    assert call(fe16ops, "startConversation", body=[1, None]).content == b"[1,null]"
    assert call(fe16ops, "startConversation", body=None).content == b"null"
    raw = call(fe16ops, "startConversation", content=b"{", content_type="application/json")
    assert (raw.content, raw.content_type) == (b"{", "application/json")


def test_values_beside_a_replaced_body_go_into_the_query(fe16ops: Api) -> None:
    request = call(fe16ops, "sendMessage", values={"conversation_id": 7, "extra": "1"}, body={})

    assert request.location == "/api/messaging/conversations/7/messages/?extra=1"


def test_an_optional_body_without_values_is_not_sent(fe16ops: Api, letters: Api) -> None:
    assert call(fe16ops, "markRead", values={"conversation_id": 7}).content is None
    assert call(letters, "startPair").content == b"{}"


@pytest.mark.parametrize(
    "value, path",
    [
        ("../1", "..%2F1"),
        ("..", "%2E%2E"),
        (".", "%2E"),
        ("", ""),
        ("a b?c#d", "a%20b%3Fc%23d"),
        ("{letter}", "%7Bletter%7D"),
        ("ż", "%C5%BC"),
        (-1, "-1"),
    ],
)
def test_a_path_value_stays_one_segment(letters: Api, value: object, path: str) -> None:
    request = call(letters, "editLetter", values={"circle": value, "letter": "b"})

    assert request.target == f"/circles/{path}/letters/b/"


@given(st.text())
def test_any_text_survives_as_one_segment(text: str) -> None:
    quoted = segment(text)

    assert unquote(quoted, errors="surrogatepass") == text
    assert not set(quoted) & set("/?# ")
    assert quoted not in (".", "..")


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(st.characters()), st.lists, max_leaves=5)
)
def test_any_json_survives(value: object) -> None:
    assert json.loads(json_bytes(value)) == value


def test_a_lone_surrogate_is_escaped() -> None:
    assert json_bytes("ż\ud800") == b'"\\u017c\\ud800"'


def test_roles(fe16ops: Api) -> None:
    assert call(fe16ops, "listConversations").credentials == {"Authorization": "Token abc123"}
    assert call(fe16ops, "listConversations", role="anonymous").credentials == {}
    bad = call(fe16ops, "listConversations", role="bad-token").credentials["Authorization"]
    assert bad.startswith("Token ")
    assert bad != "Token abc123"


def test_what_needs_no_token_gets_none(letters: Api) -> None:
    assert call(letters, "login", values={"email": "e"}).credentials == {}


def test_a_presigned_address_gets_no_token(letters: Api) -> None:
    request = call(
        letters, "store", url="https://store.example/k?sig=1", content=b"x", headers={"Content-Type": "a/b"}
    )

    assert (request.target, request.absolute) == ("https://store.example/k?sig=1", True)
    assert (request.method, request.content, request.headers) == ("PUT", b"x", {"Content-Type": "a/b"})
    assert request.credentials == {}


def test_a_path_with_an_address_in_its_query_is_not_absolute() -> None:
    assert not HttpRequest("GET", "/go?to=http://elsewhere.example/").absolute


def test_another_set_of_paths(letters: Api) -> None:
    request = call(letters, "editLetter", values={"circle": "a", "letter": "b"}, paths="old")

    assert request.target == "/edit/b/in/a/"


def test_a_file_needs_an_operation_that_takes_one(letters: Api) -> None:
    with pytest.raises(UsageError, match="startPair takes no file, and with is one"):
        call(letters, "startPair", values={"with": File("a", "b", b"")})


def test_an_unknown_operation_is_told_with_the_nearest(letters: Api) -> None:
    with pytest.raises(UsageError, match="did you mean 'startPair'"):
        call(letters, "startPear")


def test_secrets_are_not_shown(fe16ops: Api) -> None:
    assert "abc123" not in repr(call(fe16ops, "listConversations"))
