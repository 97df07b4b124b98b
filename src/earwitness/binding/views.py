"""Reads the views of a binding, and what steps and events say is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from earwitness.binding.expressions import Literal
from earwitness.binding.model import Shown, View, ViewField
from earwitness.binding.reader import Path, Reader, called
from earwitness.binding.vocabulary import VIEWS, base_view
from earwitness.errors import nearest

_VARIANT: Final = re.compile(r"[a-z][a-z0-9-]*(/[a-z][a-z0-9-]*)?")


def read_views(reader: Reader, value: object) -> dict[str, View]:
    """The views, and variants of views, of a binding."""
    views: dict[str, View] = {}
    for name, fields in reader.mapping(value, ("views",)).items():
        path: Path = ("views", name)
        if not known_view(reader, name, path):
            continue
        known = VIEWS[base_view(name)]
        views[name] = {
            f: view_field(reader, v, (*path, f)) for f, v in reader.mapping(fields, path, known).items()
        }
    return views


def known_view(reader: Reader, name: object, path: Path) -> bool:
    """Whether ``name`` is spelt like a view: a word of the vocabulary, and after a slash the name of a variant."""
    if not isinstance(name, str) or base_view(name) not in VIEWS:
        base = base_view(name) if isinstance(name, str) else ""
        said = f"unknown view {name!r}" if isinstance(name, str) else f"the view is {called(name)}"
        reader.problem(path, said, hint=nearest(base, VIEWS))
        return False
    if not _VARIANT.fullmatch(name):
        reader.problem(
            path, f"{name!r} is no name of a variant", f"{base_view(name)}/<word>, in small letters"
        )
        return False
    return True


def view_field(reader: Reader, value: object, path: Path) -> ViewField:
    """A field: a pointer, or a map that says how a list, a map or a comparison is read."""
    if not isinstance(value, Mapping):
        return ViewField(reader.pointer(value, path))
    ways = [key for key in ("each", "groups", "at") if key in value]
    if len(ways) != 1:
        reader.mapping(value, path, ("each", "groups", "at", "view", "key", "value", "equals", "filled"))
        reader.problem(path, f"{path[-1]} is read in {len(ways)} ways", "exactly one of each, groups, at")
        return ViewField(())
    if ways == ["groups"]:
        keys = reader.mapping(value, path, ("groups", "key", "value"))
        fields = VIEWS["reaction"]
        named = (reader.word(keys.get("key"), fields, (*path, "key"), "field of a reaction"),
                 reader.word(keys.get("value"), fields, (*path, "value"), "field of a reaction"))  # fmt: skip
        return ViewField(reader.pointer(keys["groups"], (*path, "groups")), "reaction", named)
    if ways == ["at"]:
        keys = reader.mapping(value, path, ("at", "equals", "filled"))
        if "filled" in keys:
            return _filled(reader, keys, path)
        equals = keys.get("equals")
        if "equals" not in keys or isinstance(equals, Mapping | list):
            reader.problem(
                path,
                f"{path[-1]} is compared with no value",
                "equals: <a value>, filled: true, or the pointer alone",
            )
        return ViewField(reader.pointer(keys["at"], (*path, "at")), equals=equals)
    keys = reader.mapping(value, path, ("each", "view"))
    view = keys.get("view")
    first, *more = reader.pointers(keys["each"], (*path, "each"))
    known = known_view(reader, view, (*path, "view"))
    return ViewField(first, str(view) if known else "", more=tuple(more))


def _filled(reader: Reader, keys: Mapping[str, Any], path: Path) -> ViewField:
    if keys["filled"] is not True:
        reader.problem((*path, "filled"), "filled is not true", "filled: true, or equals: null")
    if "equals" in keys:
        reader.problem((*path, "equals"), "equals means nothing beside filled", "one of the two")
    return ViewField(reader.pointer(keys["at"], (*path, "at")), filled=True)


def shown_map(reader: Reader, value: object, path: Path) -> dict[str, Shown]:
    """What is shown, by name."""
    return {name: shown(reader, held, (*path, name)) for name, held in reader.mapping(value, path).items()}


def shown(reader: Reader, value: object, path: Path) -> Shown:
    """One thing that is shown, or a list of them."""
    if not isinstance(value, Mapping):
        return Shown(reader.expression(value, path))
    keys: Mapping[str, Any] = reader.mapping(value, path, ("at", "each", "number", "view", "kind"))
    ways = [key for key in ("at", "each", "number") if key in keys]
    if len(ways) != 1:
        reader.problem(path, f"{path[-1]} does not say where it is", "exactly one of at, each, number")
        return Shown(Literal(None))
    (way,) = ways
    for key in ("view", "kind") if way == "number" else ():
        if key in keys:
            reader.problem((*path, key), f"{key} means nothing beside number", "at, for a thing")
    view = ""
    if "view" in keys and known_view(reader, keys["view"], (*path, "view")):
        view = keys["view"]
    at = reader.expression(keys[way], (*path, way), many=way == "each")
    kind = reader.text(keys, "kind", path, "a kind of room")
    return Shown(at, view, way == "each", kind, way == "number")
