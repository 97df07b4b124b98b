"""A wrong token has the form of a right one."""

from __future__ import annotations

import jwt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from earwitness.member import bad_token

KEY = "a key that is long enough for its algorithm"


@pytest.mark.parametrize(
    "token, alphabet",
    [
        ("9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b", "0123456789abcdef"),
        ("2f1d6c9e-0a4b-4d1e-9f7c-1b2a3c4d5e6f", "0123456789abcdef-"),
        ("ABCDEF0123", "0123456789ABCDEF"),
    ],
)
def test_it_keeps_length_and_alphabet(token: str, alphabet: str) -> None:
    wrong = bad_token(token)

    assert wrong != token
    assert len(wrong) == len(token)
    assert set(wrong) <= set(alphabet)


@example("a.b.-_-")
@example("..")
@example("0123456789abcdef0123456789abcdef01234567")
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_it_is_never_the_same(token: str) -> None:
    assert bad_token(token) not in ("", token)


def test_of_a_json_web_token_only_the_signature_is_wrong() -> None:
    token = jwt.encode({"user_id": 7}, KEY, algorithm="HS256")
    wrong = bad_token(token)

    assert wrong.rpartition(".")[0] == token.rpartition(".")[0]
    assert jwt.decode(token, KEY, algorithms=["HS256"]) == {"user_id": 7}
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(wrong, KEY, algorithms=["HS256"])
