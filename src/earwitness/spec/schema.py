"""Judges JSON values by the documents' schemas, and tells of every miss where it is and where its promise comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import isfinite
from typing import Any, Final, cast
from urllib.parse import quote

import jsonschema_rs
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from earwitness.errors import Where
from earwitness.spec import shapes
from earwitness.spec.formats import CHECKER, CHECKS
from earwitness.spec.refs import Folder, Node, uri_of
from earwitness.spec.source import pointer_of
from earwitness.spec.tree import MAX_DEPTH
from earwitness.spec.wording import clipped, expected, sentence, shorten
from earwitness.spec.words import Basis

MAX_VIOLATIONS: Final = 20
_MAX_ERRORS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which something heard breaks a promise. ``pointer`` leads into what was heard, ``schema_pointer`` into
    the schema (through its references); ``heard`` is cut to 200 characters."""

    pointer: str
    schema_pointer: str
    message: str
    expected: str
    heard: str
    basis: Basis = "stated"


@dataclass(frozen=True, slots=True, eq=False)
class Schema:
    """A JSON Schema (draft 2020-12) out of the documents.

    ``raw`` is the schema as it is written, or what it refers to when it is nothing but a reference; references inside it
    are looked up when a value is checked. ``examples`` are the examples of the schema and of what holds it.
    """

    raw: Mapping[str, Any] | bool
    examples: tuple[object, ...]
    where: Where
    node: Node = field(repr=False)
    folder: Folder = field(repr=False)
    _validator: Validator = field(repr=False)
    # Made when it is first asked for: most schemas never judge anything.
    _quick: list[Callable[[object], bool]] = field(default_factory=list, repr=False)

    @staticmethod
    def at(node: Node, folder: Folder, examples: tuple[object, ...] = ()) -> Schema:
        """The schema that stands at ``node``."""
        bare = isinstance(node.value, dict) and all(
            key == "$ref" or key.startswith("x-") for key in node.value
        )
        found = folder.followed(node) if bare else node
        raw = found.value if isinstance(found.value, dict | bool) else True
        own = raw.get("examples") if isinstance(raw, dict) else None
        single = (raw["example"],) if isinstance(raw, dict) and "example" in raw else ()
        return Schema(
            raw=raw,
            examples=(*examples, *(own if isinstance(own, list) else ()), *single),
            where=node.where,
            node=node,
            folder=folder,
            _validator=validator_of({"$ref": f"{uri_of(node.document)}#{quote(node.pointer)}"}, folder),
        )

    @property
    def basis(self) -> Basis:
        """Where the promise of the whole shape comes from: the first ``x-basis`` on the schema or what it refers to."""
        on_it = (part for part in shapes.parts(self.node, self.folder) if "x-basis" in part.value)
        return next((shapes.own(part, "stated") for part in on_it), "stated")

    def check(self, instance: object, name: str = "the value") -> tuple[Violation, ...]:
        """What is wrong with ``instance``, which messages call ``name``: at most 20 violations, ordered by place."""
        if not self._quick:
            self._quick.append(quick(*self.bundled()))
        # Nearly everything is as it should be, and a compiled validator says so a hundred times faster; it gives no reasons.
        if _is_plain(instance) and self._quick[0](instance):
            return ()
        return judge(self._validator, instance, name, self._basis)

    def fits(self, instance: object) -> bool:
        """Whether nothing is wrong with ``instance``."""
        return not self.check(instance)

    def properties(self) -> frozenset[str]:
        """The names of all properties that an instance is described to have, in any of the shapes it may take."""
        return frozenset(name for name, _ in shapes.properties(self.node, self.folder, alternatives=True))

    def requires(self, name: str) -> bool:
        """Whether every instance has to have the property ``name``."""
        return any(name in part.value.get("required", ()) for part in shapes.parts(self.node, self.folder))

    def basis_of(self, place: Sequence[str]) -> Basis:
        """Where the promise of what stands at ``place`` (the tokens of a pointer into an instance) comes from; "stated" for a
        required property, and for a place that the schema does not describe."""
        node, basis, required = self.node, shapes.own(self.node, "stated"), True
        for token in place:
            inner, needed = self._inside(node, token)
            if inner is None:
                return "stated"
            own = next(
                (part for part in shapes.parts(inner, self.folder, True) if "x-basis" in part.value), inner
            )
            basis, node, required = shapes.own(own, basis), inner, needed
        return "stated" if required else basis

    def describes(self, place: Sequence[str]) -> bool:
        """Whether the schema says anything of what stands at ``place``, which is as for ``basis_of``."""
        node: Node | None = self.node
        for token in place:
            node = self._inside(node, token)[0] if node is not None else None
        return node is not None

    def _inside(self, node: Node, token: str) -> tuple[Node | None, bool]:
        """What the schema at ``node`` says of the property or element ``token``, and whether it has to be there."""
        needed = any(
            token in part.value.get("required", ()) for part in shapes.parts(node, self.folder, True)
        )
        for name, declared in shapes.properties(node, self.folder, alternatives=True):
            if name == token:
                return declared, needed
        for part in shapes.parts(node, self.folder, True) if token.isdigit() else ():
            if (items := part.get("items")) is not None:
                return items, True
        return None, False

    def bundled(self, base: str = "#/$defs/") -> tuple[object, dict[str, object]]:
        """The schema, and by name every definition that it needs; references are rewritten to ``base`` + name, so that
        both can be put into another document."""
        definitions: dict[str, object] = {}
        return shapes.bundle(self.node, self.folder, base, definitions), definitions

    def _basis(self, error: ValidationError) -> Basis:
        # The path begins with the reference that the validator was made of, and ends with the keyword.
        basis, holder = shapes.walk(self.node, self.folder, tuple(error.absolute_schema_path)[1:-1])
        if error.validator == "required":
            # A missing property counts by its own basis, wherever the object's shape declares it.
            for name, declared in shapes.properties(holder, self.folder, alternatives=True):
                said = isinstance(declared.value, dict) and "x-basis" in declared.value
                if name == error.validator_value and said:
                    return shapes.own(declared, basis)
        return basis


def judge(
    validator: Validator, instance: object, name: str, basis_of: Callable[[ValidationError], Basis]
) -> tuple[Violation, ...]:
    """What ``validator`` finds in ``instance``, which messages call ``name``; at most 20 violations, ordered by place."""
    limit = f"at most {MAX_DEPTH} levels"
    if too_deep(instance):
        return (_beyond(name, instance, f"nested more than {MAX_DEPTH} levels deep", limit),)
    try:
        errors = islice(validator.iter_errors(cast(Any, instance)), _MAX_ERRORS)
        found = {_violation(leaf, name, basis_of(leaf)) for error in errors for leaf in _leaves(error)}
    except RecursionError:
        return (_beyond(name, instance, "nested too deeply to be judged", limit),)
    except (OverflowError, ValueError):
        what = "out of the range of numbers that can be judged"
        return (_beyond(name, instance, what, "numbers of a usual size"),)
    # Some keywords go through properties in the order of a set, which changes from run to run.
    ordered = sorted(found, key=lambda each: (each.pointer, each.schema_pointer, each.message))
    return tuple(ordered[:MAX_VIOLATIONS])


def validator_of(schema: object, folder: Folder | None = None) -> Validator:
    """A validator for ``schema``, whose references are looked up in ``folder``."""
    if folder is None:
        return cast(Validator, _extend(_Validator, {"$ref": _ref({})})(schema, format_checker=CHECKER))
    following = _extend(_Validator, {"$ref": _ref(folder.resolved)})
    return cast(Validator, following(schema, format_checker=CHECKER, registry=folder.registry))


def quick(schema: object, definitions: Mapping[str, object]) -> Callable[[object], bool]:
    """A function that tells of a value, fast, that it fits ``schema``; where it does not, or cannot be told, it says no."""
    whole = schema if isinstance(schema, bool) else {**cast(dict[str, object], schema), "$defs": definitions}
    try:
        compiled = jsonschema_rs.Draft202012Validator(whole, formats=dict(CHECKS), validate_formats=True)
    except ValueError:  # what it cannot compile is left to the other one, and so are its errors
        return lambda instance: False

    def fits(instance: object) -> bool:
        try:
            return bool(compiled.is_valid(instance))
        except ValueError:  # a value that JSON has no word for, such as half of a surrogate pair
            return False

    return fits


def too_deep(instance: object) -> bool:
    """Whether ``instance`` is nested deeper than anything that is judged; found out without recursion."""
    level: list[object] = [instance]
    for _ in range(MAX_DEPTH + 1):
        held = [value for value in level if isinstance(value, dict | list)]
        if not held:
            return False
        level = [child for value in held for child in (value.values() if isinstance(value, dict) else value)]
    return True


def _is_plain(instance: object) -> bool:
    """Whether ``instance`` is no deeper than what is judged, and has no number that JSON validators disagree about."""
    level: list[object] = [instance]
    for _ in range(MAX_DEPTH + 1):
        if any(isinstance(value, float) and not isfinite(value) for value in level):
            return False
        held = [value for value in level if isinstance(value, dict | list)]
        if not held:
            return True
        level = [child for value in held for child in (value.values() if isinstance(value, dict) else value)]
    return False


def _beyond(name: str, instance: object, what: str, limit: str) -> Violation:
    return Violation("", "", f"{name} is {what}", limit, shorten(instance))


def _violation(error: ValidationError, name: str, basis: Basis) -> Violation:
    pointer = pointer_of(tuple(error.absolute_path))
    keyword = str(error.validator or "")
    return Violation(
        pointer=clipped(pointer),
        schema_pointer=pointer_of(tuple(error.absolute_schema_path)[1:]),
        message=sentence(
            clipped(pointer) or name, keyword, error.validator_value, error.instance, _undocumented(error)
        ),
        expected=expected(keyword, error.validator_value),
        heard=shorten(error.instance),
        basis=basis,
    )


def _undocumented(error: ValidationError) -> tuple[str, ...]:
    """The properties that should not be there, when that is what the error is about."""
    if error.validator != "additionalProperties" or not isinstance(error.schema, dict):
        return ()
    named, patterns = error.schema.get("properties", {}), error.schema.get("patternProperties", {})
    given: Any = error.instance
    return tuple(key for key in given if key not in named and not any(re.search(p, key) for p in patterns))


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """The errors that say most about ``error``: those of the one alternative that can have been meant, if it is one."""
    branches: dict[Any, list[ValidationError]] = {}
    for each in error.context:
        branches.setdefault(each.relative_schema_path[0], []).append(each)
    meant = [errors for errors in branches.values() if not any(_excludes(each) for each in errors)]
    if len(meant) != 1:
        yield error
        return
    for each in meant[0]:
        yield from _leaves(each)


def _excludes(error: ValidationError) -> bool:
    """Whether the error shows that another alternative was meant: the value is of another type, or one of its properties
    marks it as something else."""
    depth = len(error.relative_path)
    return (depth == 0 and error.validator == "type") or (depth == 1 and error.validator in ("const", "enum"))


def _ref(resolved: dict[tuple[str, str], Any]) -> Callable[..., Iterator[ValidationError]]:
    """The keyword ``$ref``; ``resolved`` keeps what each reference leads to."""

    def judged(validator: Any, ref: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
        at = (validator._resolver._base_uri, ref)
        if at not in resolved:
            resolved[at] = validator._resolver.lookup(ref)
        found = resolved[at]
        # The library leaves references out of an error's schema path; with them the path can be walked again.
        for error in validator.descend(instance, found.contents, resolver=found.resolver):
            error.schema_path.appendleft("$ref")
            yield error

    return judged


def _required(validator: Any, required: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    # The library's error names the property in its sentence only.
    for name in required if isinstance(instance, dict) else ():
        if name not in instance:
            yield ValidationError("", validator="required", validator_value=name)


_extend: Final[Any] = extend
_Validator: Final = _extend(Draft202012Validator, {"required": _required})

# The schema of schemas.
META: Final = validator_of(Draft202012Validator.META_SCHEMA)
