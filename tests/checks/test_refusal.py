"""Who may not is refused, with the status that the document or our reading names."""

from __future__ import annotations

from typing import Any

import pytest

from tests.shapes import REFUSED, Object, message
from tests.story import Asked, Story

UNFIT = {"content": 7}
STRANGERS = ("anonymous", "bad-token", "tampered-token", "expired")


def told() -> Story:
    story = Story()
    story.sends("alice", "mine", 31)
    return story


def tried(story: Story, what: str, member: str, status: int, **how: Any) -> Asked:
    asked = {
        "read": lambda: story.is_listing(member, **how),
        "send": lambda: story.is_sending(member, "from outside", **how),
        "edit": lambda: story.is_editing(member, 31, "by another", **how),
        "delete": lambda: story.is_deleting(member, 31, **how),
        "react": lambda: story.is_reacting(member, 31, **how),
        "mark": lambda: story.is_marking(member),
    }[what]()
    return story.answers(asked, status, REFUSED)


@pytest.mark.parametrize(
    ("what", "member", "role", "status"),
    [
        # AUTH-1 to AUTH-4, and for reacting and marking our reading of them.
        *((what, "alice", role, 401) for what in ("read", "send", "edit", "delete", "react") for role in STRANGERS),
        *((what, "carol", "member", 404) for what in ("read", "send", "edit", "delete", "react")),
        *((what, "bob", "member", 404) for what in ("edit", "delete")),
    ],
)  # fmt: skip
def test_the_status_that_is_named_is_fine(what: str, member: str, role: str, status: int) -> None:
    story = told()
    tried(story, what, member, status, role=role)
    found = story.findings()
    assert [one for one in found if one.check != "response-schema"] == []


@pytest.mark.parametrize(
    ("what", "member", "role", "heard", "relation", "basis", "clause"),
    [
        ("read", "alice", "anonymous", 200, "anonymous", "stated", "5.AUTH"),
        ("read", "alice", "bad-token", 403, "bad-token", "stated", "5.AUTH"),
        ("read", "alice", "tampered-token", 200, "tampered-token", "stated", "5.AUTH"),
        ("send", "alice", "expired", 201, "expired", "stated", "5.AUTH"),
        ("read", "carol", "member", 200, "not-a-member", "stated", "5.AUTH"),
        ("read", "carol", "member", 403, "not-a-member", "stated", "5.AUTH"),
        ("send", "carol", "member", 201, "not-a-member", "stated", "5.AUTH"),
        ("edit", "bob", "member", 200, "not-the-sender", "stated", "5.AUTH"),
        ("delete", "bob", "member", 403, "not-the-sender", "stated", "5.AUTH"),
        # Only how an outsider is refused here is ours; that it is served is a broken promise of access.
        ("react", "carol", "member", 403, "not-a-member", "decided", "2.F"),
        ("react", "carol", "member", 200, "not-a-member", "stated", "2.F"),
        ("mark", "carol", "member", 200, "not-a-member", "stated", "2.E"),
        ("mark", "carol", "member", 403, "not-a-member", "decided", "2.E"),
    ],
)
def test_another_status_is_found(
    what: str, member: str, role: str, heard: int, relation: str, basis: str, clause: str
) -> None:
    story = told()
    how = {} if what == "mark" else {"role": role}
    asked = tried(story, what, member, heard, **how)
    found = [one for one in story.findings() if one.check == "refusal"]
    assert [one.evidence for one in found] == [(asked.n, asked.answer)]
    assert found[0].cause.endswith(f":{relation}")
    assert (found[0].basis, found[0].clause) == (basis, clause)
    assert found[0].severity == ("critical" if heard < 300 else "medium")


@pytest.mark.parametrize(("member", "role"), [("carol", "member"), ("bob", "member"), ("alice", "anonymous")])
def test_in_which_order_a_server_looks_is_our_reading(member: str, role: str) -> None:
    """A body that does not fit may be noticed before the token or the conversation is (decided)."""
    story = told()
    asked = story.is_editing(member, 31, "", role=role, body=UNFIT, verb="")
    story.answers(asked, 400, REFUSED)
    assert {(one.check, one.basis) for one in story.findings()} == {("refusal", "decided")}


def test_a_fitting_body_is_no_excuse_for_a_400() -> None:
    story = told()
    story.answers(story.is_editing("carol", 31, "fits"), 400, REFUSED)
    assert {(one.check, one.basis) for one in story.findings()} == {("refusal", "stated")}


@pytest.mark.parametrize(("heard", "found"), [(404, set()), (200, {"decided"}), (403, {"decided"})])
def test_what_was_deleted_is_absent_by_our_reading(heard: int, found: set[str]) -> None:
    """Serving an edit of something deleted gives nobody access to what is not theirs."""
    story = told()
    story.deletes("alice", 31)
    shown: Object = {"success": True, "message": message(31, "late", is_edited=True)}
    story.answers(story.is_editing("alice", 31, "late"), heard, shown if heard == 200 else REFUSED)
    assert {one.basis for one in story.findings() if one.check == "refusal"} == found


@pytest.mark.parametrize("status", [429, 500, 503])
def test_who_comes_too_often_or_meets_a_failure_is_judged_elsewhere(status: int) -> None:
    story = told()
    tried(story, "read", "carol", status)
    assert "refusal" not in {one.check for one in story.findings()}


def test_a_room_that_nobody_has_shown_may_be_anybodys() -> None:
    story = Story(room=False)
    story.lists("carol", message(12, "old"), room=55)
    assert story.findings() == ()


def test_a_message_that_is_deleted_meanwhile_may_be_absent_or_not() -> None:
    for status in (200, 404):
        story = told()
        deleting, editing = story.is_deleting("alice", 31), story.is_editing("alice", 31, "late")
        story.answers(deleting, 200, {"success": True, "message": "Message deleted"})
        shown: Object = {"success": True, "message": message(31, "late", is_edited=True)}
        story.answers(editing, status, shown if status == 200 else REFUSED)
        assert story.findings() == ()


def test_the_peer_may_react_to_what_it_did_not_send() -> None:
    story = told()
    story.reacts("bob", 31)
    assert story.findings() == ()
