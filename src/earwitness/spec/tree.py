"""Puts a YAML document together from its events: plain values, the line of each, within bounds that no document can break."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from earwitness.errors import Problem, Where

# Far beyond any real document, and little enough for every recursive reader that comes after.
MAX_DEPTH: Final = 64
MAX_NODES: Final = 200_000


def escaped(token: str | int) -> str:
    """``token`` as it stands in a JSON pointer (RFC 6901, section 3)."""
    return str(token).replace("~", "~0").replace("/", "~1")


class Stopped(Exception):
    """The rest of the document is not worth reading."""


@dataclass(slots=True)
class _Open:
    """A map or list that is being read."""

    value: dict[str, object] | list[object]
    pointer: str
    label: str
    anchor: str | None
    nodes: int
    height: int = 1
    key: str | None = None
    merges: list[object] = field(default_factory=list)


class Builder:
    """Puts a document together from its events, without recursion."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.value: object = None
        self.places: dict[str, Where] = {}
        self.problems: list[Problem] = []
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[object, int, int] | None] = {}
        self.nodes = 0
        self.documents = 0
        self.key_lines: dict[str, int] = {}

    def build(self, events: Iterator[Any]) -> None:
        for event in events:
            match event:
                case yaml.DocumentStartEvent():
                    self.documents += 1
                    if self.documents > 1:
                        self.stop(event, "a second document begins", "one document in the file")
                case yaml.MappingStartEvent():
                    self.open(event, {})
                case yaml.SequenceStartEvent():
                    self.open(event, [])
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self.close()
                case yaml.ScalarEvent() if self.wants_key():
                    self.take_key(event)
                case yaml.ScalarEvent():
                    value = self.scalar(event)
                    self.place(event, self.next_pointer(), self.next_label())
                    self.count(event, 1)
                    if event.anchor:
                        self.anchors[event.anchor] = (value, 1, 0)
                    self.put(value, 0)
                case yaml.AliasEvent():
                    self.alias(event)

    # -- places ---------------------------------------------------------------------------------------------------

    def line(self, event: Any) -> int:
        return int(event.start_mark.line) + 1

    def wrong(self, event: Any, what: str, expected: str) -> None:
        self.problems.append(Problem(what, Where(self.file, self.line(event)), expected))

    def stop(self, event: Any, what: str, expected: str) -> None:
        self.wrong(event, what, expected)
        raise Stopped

    def next_pointer(self) -> str:
        if not self.stack:
            return ""
        top = self.stack[-1]
        return f"{top.pointer}/{len(top.value) if isinstance(top.value, list) else escaped(top.key or '')}"

    def next_label(self) -> str:
        if not self.stack:
            return ""
        top = self.stack[-1]
        return f"{top.label}[{len(top.value)}]" if isinstance(top.value, list) else top.key or ""

    def place(self, event: Any, pointer: str, label: str) -> None:
        # A value in a map stands where its key stands.
        self.places.setdefault(
            pointer, Where(self.file, self.key_lines.pop(pointer, self.line(event)), label)
        )

    def count(self, event: Any, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            self.stop(event, f"more than {MAX_NODES} values, aliases written out", "a smaller document")

    def deep(self, event: Any, levels: int) -> None:
        if levels > MAX_DEPTH:
            self.stop(event, f"nested more than {MAX_DEPTH} levels deep", "a flatter document")

    # -- values ---------------------------------------------------------------------------------------------------

    def wants_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None

    def open(self, event: Any, value: dict[str, object] | list[object]) -> None:
        if self.wants_key():
            self.stop(event, "a map or list stands where a key has to stand", "a word as the key")
        self.deep(event, len(self.stack) + 1)
        self.count(event, 1)
        pointer, label = self.next_pointer(), self.next_label()
        self.place(event, pointer, label)
        if event.anchor:
            self.anchors[event.anchor] = None
        self.stack.append(_Open(value, pointer, label, event.anchor, self.nodes))

    def close(self) -> None:
        done = self.stack.pop()
        if isinstance(done.value, dict):
            for merged in done.merges:
                for key, value in merged.items() if isinstance(merged, dict) else ():
                    done.value.setdefault(key, value)
        if done.anchor:
            self.anchors[done.anchor] = (done.value, self.nodes - done.nodes + 1, done.height)
        self.put(done.value, done.height)

    def put(self, value: object, height: int) -> None:
        if not self.stack:
            self.value = value
            return
        top = self.stack[-1]
        top.height = max(top.height, height + 1)
        if isinstance(top.value, list):
            top.value.append(value)
            return
        key, top.key = top.key or "", None
        if key == "<<":
            self.merge(top, value)
        else:
            # Of two equal keys the first is kept; the second was reported when it came.
            top.value.setdefault(key, value)

    def merge(self, top: _Open, value: object) -> None:
        several = value if isinstance(value, list) else [value]
        if all(isinstance(each, dict) for each in several):
            top.merges.extend(several)
        else:
            where = self.places[f"{top.pointer}/<<"]
            self.problems.append(
                Problem("<< merges something that is no map", where, "an alias of a map, or a list of them")
            )

    def alias(self, event: Any) -> None:
        if self.wants_key():
            self.stop(event, "an alias stands where a key has to stand", "a word as the key")
        if event.anchor not in self.anchors:
            self.stop(event, f"*{event.anchor} is an alias of nothing", f"&{event.anchor} above it")
        known = self.anchors[event.anchor]
        if known is None:
            self.stop(event, f"*{event.anchor} contains itself", "an alias of something that is complete")
            return
        value, nodes, height = known
        self.count(event, nodes)
        self.deep(event, len(self.stack) + height)
        self.place(event, self.next_pointer(), self.next_label())
        self.put(value, height)

    def take_key(self, event: Any) -> None:
        key = str(event.value)
        top = self.stack[-1]
        top.key = key
        pointer = f"{top.pointer}/{escaped(key)}"
        first = self.places.get(pointer)
        if first is not None:
            where = Where(self.file, self.line(event), key)
            self.problems.append(
                Problem(f"{key!r} is here twice, first on line {first.line}", where, "every key once")
            )
        self.key_lines[pointer] = self.line(event)

    def scalar(self, event: Any) -> object:
        """The value of a scalar by the JSON part of YAML 1.2: ``on`` and ``2025-01-01`` are text."""
        text = str(event.value)
        plain, _ = event.implicit
        tag = str(event.tag or "").removeprefix("tag:yaml.org,2002:")
        if not plain and tag in ("", "!", "str"):
            return text
        if not plain and tag not in ("null", "bool", "int", "float"):
            self.wrong(event, f"the tag {tag} is not read here", "a plain value")
            return text
        return self.resolve(text, event)

    def resolve(self, text: str, event: Any) -> object:
        if text in ("", "~", "null", "Null", "NULL"):
            return None
        if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
            return text.lower() == "true"
        if _INT.fullmatch(text) or _FLOAT.fullmatch(text):
            number: int | float = float(text) if len(text) > 400 or not _INT.fullmatch(text) else int(text)
            if number in (float("inf"), float("-inf")):
                self.wrong(event, "a number too large", "a number that JSON can hold")
            return number
        return text


_INT: Final = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
