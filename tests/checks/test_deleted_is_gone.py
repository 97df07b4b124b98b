"""A deleted message is gone from every list (MSG-5), and its text from the previews."""

from __future__ import annotations

import pytest

from tests.saga import Saga, message_id, user
from tests.saga import message as saga_message
from tests.saga import room as saga_room
from tests.shapes import conversation, message, message_deleted, new_message
from tests.story import Story


def test_a_deleted_message_that_is_in_no_list_is_fine() -> None:
    story = Story()
    story.sends("alice", "stays", 30), story.sends("alice", "goes", 31)
    story.deletes("alice", 31)
    story.lists("bob", message(30, "stays"))
    story.lists_rooms("bob", conversation(unread=1, last=message(30, "stays")))
    assert story.findings() == ()


def test_a_deleted_message_in_a_list_is_found() -> None:
    story = Story()
    story.sends("alice", "goes", 31)
    story.deletes("alice", 31)
    listed = story.lists("bob", message(31, "goes"))
    finding = story.the_finding("deleted-is-gone")
    assert finding.evidence == (listed.n, listed.answer)
    assert (finding.basis, finding.clause) == ("stated", "5.MSG")


def test_an_edit_that_shows_what_was_deleted_before_is_found() -> None:
    story = Story()
    story.sends("alice", "goes", 31)
    story.deletes("alice", 31)
    edited = story.edits("alice", 31, "back again")
    found = {one.check: one.evidence for one in story.findings()}
    assert found["deleted-is-gone"] == (edited.n, edited.answer)


def test_a_deleted_text_in_a_preview_is_only_decided() -> None:
    story = Story()
    story.sends("alice", "goes", 31)
    story.deletes("alice", 31)
    listed = story.lists_rooms("bob", conversation(unread=0, last=message(31, "goes")))
    finding = story.the_finding("deleted-is-gone")
    assert (finding.evidence, finding.basis) == ((listed.n,), "decided")


def test_a_message_that_is_deleted_while_it_is_listed_may_be_there_or_not() -> None:
    for shown in ([message(31, "goes")], []):
        story = Story()
        story.sends("alice", "goes", 31)
        deleting, listing = story.is_deleting("alice", 31), story.is_listing("bob")
        story.answers(deleting, 200, {"success": True, "message": "Message deleted"})
        story.has_listed(listing, *shown)
        assert story.findings() == ()


def test_a_deletion_that_nobody_answered_may_come_at_any_time() -> None:
    story = Story()
    story.sends("alice", "goes", 31)
    story.has_no_answer(story.is_deleting("alice", 31))
    story.lists("bob", message(31, "goes"))
    story.lists("bob")
    assert [one.check for one in story.findings()] == ["answered"]


def test_an_edit_that_is_answered_after_the_message_was_deleted_may_show_it() -> None:
    """Both were under way at once: the edit may have come first, and its answer late."""
    story = Story()
    story.sends("alice", "goes", 31)
    editing, deleting = story.is_editing("alice", 31, "going"), story.is_deleting("alice", 31)
    story.answers(deleting, 200, {"success": True, "message": "Message deleted"})
    story.answers(editing, 200, {"success": True, "message": message(31, "going", is_edited=True)})
    assert story.findings() == ()


def test_a_preview_of_another_message_with_the_same_text_is_fine() -> None:
    story = Story()
    story.sends("alice", "hello", 30), story.sends("alice", "hello", 31)
    story.deletes("alice", 31)
    story.lists_rooms("bob", conversation(unread=1, last=message(30, "hello")))
    assert story.findings() == ()


def test_that_a_deletion_is_heard_is_no_sight_of_the_message() -> None:
    story = Story()
    story.listens("bob")
    (
        story.sends("alice", "goes", 31),
        story.hears("bob", {"type": "new_message", "message": message(31, "goes")}),
    )
    story.deletes("alice", 31)
    story.hears("bob", message_deleted(31))
    assert story.findings() == ()


# -- searches, and rooms that are looked at by themselves ----------------------------------------------------------------


def previewed(text: str, where: str) -> Saga:
    """A room whose last message was deleted, and is shown all the same."""
    saga = Saga()
    saga.founded(5, "group", "alice", "bob")
    saga.sends("alice", "never mind", 31), saga.deletes("alice", 31)
    shown = saga_room(5, "alice", "bob", last_message={
        "id": message_id(31), "content": text, "sender": user("alice"), "timestamp": "2025-10-02T14:30:00Z",
    })  # fmt: skip
    match where:
        case "list":
            saga.lists_rooms("bob", shown)
        case "room":
            saga.looks_at("bob", shown)
        case "search":
            saga.searches("bob", "rooms", "room 5", shown)
        case "messages":
            saga.searches("bob", "messages", "never", saga_message(31, "alice", text))
    return saga


@pytest.mark.parametrize("where", ["list", "room", "search", "messages"])
def test_what_was_deleted_is_found_wherever_it_is_shown(where: str) -> None:
    assert {check for check, _ in previewed("never mind", where).found()} == {"deleted-is-gone"}


def test_who_tells_of_a_deletion_does_not_say_once_more_what_was_deleted() -> None:
    for text, more, expected in (
        ("a secret that goes", {}, set()),
        ("a secret that goes", {"content": "a secret that goes"}, {"deleted-is-gone"}),
        ("a secret that goes", {"was": {"said": ["(a secret that goes)"]}}, {"deleted-is-gone"}),
        # So short a text may stand there for another reason.
        ("delete", {"content": "delete"}, set()),
    ):
        story = Story()
        story.listens("bob")
        story.sends("alice", text, 31)
        story.hears("bob", new_message(message(31, text)))
        story.deletes("alice", 31)
        story.hears("bob", message_deleted(31) | more)
        found = [one for one in story.findings() if one.check == "deleted-is-gone"]
        assert ({one.check for one in found}, {one.basis for one in found}) == (
            expected,
            {"decided"} if expected else set(),
        )
