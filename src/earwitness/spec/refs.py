"""Follows ``$ref`` inside a folder of documents, and refuses to go anywhere else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from referencing import Registry, Resource
from referencing.jsonschema import SchemaRegistry

from earwitness.errors import Problem, Where, nearest
from earwitness.spec.source import Document, parse_file, tokens_of
from earwitness.spec.tree import escaped

_REFERENCE = "a reference such as '#/components/schemas/Message'"


@dataclass(frozen=True, slots=True)
class Node:
    """A value in a document, and where it stands there (a JSON pointer)."""

    document: Document = field(repr=False)
    pointer: str
    value: Any = field(repr=False)

    @property
    def where(self) -> Where:
        return self.document.where(self.pointer)

    @property
    def key(self) -> tuple[str, str]:
        """What tells this node from every other in its folder."""
        return self.document.name, self.pointer

    def get(self, key: str | int) -> Node | None:
        """The node under ``key``; None when there is none."""
        value = self.value
        if isinstance(value, dict) and key in value:
            return Node(self.document, f"{self.pointer}/{escaped(key)}", value[key])
        if isinstance(value, list) and str(key).isdecimal() and int(key) < len(value):
            return Node(self.document, f"{self.pointer}/{int(key)}", value[int(key)])
        return None

    def children(self) -> Iterator[tuple[str, Node]]:
        """Every key or index with its node; nothing for a scalar."""
        value = self.value
        keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        for key in keys:
            child = self.get(key)
            if child is not None:
                yield str(key), child


def uri_of(document: Document) -> str:
    """The name a document has in the registry: a file at the root, so that siblings find each other by relative names."""
    return f"file:///{quote(document.name)}"


@dataclass(frozen=True, slots=True)
class Folder:
    """The documents of one API by file name, and the registry that the validators look references up in."""

    documents: Mapping[str, Document]
    registry: SchemaRegistry = field(repr=False)
    # What references were found to lead to, by where they stand: looking them up is half the work of judging a value.
    resolved: dict[tuple[str, str], Any] = field(default_factory=dict, repr=False, compare=False)

    def root(self, name: str) -> Node | None:
        """The whole of a document; None when it is missing or broken."""
        document = self.documents.get(name)
        return None if document is None or document.value is None else Node(document, "", document.value)

    def target(self, node: Node) -> Node | Problem:
        """What the ``$ref`` of ``node`` points to, or what is wrong with it."""
        ref = node.value["$ref"]
        where = node.document.where(f"{node.pointer}/$ref")
        if not isinstance(ref, str):
            return Problem("$ref is no text", where, _REFERENCE)
        name, _, fragment = ref.partition("#")
        name, fragment = unquote(name).removeprefix("./") or node.document.name, unquote(fragment)
        if ":" in name or name.startswith("//"):
            expected = "a reference into this folder: Earwitness never fetches a document"
            return Problem(f"$ref points to {ref}", where, expected)
        if "/" in name or "\\" in name:
            return Problem(f"$ref points to {ref}", where, "a file in the same folder, named without a path")
        found = self.root(name)
        if found is None and name in self.documents:
            return Problem(f"$ref points to {name}, which could not be read", where)
        if found is None:
            what, hint = f"$ref points to {name}, which is not here", nearest(name, self.documents)
            return Problem(what, where, "a file in the same folder", hint)
        if fragment and not fragment.startswith("/"):
            return Problem(f"$ref points to {ref}", where, f"a JSON pointer after the #: {_REFERENCE}")
        for token in tokens_of(fragment):
            child = found.get(token)
            if child is None:
                known = [key for key, _ in found.children()] if isinstance(found.value, dict) else []
                what = f"$ref points to {ref}, and {found.pointer or '/'} has no {token!r}"
                return Problem(what, where, hint=nearest(token, known))
            found = child
        return found

    def follow(self, node: Node) -> Node | Problem:
        """``node``, or what its chain of references ends at, or what is wrong with the chain."""
        seen = {node.key}
        while isinstance(node.value, dict) and "$ref" in node.value:
            found = self.target(node)
            if isinstance(found, Problem):
                return found
            if found.key in seen:
                where = node.document.where(f"{node.pointer}/$ref")
                return Problem("$ref leads back to itself", where, "a reference to a definition")
            seen.add(found.key)
            node = found
        return node

    def followed(self, node: Node) -> Node:
        """Like ``follow``, for documents whose references were checked when they were loaded."""
        found = self.follow(node)
        return node if isinstance(found, Problem) else found


def open_folder(folder: Path, names: tuple[str, ...]) -> Folder:
    """The documents called ``names`` and every sibling they refer to. Problems stay with the documents."""
    documents: dict[str, Document] = {}
    present = {path.name for path in folder.iterdir() if path.is_file()}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in documents or name not in present.union(names):
            continue
        documents[name] = parse_file(folder / name)
        waiting.extend(_siblings(documents[name].value))
    registry: Registry[Any] = Registry()
    for document in documents.values():
        registry = registry.with_resource(uri_of(document), Resource.opaque(document.value))
    return Folder(documents, registry)


def _siblings(value: object) -> Iterator[str]:
    """The names of other files in the same folder that ``value`` may refer to."""
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if not isinstance(value, dict | list) or id(value) in seen:
            continue
        seen.add(id(value))
        waiting.extend(value.values() if isinstance(value, dict) else value)
        ref = value.get("$ref") if isinstance(value, dict) else None
        if isinstance(ref, str):
            name = unquote(ref.partition("#")[0]).removeprefix("./")
            if name and not set(name) & set("/\\:"):
                yield name
