"""Quoting for lines that people paste into a shell: only the variables of test members expand, nothing else ever does."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ACTIVE_IN_DOUBLE_QUOTES = frozenset('"\\`$!')


class Quoter:
    """Quotes for a POSIX shell as bash and zsh read it.

    Room ids, links and texts come from the server under test: a pasted line must not run what they hold, nor send a
    variable other than those of ``fronts`` (``ALICE`` lets ``$ALICE_TOKEN`` expand) anywhere.
    """

    def __init__(self, fronts: Iterable[str]) -> None:
        # `$1ALICE` would be the first argument of a script, followed by a word.
        names = sorted(
            {front for front in fronts if re.fullmatch("[A-Z_][A-Z0-9_]*", front)}, key=len, reverse=True
        )
        self._variable = (
            re.compile(rf"\$((?:{'|'.join(names)})_[A-Z0-9_]+)") if names else re.compile("(?!)()")
        )

    def __call__(self, text: str) -> str:
        """``text`` as one word of a command line."""
        parts = self._variable.split(text)
        if len(parts) == 1:
            return literal(text)
        if all(_harmless(part) for part in parts[::2]):
            return f'"{"".join(_joined(parts))}"'
        return "".join(
            f'"${part}"' if place % 2 else literal(part)
            for place, part in enumerate(parts)
            if part or place % 2
        )


def _joined(parts: list[str]) -> Iterable[str]:
    for place, part in enumerate(parts):
        if place % 2 == 0:
            yield part
        else:
            follows = parts[place + 1][:1]
            yield f"${{{part}}}" if re.match(r"\w", follows) else f"${part}"


def literal(text: str) -> str:
    """``text`` as one word in which nothing expands; what can't be seen is written as bytes (``$'\\x1b'``)."""
    if text.isprintable():
        return "'" + text.replace("'", "'\\''") + "'"
    return "$'" + "".join(_byte_for_byte(c) for c in text) + "'"


def _byte_for_byte(c: str) -> str:
    if c in "'\\":
        return "\\" + c
    if c == "\n":
        return "\\n"
    # `!` is a history expansion to an interactive shell, also here.
    if c.isprintable() and c != "!":
        return c
    return "".join(f"\\x{byte:02x}" for byte in c.encode("utf-8", "surrogatepass"))


def _harmless(text: str) -> bool:
    return text.isprintable() and not _ACTIVE_IN_DOUBLE_QUOTES & set(text)
