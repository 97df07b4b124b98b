"""Reads ``checklist.yaml``: the document's clauses and an API's acceptance items."""

from __future__ import annotations

import re
from typing import Final

from earwitness.spec.model import Checklist, Item
from earwitness.spec.reading import Reader
from earwitness.spec.refs import Node
from earwitness.spec.wording import kind, shorten

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_KEYS: Final = ("id", "section", "text", "clause", "manual", "observed")


def read_clauses(reader: Reader, root: Node) -> dict[str, str]:
    """The clauses of the document: id to heading."""
    clauses: dict[str, str] = {}
    for name, node in reader.entries(root, "clauses", "a map of clause to heading", required=True):
        clauses[name] = node.value if isinstance(node.value, str) else ""
        if not isinstance(node.value, str):
            reader.wrong(node, f"the heading of clause {name} is {kind(node.value)}", "a text")
    return clauses


def read_checklist(reader: Reader, root: Node, clauses: dict[str, str]) -> Checklist:
    """The checklist, whose ``clauses`` were read before."""
    reader.known_keys(root, ("api", "clauses", "items"), "checklist.yaml")
    items: dict[str, Item] = {}
    for node in reader.items(root, "items", "a list of items", required=True):
        item = _item(reader, node)
        if item is None:
            continue
        if item.id in items:
            where = node.document.where(f"{node.pointer}/id")
            reader.wrong(
                where,
                f"the item {item.id} is here twice, first on line {items[item.id].where.line}",
                "every id once",
            )
            continue
        items[item.id] = item
    return Checklist(items, clauses)


def _item(reader: Reader, node: Node) -> Item | None:
    entry = reader.object(node, "the item", "a map with id, section, text and clause")
    if entry is None:
        return None
    reader.known_keys(entry, _KEYS, "the item")
    identity = reader.text(entry, "id", required=True)
    if identity and not _ID.fullmatch(identity):
        reader.wrong(
            entry.document.where(f"{entry.pointer}/id"),
            f"id is {shorten(identity, 40)}",
            "an id such as MSG-2",
        )
        return None
    if entry.get("clause") is None:
        reader.text(entry, "clause", required=True)
    item = Item(
        id=identity,
        section=reader.text(entry, "section", required=True),
        text=reader.text(entry, "text", required=True),
        clause=reader.clause(entry, key="clause"),
        manual=reader.text(entry, "manual") or None,
        observed=reader.text(entry, "observed") or None,
        where=entry.where,
    )
    return item if identity else None
