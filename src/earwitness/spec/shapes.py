"""Walks schemas through their references: their parts, their properties, the basis of what they promise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, count
from typing import Any, Final

from earwitness.errors import Problem
from earwitness.spec.refs import Folder, Node
from earwitness.spec.words import BASES, Basis

_ALL: Final = ("allOf",)
_ANY: Final = ("allOf", "anyOf", "oneOf")


def parts(node: Node, folder: Folder, alternatives: bool = False) -> Iterator[Node]:
    """The schema at ``node`` and every schema that an instance has to fit as well (``$ref``, ``allOf``); with
    ``alternatives`` also those that it may fit (``anyOf``, ``oneOf``). Outermost first."""
    waiting, seen = [node], set()
    while waiting:
        here = waiting.pop(0)
        if here.key in seen or not isinstance(here.value, dict):
            continue
        seen.add(here.key)
        yield here
        if "$ref" in here.value:
            target = folder.target(here)
            if isinstance(target, Node):
                waiting.append(target)
        for keyword in _ANY if alternatives else _ALL:
            branches = here.get(keyword)
            if branches is not None:
                waiting.extend(branch for _, branch in branches.children())


def properties(node: Node, folder: Folder, alternatives: bool = False) -> Iterator[tuple[str, Node]]:
    """The properties that the object at ``node`` is described to have, outermost declaration first."""
    for part in parts(node, folder, alternatives):
        declared = part.get("properties")
        if declared is not None and isinstance(declared.value, dict):
            yield from declared.children()


def discriminators(node: Node, folder: Folder) -> dict[str, tuple[object, ...]]:
    """The properties by which an object of the shape at ``node`` can be told from others: their allowed values. One value
    means a constant."""
    found: dict[str, tuple[object, ...]] = {}
    for name, schema in properties(node, folder):
        for part in parts(schema, folder):
            if "const" in part.value:
                found[name] = (part.value["const"],)
            elif isinstance(part.value.get("enum"), list):
                found.setdefault(name, tuple(part.value["enum"]))
    return found


# Keywords whose subschemas judge the same value, and those whose subschemas judge what is in it; then those under which
# subschemas stand one level further down, by name or index.
IN_PLACE: Final = frozenset(
    ("$ref", "allOf", "anyOf", "oneOf", "dependentSchemas", "then", "else", "not", "if")
)
_NESTED: Final = frozenset(
    ("allOf", "anyOf", "oneOf", "dependentSchemas", "properties", "patternProperties", "prefixItems")
)


def walk(node: Node, folder: Folder, path: Sequence[str | int]) -> tuple[Basis, Node]:
    """Goes along ``path``, an error's way through the schema at ``node``: keywords, names, and ``$ref`` for a reference.

    Returns the last ``x-basis`` on the way (``stated`` without any), and the outermost schema that judges the same value as
    the one in which the way ends.
    """
    basis, holder = own(node, "stated"), node
    tokens = iter(path)
    for token in tokens:
        found: Node | Problem | None = folder.target(node) if token == "$ref" else node.get(token)
        if isinstance(found, Node) and token in _NESTED:
            found = found.get(next(tokens, ""))
        if not isinstance(found, Node) or not isinstance(found.value, dict):
            break
        node = found
        basis = own(node, basis)
        holder = holder if token in IN_PLACE else node
    return basis, holder


def own(node: Node, otherwise: Basis) -> Basis:
    """The ``x-basis`` of the schema at ``node``."""
    said = node.value.get("x-basis") if isinstance(node.value, dict) else None
    return said if said in BASES else otherwise


def bundle(node: Node, folder: Folder, base: str, definitions: dict[str, object]) -> object:
    """The schema at ``node`` with every reference rewritten to ``base`` and a name; what the names stand for is put into
    ``definitions``."""
    names: dict[tuple[str, str], str] = {}
    waiting: list[Node] = []

    def rewritten(here: Node) -> Any:
        if isinstance(here.value, list):
            return [rewritten(child) for _, child in here.children()]
        if not isinstance(here.value, dict):
            return here.value
        copied = {key: rewritten(child) for key, child in here.children() if key != "$ref"}
        if not isinstance(here.value.get("$ref"), str):
            return copied | ({"$ref": here.value["$ref"]} if "$ref" in here.value else {})
        target = folder.target(here)
        if isinstance(target, Problem):
            return here.value
        if target.key not in names:
            # Names that OpenAPI allows for components, and that need no escaping in a pointer.
            stem = re.sub(r"[^A-Za-z0-9._-]", "_", target.pointer.rpartition("/")[2]) or "root"
            taken = set(names.values())
            numbered = (f"{stem}-{i}" for i in count(2))
            names[target.key] = next(name for name in chain((stem,), numbered) if name not in taken)
            waiting.append(target)
        return copied | {"$ref": base + names[target.key]}

    whole = rewritten(node)
    while waiting:
        target = waiting.pop()
        definitions[names[target.key]] = rewritten(target)
    return whole
