"""What a presigned URL promises: that it is good as it was given out, and in no other way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_plus

from earwitness.member import turned

# How the storages that we know call what signs a URL, and until when it is good.
_SIGNATURES: Final = re.compile(r"(?i)(?:.*[-_])?(?:signature|sig|hmac|token)")
_EXPIRIES: Final = re.compile(r"(?i)(?:.*[-_])?(?:expires|expiry|exp)")
# Seconds since 1970, as far as they can be told from a number of seconds.
_EPOCH: Final = re.compile(r"[1-9][0-9]{9}")


def changed_urls(url: str) -> dict[str, str]:
    """URLs made from the presigned ``url`` that nobody was given, by what was done to it; none where nothing in its query
    signs it. Only what a signature covers is changed: other parameters may be there for show."""
    address, _, query = url.partition("?")
    if not any(_SIGNATURES.fullmatch(name) for name, _ in _pairs(query)):
        return {}
    folder, _, name = address.rpartition("/")
    changed = {"without its query": address, "with another key": f"{folder}/another-{name}?{query}"}
    for key, value in _pairs(query):
        if _SIGNATURES.fullmatch(key):
            changed["with its signature changed"] = _with(url, key, value, turned(value))
        elif _EXPIRIES.fullmatch(key) and value.isascii() and value.isdigit():
            changed["with its expiry put off"] = _with(url, key, value, str(int(value) + 1))
    return {what: other for what, other in changed.items() if other != url}


def expiry_of(url: str) -> int | None:
    """Until when the presigned ``url`` says it is good, in seconds since 1970; None when it does not say."""
    for key, value in _pairs(url.partition("?")[2]):
        if _EXPIRIES.fullmatch(key) and _EPOCH.fullmatch(value):
            return int(value)
    return None


def _pairs(query: str) -> Iterator[tuple[str, str]]:
    for part in query.split("&"):
        key, _, value = part.partition("=")
        yield unquote_plus(key), value


def _with(url: str, key: str, value: str, other: str) -> str:
    """``url`` with ``other`` as the value of one parameter; nothing else in it is written anew."""
    address, _, query = url.partition("?")
    parts = [
        f"{part.partition('=')[0]}={other}"
        if unquote_plus(part.partition("=")[0]) == key and part.endswith(value)
        else part
        for part in query.split("&")
    ]
    return f"{address}?{'&'.join(parts)}"
