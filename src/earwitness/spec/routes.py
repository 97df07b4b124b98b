"""Finds the operation that a request's path belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

_BRACES: Final = re.compile(r"\{([^{}]*)\}")


def variables(template: str) -> tuple[str, ...]:
    """The names in braces in a path or address."""
    return tuple(_BRACES.findall(template))


def blank(template: str) -> str:
    """The template without its names: two paths with the same blank are the same path."""
    return _BRACES.sub("{}", template)


@dataclass(frozen=True, slots=True)
class _Segment:
    """What stands between two slashes: a text, or a pattern with named parts."""

    text: str
    names: tuple[str, ...]
    pattern: re.Pattern[str]

    @staticmethod
    def of(text: str) -> _Segment:
        names = variables(text)
        literal = [re.escape(part) for part in _BRACES.split(text)[::2]]
        return _Segment(text, names, re.compile("(.+)".join(literal), re.DOTALL))


@dataclass(frozen=True, slots=True)
class _Route:
    operation: str
    segments: tuple[_Segment, ...]

    @property
    def rank(self) -> tuple[int, ...]:
        return tuple(len(segment.names) for segment in self.segments)

    def match(self, given: list[str]) -> dict[str, str] | None:
        found: dict[str, str] = {}
        for segment, text in zip(self.segments, given, strict=True):
            match = segment.pattern.fullmatch(text)
            if match is None:
                return None
            found.update(zip(segment.names, match.groups(), strict=True))
        return found


@dataclass(frozen=True, slots=True)
class Routes:
    """All paths, by method and number of segments, the most literal first."""

    table: Mapping[tuple[str, int], tuple[_Route, ...]] = field(repr=False)

    @staticmethod
    def of(operations: Iterable[tuple[str, str, str]]) -> Routes:
        """The routes of ``operations``: id, method, path template."""
        table: dict[tuple[str, int], list[_Route]] = {}
        for operation, method, path in operations:
            segments = tuple(_Segment.of(text) for text in path.split("/"))
            table.setdefault((method.upper(), len(segments)), []).append(_Route(operation, segments))
        return Routes(
            {key: tuple(sorted(routes, key=lambda route: route.rank)) for key, routes in table.items()}
        )

    def match(self, method: str, path: str) -> tuple[str, dict[str, str]] | None:
        """The operation's id and the decoded values of its path parameters; a parameter is never empty."""
        given = [unquote(text) for text in path.split("/")]
        for route in self.table.get((method.upper(), len(given)), ()):
            found = route.match(given)
            if found is not None:
                return route.operation, found
        return None
