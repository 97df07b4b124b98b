"""Reads single values of a deployment file, keeps every problem with its line, and never repeats a secret."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from earwitness.deployment import policy
from earwitness.errors import Problem, Where, nearest
from earwitness.redact import objection

Place = tuple[str | int, ...]
Locate = Callable[[Place], Where]

_REFERENCE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LARGEST_SECRET: Final = 65_536


class Reader:
    """Values by their place in the document. A value that is no good becomes a problem and its type's empty value."""

    def __init__(self, where: Locate, environ: Mapping[str, str], folder: Path) -> None:
        self.where = where
        self.environ = environ
        self.folder = folder
        self.problems: list[Problem] = []

    def problem(self, place: Place, what: str, expected: str = "", hint: str = "") -> None:
        self.problems.append(Problem(what, self.where(place), expected, hint))

    def wrong(self, place: Place, value: object, expected: str) -> None:
        """``value`` is of the wrong kind: says the kind, not the value, which may be a secret in the wrong place."""
        self.problem(place, f"{name_of(place)} is {kind_of(value)}", expected)

    # -- plain values -------------------------------------------------------------------------------------------------

    def mapping(self, value: object, place: Place, known: Collection[str] = ()) -> Mapping[str, object]:
        """A map, with ``known`` keys only when any are given."""
        if not isinstance(value, Mapping):
            self.wrong(place, value, "a map of keys")
            return {}
        for key in value:
            if known and key not in known:
                within = f" in {name_of(place)}" if place else ""
                self.problem((*place, key), f"unknown key {key!r}{within}", hint=nearest(str(key), known))
        return value

    def text(self, value: object, place: Place, expected: str = "a text") -> str:
        if not isinstance(value, str) or not value.strip():
            self.wrong(
                place,
                value,
                expected if not isinstance(value, int | float) else f"{expected}; put it in quotes",
            )
            return ""
        if "${" in value:
            self.problem(
                place,
                f"{name_of(place)} refers to the environment",
                "the value itself",
                "${NAME} is for secrets only",
            )
            return ""
        return value.strip()

    def texts(self, value: object, place: Place, known: Collection[str] = ()) -> tuple[str, ...]:
        """A list of texts, each of them ``known`` when any are given; "" stands for one that is no text."""
        if not isinstance(value, list):
            self.wrong(place, value, "a list, such as [first, second]")
            return ()
        texts = [(i, self.text(each, (*place, i))) for i, each in enumerate(value)]
        for i, text in texts:
            if known and text and text not in known:
                self.problem((*place, i), f"{name_of(place)} has no {text!r}", hint=nearest(text, known))
        return tuple(text for _, text in texts)

    def scalar(self, value: object, place: Place) -> str | int | float | bool | None:
        """An attribute: a text, a number, true or false; None where it is anything else."""
        if isinstance(value, str):
            return self.text(value, place) or None
        if isinstance(value, bool | int | float):
            return value
        self.wrong(place, value, "a text, a number, true or false")
        return None

    def count(self, value: object, place: Place) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            self.wrong(place, value, "a whole number above 0")
            return 1
        return value

    def seconds(self, value: object, place: Place, most: int) -> float:
        expected = f"a number of seconds above 0, at most {most}"
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
            self.wrong(place, value, expected)
            return 1
        return value

    def day(self, value: object, place: Place) -> date | None:
        if isinstance(value, str) and _DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        shown = repr(value) if isinstance(value, str) else kind_of(value)
        self.problem(place, f"{name_of(place)} is {shown}", "a day of the calendar as YYYY-MM-DD")
        return None

    # -- addresses and files ------------------------------------------------------------------------------------------

    def address(self, value: object, place: Place, schemes: tuple[str, ...]) -> str:
        """A base address without its trailing slash, "" if it is none."""
        expected = f"an address such as {schemes[-1]}://staging.example.com"
        url = self.text(value, place, expected)
        if not url:
            return ""
        try:
            address = policy.split(url)
        except ValueError as error:
            self.problem(place, f"{name_of(place)} is no address: {error}", expected)
            return ""
        if address.user is not None:
            self.problem(
                place, f"{name_of(place)} holds a user or password", expected, "members sign in by `members`"
            )
        elif address.scheme not in schemes:
            self.problem(place, f"{name_of(place)} begins with {address.scheme}://", expected)
        elif address.rest:
            self.problem(
                place, f"{name_of(place)} goes on with {address.rest[0]!r}", f"{expected}, and at most a path"
            )
        else:
            return address.base
        return ""

    def file(self, value: object, place: Place) -> Path | None:
        """A file that is there; a relative path starts at the deployment file's folder."""
        text = self.text(value, place, "the path of a file")
        if not text:
            return None
        path = self.folder / Path(text).expanduser()
        if not path.is_file():
            self.problem(
                place,
                f"{name_of(place)}: there is no file {path}",
                "a path, relative to the deployment file's folder",
            )
            return None
        return path

    # -- secrets ------------------------------------------------------------------------------------------------------

    def secret(self, value: object, place: Place) -> str:
        """The value of the environment variable that ``${NAME}`` names."""
        found = _REFERENCE.fullmatch(value.strip()) if isinstance(value, str) else None
        if found is None:
            name = re.sub(
                r"[^A-Z0-9]", "_", "_".join(str(key) for key in place[-3:] if key not in _SECTIONS).upper()
            )
            self.problem(
                place,
                f"{name_of(place)} is {'empty' if value is None else 'written out in the file'}",
                "the name of an environment variable: secrets stay out of deployment files",
                f'write "${{{name}}}", or {place[-1]}-file: PATH',
            )
            return ""
        held = self._environment(found[1], place)
        return self._fit(held, place, f"the value of {found[1]}") if held else ""

    def open_credential(self, value: object, place: Place) -> str:
        """What everybody may see of a sign-in (a username): written out, or ``${NAME}``."""
        found = _REFERENCE.fullmatch(value.strip()) if isinstance(value, str) else None
        return self._environment(found[1], place) if found else self.text(value, place)

    def _environment(self, name: str, place: Place) -> str:
        held = self.environ.get(name, "")
        if not held:
            near = difflib.get_close_matches(name, self.environ, n=1, cutoff=0.8)
            self.problem(
                place,
                f"the environment variable {name} is {'empty' if name in self.environ else 'not set'} ({name_of(place)})",
                "its value",
                f"did you mean {near[0]}?" if near and near[0] != name else f"export {name}=…",
            )
        return held

    def secret_file(self, value: object, place: Place) -> str:
        """The text in a file, without the line break at its end."""
        path = self.file(value, place)
        if path is None:
            return ""
        try:
            with path.open(encoding="utf-8") as file:
                held = file.read(_LARGEST_SECRET + 1)
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8"
            self.problem(place, f"{path} cannot be read: {reason}", "a text file that holds the secret")
            return ""
        if not held.strip() or len(held) > _LARGEST_SECRET:
            self.problem(
                place, f"{path} is {'too large' if held.strip() else 'empty'}", "a file that holds the secret"
            )
            return ""
        return self._fit(held.rstrip("\r\n"), place, f"the secret in {path}")

    def _fit(self, secret: str, place: Place, what: str) -> str:
        reason = objection(secret)
        if not reason and name_of(place).rpartition(".")[2].startswith("token") and not _sendable(secret):
            reason = "a character in it that no header can carry"
        if reason:
            self.problem(
                place,
                f"{what} cannot be used: {reason}",
                "the secret and nothing else; one that can be told from other text",
                "give this account another one",
            )
            return ""
        return secret


_SECTIONS: Final = ("members", "credentials")


def _sendable(token: str) -> bool:
    return token.isascii() and token.isprintable() and " " not in token


def name_of(place: Place) -> str:
    """How people say where a value is: ``members.alice.token``, ``known-failures[0].match``."""
    name = ""
    for key in place:
        name += f"[{key}]" if isinstance(key, int) else f".{key}" if name else key
    return name or "the file"


def kind_of(value: object) -> str:
    """What ``value`` is, without saying it; numbers are said, as they are no secrets."""
    match value:
        case None:
            return "missing"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value) if abs(value) < 1e9 else "a number"
        case str():
            return "a text" if value.strip() else "an empty text"
        case list():
            return "a list"
        case _:
            return "a map"
