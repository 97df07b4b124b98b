"""Reads YAML into plain JSON values and remembers the line that every one of them stands on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from earwitness.errors import Problem, SpecError, Where
from earwitness.spec.tree import Builder, Stopped, escaped


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file: its decoded ``value`` (None when it could not be read), the place of every value by JSON pointer, and
    what is wrong with it as YAML. Map keys are always text, as they are written: ``200:`` is ``"200"``."""

    file: str
    value: object
    places: Mapping[str, Where] = field(repr=False)
    problems: tuple[Problem, ...] = ()

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return Path(self.file).name

    def where(self, path: Sequence[str | int] | str = ()) -> Where:
        """The place of the value at ``path`` (keys and indices, or a JSON pointer); of the nearest value around it when
        nothing is there, which is where a missing key is missing."""
        pointer = path if isinstance(path, str) else pointer_of(path)
        wanted = pointer
        while pointer not in self.places and pointer:
            pointer = pointer.rpartition("/")[0]
        found = self.places.get(pointer, Where(self.file))
        return found if pointer == wanted else Where(found.file, found.line, tokens_of(wanted)[-1])


def pointer_of(path: Sequence[str | int]) -> str:
    """The JSON pointer that goes along ``path``."""
    return "".join(f"/{escaped(token)}" for token in path)


def tokens_of(pointer: str) -> tuple[str, ...]:
    """The keys along a JSON pointer."""
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])


def read_yaml(path: Path) -> Document:
    """The document in the file ``path``. Raises SpecError with all that is wrong with it as YAML."""
    document = parse_file(path)
    if document.problems:
        raise SpecError(*document.problems)
    return document


def parse_file(path: Path) -> Document:
    """The document in the file ``path``, its problems kept instead of raised."""
    file = str(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return _broken(file, 0, "there is no such file")
    except OSError as error:
        return _broken(file, 0, f"cannot be read: {error.strerror}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return _broken(file, line, f"byte 0x{data[error.start]:02x} is no UTF-8", "a file in UTF-8")
    return parse_yaml(text, file)


def parse_yaml(text: str, file: str) -> Document:
    """The document that ``text`` holds. ``file`` is what problems call it."""
    builder = Builder(file)
    try:
        builder.build(_events(text))
    except Stopped:
        return Document(file, None, {}, tuple(builder.problems))
    except yaml.YAMLError as error:
        return Document(file, None, {}, (*builder.problems, _syntax(text, file, error)))
    if builder.value is None and not builder.problems:
        return _broken(file, 1, "the file is empty", "a map of keys")
    return Document(file, builder.value, builder.places, tuple(builder.problems))


def _broken(file: str, line: int, what: str, expected: str = "") -> Document:
    return Document(file, None, {}, (Problem(what, Where(file, line), expected),))


def _events(text: str) -> Iterator[Any]:
    # Events, not nodes: libyaml's composer recurses in C and overflows the stack of a deeply nested document.
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return iter(yaml.parse(text, Loader=loader))


_ADVICE: Final = (
    (
        "mapping values are not allowed",
        "one `key: value` on a line; quote a text that contains a colon and a space",
    ),
    ("cannot start any token", "no tab and no @, ` or % at the start of a value; quote it"),
    ("expected <block end>", "a line indented like the lines it belongs to"),
    ("could not find expected ':'", "a colon after the key"),
    ("end of stream", "the quote or bracket that closes what was opened"),
    ("expected ',' or", "a comma or the closing bracket"),
    ("undefined alias", "an anchor (&name) above the alias (*name)"),
)


def _syntax(text: str, file: str, error: yaml.YAMLError) -> Problem:
    """A syntax error in words; the Python parser's are clearer than libyaml's, so it has a second look."""
    try:
        for _ in yaml.parse(text, Loader=yaml.SafeLoader):
            pass
    except yaml.YAMLError as clearer:
        error = clearer
    line, said = 0, str(error)
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        said = " ".join(part for part in (error.context, error.problem) if part)
    elif isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        said = f"character {error.character!a} is not allowed"
    expected = next((advice for words, advice in _ADVICE if words in said), "YAML")
    return Problem(f"not readable as YAML: {said}", Where(file, line), expected)
