"""A room's unread count grows with each message of the other one, and falls to nothing when the room is read (2.E)."""

from __future__ import annotations

import pytest

from tests.shapes import Object, conversation, message, new_message
from tests.story import Asked, Story


def listed(unread: int) -> Object:
    return conversation(unread=unread)


def shows(story: Story, unread: int, member: str = "bob") -> Asked:
    return story.lists_rooms(member, listed(unread))


def test_a_count_that_adds_up_is_fine() -> None:
    story = Story()
    shows(story, 0)
    story.sends("alice", "one", 31), shows(story, 1)
    story.sends("alice", "two", 32), shows(story, 2)
    shows(story, 0, "alice")
    story.marks("bob", 2), shows(story, 0)
    story.sends("alice", "three", 33), shows(story, 1)
    assert story.findings() == ()


@pytest.mark.parametrize("unread", [0, 2])
def test_another_count_is_found_and_rests_on_a_sample(unread: int) -> None:
    story = Story()
    story.sends("alice", "one", 31)
    asked = shows(story, unread)
    finding = story.the_finding("unread-count")
    assert (finding.evidence, finding.basis, finding.clause) == ((asked.n,), "shown", "2.E")
    assert finding.expected.startswith("1 unread")


def test_ones_own_messages_are_not_counted() -> None:
    story = Story()
    story.sends("alice", "one", 31)
    shows(story, 1, "alice")
    story.the_finding("unread-count")


def test_a_count_that_reading_does_not_clear_is_found() -> None:
    story = Story()
    story.sends("alice", "one", 31)
    story.marks("bob", 1)
    shows(story, 1)
    story.the_finding("unread-count")


def test_an_old_conversation_is_counted_from_where_it_was() -> None:
    """A real account has a past: what matters is by how much the count grows."""
    for unread, right in ((6, True), (5, False), (7, False)):
        story = Story(room=False)
        story.starts("alice", "bob", status=200)
        shows(story, 5)
        story.sends("alice", "one", 31)
        shows(story, unread)
        assert (story.findings() == ()) is right


def test_an_old_conversation_whose_count_nobody_asked_for_may_have_any() -> None:
    story = Story(room=False)
    story.starts("alice", "bob", status=200)
    story.sends("alice", "one", 31)
    shows(story, 17)
    assert story.findings() == ()


@pytest.mark.parametrize("unread", [0, 1])
def test_a_message_under_way_may_be_counted_or_not(unread: int) -> None:
    story = Story()
    sending = story.is_sending("alice", "one")
    shows(story, unread)
    story.is_sent(sending, message(31, "one"))
    assert story.findings() == ()


@pytest.mark.parametrize("unread", [0, 1, 2])
def test_marking_under_way_may_have_been_done_or_not(unread: int) -> None:
    story = Story()
    story.sends("alice", "one", 31)
    marking = story.is_marking("bob")
    story.sends("alice", "meanwhile", 32)
    shows(story, unread)
    story.has_marked(marking, 1)
    assert story.findings() == ()


@pytest.mark.parametrize("unread", [0, 5])
def test_marking_that_nobody_answered_may_have_been_done_or_not(unread: int) -> None:
    """Among the five are four from before this run, whom the run does not know."""
    story = Story(room=False)
    story.starts("alice", "bob", status=200)
    shows(story, 4)
    story.sends("alice", "one", 31)
    shows(story, 5)
    story.has_no_answer(story.is_marking("bob"))
    shows(story, unread)
    assert {one.check for one in story.findings()} == {"answered"}


def test_marking_that_began_before_the_last_count_and_ended_after_it_may_have_come_between() -> None:
    story = Story(room=False)
    story.starts("alice", "bob", status=200)
    marking = story.is_marking("bob")
    shows(story, 5)
    story.has_marked(marking, 5)
    shows(story, 0)
    assert story.findings() == ()


@pytest.mark.parametrize("asked_before", [True, False])
def test_that_a_deleted_message_is_taken_out_of_the_count_is_our_reading(asked_before: bool) -> None:
    for unread in (0, 1):
        story = Story()
        story.sends("alice", "one", 31)
        if asked_before:
            shows(story, 1)
        story.deletes("alice", 31)
        shows(story, unread)
        assert [one.basis for one in story.findings()] == ["decided"] * unread


@pytest.mark.parametrize(("listed_after", "marked"), [(2, 1), (1, 2), (2, 2), (1, 1)])
def test_lists_and_marking_need_not_agree_on_what_was_deleted(listed_after: int, marked: int) -> None:
    story = Story()
    story.sends("alice", "one", 31), story.sends("alice", "two", 32), shows(story, 2)
    story.deletes("alice", 31)
    shows(story, listed_after), story.marks("bob", marked)
    assert {one.basis for one in story.findings()} <= {"decided"}
    assert (story.findings() == ()) is (listed_after == marked == 1)


def test_what_was_deleted_does_not_wait_for_ever() -> None:
    story = Story()
    story.sends("alice", "one", 31), shows(story, 1)
    story.deletes("alice", 31), story.marks("bob", 0), shows(story, 1)
    assert story.the_finding("unread-count").basis == "shown"


@pytest.mark.parametrize("unread", [0, 1])
def test_that_what_was_said_on_a_socket_counts_at_once_is_our_reading(unread: int) -> None:
    story = Story()
    story.listens("alice"), story.listens("bob")
    story.says("alice", "one"), story.hears("bob", new_message(message(31, "one")))
    shows(story, unread)
    assert [one.basis for one in story.findings()] == ["decided"] * (1 - unread)


def test_a_message_that_was_read_before_it_was_deleted_is_taken_out_once() -> None:
    """Whether looking or answering is reading is said by no document: so it may have been out of the count already."""
    story = Story()
    story.sends("alice", "one", 31), story.sends("alice", "two", 32), story.lists("bob", *newest_first())
    shows(story, 2)
    story.sends("bob", "an answer", 33), story.sends("alice", "three", 34)
    shows(story, 1)
    story.deletes("alice", 31), shows(story, 1)
    assert story.findings() == ()


def newest_first() -> tuple[Object, Object]:
    return message(32, "two"), message(31, "one")


@pytest.mark.parametrize("deleting", ["under way", "unanswered"])
def test_a_message_that_is_being_deleted_may_be_counted_or_not(deleting: str) -> None:
    for unread in (0, 1):
        story = Story()
        story.sends("alice", "one", 31)
        asked = story.is_deleting("alice", 31)
        shows(story, unread)
        if deleting == "under way":
            story.answers(asked, 200, {"success": True, "message": "Message deleted"})
        assert story.findings() == ()


# -- the count that marking answers with (5.FEAT) -----------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4])
def test_marking_tells_how_many_were_unread(number: int) -> None:
    story = Story()
    story.sends("alice", "one", 31), story.sends("bob", "bob's own", 32), story.sends("alice", "two", 33)
    # Answering may have read the first.
    asked = story.marks("bob", number)
    found = [(one.check, one.evidence) for one in story.findings()]
    assert found == ([] if number <= 2 else [("unread-count", (asked.n,))])


@pytest.mark.parametrize("number", [0, 1, 2])
def test_marking_again_tells_of_what_came_since(number: int) -> None:
    story = Story()
    story.sends("alice", "one", 31), story.marks("bob", 1)
    story.sends("alice", "two", 32), story.marks("bob", number)
    assert [one.check for one in story.findings()] == ([] if number == 1 else ["unread-count"])


@pytest.mark.parametrize("number", [1, 2])
def test_what_comes_while_a_room_is_marked_may_be_counted_or_not(number: int) -> None:
    story = Story()
    story.sends("alice", "one", 31)
    marking = story.is_marking("bob")
    story.sends("alice", "meanwhile", 32)
    story.has_marked(marking, number)
    assert story.findings() == ()


@pytest.mark.parametrize("answers", [(1, 0), (0, 1)])
def test_of_two_who_mark_at_once_either_may_be_the_first(answers: tuple[int, int]) -> None:
    """On two devices."""
    story = Story()
    story.sends("alice", "one", 31)
    one, other = story.is_marking("bob"), story.is_marking("bob")
    story.has_marked(one, answers[0]), story.has_marked(other, answers[1])
    assert story.findings() == ()


def test_marking_that_does_not_say_how_many_is_not_judged() -> None:
    story = Story()
    story.sends("alice", "one", 31)
    story.answers(story.is_marking("bob"), 200, {"success": True, "message": "Done"})
    assert "unread-count" not in [one.check for one in story.findings()]


def test_the_count_of_an_old_conversation_that_nobody_asked_for_may_be_any() -> None:
    story = Story(room=False)
    story.starts("alice", "bob", status=200)
    story.sends("alice", "one", 31), story.marks("bob", 17)
    assert story.findings() == ()


def test_answering_may_count_as_reading_no_document_says_either_way() -> None:
    for unread in (0, 1):
        story = Story()
        story.sends("alice", "one", 31)
        story.sends("bob", "an answer", 32)
        shows(story, unread)
        assert story.findings() == ()


def test_that_reading_a_page_marks_nothing_is_our_reading() -> None:
    story = Story()
    story.sends("alice", "one", 31)
    story.lists("bob", message(31, "one"))
    shows(story, 0)
    assert story.the_finding("unread-count").basis == "decided"


def test_reading_a_page_makes_no_message_more() -> None:
    story = Story()
    story.sends("alice", "one", 31)
    story.lists("bob", message(31, "one"))
    shows(story, 2)
    assert story.the_finding("unread-count").basis == "shown"


def test_a_customer_may_write_at_any_time() -> None:
    """Only rooms of test members alone can be counted."""
    story = Story(room=False)
    customer = {"participants": [{"id": 1, "username": "alice"}, {"id": 900, "username": "a customer"}]}
    for unread in (3, 5, 0):
        story.lists_rooms("alice", conversation(8, unread=unread) | customer)
    assert story.findings() == ()


def test_a_room_that_is_called_new_each_time_has_a_past_all_the_same() -> None:
    """Statuses are our reading: a server that answers 201 whether it made the conversation or found it breaks that, and no more."""
    story = Story(room=False)
    shows(story, 4)
    story.starts("alice", "bob", status=201)
    shows(story, 4)
    assert [(one.check, one.basis) for one in story.findings()] == [("start-is-idempotent", "decided")]
