"""What was written is what is read: in answers, lists and events, character for character."""

from __future__ import annotations

import pytest

from tests.shapes import message, message_edited, new_message
from tests.story import Story


@pytest.mark.parametrize(
    "text", ["hi", "  hi  ", "a\u200bb", "e\u0301 é", "<b>&amp;</b>", "שלום", "👩🏽‍🚀", "a\r\nb"]
)
def test_a_text_that_comes_back_unchanged_is_fine(text: str) -> None:
    story = Story()
    story.listens("bob")
    story.sends("alice", text, 31)
    story.hears("bob", new_message(message(31, text)))
    story.lists("bob", message(31, text))
    assert story.findings() == ()


@pytest.mark.parametrize(
    ("text", "shown"),
    [("hello", "helo"), ("<b>", "&lt;b&gt;"), ("e\u0301", "é"), ("a\r\nb", "a\nb"), ("hi", ""), ("hi", "HI")],
)
def test_another_text_is_found(text: str, shown: str) -> None:
    story = Story()
    story.sends("alice", text, 31)
    listed = story.lists("bob", message(31, shown))
    finding = story.the_finding("text-comes-back")
    assert finding.evidence == (listed.n, listed.answer)
    assert (finding.basis, finding.clause) == ("stated", "2.C")


def test_what_becomes_of_half_a_surrogate_pair_nobody_can_predict() -> None:
    story = Story()
    story.sends("alice", "half \ud83d", 31), story.sends("alice", "whole 👍", 32)
    story.lists("bob", message(32, "whole \ufffd"), message(31, "half \ufffd"))
    assert "whole" in story.the_finding("text-comes-back").expected


def test_that_nothing_is_trimmed_is_our_reading() -> None:
    story = Story(foreign=True)
    story.sends("alice", "  hi  ", 31, content="hi")
    story.lists("bob", message(31, "hi"))
    assert {(one.check, one.basis) for one in story.findings()} == {("text-comes-back", "decided")}


def test_an_answer_of_another_text_than_was_sent_is_found() -> None:
    story = Story()
    sent = story.sends("alice", "hello", 31, content="helo")
    assert story.the_finding("text-comes-back").evidence == (sent.n, sent.answer)


def test_an_edit_that_is_not_shown_is_found() -> None:
    story = Story()
    story.sends("alice", "helo", 31)
    story.edits("alice", 31, "hello")
    story.lists("bob", message(31, "helo", is_edited=True))
    story.the_finding("text-comes-back")


def test_an_event_of_an_edit_that_tells_the_text_before_is_found() -> None:
    story = Story()
    story.listens("bob")
    story.sends("alice", "helo", 31), story.hears("bob", new_message(message(31, "helo")))
    edited = story.edits("alice", 31, "hello")
    heard = story.hears("bob", message_edited(message(31, "helo", is_edited=True)))
    assert story.the_finding("text-comes-back").evidence == (edited.n, heard)


def test_a_list_that_overlaps_an_edit_may_show_either_text() -> None:
    for text, flagged in (("helo", False), ("hello", True)):
        story = Story()
        story.sends("alice", "helo", 31)
        listing, editing = story.is_listing("bob"), story.is_editing("alice", 31, "hello")
        story.has_listed(listing, message(31, text, is_edited=flagged))
        story.answers(editing, 200, {"success": True, "message": message(31, "hello", is_edited=True)})
        assert story.findings() == ()


@pytest.mark.parametrize("last", ["one", "two"])
def test_of_two_edits_at_once_either_may_be_the_last(last: str) -> None:
    story = Story()
    story.listens("bob")
    story.sends("alice", "helo", 31), story.hears("bob", new_message(message(31, "helo")))
    one, two = story.is_editing("alice", 31, "one"), story.is_editing("alice", 31, "two")
    # Each event shows the message as it is when it is told.
    for _ in range(2):
        story.hears("bob", message_edited(message(31, last, is_edited=True)))
    for asked in (one, two):
        story.answers(asked, 200, {"success": True, "message": message(31, last, is_edited=True)})
    story.lists("bob", message(31, last, is_edited=True))
    assert story.findings() == ()


def test_an_event_that_comes_late_may_show_a_later_edit() -> None:
    story = Story()
    story.listens("bob")
    story.sends("alice", "helo", 31)
    story.edits("alice", 31, "hello")
    story.hears("bob", new_message(message(31, "hello", is_edited=True)))
    story.hears("bob", message_edited(message(31, "hello", is_edited=True)))
    assert story.findings() == ()


def test_an_edit_that_nobody_answered_may_be_shown_or_not() -> None:
    story = Story()
    story.sends("alice", "helo", 31)
    story.has_no_answer(story.is_editing("alice", 31, "hello"))
    story.lists("bob", message(31, "helo")), story.lists("bob", message(31, "hello", is_edited=True))
    assert {one.check for one in story.findings()} == {"answered"}


def test_a_message_that_shows_no_text_is_for_the_schema_to_judge() -> None:
    story = Story()
    shown = message(31, "hi")
    del shown["content"]
    story.sends("alice", "hi", 31)
    story.lists("bob", shown)
    story.the_finding("response-schema")
