"""Each defect breaks what it says, and nothing else: the same story with and without it differs in these steps only."""

from __future__ import annotations

import re
from typing import Any

import pytest

from earwitness.errors import UsageError
from reference_server import defects
from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.chat import Chat
from tests.reference_server.conftest import Open, Site

Step = tuple[int, Any, list[tuple[set[int], Any]]]

# Every operation, everybody's point of view; what starts again comes last, since it changes what a list has.
STORY: list[tuple[str, str | None, str, str, object]] = [
    ("start", "alice", "POST", "/start-conversation/", {"receiver_id": 2, "message": "hello"}),
    ("start another", "carol", "POST", "/start-conversation/", {"receiver_id": 1}),
    ("send", "bob", "POST", "/conversations/1/messages/", {"content": "hi"}),
    ("send image", "alice", "POST", "/conversations/1/messages/", {"content": "k", "message_type": "image"}),
    ("send file", "bob", "POST", "/conversations/1/messages/", {"content": "k", "message_type": "file"}),
    ("react", "alice", "POST", "/messages/2/react/", {"reaction_type": "a"}),
    ("react otherwise", "alice", "POST", "/messages/2/react/", {"reaction_type": "b"}),
    ("react to own", "bob", "POST", "/messages/2/react/", {"reaction_type": "b"}),
    ("read back", "bob", "GET", "/conversations/1/", None),
    ("unreact", "alice", "POST", "/messages/2/react/", {"reaction_type": "b"}),
    ("edit", "alice", "PUT", "/messages/1/", {"content": "hello!"}),
    ("read the edit", "bob", "GET", "/conversations/1/", None),
    ("mark read", "bob", "POST", "/conversations/1/read/", None),
    ("delete", "alice", "DELETE", "/messages/1/", None),
    ("read what is left", "bob", "GET", "/conversations/1/", None),
    ("no such page", "bob", "GET", "/conversations/1/?page=2", None),
    ("list", "alice", "GET", "/conversations/", None),
    ("outsider lists", "carol", "GET", "/conversations/", None),
    ("outsider reads", "carol", "GET", "/conversations/1/", None),
    ("outsider reads nothing", "carol", "GET", "/conversations/9/", None),
    ("outsider sends", "carol", "POST", "/conversations/1/messages/", {"content": "x"}),
    ("outsider marks", "carol", "POST", "/conversations/1/read/", None),
    ("outsider reacts", "carol", "POST", "/messages/2/react/", {"reaction_type": "x"}),
    ("outsider edits", "carol", "PUT", "/messages/2/", {"content": "x"}),
    ("outsider deletes", "carol", "DELETE", "/messages/2/", None),
    ("other edits", "alice", "PUT", "/messages/2/", {"content": "x"}),
    ("other deletes", "alice", "DELETE", "/messages/2/", None),
    ("nobody reads", None, "GET", "/conversations/1/", None),
    ("upload", "alice", "POST", "/generate-upload-url/", {"filename": "a.jpg", "filetype": "image/jpeg"}),
    ("start again", "alice", "POST", "/start-conversation/", {"receiver_id": 2}),
    ("start back", "bob", "POST", "/start-conversation/", {"receiver_id": 1}),
    ("list again", "carol", "GET", "/conversations/", None),
]


def told(site: Site) -> dict[str, Step]:
    """What each step was answered, and who was to hear what of it, without times, keys and signatures."""

    def plain(value: object) -> object:
        if isinstance(value, dict):
            return {key: plain(each) for key, each in value.items()}
        if isinstance(value, list):
            return [plain(each) for each in value]
        varies = isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT|(http.*)?uploads/", value)
        return "…" if varies else value

    steps: dict[str, Step] = {}
    for name, who, method, path, body in STORY:
        status, answer = site.call(who, method, path, body)
        events = [(audience, plain(dict(event))) for audience, event in site.events()]
        steps[name] = (status, plain(answer), events)
    return steps


def differing(opened: Open, defect: str) -> dict[str, tuple[Step, Step]]:
    """The steps that the defect changes: as they should be, and as they became."""
    right, wrong = told(opened()), told(opened(defect))
    return {name: (right[name], wrong[name]) for name in right if right[name] != wrong[name]}


def test_the_story_is_the_same_every_time(opened: Open) -> None:
    assert told(opened()) == told(opened())


def test_outsider_reads(opened: Open) -> None:
    changed = differing(opened, "fe16ops-outsider-reads")
    assert set(changed) == {"outsider reads"}
    right, wrong = changed["outsider reads"]
    assert (right[0], wrong[0]) == (404, 200)
    assert [each["content"] for each in wrong[1]["messages"]] == ["k", "k", "hi"]


def test_start_again_makes_another(opened: Open) -> None:
    changed = differing(opened, "fe16ops-start-again-makes-another")
    assert set(changed) == {"start again", "start back"}
    assert [(step[0], step[1]["conversation"]["id"]) for step in changed["start again"]] == [
        (200, 1),
        (201, 3),
    ]
    assert [(step[0], step[1]["conversation"]["id"]) for step in changed["start back"]] == [
        (200, 1),
        (201, 4),
    ]


def test_edit_is_not_flagged(opened: Open) -> None:
    changed = differing(opened, "fe16ops-edit-is-not-flagged")
    assert set(changed) == {"edit", "read the edit"}
    right, wrong = changed["edit"]
    message = wrong[1]["message"]
    assert (message["content"], message["is_edited"]) == ("hello!", False)
    assert right[1]["message"] == {**message, "is_edited": True}
    assert wrong[2] == [({2}, {"type": "message_edited", "message": message})]


def test_reactor_only(opened: Open) -> None:
    changed = differing(opened, "fe16ops-reactor-only")
    assert set(changed) == {"react", "react otherwise", "react to own", "unreact"}
    for right, wrong in changed.values():
        assert right[:2] == wrong[:2]
        ((everyone, event),) = right[2]
        ((one, same),) = wrong[2]
        assert everyone == {1, 2}
        assert one == {event["reaction"]["user"]["id"]}
        assert event == same


def test_file_message_unheard(opened: Open) -> None:
    changed = differing(opened, "fe16ops-file-message-unheard")
    assert set(changed) == {"send image", "send file"}
    for right, wrong in changed.values():
        assert right[:2] == wrong[:2]
        assert len(right[2]) == 1
        assert wrong[2] == []


def test_several_at_once(opened: Open) -> None:
    right = told(opened())
    wrong = told(opened("fe16ops-reactor-only", "fe16ops-outsider-reads", "fe16ops-file-message-unheard"))
    assert {name for name in right if right[name] != wrong[name]} == {
        *("react", "react otherwise", "react to own", "unreact", "outsider reads", "send image", "send file")
    }


@pytest.mark.parametrize("defect", defects.catalogue(), ids=lambda defect: defect.id)
def test_a_defect_overrides_one_method_and_says_what_it_does(defect: defects.DefectInfo) -> None:
    overridden = [name for name in vars(defect.damage) if not name.startswith("__") and name != "_abc_impl"]
    assert len(overridden) == 1
    (base,) = defect.damage.__bases__
    assert base in (Chat, Fe16ops)
    assert hasattr(base, overridden[0])
    assert defect.damage.__module__.rpartition(".")[2] == defect.id.replace("-", "_")
    assert defect.id.startswith(f"{defect.api}-")
    assert all(defect.facts().values())


def test_without_defects_a_class_is_itself() -> None:
    assert defects.damaged(Chat, ()) is Chat
    assert defects.damaged(Chat, defects.choose("fe16ops", ["fe16ops-reactor-only"])) is Chat


def test_an_unknown_defect_is_told_its_nearest() -> None:
    with pytest.raises(
        UsageError, match=r"no defect 'fe16ops-reactor-onli'; did you mean 'fe16ops-reactor-only'\?"
    ):
        defects.choose("fe16ops", ["fe16ops-reactor-onli"])


def test_a_defect_is_planted_once_however_often_it_is_named() -> None:
    assert len(defects.choose("fe16ops", ["fe16ops-reactor-only"] * 2)) == 1
