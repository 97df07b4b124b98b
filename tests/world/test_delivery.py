"""Who must, may and must not hear what: each frame is matched with the cause that it fits best."""

from __future__ import annotations

import pytest

from earwitness.world import Due, World, in_words, weakest
from tests.saga import Saga
from tests.shapes import (
    REFUSED,
    Object,
    message,
    message_edited,
    new_message,
    reaction,
    reaction_updated,
    read_receipt,
)
from tests.story import Asked, Story


def due_of(world: World, asked: Asked) -> Due:
    return next(due for due in world.delivery.dues if due.exchange.id == asked.exchange)


def causes(world: World) -> list[tuple[str, str]]:
    """Each frame in the order of hearing: how it was matched, and with which exchange."""
    return [(one.match, one.due.exchange.id if one.due else "") for one in world.delivery.heard]


def three() -> Story:
    story = Story()
    for member in ("alice", "bob", "carol"):
        story.listens(member)
    return story


@pytest.mark.parametrize(
    ("act", "must", "may"),
    [
        # MSG-2, MSG-4, MSG-6: the others; FEAT-4: everyone; a receipt: the other one (decided). The sender may hear its own.
        (lambda story: story.sends("alice", "ho", 32), ["s-bob"], ["s-alice"]),
        (lambda story: story.edits("alice", 31, "ho"), ["s-bob"], ["s-alice"]),
        (lambda story: story.deletes("alice", 31), ["s-bob"], ["s-alice"]),
        (lambda story: story.reacts("bob", 31), ["s-alice", "s-bob"], []),
        (lambda story: story.marks("bob", 1), ["s-alice"], ["s-bob"]),
    ],
)
def test_every_event_has_the_audience_of_its_document(act: object, must: list[str], may: list[str]) -> None:
    story = three()
    story.sends("alice", "hi", 31)
    asked = act(story)  # type: ignore[operator]  # one of the lambdas above
    due = due_of(story.waits().ends().world(), asked)
    assert (sorted(due.must), sorted(due.may)) == (must, may)
    assert due.standing == "certain"
    assert due.clause


@pytest.mark.parametrize(
    ("audience", "heard"),
    [
        ("everyone", [True, True]),
        ("others", [False, True]),
        ("recipient", [False, True]),
        ("sender", [True, False]),
        ("nobody", [False, False]),
    ],
)
def test_the_words_for_an_audience(audience: str, heard: list[bool]) -> None:
    assert [in_words(audience, listener, "alice") for listener in ("alice", "bob")] == heard


def test_a_promise_is_as_good_as_its_weakest_part() -> None:
    assert weakest("stated", "shown") == "shown"
    assert weakest("decided", "shown", "stated") == "decided"
    assert weakest("stated") == "stated"


def test_what_was_refused_is_due_to_nobody_and_what_nobody_answered_may_be_heard() -> None:
    story = three()
    refused = story.answers(story.is_sending("carol", "hi"), 404, REFUSED)
    unknown = story.has_no_answer(story.is_sending("alice", "hi"))
    world = story.ends().world()
    assert (due_of(world, refused).standing, due_of(world, refused).must, due_of(world, refused).may) == (
        "refused",
        (),
        (),
    )
    assert (due_of(world, unknown).standing, due_of(world, unknown).must) == ("unknown", ())
    assert sorted(due_of(world, unknown).may) == ["s-alice", "s-bob"]


def test_an_id_counts_more_than_a_text() -> None:
    story = three()
    first, second = story.sends("alice", "hi", 31), story.sends("alice", "hi", 32)
    story.hears("bob", new_message(message(32, "hi"))), story.hears("bob", new_message(message(31, "hi")))
    assert causes(story.world()) == [("due", second.exchange), ("due", first.exchange)]


def test_a_frame_before_the_answer_is_known_by_the_id_that_the_answer_gives() -> None:
    story = three()
    one, other = story.is_sending("alice", "hi"), story.is_sending("alice", "hi")
    story.hears("bob", new_message(message(32, "hi"))), story.hears("bob", new_message(message(31, "hi")))
    story.is_sent(one, message(31, "hi")), story.is_sent(other, message(32, "hi"))
    assert causes(story.world()) == [("due", other.exchange), ("due", one.exchange)]


def test_what_was_not_asked_for_yet_is_no_cause() -> None:
    story = three()
    story.hears("bob", new_message(message(31, "hi")))
    story.sends("alice", "hi", 31)
    assert causes(story.world()) == [("none", "")]


def test_a_text_without_an_id_is_taken_for_the_first_that_was_not_heard_yet() -> None:
    story = three()
    first, second = story.says("alice", "hi"), story.says("alice", "hi")
    for number in (31, 32):
        story.hears("bob", new_message(message(number, "hi")))
    assert causes(story.world()) == [("due", first.exchange), ("due", second.exchange)]


def test_a_room_that_the_run_knows_tells_two_of_the_same_text_apart() -> None:
    story = three()
    story.starts("alice", "carol", room=8)
    here, there = story.says("alice", "hi", room=7), story.says("alice", "hi", room=8)
    # The sender may hear both.
    for number, where in ((32, 8), (31, 7)):
        story.hears("alice", new_message(message(number, "hi", conversation_id=where)))
    assert causes(story.world()) == [("due", there.exchange), ("due", here.exchange)]


def test_a_frame_that_names_a_message_of_ours_is_not_taken_for_one_that_nobody_answered() -> None:
    story = three()
    unknown = story.has_no_answer(story.is_sending("alice", "hi"))
    sent = story.sends("alice", "hi", 31)
    for _ in range(2):
        story.hears("bob", new_message(message(31, "hi")))
    story.hears("bob", new_message(message(32, "hi")))
    assert causes(story.world()) == [
        ("due", sent.exchange),
        ("again", sent.exchange),
        ("due", unknown.exchange),
    ]


def test_a_refused_cause_comes_last_and_only_for_what_it_asked() -> None:
    story = three()
    story.sends("alice", "hi", 31)
    refused = story.answers(story.is_editing("carol", 31, "carol was here"), 404, REFUSED)
    edited = story.edits("alice", 31, "ho")
    for text in ("ho", "carol was here", "somebody else was here"):
        story.hears("bob", message_edited(message(31, text, is_edited=True)))
    assert causes(story.world()) == [
        ("due", edited.exchange),
        ("refused", refused.exchange),
        ("again", edited.exchange),
    ]


@pytest.mark.parametrize("number", [31, "31"])
def test_ids_are_compared_as_text(number: object) -> None:
    story = three()
    sent = story.sends("alice", "hi", 31)
    story.hears("bob", new_message(message(31, "other", id=number)))
    assert causes(story.world()) == [("due", sent.exchange)]


def test_an_event_that_names_nothing_is_taken_for_what_its_socket_may_hear() -> None:
    story = three()
    story.starts("alice", "carol", room=8)
    first, second = story.sends("alice", "hi", 31), story.sends("alice", "hi", 32, room=8)
    nothing: Object = {"type": "new_message", "message": {"body": "hi"}}
    story.hears("carol", nothing), story.hears("bob", nothing)
    assert causes(story.world()) == [("due", second.exchange), ("due", first.exchange)]


def test_receipts_are_due_for_what_was_certainly_unread() -> None:
    story = three()
    story.sends("alice", "one", 31), story.sends("bob", "bob's own", 32), story.sends("alice", "two", 33)
    first = story.marks("bob", 2)
    for number in (31, 33):
        story.hears("alice", read_receipt("bob", number))
    again = story.marks("bob", 0)
    world = story.ends().world()
    about = [
        (due.exchange.id, due.shows["message"], due.standing)
        for due in world.delivery.dues
        if due.event == "message-read"
    ]
    assert about == [(first.exchange, "31", "certain"), (first.exchange, "33", "certain")]
    assert again.exchange not in {exchange for exchange, _, _ in about}


def test_what_another_reaction_replaced_may_be_told_and_need_not() -> None:
    story = three()
    story.sends("alice", "hi", 31)
    story.reacts("bob", 31)
    replacing = story.reacts("bob", 31, "❤️")
    world = story.ends().world()
    dues = [due for due in world.delivery.dues if due.exchange.id == replacing.exchange]
    assert [(due.shows["emoji"], due.shows["in_force"], due.standing) for due in dues] == [
        ("❤️", "True", "certain"),
        ("👍", "False", "unknown"),
    ]


def test_reactions_that_tell_nothing_are_taken_in_the_order_of_what_must_be_heard() -> None:
    story = three()
    story.sends("alice", "hi", 31)
    asked = [
        story.reacts("bob", 31),
        story.reacts("bob", 31, "❤️"),
        story.reacts("bob", 31, "❤️", reacted=False),
    ]
    for _ in asked:
        story.hears("alice", reaction_updated({"changed": True}))
    assert causes(story.world()) == [("due", one.exchange) for one in asked]


def test_what_is_outstanding_is_what_must_be_heard_still() -> None:
    story = three()
    story.sends("alice", "hi", 31), story.reacts("bob", 31)
    (
        story.hears("bob", new_message(message(31, "hi"))),
        story.hears("bob", reaction_updated(reaction(31, "bob"))),
    )
    (left,) = story.world().delivery.outstanding()
    assert (left.event, left.missing, left.name) == (
        "reaction-changed",
        ("s-alice",),
        "reaction-changed of '👍'",
    )


def test_a_delivery_took_from_the_latest_cause_that_can_have_brought_it() -> None:
    saga = Saga()
    saga.founded(5, "group", "alice", "bob")
    saga.listens("alice", 5)
    saga.listens("bob", 5, "first"), saga.listens("bob", 5, "second")
    heard = saga.hears_of("alice-5", "user_joined", "bob")
    world = saga.world()
    (one,) = world.delivery.heard
    assert one.due is not None and one.due.exchange.id == "first:opened"
    latest = next(due for due in world.delivery.dues if due.exchange.id == "second:opened")
    assert world.delivery.latencies() == [saga.entries[heard - 1].t - latest.exchange.begun]


@pytest.mark.parametrize(
    ("frame", "told"), [(new_message(message(31, "hi")), True), ({"type": "error"}, False), ({}, False)]
)
def test_a_socket_is_told_something_by_events_alone(frame: Object, told: bool) -> None:
    story = three()
    story.sends("alice", "hi", 31)
    story.hears("bob", frame)
    assert story.world().delivery.told("s-bob") is told
