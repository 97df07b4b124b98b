"""Rooms that anybody may look into and enter: what who is outside may do, when somebody is in, and what those who are in hear."""

from __future__ import annotations

from typing import Any

import pytest

from earwitness.checks import judge_claim
from tests.saga import Saga, message, room


def opened(*, foreign: bool = False, kind: str = "public") -> Saga:
    """A public room of alice and bob, with a message; carol and dave are outside."""
    saga = Saga(foreign=foreign)
    saga.founded(5, kind, "alice", "bob")
    saga.sends("alice", "welcome, all", 31)
    return saga


WELCOME = message(31, "alice", "welcome, all")


def shown(*members: str, latest: dict[str, Any] = WELCOME, **more: Any) -> dict[str, Any]:
    last = {name: latest[name] for name in ("id", "content", "timestamp", "sender")}
    return room(5, *members, kind="public", **({"last_message": last} | more))


def test_who_is_outside_may_look_in() -> None:
    saga = opened()
    saga.looks_at("carol", shown("alice", "bob"))
    saga.lists_messages("carol", message(31, "alice", "welcome, all"))
    saga.acts("carol", "listTypingUsers", "list-typing", 200, [])
    assert saga.found() == []


def test_that_who_is_outside_may_look_in_is_our_reading() -> None:
    saga = opened()
    saga.lists_messages("carol", status=403)
    assert saga.found() == [("members-are-served", "decided")]


def test_where_nobody_may_look_in_who_is_outside_is_refused() -> None:
    for status in (403, 200):
        saga = opened(kind="group")
        saga.lists_messages("carol", message(31, "alice", "welcome, all"), status=status)
        assert saga.found() == ([("refusal", "stated")] if status == 200 else [])


@pytest.mark.parametrize("status", [403, 200])
@pytest.mark.parametrize("what", ["send", "react", "read", "read all", "leave", "rename"])
def test_who_is_outside_writes_nothing(what: str, status: int) -> None:
    saga = opened()
    match what:
        case "send":
            saga.sends("carol", "let me say", 32, status=201 if status == 200 else status)
        case "react":
            mine = {"👍": [message(0, "carol", "")["sender"]["id"]]} if status == 200 else {}
            saga.reacts("carol", 31, "👍", mine, status)
        case "read":
            saga.reads("carol", 31, status=status)
        case "read all":
            saga.acts(
                "carol", "markRoomRead", "mark-room-read", status, {"status": "marked as read", "count": 1}
            )
        case "leave":
            saga.acts("carol", "leaveRoom", "leave", status, {"status": "left room"})
        case "rename":
            saga.acts(
                "carol",
                "updateRoom",
                "rename-room",
                status,
                shown("alice", "bob", name="Mine"),
                body={"name": "Mine"},
            )
    assert [check for check, _ in saga.found()] == ([] if status == 403 else ["refusal"])


def test_who_opens_the_socket_is_in_and_stays_in() -> None:
    saga = opened()
    saga.listens("carol", 5), saga.waits(), saga.closes("carol-5")
    saga.sends("carol", "here I am", 32)
    saga.lists_rooms("carol", shown("alice", "bob", "carol", latest=message(32, "carol", "here I am")))
    assert saga.found() == []


def test_that_who_has_entered_stays_in_is_our_reading() -> None:
    saga = opened()
    saga.listens("carol", 5), saga.waits(), saga.closes("carol-5")
    saga.sends("carol", "here I am", 32, status=403)
    saga.lists_rooms("carol")
    assert sorted(saga.found()) == [("members-are-served", "decided"), ("rooms-listed", "decided")]


def test_that_the_socket_opens_to_who_is_outside_is_our_reading() -> None:
    for member, basis in (("carol", "decided"), ("bob", "stated")):
        saga = opened()
        saga.listens(member, 5, refused=403)
        assert saga.found() == [("handshake-accepts", basis)]


def test_who_left_again_is_outside() -> None:
    for heard in (False, True):
        saga = opened()
        saga.listens("alice", 5)
        saga.listens("carol", 5), saga.hears_of("alice-5", "user_joined", "carol")
        saga.leaves("carol"), saga.sends("carol", "and yet", 32, status=403)
        saga.sends("bob", "among ourselves", 33), saga.hears_message("alice-5", 33, "bob", "among ourselves")
        if heard:
            saga.hears_message("carol-5", 33, "bob", "among ourselves")
        assert saga.found() == ([("delivery-stray", "stated")] if heard else [])


@pytest.mark.parametrize("missed", ["", "alice-5", "carol-5"])
def test_a_message_is_heard_by_those_who_are_in(missed: str) -> None:
    saga = opened()
    saga.listens("alice", 5)
    saga.listens("carol", 5), saga.hears_of("alice-5", "user_joined", "carol")
    saga.sends("bob", "hello there", 32)
    for ear in {"alice-5", "carol-5"} - {missed}:
        saga.hears_message(ear, 32, "bob", "hello there")
    assert [check for check, _ in saga.found()] == (["delivery-lost"] if missed else [])


@pytest.mark.parametrize("sent", [201, 403])
@pytest.mark.parametrize("how", ["cut off", "closed at once"])
def test_of_an_opening_that_nobody_saw_through_nobody_knows_whether_it_was_an_entering(
    how: str, sent: int
) -> None:
    saga = opened()
    if how == "cut off":
        saga.is_opening("carol", 5)
    else:
        saga.listens("carol", 5), saga.closes("carol-5", by="server", code=4403)
    saga.sends("carol", "am I in?", 32, status=sent)
    assert saga.found() == []


# -- lists and searches --------------------------------------------------------------------------------------------------


def test_that_a_list_of_rooms_has_none_that_one_only_looks_into_is_our_reading() -> None:
    for kind, basis in (("public", "decided"), ("group", "stated")):
        for found in (False, True):
            saga = opened(kind=kind)
            saga.lists_rooms("carol", *([shown("alice", "bob", room_type=kind)] if found else []))
            assert saga.found() == ([("rooms-listed", basis)] if found else [])


def test_a_search_finds_open_rooms_and_one_s_own_and_no_others() -> None:
    for kind, found in (("public", []), ("group", [("rooms-listed", "stated")])):
        saga = opened(kind=kind)
        saga.searches("carol", "rooms", "room 5", shown("alice", "bob", room_type=kind))
        assert saga.found() == found


def test_a_search_for_messages_stays_in_one_s_own_rooms() -> None:
    for kind, basis in (("public", "decided"), ("group", "stated")):
        saga = opened(kind=kind)
        saga.searches("carol", "messages", "welcome", message(31, "alice", "welcome, all"))
        assert saga.found() == [("messages-across-rooms", basis)]


def test_nothing_is_unread_for_who_only_looks_in() -> None:
    for count in (0, 1):
        saga = opened()
        saga.searches("carol", "rooms", "room 5", shown("alice", "bob", unread_count=count))
        assert saga.found() == []


@pytest.mark.parametrize("count", [0, 1, 2])
def test_who_entered_later_may_or_may_not_count_what_was_there(count: int) -> None:
    saga = opened()
    saga.listens("carol", 5), saga.waits()
    saga.sends("bob", "to all of you", 32), saga.hears_message("carol-5", 32, "bob", "to all of you")
    told = message(32, "bob", "to all of you")
    saga.lists_rooms("carol", shown("alice", "bob", "carol", latest=told, unread_count=count))
    assert [check for check, _ in saga.found()] == ([] if count else ["unread-count"])


def test_where_anybody_may_come_in_unseen_nothing_is_counted() -> None:
    saga = opened(foreign=True)
    saga.lists_rooms("bob", shown("alice", "bob", unread_count=7))
    assert saga.found() == []


@pytest.mark.parametrize(
    ("kind", "status", "held"),
    [("public", 200, True), ("public", 403, True), ("group", 200, False), ("group", 403, True)],
)
def test_a_claim_that_outsiders_are_refused_says_nothing_of_looking_into_open_rooms(
    kind: str, status: int, held: bool
) -> None:
    saga = opened(kind=kind)
    asked = saga.lists_messages("carol", message(31, "alice", "welcome, all"), status=status)
    claim = saga.claims("refused", exchange=asked.exchange, relation="not-a-member")
    outcome, _ = judge_claim(claim, saga.world())
    assert outcome.held is held
