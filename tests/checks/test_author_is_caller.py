"""Whoever sent a message is its author, in the answer, in every list and in every event."""

from __future__ import annotations

from tests.shapes import message, new_message, user
from tests.story import Story


def test_the_sender_is_the_author_everywhere() -> None:
    story = Story()
    story.listens("bob")
    story.sends("alice", "mine", 31)
    story.hears("bob", new_message(message(31, "mine")))
    story.lists("bob", message(31, "mine"))
    assert story.findings() == ()


def test_another_author_in_a_list_is_found() -> None:
    story = Story()
    story.sends("alice", "mine", 31)
    listed = story.lists("bob", message(31, "mine", "bob"))
    found = [one for one in story.findings() if one.check == "author-is-caller"]
    assert [one.evidence for one in found] == [(listed.n, listed.answer)]
    assert (found[0].basis, found[0].clause) == ("stated", "2.C")


def test_another_author_in_an_event_is_found_with_the_sending_as_its_cause() -> None:
    story = Story()
    story.listens("bob")
    sent = story.sends("alice", "mine", 31)
    heard = story.hears("bob", new_message(message(31, "mine", "carol")))
    found = [one for one in story.findings() if one.check == "author-is-caller"]
    assert [one.evidence for one in found] == [(sent.n, heard)]


def test_an_author_whose_id_is_text_is_the_same() -> None:
    story = Story()
    story.sends("alice", "mine", 31)
    story.lists("bob", message(31, "mine", sender={"id": "1", "username": "alice"}))
    assert [one.check for one in story.findings()] == ["response-schema"]


def test_a_message_without_a_sender_tells_nothing_of_its_author() -> None:
    story = Story()
    shown = message(31, "mine")
    del shown["sender"]
    story.sends("alice", "mine", 31)
    story.lists("bob", shown)
    assert [one.check for one in story.findings()] == ["response-schema"]


def test_old_messages_of_a_real_account_may_be_anybodys() -> None:
    story = Story()
    story.lists("alice", message(12, "from last year", sender=user("dave")), message(11, "older"))
    assert story.findings() == ()
