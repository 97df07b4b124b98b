"""A message is flagged as edited from its first edit on (MSG-3), and not before."""

from __future__ import annotations

from tests.shapes import message, message_edited, new_message
from tests.story import Story

EDITED = message(31, "hello", is_edited=True)


def test_the_flag_follows_the_edit() -> None:
    story = Story()
    story.listens("bob")
    story.sends("alice", "helo", 31), story.hears("bob", new_message(message(31, "helo")))
    story.lists("bob", message(31, "helo"))
    story.edits("alice", 31, "hello"), story.hears("bob", message_edited(EDITED))
    story.lists("bob", EDITED)
    assert story.findings() == ()


def test_an_edited_message_without_its_flag_is_found() -> None:
    story = Story()
    story.sends("alice", "helo", 31)
    story.edits("alice", 31, "hello")
    listed = story.lists("bob", message(31, "hello"))
    finding = story.the_finding("edited-is-flagged")
    assert finding.evidence == (listed.n, listed.answer)
    assert (finding.basis, finding.clause) == ("stated", "2.C")


def test_a_flag_without_an_edit_is_found() -> None:
    story = Story()
    story.sends("alice", "hello", 31)
    listed = story.lists("bob", EDITED)
    assert story.the_finding("edited-is-flagged").evidence == (listed.n, listed.answer)


def test_an_edit_whose_own_answer_lacks_the_flag_is_found() -> None:
    story = Story()
    story.sends("alice", "helo", 31)
    edited = story.edits("alice", 31, "hello", is_edited=False)
    found = {one.check: one.evidence for one in story.findings()}
    # Its schema wants the flag as well.
    assert found == {
        "edited-is-flagged": (edited.n, edited.answer),
        "response-schema": (edited.n, edited.answer),
    }


def test_an_event_that_shows_the_state_before_its_own_edit_is_found() -> None:
    story = Story()
    story.listens("bob")
    story.sends("alice", "helo", 31), story.hears("bob", new_message(message(31, "helo")))
    edited = story.edits("alice", 31, "hello")
    heard = story.hears("bob", message_edited(message(31, "hello", is_edited=False)))
    found = {one.check: one.evidence for one in story.findings()}
    assert found == {"edited-is-flagged": (edited.n, heard), "frame-schema": (heard,)}


def test_a_refused_edit_sets_no_flag() -> None:
    story = Story()
    story.sends("alice", "hello", 31)
    story.answers(story.is_editing("bob", 31, "bob was here"), 404, {"success": False})
    story.lists("alice", EDITED)
    story.the_finding("edited-is-flagged")


def test_a_list_that_overlaps_the_edit_may_show_either() -> None:
    for shown in (message(31, "helo"), EDITED):
        story = Story()
        story.sends("alice", "helo", 31)
        editing, listing = story.is_editing("alice", 31, "hello"), story.is_listing("bob")
        story.has_listed(listing, shown)
        story.answers(editing, 200, {"success": True, "message": EDITED})
        assert story.findings() == ()


def test_an_edit_that_nobody_answered_may_have_been_done_or_not() -> None:
    for status in (0, 503, 301):
        story = Story()
        story.sends("alice", "helo", 31)
        asked = story.is_editing("alice", 31, "hello")
        if status:
            story.answers(asked, status, {})
        story.lists("bob", message(31, "helo")), story.lists("bob", EDITED)
        assert "edited-is-flagged" not in {one.check for one in story.findings()}


def test_a_message_that_does_not_show_the_flag_is_for_its_schema_to_judge() -> None:
    story = Story()
    shown = dict(EDITED)
    del shown["is_edited"]
    story.sends("alice", "helo", 31), story.edits("alice", 31, "hello")
    story.lists("bob", shown)
    story.the_finding("response-schema")
