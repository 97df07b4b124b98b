"""Two messages never share an id."""

from __future__ import annotations

from tests.shapes import message, new_message
from tests.story import Story


def test_messages_with_ids_of_their_own_are_fine() -> None:
    story = Story()
    story.sends("alice", "one", 31), story.sends("bob", "two", 32)
    story.lists("alice", message(32, "two", "bob"), message(31, "one"))
    assert story.findings() == ()


def test_two_messages_with_one_id_are_found() -> None:
    story = Story()
    first, second = story.sends("alice", "one", 31), story.sends("alice", "two", 31)
    found = {one.check: one for one in story.findings()}
    assert found["ids-are-unique"].evidence == (first.n, second.n)
    assert (found["ids-are-unique"].basis, found["ids-are-unique"].clause) == ("stated", "2.D")


def test_a_message_that_is_twice_in_a_page_is_found() -> None:
    story = Story()
    story.sends("alice", "one", 31)
    listed = story.lists("bob", message(31, "one"), message(31, "one"), more=True, count=40)
    finding = next(one for one in story.findings() if one.check == "ids-are-unique")
    assert finding.evidence == (listed.n,)


def test_a_message_that_two_pages_show_is_for_pages_to_judge() -> None:
    story = Story()
    story.sends("alice", "one", 31)
    story.lists("bob", message(31, "one"), message(30, "zero"), more=True, count=3)
    story.lists("bob", message(30, "zero"), page=2, count=3)
    assert "ids-are-unique" not in {one.check for one in story.findings()}


def test_texts_that_were_said_on_a_socket_have_ids_that_nobody_knows() -> None:
    story = Story()
    story.listens("alice"), story.listens("bob")
    for number in (31, 32):
        story.says("alice", "hi")
        story.hears("bob", new_message(message(number, "hi")))
    assert story.findings() == ()
