"""Makes what travelled into what the history keeps of it: readable, and bounded in size and depth."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from earwitness.history import Body, Json
from earwitness.member import HttpRequest

# Deeper than any API's answers, and far below what makes Python's JSON encoder give up on the history.
MAX_DEPTH: Final = 100


def kept(data: bytes | str | None, keep: int, cut: int = 0) -> Body:
    """The body that ``data`` makes when ``keep`` bytes of it are kept; ``cut`` bytes had been left out before.

    JSON that is nested deeper than 100 levels is kept as text.
    """
    body = Body.of(data, keep)
    if cut:
        # What was cut off once is no JSON any more, even if the rest of it happens to read like some.
        text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
        return Body("text", text or "", body.cut + cut)
    if body.is_json and data is not None and _too_deep(body.value, data):
        return Body("text", data.decode("utf-8") if isinstance(data, bytes) else data)
    return body


def kept_frame(data: bytes | str, keep: int) -> Body:
    """The body of one frame. A binary frame is kept as bytes, even when they could be read as JSON: no client that reads
    text frames would have read it."""
    if isinstance(data, str):
        return kept(data, keep)
    return Body("base64", base64.b64encode(data[:keep]).decode("ascii"), max(0, len(data) - keep))


def kept_request(request: HttpRequest, keep: int) -> Body:
    """The body of a request. Of multipart bodies the texts by name, and of files their name, type and size."""
    if not request.parts:
        return kept(request.content, keep)
    value: dict[str, Json] = {}
    for part in request.parts:
        one: Json = (
            {"name": part.filename, "type": part.type, "size": len(part.value)}
            if part.filename
            else part.value[:keep].decode("utf-8", "replace")
        )
        before = value.get(part.name)
        several = [*before, one] if isinstance(before, list) else [before, one]
        value[part.name] = several if part.name in value else one
    return replace(Body("parts"), value=value)


def _too_deep(value: object, data: bytes | str) -> bool:
    brackets = (
        data.count(b"[") + data.count(b"{") if isinstance(data, bytes) else data.count("[") + data.count("{")
    )
    if brackets <= MAX_DEPTH:
        return False
    level: list[object] = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: object) -> list[object]:
    if isinstance(value, Mapping):
        return [inner for inner in value.values() if isinstance(inner, Mapping | list)]
    return [inner for inner in value if isinstance(inner, Mapping | list)] if isinstance(value, list) else []
