"""A wrong token has the form of a right one, and a tampered one is right in most of it."""

from __future__ import annotations

import jwt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from earwitness.member import bad_token, tampered_tokens

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


@example("")
@example("....")
@example("====")
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_no_tampered_token_is_the_genuine_one(token: str) -> None:
    assert not {"", token} & set(tampered_tokens(token).values())


def test_a_tampered_token_is_the_genuine_one_but_for_its_end() -> None:
    token = "9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b"
    assert tampered_tokens(token) == {
        "with its end changed": "9944b09199c62bcf9418ad846dd0e4bbdfc6ff5c",
        "with something appended": "9944b09199c62bcf9418ad846dd0e4bbdfc6ee4bff5c",
        "cut short": "9944b09199c62bcf9418ad846dd0e4bbdfc6",
    }


@pytest.mark.parametrize("token", ["2f1d6c9e-0a4b-4d1e-9f7c-1b2a3c4d5e6f", "ABCDEFGH234567", "0123456789"])
def test_a_token_of_one_case_may_be_read_in_either(token: str) -> None:
    assert "in another case" not in tampered_tokens(token)


def test_a_token_of_both_cases_is_tried_in_another() -> None:
    assert tampered_tokens("sk_aBcDeFgHiJ")["in another case"] == "SK_AbCdEfGhIj"


def test_what_follows_the_padding_of_base64_may_be_ignored() -> None:
    assert "with something appended" not in tampered_tokens("YWxpY2U6c2VjcmV0cw==")


@given(st.dictionaries(st.sampled_from(["user_id", "exp", "jti"]), st.integers(2**31, 2**32)))
def test_no_tampered_json_web_token_can_be_verified(claims: dict[str, int]) -> None:
    token = jwt.encode({name: str(value) if name == "jti" else value for name, value in claims.items()}, KEY)
    tampered = tampered_tokens(token)

    assert tampered["signed by nobody"].endswith(".")
    assert jwt.get_unverified_header(tampered["signed by nobody"])["alg"] == "none"
    for other in tampered.values():
        with pytest.raises(jwt.InvalidTokenError):
            jwt.decode(other, KEY, algorithms=["HS256"])
