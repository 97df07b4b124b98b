"""How a member shows who it is, and how an anonymous one or one with a wrong token does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from earwitness.binding import Binding
from earwitness.member.values import prepared, values_of

ANONYMOUS: Final = "anonymous"
BAD_TOKEN: Final = "bad-token"

_WITHOUT_ANY: Final = "0123456789abcdef0123456789abcdef01234567"


def credentials(role: str, token: str) -> dict[str, object]:
    """The argument ``token`` as ``role`` has it, for the expressions of a binding.

    ``anonymous`` has none, so whatever needs it is left out; ``bad-token`` has one that looks like ``token`` and is
    wrong; every other role (``member``, ``expired``, …) has ``token`` itself.
    """
    if role == ANONYMOUS:
        return {}
    return {"token": bad_token(token) if role == BAD_TOKEN else token}


def auth_headers(binding: Binding, role: str, token: str, me: object = None) -> dict[str, str]:
    """The headers that authenticate an HTTP request of ``role``; none for ``anonymous``."""
    arguments = prepared({"me": me} | credentials(role, token))
    return as_headers(values_of(binding.auth, arguments))


def as_headers(values: Mapping[str, object]) -> dict[str, str]:
    """``values`` as header lines."""
    return {name: str(value) for name, value in values.items()}


def bad_token(token: str) -> str:
    """A token of the same form as ``token`` that nobody was given.

    Of a JSON Web Token only the signature is changed; of any other every letter and digit is replaced by another of its
    sort, so that it has the same length and alphabet.
    """
    head, dot, signature = token.rpartition(".")
    # Not the last characters: some of their bits are padding, and changing only those would change nothing.
    half = len(signature) // 2 + 1
    signed_wrong = f"{head}{dot}{_turned(signature[:half])}{signature[half:]}"
    candidates = (signed_wrong if token.count(".") == 2 else token, _turned(token), _WITHOUT_ANY)
    return next(candidate for candidate in candidates if candidate != token)


def _turned(text: str) -> str:
    sorts = ("0123456789", "abcdef", "ghijklmnopqrstuvwxyz", "ABCDEF", "GHIJKLMNOPQRSTUVWXYZ")
    table = {ord(a): b for sort in sorts for a, b in zip(sort, sort[1:] + sort[:1], strict=True)}
    return text.translate(table)
