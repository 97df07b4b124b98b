"""How a member shows who it is, and how those without a valid token do not."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Final

from earwitness.binding import Binding
from earwitness.member.values import prepared, values_of

ANONYMOUS: Final = "anonymous"
BAD_TOKEN: Final = "bad-token"
TAMPERED_TOKEN: Final = "tampered-token"
EXPIRED: Final = "expired"
# The roles of whoever has no valid token.
STRANGERS: Final = (ANONYMOUS, BAD_TOKEN, TAMPERED_TOKEN, EXPIRED)

_WITHOUT_ANY: Final = "0123456789abcdef0123456789abcdef01234567"


def credentials(role: str, token: str) -> dict[str, object]:
    """The argument ``token`` as ``role`` has it, for the expressions of a binding.

    ``anonymous`` has none, so whatever needs it is left out; ``bad-token`` has one that looks like ``token`` and is
    wrong; every other role (``member``, ``expired``, ``tampered-token``) has ``token`` itself, as it was prepared for it.
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
    signed_wrong = f"{head}{dot}{turned(signature[:half])}{signature[half:]}"
    candidates = (signed_wrong if token.count(".") == 2 else token, turned(token), _WITHOUT_ANY)
    return next(candidate for candidate in candidates if candidate != token)


def tampered_tokens(token: str) -> dict[str, str]:
    """Tokens made from the genuine ``token`` that a server must not take for it, by what was done to them.

    Left out is what a correct server may read as the same token: another case of one that has only one (hexadecimal and
    base32 are numbers, in either case), and what follows the padding of one in base64.
    """
    # Four characters, since those at the end may say no more than padding: see bad_token.
    end = turned(token[-4:])
    changed = {
        "with its end changed": token[:-4] + end,
        "with something appended": token if token.endswith("=") else token + end,
        "cut short": token[:-4],
        "in another case": _in_another_case(token),
        "signed by nobody": _unsigned(token),
    }
    return {what: other for what, other in changed.items() if other not in ("", token)}


def _in_another_case(token: str) -> str:
    """``token`` with its case swapped, where it has both; of a JSON Web Token only the signature, so that the rest can still
    be read."""
    head, dot, signature = token.rpartition(".") if token.count(".") == 2 else ("", "", token)
    return token if signature in (signature.lower(), signature.upper()) else head + dot + signature.swapcase()


def _unsigned(token: str) -> str:
    """The JSON Web Token ``token`` as one that says it has no signature (RFC 7519, section 6); any other as it is."""
    if token.count(".") != 2:
        return token
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode("ascii").rstrip("=")
    return f"{header}.{token.split('.')[1]}."


def turned(text: str) -> str:
    """``text`` with every letter and digit replaced by another of its sort."""
    sorts = ("0123456789", "abcdef", "ghijklmnopqrstuvwxyz", "ABCDEF", "GHIJKLMNOPQRSTUVWXYZ")
    table = {ord(a): b for sort in sorts for a, b in zip(sort, sort[1:] + sort[:1], strict=True)}
    return text.translate(table)
