"""What a server said, made fit to be shown: control characters visible, nothing longer than people read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from earwitness.history import Body

BODY_KEPT = 2_000
LINE_KEPT = 300

_CUT = "… [cut: {left} more characters]"
# Joiners that emoji are made of; every other invisible or direction-changing character could hide or rearrange what is read.
_JOINERS = "\u200d\ufe0f"


def printable(text: str, keep: str = "") -> str:
    """``text`` with everything that a terminal or a reader could be misled by written as an escape.

    Control characters (a server could send ``ESC [ 2 J``), direction marks and lone surrogates become ``\\x1b``,
    ``\\u202e`` and the like; the characters in ``keep`` stay as they are.
    """
    if text.isprintable():
        return text
    return "".join(_shown(c, keep) for c in text)


def _shown(c: str, keep: str) -> str:
    if c.isprintable() or c in keep or c in _JOINERS or c == "\u00a0":
        return c
    if c in "\n\r\t":
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[c]
    number = ord(c)
    return (
        f"\\x{number:02x}"
        if number < 0x100
        else f"\\u{number:04x}"
        if number < 0x10000
        else f"\\U{number:08x}"
    )


def clip(text: str, keep: int = BODY_KEPT) -> str:
    """``text``, cut after ``keep`` characters with a mark that says how much is missing."""
    return text if len(text) <= keep else text[:keep] + _CUT.format(left=len(text) - keep)


def block(text: str, keep: int = BODY_KEPT, stay: str = "\n") -> str:
    """``text`` cut to ``keep`` characters and printable; the characters in ``stay`` stay as they are."""
    # Cut first: what is left out, perhaps a megabyte, need not be cleaned.
    cut = "" if len(text) <= keep else _CUT.format(left=len(text) - keep)
    return printable(text[:keep], stay) + cut


def one_line(text: str, keep: int = LINE_KEPT) -> str:
    """``text`` on one line: white space runs become one space, controls become visible, the rest is cut."""
    return block(" ".join(text.split()), keep, stay="")


def body_text(body: Body) -> str:
    """What a body carried, as people would write it on one line; empty when it carried nothing."""
    match body.form:
        case "none":
            return ""
        case "json":
            text = as_json(body.value)
        case "base64":
            encoded = str(body.value)
            text = f"[{len(encoded) * 3 // 4 - encoded.count('=')} bytes that are no UTF-8]"
        case "parts":
            text = " ".join(f"{name}={as_json(value)}" for name, value in _pairs(body.value))
        case _:
            text = str(body.value)
    return text + (f" [cut: {body.cut} more bytes]" if body.cut else "")


def _pairs(value: object) -> list[tuple[str, object]]:
    return [(str(k), v) for k, v in value.items()] if isinstance(value, Mapping) else [("parts", value)]


def as_json(value: object) -> str:
    """``value`` as JSON, in the characters people read unless one of them can't be written as UTF-8."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return json.dumps(value, default=str) if re.search("[\ud800-\udfff]", text) else text
