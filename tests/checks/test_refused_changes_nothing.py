"""What was refused has not happened: nobody hears of it and nothing shows it."""

from __future__ import annotations

import pytest

from tests.shapes import (
    REFUSED,
    Object,
    message,
    message_deleted,
    message_edited,
    new_message,
    reaction,
    reaction_updated,
)
from tests.story import Asked, Story

TEXT = "carol was here, uninvited"


def told() -> Story:
    story = Story()
    story.listens("bob")
    story.sends("alice", "mine", 31), story.hears("bob", new_message(message(31, "mine")))
    return story


def edit(story: Story, member: str = "carol", status: int = 404) -> Asked:
    return story.answers(story.is_editing(member, 31, TEXT), status, REFUSED)


def test_a_refused_request_without_a_trace_is_fine() -> None:
    story = told()
    edit(story)
    story.lists("bob", message(31, "mine"))
    assert story.findings() == ()


@pytest.mark.parametrize(
    ("verb", "frame"),
    [
        ("is_editing", message_edited(message(31, TEXT, is_edited=True))),
        ("is_deleting", message_deleted(31)),
        ("is_reacting", reaction_updated(reaction(31, "carol"))),
    ],
)
def test_an_event_of_what_was_refused_is_found(verb: str, frame: Object) -> None:
    story = told()
    more = (TEXT,) if verb == "is_editing" else ()
    asked = story.answers(getattr(story, verb)("carol", 31, *more), 404, REFUSED)
    heard = story.hears("bob", frame)
    finding = story.the_finding("refused-changes-nothing")
    assert (finding.evidence, finding.basis, finding.severity) == ((asked.n, heard), "stated", "critical")
    assert finding.clause


def test_a_message_of_an_outsider_that_is_refused_and_heard_is_found() -> None:
    story = told()
    asked = story.answers(story.is_sending("carol", TEXT), 404, REFUSED)
    heard = story.hears("bob", new_message(message(32, TEXT, "carol")))
    assert story.the_finding("refused-changes-nothing").evidence == (asked.n, heard)


def test_a_refused_text_that_a_list_shows_is_found() -> None:
    story = told()
    asked = story.answers(story.is_sending("carol", TEXT), 404, REFUSED)
    listed = story.lists("bob", message(32, TEXT, "carol"), message(31, "mine"))
    assert story.the_finding("refused-changes-nothing").evidence == (asked.n, listed.answer)


def test_a_refused_edit_that_a_list_shows_is_found() -> None:
    story = told()
    edit(story)
    story.lists("bob", message(31, TEXT))
    assert {one.check for one in story.findings()} == {"refused-changes-nothing", "text-comes-back"}


def test_a_text_that_was_refused_once_and_then_written_may_be_shown() -> None:
    """The owner writes what the outsider was refused, or tries again after a 429."""
    for member, status in (("carol", 404), ("alice", 429)):
        story = told()
        edit(story, member, status)
        story.edits("alice", 31, TEXT)
        story.hears("bob", message_edited(message(31, TEXT, is_edited=True)))
        story.lists("bob", message(31, TEXT, is_edited=True))
        assert story.findings() == ()


def test_an_old_message_of_the_same_text_was_there_before() -> None:
    """A real account has a past: the same words may have been written last week."""
    story = Story(room=False)
    story.starts("alice", "bob", status=200)
    story.lists("bob", message(12, TEXT))
    story.answers(story.is_sending("carol", TEXT), 404, REFUSED)
    story.lists("bob", message(12, TEXT))
    assert story.findings() == ()


def test_a_short_text_may_be_anybodys() -> None:
    story = Story(room=False)
    story.starts("alice", "bob", status=200)
    story.answers(story.is_sending("carol", "hi"), 404, REFUSED)
    story.lists("bob", message(12, "hi"))
    assert story.findings() == ()


def test_what_another_did_is_not_taken_for_what_was_refused() -> None:
    story = told()
    story.answers(story.is_reacting("carol", 31), 404, REFUSED)
    story.reacts("bob", 31)
    story.hears("bob", reaction_updated(reaction(31, "bob")))
    again = story.hears("bob", reaction_updated(reaction(31, "bob")))
    assert story.the_finding("delivery-duplicate").evidence[-1] == again


def test_a_refused_event_that_is_heard_twice_is_no_duplicate_of_anything() -> None:
    story = told()
    edit(story)
    for _ in range(2):
        story.hears("bob", message_edited(message(31, TEXT, is_edited=True)))
    assert [one.check for one in story.findings()] == ["refused-changes-nothing"] * 2


def test_what_failed_or_was_pointed_elsewhere_was_not_refused() -> None:
    for status in (500, 503, 303):
        story = told()
        edit(story, "alice", status)
        story.hears("bob", message_edited(message(31, TEXT, is_edited=True)))
        story.lists("bob", message(31, TEXT, is_edited=True))
        assert "refused-changes-nothing" not in {one.check for one in story.findings()}
