"""All pages of a room's messages, taken together, hold every message once."""

from __future__ import annotations

import pytest

from tests.shapes import REFUSED, Object, message, new_message
from tests.story import Asked, Story

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


# -- what nobody sent ---------------------------------------------------------------------------------------------------


def shows_twice(story: Story, text: str = "sent only once", author: str = "alice") -> None:
    """A list with message 31, and with another one of the same text."""
    story.lists("bob", message(32, text, author), message(31, text))


def test_a_message_that_was_sent_once_and_is_there_twice_is_found() -> None:
    story = Story()
    story.sends("alice", "sent only once", 31)
    shows_twice(story)
    finding = story.the_finding("pages-partition")
    assert (finding.cause, finding.basis) == ("pages-partition:copies", "stated")
    assert finding.heard == "1 more: 32"


def test_a_copy_of_what_was_said_on_a_socket_is_found() -> None:
    story = Story()
    story.listens("alice")
    story.says("alice", "sent only once")
    shows_twice(story)
    assert story.the_finding("pages-partition").cause == "pages-partition:copies"


def test_what_was_sent_twice_is_there_twice() -> None:
    story = Story()
    story.sends("alice", "sent only once", 31), story.sends("alice", "sent only once", 32)
    shows_twice(story)
    assert story.findings() == ()


def test_what_nobody_answered_may_be_there_as_well() -> None:
    story = Story()
    story.sends("alice", "sent only once", 31)
    story.has_no_answer(story.is_sending("alice", "sent only once"))
    shows_twice(story)
    assert {one.check for one in story.findings()} == {"answered"}


@pytest.mark.parametrize(("text", "author"), [("sent only once", "bob"), ("welcome, alice and bob", "alice")])
def test_messages_of_the_servers_own_are_no_copies(text: str, author: str) -> None:
    """No document says that a server writes nothing itself."""
    story = Story()
    story.sends("alice", "sent only once", 31)
    story.lists("bob", message(32, text, author), message(31, "sent only once"))
    assert story.findings() == ()


def test_what_an_old_conversation_has_from_before_is_no_copy() -> None:
    story = Story(room=False)
    story.starts("alice", "bob", status=200)
    story.sends("alice", "sent only once", 31)
    story.lists("bob", message(31, "sent only once"), message(12, "sent only once"))
    assert story.findings() == ()


def test_what_was_edited_into_the_same_text_is_no_copy() -> None:
    story = Story()
    story.sends("alice", "sent only once", 31), story.sends("alice", "another text", 32)
    story.edits("alice", 32, "sent only once")
    story.lists("bob", message(32, "sent only once", is_edited=True), message(31, "sent only once"))
    assert story.findings() == ()


# -- what was said on a socket ------------------------------------------------------------------------------------------


def test_what_a_socket_told_and_no_page_has_is_found_and_decided() -> None:
    """That it is stored by the time it is told is our reading."""
    story = Story()
    story.listens("alice"), story.listens("bob")
    story.says("alice", "hi")
    story.hears("bob", new_message(message(31, "hi")))
    story.lists("bob")
    finding = story.the_finding("pages-partition")
    assert (finding.cause, finding.basis) == ("pages-partition:missing", "decided")


def test_what_was_said_and_nobody_heard_yet_may_be_on_its_way() -> None:
    story = Story()
    story.listens("alice")
    story.says("alice", "hi")
    story.lists("bob")
    assert [one for one in story.findings() if one.check == "pages-partition"] == []


# -- the next page ------------------------------------------------------------------------------------------------------


def full_page(story: Story) -> tuple[int, int]:
    """Twenty messages on a page that names another one, and the request for that; their numbers in the history."""
    for shown in reversed(NEWER):
        story.sends("alice", shown["content"], shown["id"])
    first = story.lists("bob", *NEWER, more=True, count=20)
    return first.n, story.is_listing("bob", page=2).n


def asked(story: Story, n: int) -> Asked:
    return Asked(f"{story.entries[n - 1].exchange}", n)  # type: ignore[attr-defined]  # it is a request


def test_a_next_page_that_is_not_there_is_found() -> None:
    story = Story()
    page, next_page = full_page(story)
    story.answers(asked(story, next_page), 404, REFUSED)
    found = {one.cause: one for one in story.findings() if one.check == "pages-partition"}
    assert list(found) == ["pages-partition:next"]
    finding = found["pages-partition:next"]
    assert (finding.basis, finding.evidence, finding.heard) == ("stated", (page, next_page), "404")


def test_a_next_page_without_a_message_is_only_decided_against() -> None:
    story = Story()
    _, next_page = full_page(story)
    story.has_listed(asked(story, next_page), count=20)
    assert story.the_finding("pages-partition").basis == "decided"


@pytest.mark.parametrize("status", [401, 429])
def test_a_next_page_that_is_refused_for_another_reason_may_be_there(status: int) -> None:
    story = Story()
    _, next_page = full_page(story)
    story.answers(asked(story, next_page), status, REFUSED)
    assert "pages-partition" not in [one.check for one in story.findings()]


def test_a_next_page_may_vanish_with_what_was_on_it() -> None:
    story = told()
    story.lists("bob", *NEWER, more=True, count=23)
    for shown in OLDER:
        story.deletes("alice", shown["id"])
    story.answers(story.is_listing("bob", page=2), 404, REFUSED)
    assert "pages-partition" not in [one.check for one in story.findings()]


def test_the_page_after_the_next_need_not_be_there() -> None:
    story = Story()
    full_page(story)
    story.entries.pop()  # bob does not ask for the next page
    story.answers(story.is_listing("bob", page=3), 404, REFUSED)
    assert "pages-partition" not in [one.check for one in story.findings()]


def test_a_page_that_nobody_named_need_not_be_there() -> None:
    story = told()
    walk(story, NEWER, OLDER)
    story.answers(story.is_listing("bob", page=3), 404, REFUSED)
    assert "pages-partition" not in [one.check for one in story.findings()]
