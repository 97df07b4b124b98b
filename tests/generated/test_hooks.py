"""What may be sent: the hooks' own judgement, asked in a process of its own, since they change the one they are loaded in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from earwitness.content import content_root

ROOM, TAG, NAMES = 70, "018f4e6a-1111-4222-8333-444455556666", ["alice", "bob"]
# What could name a thing of each kind, and what could not, by its form.
MAY_NAME: dict[str, list[object]] = {
    "room": [1, 70, "7", " 7 ", "٣", 7.0, 2**63 - 1],
    "tag": [TAG.upper(), TAG.replace("-", ""), "00000000-0000-0000-0000-000000000000"],
    "names": [["carol"], [1, "carol"]],
}
CANNOT: dict[str, list[object]] = {
    "room": [0, -1, "0", "-7", "7a", "", 7.5, 2**63, True, None, [7], {"id": 7}],
    "tag": ["", "none", 7, None, [TAG]],
    "names": ["carol", [], [None], [["carol"]], None],
}
HARMLESS = ["abc", "null", "true", "\x84", "-"]
HARMFUL = ["7", "a7", "٣", "²", "", ".", "..", " ", "a/b", "a\\b", "a?b", "a#b", "%2e", 0, -1, 1.5]

ASK = """
import json, runpy, sys
from types import SimpleNamespace as Some
from schemathesis.generation.meta import TestPhase
hooks = runpy.run_path(sys.argv[1])
asked = json.loads(sys.stdin.read())
owned = hooks["OWNED"]

def case(room, phase):
    operation = Some(definition=Some(raw={"operationId": "edit"}))
    return Some(operation=operation, body=None, path_parameters={"room": room}, meta=Some(phase=Some(name=phase)))

def becomes(room, phase):
    asking = case(room, phase)
    owned.take(asking)
    return asking.path_parameters["room"]

owned.learn("edit", 200, 71)
before = [becomes(room, TestPhase.FUZZING) for room in (70, 71)]
owned.forget("edit", case(70, TestPhase.FUZZING))
after = [becomes(room, phase) for phase in (TestPhase.FUZZING, TestPhase.STATEFUL) for room in (70, 71)]
foreign = [becomes(72, phase) for phase in (TestPhase.FUZZING, TestPhase.STATEFUL)]
print(json.dumps({
    "named": {kind: [owned.may_name(kind, one) for one in values] for kind, values in asked["named"].items()},
    "harmless": [hooks["harmless"](one) for one in asked["paths"]],
    "before": before, "after": after, "foreign": foreign,
    "same": [owned.one("room", "x") == owned.one("room", "x"), owned.has("room", "70"), owned.has("room", 72)],
}))
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What the hooks say to all of it."""
    folder: Path = tmp_path_factory.mktemp("hooks")
    settings = {
        "pools": {"room": [ROOM], "tag": [TAG], "names": [NAMES]}, "path": {"edit": {"room": "room"}}, "body": {},
        "learns": {"edit": [{"kind": "room", "at": [], "status": 0}]}, "removes": ["edit"],
        "log": str(folder / "log.jsonl"), "host": "127.0.0.1:1", "limit": 1, "patience_s": 1, "keep": 10, "placeholder": "$ALICE_TOKEN",
    }  # fmt: skip
    (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    asked = {"named": {kind: MAY_NAME[kind] + CANNOT[kind] for kind in MAY_NAME}, "paths": HARMLESS + HARMFUL}
    hooks = content_root() / "contracts" / "schemathesis_hooks.py"
    done = subprocess.run(
        [sys.executable, "-P", "-c", ASK, str(hooks)],
        input=json.dumps(asked), capture_output=True, text=True, timeout=60, check=True,
        env={**os.environ, "EARWITNESS_HOOKS": str(folder / "settings.json"), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_what_could_name_a_thing_is_told_by_its_form(answers: dict[str, object]) -> None:
    expected = {kind: [True] * len(MAY_NAME[kind]) + [False] * len(CANNOT[kind]) for kind in MAY_NAME}
    assert answers["named"] == expected


def test_a_harmless_path_names_nothing_however_it_is_read(answers: dict[str, object]) -> None:
    assert answers["harmless"] == [True] * len(HARMLESS) + [False] * len(HARMFUL)


def test_the_same_draw_gives_the_same_thing(answers: dict[str, object]) -> None:
    assert answers["same"] == [True, True, False]


def test_what_the_run_has_removed_is_named_by_links_alone(answers: dict[str, object]) -> None:
    assert answers["before"] == [70, 71]
    assert answers["after"] == [71, 71, 70, 71]


def test_what_is_not_ours_is_named_by_nobody(answers: dict[str, object]) -> None:
    assert answers["foreign"] == [71, 71]
