"""The drafts of all five APIs are read without a problem, and docs/vocabulary.md names every word there is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from earwitness.binding import EVENTS, RULES, VERBS, Binding, read_binding
from earwitness.binding import load as load_module
from earwitness.binding.reader import Path as Place
from earwitness.binding.reader import Reader
from earwitness.binding.vocabulary import SOCKET_CAUSES, VIEWS
from earwitness.errors import Problem
from earwitness.spec.source import parse_file

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "vocabulary.md"
DRAFTS = sorted((ROOT / "docs" / "vocabulary").glob("*.yaml"))
BINDINGS = sorted((ROOT / "specs").glob("*/binding.yaml"))


def read(path: Path) -> tuple[Binding, list[Problem]]:
    """The binding in a draft (under the key ``binding``) or in an API's folder."""
    document = parse_file(path)
    assert document.problems == ()
    value = document.value
    assert isinstance(value, Mapping)
    if path.name == "binding.yaml":
        return read_binding(value, document.where)
    return read_binding(value["binding"], lambda place: document.where(("binding", *place)))


def named(path: Path) -> str:
    return path.stem if path.parent.name == "vocabulary" else path.parent.name


def test_all_five_apis_are_said() -> None:
    said = {named(path) for path in (*DRAFTS, *BINDINGS)}
    assert {"fe16ops", "connectify", "netroxchange", "rooms", "conversations"} <= said


@pytest.mark.parametrize("path", [*DRAFTS, *BINDINGS], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_binding_is_read_without_a_problem(path: Path) -> None:
    binding, problems = read(path)
    assert [str(problem) for problem in problems] == []
    assert binding.api == named(path)


def test_no_word_is_without_an_api_that_says_it() -> None:
    bindings = [read(path)[0] for path in (*DRAFTS, *BINDINGS)]
    assert {verb for binding in bindings for verb in binding.verbs} == set(VERBS)
    assert {event for binding in bindings for event in binding.events} == set(EVENTS)
    assert {rule for binding in bindings for rule in binding.rules} == set(RULES)


def tables() -> dict[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """The tables of the page by their heads: for each first cell the other cells."""
    found: dict[tuple[str, ...], dict[str, tuple[str, ...]]] = {}
    rows: dict[str, tuple[str, ...]] | None = None
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            rows = None
            continue
        first, *others = (cell.strip() for cell in line.strip("|").split("|"))
        if rows is None:
            rows = found.setdefault((first, *others), {})
        elif set(first) != {"-"}:
            rows[first] = tuple(others)
    return found


def words(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([^`]+)`", cell))


APIS = ("fe16ops", "connectify", "netroxchange", "rooms", "conversations")


@pytest.mark.parametrize("head, known", [("verb", VERBS), ("event", EVENTS), ("rule", RULES)])
def test_the_page_says_of_every_word_how_each_api_says_it(head: str, known: Iterable[str]) -> None:
    assert set(tables()[head, *APIS]) == set(known)


def test_the_page_says_what_every_verb_takes_and_gives() -> None:
    rows = tables()["verb", "takes", "may take", "gives"]
    said = {verb: tuple(words(cell) for cell in cells) for verb, cells in rows.items()}
    assert said == {verb.name: (verb.needs, verb.may, verb.gives) for verb in VERBS.values()}


@pytest.mark.parametrize("head, known", [(("event", "shows"), EVENTS), (("view", "fields"), VIEWS)])
def test_the_page_says_what_events_and_views_show(
    head: tuple[str, str], known: Mapping[str, tuple[str, ...]]
) -> None:
    assert {name: words(cells[0]) for name, cells in tables()[head].items()} == dict(known)


def test_the_page_names_every_key_of_the_form(monkeypatch: pytest.MonkeyPatch) -> None:
    keys: set[str] = set()

    class Listening(Reader):
        def mapping(
            self, value: object, path: Place, known: Iterable[str] | None = None
        ) -> Mapping[str, Any]:
            keys.update(known or ())
            return super().mapping(value, path, known)

    monkeypatch.setattr(load_module, "Reader", Listening)
    for path in (*DRAFTS, *BINDINGS):
        read(path)
    keys -= {*VERBS, *EVENTS, *RULES, *(field for fields in VIEWS.values() for field in fields)} - {
        "message",
        "name",
    }
    assert {"operation", "groups", "separate-ids", "correlate", "per"} <= keys
    code = re.findall(r"`([^`]+)`", PAGE.read_text(encoding="utf-8"))
    assert keys - {word for each in code for word in re.findall(r"[a-z][a-z-]*", each)} == set()
    assert all(f"`{cause}`" in PAGE.read_text(encoding="utf-8") for cause in SOCKET_CAUSES)
