"""One sender's messages to one room are heard in the order in which they were certainly sent."""

from __future__ import annotations

from tests.shapes import Object, message, new_message
from tests.story import Asked, Story


def frame(number: int, room: int = 7, author: str = "alice") -> Object:
    return new_message(message(number, f"number {number}", author, conversation_id=room))


def send(story: Story, number: int, room: int = 7, author: str = "alice") -> Asked:
    return story.sends(author, f"number {number}", number, room=room)


def test_messages_in_the_order_of_sending_are_fine() -> None:
    story = Story()
    story.listens("bob")
    for number in (31, 32, 33):
        send(story, number)
        story.hears("bob", frame(number))
    assert story.findings() == ()


def test_messages_the_other_way_round_are_found() -> None:
    story = Story()
    story.listens("bob")
    first, second = send(story, 31), send(story, 32)
    one, other = story.hears("bob", frame(32)), story.hears("bob", frame(31))
    finding = story.the_finding("delivery-order")
    assert finding.evidence == (first.n, second.n, one, other)
    assert finding.clause == "5.MSG"


def test_a_message_between_them_that_has_no_order_hides_nothing() -> None:
    story = Story()
    story.listens("bob")
    between = story.is_sending("alice", "number 33")
    first, second = send(story, 31), send(story, 32)
    story.is_sent(between, message(33, "number 33"))
    one = story.hears("bob", frame(32))
    story.hears("bob", frame(33))
    other = story.hears("bob", frame(31))
    assert story.the_finding("delivery-order").evidence == (first.n, second.n, one, other)


def test_messages_that_were_sent_at_once_have_no_order() -> None:
    story = Story()
    story.listens("bob")
    one, other = story.is_sending("alice", "number 31"), story.is_sending("alice", "number 32")
    story.is_sent(one, message(31, "number 31")), story.is_sent(other, message(32, "number 32"))
    story.hears("bob", frame(32)), story.hears("bob", frame(31))
    assert story.findings() == ()


def test_two_senders_have_no_order() -> None:
    story = Story()
    story.listens("bob")
    story.listens("alice")
    send(story, 31), send(story, 32, author="bob")
    for member in ("alice", "bob"):
        story.hears(member, frame(32, author="bob")), story.hears(member, frame(31))
    assert story.findings() == ()


def test_two_rooms_have_no_order() -> None:
    story = Story()
    story.starts("bob", "carol", room=8)
    story.listens("bob")
    send(story, 31), send(story, 32, room=8, author="carol"), send(story, 33, room=8, author="carol")
    for number, room, author in ((32, 8, "carol"), (33, 8, "carol"), (31, 7, "alice")):
        story.hears("bob", frame(number, room, author))
    assert story.findings() == ()


def test_frames_of_one_socket_have_an_order() -> None:
    story = Story()
    story.listens("alice"), story.listens("bob")
    first, second = story.says("alice", "one"), story.says("alice", "two")
    one, other = (story.hears("bob", new_message(message(n, text))) for n, text in ((32, "two"), (31, "one")))
    assert story.the_finding("delivery-order").evidence == (first.n, second.n, one, other)


def test_frames_of_two_devices_have_none() -> None:
    story = Story()
    story.listens("alice"), story.listens("alice", "tablet"), story.listens("bob")
    story.says("alice", "one"), story.says("alice", "two", socket="tablet")
    story.hears("bob", new_message(message(32, "two"))), story.hears("bob", new_message(message(31, "one")))
    assert story.findings() == ()


def test_a_frame_and_a_request_after_it_have_none_since_nothing_says_when_the_frame_was_taken() -> None:
    story = Story()
    story.listens("alice"), story.listens("bob")
    story.says("alice", "said"), send(story, 32)
    story.hears("bob", frame(32)), story.hears("bob", new_message(message(31, "said")))
    assert story.findings() == ()


def test_a_frame_that_was_said_after_an_answer_comes_later() -> None:
    story = Story()
    story.listens("alice"), story.listens("bob")
    send(story, 31), story.says("alice", "said")
    story.hears("bob", new_message(message(32, "said"))), story.hears("bob", frame(31))
    assert story.the_finding("delivery-order").check == "delivery-order"


def test_each_device_has_an_order_of_its_own() -> None:
    story = Story()
    story.listens("bob"), story.listens("bob", "tablet")
    send(story, 31), send(story, 32)
    story.hears("bob", frame(31)), story.hears("bob", frame(32))
    one, other = story.hears("bob", frame(32), "tablet"), story.hears("bob", frame(31), "tablet")
    assert story.the_finding("delivery-order").evidence[2:] == (one, other)
