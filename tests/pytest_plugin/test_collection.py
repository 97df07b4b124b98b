"""Which tests are collected for which API, in which forms, and why others are not; and whether the checklists are covered."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from earwitness.content import api_names, content_root, draft_names
from earwitness.documents import load_documents
from tests.pytest_plugin.suites import Ran, run, run_paths

SUITE = """
import pytest


@pytest.mark.needs("send-text", "message-created")
def test_there(alice):
    pass


@pytest.mark.needs("send-text", "block")
def test_needs_a_verb(alice):
    pass


@pytest.mark.needs("block or send-text", "typing or message-created")
def test_needs_either(alice):
    pass


@pytest.mark.needs("send-text", "block or unblock")
def test_needs_one_of_two(alice):
    pass


@pytest.mark.needs("typing")
def test_needs_an_event(alice):
    pass


@pytest.mark.rule("reactions", "many-toggled", "many")
def test_needs_another_rule(alice):
    pass


@pytest.mark.rule("no-such-rule", "yes")
def test_needs_a_rule(alice):
    pass


@pytest.mark.needs("list-messages.next", "start-direct.text", "send-text.room")
def test_needs_what_verbs_take_and_give(alice):
    pass


@pytest.mark.needs("list-rooms.next")
def test_needs_what_a_verb_does_not_give(alice):
    pass


@pytest.mark.rule("page-size")
def test_has_a_rule_of_any_value(alice):
    pass


@pytest.mark.rule("page-size-max")
def test_has_no_such_rule(alice):
    pass


@pytest.mark.refuses("absent", "block", "send-text")
def test_refuses(alice):
    pass


@pytest.mark.refuses("blocked", "send-text", "react")
def test_refuses_nobody(alice):
    pass


@pytest.mark.rule("reactions", "many-toggled", "one-toggled")
def test_has_the_rule(alice):
    pass


@pytest.mark.has("member-sockets")
def test_has_the_feature(alice):
    pass


@pytest.mark.has("member-sockets", "open-rooms")
def test_needs_a_feature(alice):
    pass


@pytest.mark.needs("send-file.key", "send-file.files")
def test_needs_an_argument(alice):
    pass


@pytest.mark.needs("send-file.key")
def test_has_the_argument(alice):
    pass


@pytest.mark.may_omit("react", "emoji")
def test_leaves_out_what_is_required(alice):
    pass


@pytest.mark.may_omit("start-direct", "subject")
def test_leaves_out_what_may_be_left_out(alice):
    pass


@pytest.mark.each_form("send-text")
def test_in_each_form(alice, form):
    pass


@pytest.mark.each_form("send-text", only="socket")
def test_in_one_form(alice, form):
    pass


@pytest.mark.each_form("edit-message", only="socket")
def test_in_a_form_there_is_not(alice, form):
    pass


def test_each_operation(alice, operation):
    pass


def test_each_refusal(alice, operation, relation):
    pass


def test_of_no_api():
    pass
"""


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return run(
        tmp_path_factory.mktemp("collected"), SUITE, "--api", "fe16ops", "--collect-only", "-qq", "--why-not"
    )


def ids(ran: Ran, name: str) -> set[str]:
    """The ids of the test ``name`` that were collected."""
    return set(re.findall(rf"^ *(?:<Function )?(?:\S*::)?{name}\[(.*?)\]>?$", ran.said, re.MULTILINE))


def test_what_an_api_has_is_collected(collected: Ran) -> None:
    assert ids(collected, "test_there") == {"fe16ops"}
    assert ids(collected, "test_has_the_rule") == {"fe16ops"}
    for name in (
        "needs_either",
        "needs_what_verbs_take_and_give",
        "has_a_rule_of_any_value",
        "refuses",
        "has_the_feature",
        "has_the_argument",
        "leaves_out_what_may_be_left_out",
    ):
        assert ids(collected, f"test_{name}") == {"fe16ops"}
    assert "test_of_no_api" in collected.said


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("test_needs_a_verb", "fe16ops has no block"),
        ("test_needs_one_of_two", "fe16ops has no block or unblock"),
        ("test_needs_an_event", "fe16ops has no typing"),
        ("test_needs_what_a_verb_does_not_give", "fe16ops has no list-rooms.next"),
        ("test_has_no_such_rule", "the rule page-size-max of fe16ops is not given"),
        ("test_refuses_nobody", "fe16ops refuses nobody blocked who would send-text or react"),
        ("test_needs_another_rule", "the rule reactions of fe16ops is one-toggled"),
        ("test_needs_a_rule", "the rule no-such-rule of fe16ops is not given"),
        ("test_needs_a_feature", "fe16ops has no open-rooms"),
        ("test_needs_an_argument", "fe16ops has no send-file.files"),
        ("test_leaves_out_what_is_required", "fe16ops cannot react without emoji"),
        ("test_in_a_form_there_is_not", "fe16ops has no edit-message by socket"),
    ],
)
def test_what_is_not_collected_says_why(name: str, reason: str, collected: Ran) -> None:
    assert ids(collected, name) == set()
    assert re.search(rf"^not collected: \S*{name} \[fe16ops\]: {reason}$", collected.said, re.MULTILINE), (
        collected.said
    )


def test_a_test_is_run_in_each_form_of_its_verb(collected: Ran) -> None:
    assert ids(collected, "test_in_each_form") == {"fe16ops-http", "fe16ops-socket"}
    assert ids(collected, "test_in_one_form") == {"fe16ops-socket"}


def test_a_test_is_run_for_each_operation_and_each_of_its_refusals(collected: Ran) -> None:
    operations = load_documents("fe16ops").spec.operations.values()
    assert ids(collected, "test_each_operation") == {f"fe16ops-{o.id}" for o in operations if not o.presigned}
    expected = {f"fe16ops-{o.id}-{relation}" for o in operations for relation in o.refusals}
    strangers = ("bad-token", "tampered-token", "expired")
    expected |= {f"fe16ops-{o.id}-{role}" for o in operations if o.secured for role in strangers}
    assert ids(collected, "test_each_refusal") == expected


def test_an_unknown_api_is_told_with_the_nearest(tmp_path: Path) -> None:
    ran = run(tmp_path, SUITE, "--api", "fe16opz", "--collect-only")
    assert ran.code == 4
    assert "unknown API 'fe16opz'; did you mean 'fe16ops'?" in ran.said
    assert "Traceback" not in ran.said


FIRST = """
import pytest


def test_covers_nothing(alice):
    pass


@pytest.mark.covers("fe16ops:MSG-1")
def test_covers_another(alice):
    pass


@pytest.mark.covers("netroxchange:AUTH-1")
@pytest.mark.covers("fe16ops:MSG-2", "fe16ops:MSG-3")
def test_covers_what_comes_first(alice):
    pass
"""


@pytest.mark.parametrize(
    ("options", "order"),
    [
        ((), ["nothing", "another", "what_comes_first"]),
        (
            ("--first", "suite/test_zoo.py::test_covers_another[fe16ops]"),
            ["another", "nothing", "what_comes_first"],
        ),
        (("--first", "fe16ops:MSG-3"), ["what_comes_first", "nothing", "another"]),
        (
            ("--first", "fe16ops:MSG-1", "--first", "fe16ops:MSG-2"),
            ["another", "what_comes_first", "nothing"],
        ),
    ],
)
def test_what_covers_an_item_can_be_run_first(
    options: tuple[str, ...], order: list[str], tmp_path: Path
) -> None:
    ran = run(tmp_path, FIRST, "--api", "fe16ops", "--collect-only", "-qq", *options)
    assert re.findall(r"::test_covers_(\w+)\[", ran.said) == order


STORIES = """
import pytest


def test_tells(stage, story):
    pass
"""


@pytest.mark.parametrize(
    ("options", "count"), [((), 15), (("--effort", "0.2"), 3), (("--effort", "4", "--stories", "2"), 2)]
)
def test_the_effort_says_how_many_stories_are_made_up(
    options: tuple[str, ...], count: int, tmp_path: Path
) -> None:
    ran = run(tmp_path, STORIES, "--api", "fe16ops", "--collect-only", "-qq", *options)
    assert len(re.findall(r"::test_tells\[", ran.said)) == count


# -- the checklists ---------------------------------------------------------------------------------------------------

COVERS = """
import json


def pytest_collection_finish(session):
    found = [
        (item.callspec.params["api"], item.nodeid, [one for mark in item.iter_markers("covers") for one in mark.args])
        for item in session.items
        if "api" in getattr(getattr(item, "callspec", None), "params", {})
    ]
    with open("covers.json", "w") as file:
        json.dump(found, file)
"""


@pytest.fixture(scope="module")
def covered(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, list[str]]]:
    """For each scenario that is collected: its API, its id and the checklist items that it covers."""
    folder = tmp_path_factory.mktemp("covers")
    (folder / "told.py").write_text(COVERS, encoding="utf-8")
    content = content_root()
    ran = run_paths(
        folder, "-o", f"pythonpath={content} {folder}", "-p", "told", "--collect-only", content / "scenarios"
    )
    assert ran.code == 0, ran.said
    return [
        (api, test, items)
        for api, test, items in json.loads((folder / "covers.json").read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("api", api_names())
def test_every_checklist_item_is_covered_or_manual(
    api: str, covered: list[tuple[str, str, list[str]]]
) -> None:
    items = load_documents(api).spec.checklist.items
    assert items
    # A scenario covers an item where it is run for the item's API, whatever other APIs it names.
    reached = {
        item for name, _, covers in covered for item in covers if name == api and item.startswith(f"{api}:")
    }
    assert [item for item, one in items.items() if not one.manual and f"{api}:{item}" not in reached] == []
    assert [item for item, one in items.items() if one.manual and f"{api}:{item}" in reached] == []


def test_every_covers_marker_names_an_item_that_there_is(covered: list[tuple[str, str, list[str]]]) -> None:
    apis = (*api_names(), *draft_names())
    known = {f"{api}:{item}" for api in apis for item in load_documents(api).spec.checklist.items}
    assert [(test, item) for _, test, items in covered for item in items if item not in known] == []


def test_every_scenario_covers_something(covered: list[tuple[str, str, list[str]]]) -> None:
    assert {api for api, _, _ in covered} == set(api_names())
    # For verbs that none of the APIs has yet there is no item either; such a scenario is not collected for any of them.
    assert [test for _, test, items in covered if not items] == []
