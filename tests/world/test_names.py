"""A message whose sender is told no id gets it from an event, or from a list: when there is no doubt whose it is."""

from __future__ import annotations

import pytest

from earwitness.world import Message, World
from tests.shapes import conversation, message, message_edited, new_message
from tests.story import Story


def said(story: Story) -> dict[str, str]:
    """The messages that have an id, each with its text."""
    return {one.id: one.nonce for one in story.world().state.messages.values()}


def on_sockets() -> Story:
    story = Story()
    for member in ("alice", "bob"):
        story.listens(member)
    return story


def the(world: World, message_id: str) -> Message:
    return world.state.messages[message_id]


def test_the_event_tells_the_id_and_since_when_the_message_was_there() -> None:
    story = on_sockets()
    asked = story.says("alice", "hi")
    heard = story.hears("bob", new_message(message(31, "hi")))
    known = the(story.world(), "31")
    assert (known.cause, known.author, known.learnt) == (asked.exchange, "alice", True)
    assert known.done == story.entries[heard - 1].t
    assert known.exists.certain(known.done + 1, known.done + 1) is True


def test_an_answer_that_did_not_come_is_made_up_for() -> None:
    story = on_sockets()
    story.has_no_answer(story.is_sending("alice", "hi"))
    story.hears("bob", new_message(message(31, "hi")))
    assert said(story) == {"31": "hi"}


def test_a_list_tells_the_id() -> None:
    story = on_sockets()
    story.says("alice", "hi")
    story.lists("bob", message(31, "hi"))
    assert said(story) == {"31": "hi"}


def test_a_first_message_is_named_by_what_is_read_later() -> None:
    story = Story(room=False)
    story.starts("alice", "bob", text="still available?")
    story.lists("bob", message(31, "still available?"))
    assert said(story) == {"31": "still available?"}


def test_what_is_done_to_a_message_that_was_said_counts() -> None:
    story = on_sockets()
    story.says("alice", "hi")
    story.hears("bob", new_message(message(31, "hi")))
    story.edits("alice", 31, "ho")
    story.hears("bob", message_edited(message(31, "ho", is_edited=True)))
    story.deletes("alice", 31)
    world = story.world()
    assert the(world, "31").text.possible(1e18, 1e18) == ("ho",)
    assert the(world, "31").exists.certain(1e18, 1e18) is False
    assert [one.match for one in world.delivery.heard] == ["due", "due"]


def test_the_event_counts_although_it_names_another_author() -> None:
    """Nobody else can have written in a room of two of ours."""
    story = on_sockets()
    story.says("alice", "hi")
    story.hears("bob", new_message(message(31, "hi", "bob")))
    assert said(story) == {"31": "hi"}
    assert story.the_finding("author-is-caller").heard.endswith("the author 2")


def in_a_room_of_strangers() -> Story:
    story = Story(room=False)
    guests = {"participants": [{"id": 1, "username": "alice"}, {"id": 900, "username": "x"}]}
    story.lists_rooms("alice", conversation() | guests)
    story.listens("alice")
    return story


@pytest.mark.parametrize(("author", "named"), [("alice", {"31": "hi"}), ("bob", {})])
def test_where_others_write_too_the_author_must_be_right(author: str, named: dict[str, str]) -> None:
    story = in_a_room_of_strangers()
    story.says("alice", "hi")
    story.hears("alice", new_message(message(31, "hi", author)))
    assert said(story) == named


def test_the_same_text_said_twice_leaves_a_doubt() -> None:
    story = on_sockets()
    story.says("alice", "hi"), story.says("alice", "hi")
    for number in (31, 32):
        story.hears("bob", new_message(message(number, "hi")))
    assert said(story) == {}


def test_two_sockets_that_call_it_differently_leave_a_doubt() -> None:
    story = on_sockets()
    story.says("alice", "hi")
    story.hears("bob", new_message(message(31, "hi"))), story.hears("alice", new_message(message(32, "hi")))
    assert said(story) == {}


def test_the_id_of_another_message_is_not_given_again() -> None:
    story = on_sockets()
    story.sends("alice", "ho", 31)
    story.says("alice", "hi")
    story.hears("bob", new_message(message(31, "hi")))
    assert said(story) == {"31": "ho"}


def test_a_list_that_mixes_up_two_messages_tells_nothing() -> None:
    story = on_sockets()
    story.sends("alice", "ho", 31)
    story.says("alice", "hi")
    story.lists("bob", message(31, "hi"))
    assert said(story) == {"31": "ho"}


def test_one_id_for_two_texts_leaves_a_doubt() -> None:
    story = on_sockets()
    story.says("alice", "hi"), story.says("alice", "ho")
    story.hears("bob", new_message(message(31, "hi"))), story.hears("bob", new_message(message(31, "ho")))
    assert said(story) == {}


def test_in_an_old_conversation_a_list_may_show_the_same_text_from_before() -> None:
    story = Story(room=False)
    story.starts("alice", "bob", status=200)
    story.listens("alice")
    story.says("alice", "hi")
    story.lists("bob", message(12, "hi"))
    assert said(story) == {}


def test_a_list_that_names_another_author_tells_nothing() -> None:
    story = on_sockets()
    story.says("alice", "hi")
    story.lists("bob", message(31, "hi", "bob"))
    assert said(story) == {}


def test_an_outsiders_frame_is_not_named() -> None:
    story = on_sockets()
    story.listens("carol")
    story.says("carol", "hi")
    story.lists("bob", message(31, "hi", "carol"))
    assert said(story) == {}
