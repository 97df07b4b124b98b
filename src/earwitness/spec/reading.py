"""Reads the parts of a document by type, follows references, and keeps every problem instead of stopping at the first."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from earwitness.errors import Problem, Where, nearest
from earwitness.spec.refs import Folder, Node
from earwitness.spec.schema import Schema
from earwitness.spec.wording import kind, shorten
from earwitness.spec.words import BASES, Basis

_Word = TypeVar("_Word", bound=str)

_PROMISES = (
    "operation",
    "response",
    "message",
    "schema",
    "channel",
    "socket operation",
    "parameter",
    "request body",
)

# Where each extension means something (design, section 4); on anything else nobody would read it.
HOMES: Mapping[str, tuple[str, ...]] = {
    "x-audience": ("message",),
    "x-basis": _PROMISES,
    "x-clause": _PROMISES,
    "x-presigned": ("operation",),
    "x-refusals": ("operation", "channel"),
}


class Reader:
    """Reads one folder. ``clauses`` are the document's, None while they are not known."""

    def __init__(self, folder: Folder, clauses: Mapping[str, str] | None) -> None:
        self.folder = folder
        self.clauses = clauses
        self.schemas: dict[tuple[str, str], Node] = {}
        self.examples: list[tuple[Node, Node]] = []
        self.reported = 0
        self._problems: dict[Problem, None] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that was found, each thing once."""
        return tuple(self._problems)

    def report(self, problem: Problem) -> None:
        """Keeps ``problem``; one that was found before counts in ``reported``, and is kept once."""
        self.reported += 1
        self._problems.setdefault(problem)

    def wrong(self, where: Node | Where, what: str, expected: str = "", hint: str = "") -> None:
        """Keeps the problem that ``what`` says, at a node or place."""
        self.report(Problem(what, where.where if isinstance(where, Node) else where, expected, hint))

    # -- values by type ---------------------------------------------------------------------------------------------

    def object(self, node: Node, name: str, expected: str = "a map") -> Node | None:
        """The map at ``node`` or where its reference leads; None and a problem when there is none."""
        found = self.folder.follow(node)
        if isinstance(found, Problem):
            self.report(found)
            return None
        if not isinstance(found.value, dict):
            self.wrong(found, f"{name} is {kind(found.value)}", expected)
            return None
        return found

    def entries(
        self, parent: Node, key: str, expected: str = "a map", required: bool = False
    ) -> list[tuple[str, Node]]:
        """The entries of the map under ``key``, references not yet followed, our extensions and others left out."""
        node = self._child(parent, key, expected, required)
        found = None if node is None else self.object(node, key, expected)
        children = () if found is None else found.children()
        return [(name, child) for name, child in children if not name.startswith("x-")]

    def items(self, parent: Node, key: str, expected: str = "a list", required: bool = False) -> list[Node]:
        """The elements of the list under ``key``, references not yet followed."""
        node = self._child(parent, key, expected, required)
        if node is None:
            return []
        if not isinstance(node.value, list):
            self.wrong(node, f"{key} is {kind(node.value)}", expected)
            return []
        return [child for _, child in node.children()]

    def text(self, parent: Node, key: str, required: bool = False) -> str:
        """The text under ``key``; "" when there is none."""
        node = self._child(parent, key, "a text", required)
        if node is None:
            return ""
        if isinstance(node.value, str) and (node.value.strip() or not required):
            return node.value
        hint = f'quote it: "{node.value}"' if isinstance(node.value, int | float) else ""
        self.wrong(node, f"{key} is {kind(node.value) if node.value != '' else 'empty'}", "a text", hint)
        return ""

    def flag(self, parent: Node, key: str) -> bool:
        """The true or false under ``key``; false when there is none."""
        node = parent.get(key)
        if node is None or isinstance(node.value, bool):
            return node is not None and node.value is True
        self.wrong(node, f"{key} is {shorten(node.value, 40)}", "true or false")
        return False

    def word(self, parent: Node, key: str, known: Sequence[_Word], required: bool = False) -> _Word | None:
        """The word under ``key``, if it is one of ``known``."""
        node = self._child(parent, key, f"one of {', '.join(known)}", required)
        if node is None:
            return None
        for word in known:
            if word == node.value:
                return word
        self.wrong(node, f"unknown {key} {shorten(node.value, 40)}", hint=nearest(str(node.value), known))
        return None

    def known_keys(self, node: Node, known: Iterable[str], name: str) -> None:
        """Reports every key of ``node`` that is none of ``known``."""
        known = tuple(known)
        for key, child in node.children():
            if key not in known:
                self.wrong(child, f"unknown key {key!r} in {name}", hint=nearest(key, known))

    def _child(self, parent: Node, key: str, expected: str, required: bool) -> Node | None:
        node = parent.get(key)
        if node is None and required:
            self.wrong(parent.document.where(f"{parent.pointer}/{key}"), f"{key} is missing", expected)
        return node

    # -- what the documents share -------------------------------------------------------------------------------------

    def schema(self, node: Node, holder: Node | None = None) -> Schema:
        """The schema at ``node``, with the ``example`` and ``examples`` of what holds it; both are checked later."""
        found: list[Node] = []
        if holder is not None:
            single = holder.get("example")
            found = [] if single is None else [single]
            for name, entry in self.entries(holder, "examples", "a map of name to example"):
                example = self.object(entry, name, "an example: a map with a value")
                value = None if example is None else example.get("value")
                found += [] if value is None else [value]
        return self.schema_with(node, found)

    def schema_with(self, node: Node, examples: Sequence[Node]) -> Schema:
        """The schema at ``node``, with ``examples``; both are checked later."""
        self.schemas.setdefault(node.key, node)
        self.examples.extend((example, node) for example in examples)
        return Schema.at(node, self.folder, tuple(example.value for example in examples))

    def extensions(self, node: Node, home: str) -> None:
        """Reports our extensions where they mean nothing, and what looks like a misspelt one."""
        for key, child in node.children() if isinstance(node.value, dict) else ():
            if key in HOMES and home not in HOMES[key]:
                homes = " or ".join(HOMES[key][:4])
                self.wrong(child, f"{key} means nothing on this {home}", f"{key} on a {homes}")
            elif key.startswith("x-") and key not in HOMES:
                # Others' extensions are none of our business, unless they look like ours.
                for meant in difflib.get_close_matches(key, HOMES, n=1, cutoff=0.82):
                    self.wrong(child, f"unknown extension {key!r}", hint=f"did you mean {meant!r}?")

    def clause(self, node: Node, otherwise: str = "", key: str = "x-clause") -> str:
        """The clause that ``node`` names, or ``otherwise``; one of the checklist's ``clauses``."""
        if node.get(key) is None:
            return otherwise
        clause = self.text(node, key)
        if clause and self.clauses is not None and clause not in self.clauses:
            where = node.document.where(f"{node.pointer}/{key}")
            what = f"{key} {clause!r} is no clause of checklist.yaml"
            self.wrong(where, what, hint=nearest(clause, self.clauses))
        return clause or otherwise

    def basis(self, node: Node, otherwise: Basis = "stated", key: str = "x-basis") -> Basis:
        """The basis that ``node`` names, or ``otherwise``."""
        return self.word(node, key, BASES) or otherwise
