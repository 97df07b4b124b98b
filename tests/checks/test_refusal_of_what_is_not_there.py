"""Requests about what is not there: a message in another room than its own, oneself as another, a kind of room that has no such thing."""

from __future__ import annotations

import pytest

from earwitness.history import Json
from tests.saga import Saga, edited, message, message_id, room, user


def told() -> Saga:
    """Alice and bob in one room, carol and bob in another."""
    saga = Saga()
    saga.founded(5, "group", "alice", "bob")
    saga.founded(6, "group", "carol", "bob")
    saga.sends("carol", "ours alone", 31, place=6)
    return saga


@pytest.mark.parametrize("status", [404, 200])
@pytest.mark.parametrize("who", ["alice", "bob"])
@pytest.mark.parametrize("what", ["react", "read", "reply", "edit"])
def test_a_message_of_another_room_is_not_there(what: str, who: str, status: int) -> None:
    saga = told()
    match what:
        case "react":
            saga.reacts(who, 31, "👍", {"👍": [user(who)["id"]]}, status)
        case "read":
            saga.reads(who, 31, status=status)
        case "reply":
            saga.sends(who, "an answer to you", 32, status=201 if status == 200 else status, reply_to=31)
        case "edit":
            answer = edited(31, "carol", "mine now")
            saga.acts(
                who, "editMessage", "edit-message", status, answer, about=31, body={"content": "mine now"}
            )
    assert ("refusal" in {check for check, _ in saga.found()}) is (status == 200)


def test_in_its_own_room_it_is_there() -> None:
    saga = told()
    saga.reacts("bob", 31, "👍", {"👍": [user("bob")["id"]]}, place=6)
    saga.reads("bob", 31, place=6)
    saga.sends("bob", "an answer to you", 32, place=6, reply_to=31)
    assert saga.found() == []


def test_what_was_refused_there_is_unchanged_at_home() -> None:
    saga = told()
    saga.reacts("alice", 31, "👍", {}, 404), saga.reads("alice", 31, status=404)
    saga.lists_messages("bob", message(31, "carol", "ours alone", place=6), place=6)
    assert saga.found() == []


@pytest.mark.parametrize("heard", [False, True])
def test_what_a_server_makes_of_a_frame_that_answers_a_message_of_another_room_is_its_own(
    heard: bool,
) -> None:
    saga = told()
    saga.listens("alice", 5)
    saga.says("alice-5", "reply", type="message", content="an answer", reply_to=message_id(31))
    if heard:
        saga.hears_message("alice-5", 32, "alice", "an answer")
    assert saga.found() == []


# -- what is not done to oneself, or to rooms of some kinds --------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 201])
def test_nobody_meets_oneself(status: int) -> None:
    saga = Saga()
    shown = room(7, "alice", kind="direct")
    body: Json = {"user_id": user("alice")["id"]}
    saga.asks("alice", "directMessage", status, shown if status == 201 else {}, verb="open-direct", body=body)
    assert ("refusal" in {check for check, _ in saga.found()}) is (status == 201)


@pytest.mark.parametrize(("kind", "status"), [("direct", 400), ("direct", 200), ("group", 200)])
def test_a_room_of_two_is_not_left(kind: str, status: int) -> None:
    saga = Saga()
    if kind == "direct":
        saga.met(5, "alice", "bob")
    else:
        saga.founded(5, kind, "alice", "bob")
    answer: Json = {"status": "left room"} if status == 200 else {}
    saga.acts("bob", "leaveRoom", "leave", status, answer)
    assert [check for check, _ in saga.found()] == (["refusal"] if kind == "direct" and status == 200 else [])


def test_who_was_refused_to_leave_is_still_there() -> None:
    for heard in (False, True):
        saga = Saga()
        saga.met(5, "alice", "bob"), saga.listens("bob", 5)
        saga.acts("bob", "leaveRoom", "leave", 400, {})
        saga.sends("alice", "still with you?", 31)
        if heard:
            saga.hears_message("bob-5", 31, "alice", "still with you?")
        assert saga.found() == ([] if heard else [("delivery-lost", "decided")])
