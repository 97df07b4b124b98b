"""Checks the schemas of the documents and every example against its schema."""

from __future__ import annotations

from typing import Final

from jsonschema import Draft202012Validator

from earwitness.errors import nearest
from earwitness.spec.formats import known_formats
from earwitness.spec.reading import Reader
from earwitness.spec.refs import Node
from earwitness.spec.schema import META, Schema, judge
from earwitness.spec.shapes import IN_PLACE

_ONE: Final = frozenset(
    (
        *("additionalProperties", "contains", "contentSchema", "items", "propertyNames"),
        *("unevaluatedItems", "unevaluatedProperties", "if", "then", "else", "not"),
    )
)
_LISTS: Final = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
_MAPS: Final = frozenset(("$defs", "dependentSchemas", "patternProperties", "properties"))
_NOTES: Final = frozenset(
    ("$comment", "title", "description", "default", "deprecated", "example", "examples")
)
_UNJUDGED: Final = frozenset(
    ("contentEncoding", "contentMediaType", "discriminator", "externalDocs", "readOnly", "writeOnly", "xml")
)
_COUNTS: Final = frozenset(("minContains", "maxContains"))
# References by name would need a base address; ours are pointers into files.
_BY_NAME: Final = frozenset(
    ("$anchor", "$dynamicAnchor", "$dynamicRef", "$id", "$recursiveAnchor", "$recursiveRef", "$schema")
)
_JUDGED: Final = frozenset(Draft202012Validator.VALIDATORS) - _BY_NAME
_KEYWORDS: Final = _JUDGED | _ONE | _LISTS | _MAPS | _COUNTS | _NOTES | _UNJUDGED

Key = tuple[str, str]


def check_schemas(reader: Reader, roots: tuple[Node, ...]) -> None:
    """Reports what is wrong with the schemas that ``reader`` came by, those under ``components`` of the documents
    ``roots`` and all they refer to; then every example that does not fit."""
    check = _Check(reader)
    for root in roots:
        components = root.get("components")
        if components is not None:
            for _, node in reader.entries(components, "schemas", "a map of name to schema"):
                check.root(node)
    for node in tuple(reader.schemas.values()):
        check.root(node)
    check.loops()
    for example, schema in (*reader.examples, *check.examples):
        if not check.broken(schema):
            check.example(example, schema)


class _Check:
    """Goes through schemas and what they refer to, each once."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.seen: dict[Key, bool] = {}
        self.refers: dict[Key, set[Key]] = {}
        self.refers_in_place: dict[Key, dict[Key, Node]] = {}
        self.examples: list[tuple[Node, Node]] = []

    def root(self, node: Node) -> None:
        """Checks the schema at ``node``, then those that it refers to."""
        waiting = [node]
        while waiting:
            node = waiting.pop()
            if node.key in self.seen:
                continue
            before = self.reader.reported
            self.refers[node.key], self.refers_in_place[node.key] = set(), {}
            self.seen[node.key] = True
            self.metaschema(node)
            waiting.extend(self.tree(node))
            self.seen[node.key] = self.reader.reported == before

    def metaschema(self, node: Node) -> None:
        for each in judge(META, node.value, "the schema", lambda _: "stated"):
            where = node.document.where(node.pointer + each.pointer)
            self.reader.wrong(where, f"no valid schema: {each.message}", each.expected)

    def tree(self, root: Node) -> list[Node]:
        """Checks every schema inside ``root``; returns what they refer to."""
        targets: list[Node] = []
        waiting = [(root, True)]
        while waiting:
            node, in_place = waiting.pop()
            if not isinstance(node.value, dict):
                continue
            self.keywords(node)
            for keyword, child in node.children():
                here = in_place and keyword in IN_PLACE
                if keyword in _ONE:
                    waiting.append((child, here))
                elif keyword in _LISTS | _MAPS:
                    waiting.extend((each, here) for _, each in child.children())
                elif keyword == "$ref" and isinstance(child.value, str):
                    target = self.reader.folder.target(node)
                    if isinstance(target, Node):
                        targets.append(target)
                        self.refers[root.key].add(target.key)
                        if in_place:
                            self.refers_in_place[root.key][target.key] = node
                    else:
                        self.reader.report(target)
                elif keyword == "example":
                    self.examples.append((child, node))
                elif keyword == "examples":
                    self.examples.extend((each, node) for _, each in child.children())
        return targets

    def keywords(self, node: Node) -> None:
        self.reader.extensions(node, "schema")
        self.reader.basis(node)
        self.reader.clause(node)
        for keyword, child in node.children():
            if keyword == "nullable":
                self.reader.wrong(
                    child, "nullable is of OpenAPI 3.0 and means nothing here", "type: [string, 'null']"
                )
            elif keyword in _BY_NAME:
                expected = "a schema of draft 2020-12, found by $ref with a file and a pointer"
                self.reader.wrong(child, f"{keyword} is not read here", expected)
            elif keyword not in _KEYWORDS and not keyword.startswith("x-"):
                self.reader.wrong(
                    child, f"{keyword!r} is no keyword of a schema", hint=nearest(keyword, _KEYWORDS)
                )
        name = node.get("format")
        if name is not None and isinstance(name.value, str) and name.value not in known_formats():
            self.reader.wrong(
                name, f"unknown format {name.value!r}", hint=nearest(name.value, known_formats())
            )

    def loops(self) -> None:
        """Reports schemas that refer to themselves for one and the same value: judging it would never end."""
        for start, targets in self.refers_in_place.items():
            for target, node in targets.items():
                if start in self._reached(target):
                    self.reader.wrong(
                        node.document.where(f"{node.pointer}/$ref"),
                        "$ref leads back to itself",
                        "a reference to another schema",
                    )
                    self.seen[start] = False

    def _reached(self, start: Key) -> set[Key]:
        reached, waiting = {start}, [start]
        while waiting:
            new = set(self.refers_in_place.get(waiting.pop(), ())) - reached
            reached |= new
            waiting.extend(new)
        return reached

    def broken(self, schema: Node) -> bool:
        """Whether something is wrong with the schema or anything it refers to, so that no example can be judged by it."""
        self.root(schema)
        reached, waiting = {schema.key}, [schema.key]
        while waiting:
            key = waiting.pop()
            if not self.seen.get(key, True):
                return True
            new = self.refers.get(key, set()) - reached
            reached |= new
            waiting.extend(new)
        return False

    def example(self, example: Node, schema: Node) -> None:
        for each in Schema.at(schema, self.reader.folder).check(example.value, "the example"):
            where = example.document.where(example.pointer + each.pointer)
            self.reader.wrong(where, f"the example does not fit its schema: {each.message}", each.expected)
