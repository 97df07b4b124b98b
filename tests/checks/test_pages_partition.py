"""All pages of a room's messages, taken together, hold every message once."""

from __future__ import annotations

import pytest

from tests.shapes import Object, message
from tests.story import Story

NEWER = [message(number, f"number {number}") for number in range(60, 40, -1)]
OLDER = [message(number, f"number {number}") for number in range(40, 37, -1)]


def told() -> Story:
    """Twenty-three messages: a page and three."""
    story = Story()
    for shown in reversed(NEWER + OLDER):
        story.sends("alice", shown["content"], shown["id"])
    return story


def walk(story: Story, *pages: list[Object], count: int = 23) -> tuple[int, ...]:
    return tuple(
        story.lists("bob", *shown, page=number, more=number < len(pages), count=count).n
        for number, shown in enumerate(pages, start=1)
    )


def test_pages_that_hold_each_message_once_are_fine() -> None:
    story = told()
    walk(story, NEWER, OLDER)
    assert story.findings() == ()


def test_a_message_that_is_on_no_page_is_found() -> None:
    story = told()
    pages = walk(story, NEWER, OLDER[1:], count=22)
    finding = story.the_finding("pages-partition")
    assert (finding.cause, finding.evidence) == ("pages-partition:missing", pages)
    assert (finding.basis, finding.clause) == ("stated", "2.C")


def test_a_message_that_is_on_two_pages_is_found() -> None:
    story = told()
    pages = walk(story, NEWER, [NEWER[-1], *OLDER], count=24)
    finding = story.the_finding("pages-partition")
    assert (finding.cause, finding.evidence) == ("pages-partition:twice", pages)


@pytest.mark.parametrize("count", [22, 24])
def test_a_count_of_another_number_is_found(count: int) -> None:
    story = told()
    walk(story, NEWER, OLDER, count=count)
    finding = story.the_finding("pages-partition")
    assert (finding.cause, finding.basis) == ("pages-partition:count", "stated")


def test_a_count_that_includes_what_was_deleted_is_only_decided_against() -> None:
    """MSG-5 lets a deleted message leave the list; that it leaves the count is our reading."""
    story = told()
    story.deletes("alice", 38)
    walk(story, NEWER, OLDER[:-1], count=23)
    assert story.the_finding("pages-partition").basis == "decided"


def test_an_old_conversation_may_hold_deleted_messages_that_are_counted() -> None:
    story = Story(room=False)
    story.starts("alice", "bob", status=200)
    story.sends("alice", "hi", 60)
    walk(story, [message(60, "hi"), message(12, "old")], count=9)
    assert story.the_finding("pages-partition").basis == "decided"


def test_a_message_that_comes_while_pages_are_read_shifts_the_others() -> None:
    story = told()
    first = story.is_listing("bob")
    story.has_listed(first, *NEWER, more=True, count=23)
    story.sends("alice", "number 61", 61)
    story.lists("bob", NEWER[-1], *OLDER, page=2, count=24)
    assert story.findings() == ()


def test_a_message_that_is_deleted_while_pages_are_read_moves_another_to_a_page_that_was_read() -> None:
    story = told()
    story.has_listed(story.is_listing("bob"), *NEWER, more=True, count=23)
    story.deletes("alice", 60)
    story.lists("bob", *OLDER[1:], page=2, count=22)
    assert story.findings() == ()


def test_a_single_page_shifts_nothing_so_what_is_missing_there_is_found() -> None:
    story = Story()
    story.sends("alice", "one", 31), story.sends("alice", "two", 32)
    listing, deleting = story.is_listing("bob"), story.is_deleting("alice", 32)
    story.answers(deleting, 200, {"success": True, "message": "Message deleted"})
    story.has_listed(listing)
    assert story.the_finding("pages-partition").cause == "pages-partition:missing"


def test_a_walk_that_was_not_finished_proves_nothing() -> None:
    story = told()
    story.lists("bob", *NEWER, more=True, count=23)
    story.lists("bob", *NEWER, more=True, count=23)
    assert story.findings() == ()


def test_an_answer_that_does_not_say_what_follows_is_no_whole_list() -> None:
    """`next` is shown by a sample; without it nobody knows whether the rest is on another page."""
    story = told()
    answer: Object = {
        "success": True,
        "conversation": {"id": 7, "title": "Chat with alice"},
        "messages": NEWER,
    }
    story.answers(story.is_listing("bob"), 200, answer)
    assert {one.check for one in story.findings()} == {"response-schema"}


def test_a_text_whose_id_nobody_knows_can_not_be_missed() -> None:
    story = Story()
    story.listens("alice")
    story.says("alice", "said")
    story.lists("bob", message(31, "said"))
    assert story.findings() == ()


def test_in_a_room_with_somebody_else_anything_may_happen_meanwhile() -> None:
    story = Story(room=False)
    guests = [{"id": 1, "username": "alice"}, {"id": 900, "username": "a customer"}]
    shown = {
        "id": 7,
        "title": "Chat with a customer",
        "participants": guests,
        "last_message": None,
        "unread_count": 0,
    }
    story.lists_rooms("alice", shown)
    for number, page in ((1, NEWER), (2, [NEWER[-1], *OLDER])):
        story.lists("alice", *page, page=number, more=number == 1, count=24)
    assert story.findings() == ()
