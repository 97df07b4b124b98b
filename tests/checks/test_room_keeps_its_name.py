"""A room of many is called what it was called last: as it was created, and since it was given another name by that."""

from __future__ import annotations

import pytest

from tests.saga import Saga, room, user


def a_group() -> Saga:
    saga = Saga()
    saga.founded(5, "group", "alice", "bob")
    return saga


def names(saga: Saga) -> list[tuple[str, str]]:
    return [one for one in saga.found() if one[0] == "room-keeps-its-name"]


@pytest.mark.parametrize("name", ["Room 5", " Room 5 "])
def test_the_name_that_it_was_given_is_fine_wherever_it_is_shown(name: str) -> None:
    saga = a_group()
    saga.looks_at("bob", room(5, "alice", "bob", name=name))
    saga.lists_rooms("alice", room(5, "alice", "bob", name=name))
    saga.searches("alice", "rooms", "Room", room(5, "alice", "bob", name=name))
    assert saga.found() == []


@pytest.mark.parametrize("name", ["Room 6", None, "room 5", ""])
def test_another_name_is_found(name: str | None) -> None:
    saga = a_group()
    saga.looks_at("bob", room(5, "alice", "bob", name=name))
    assert names(saga) == [("room-keeps-its-name", "stated")]


def test_the_answer_to_creating_it_shows_it() -> None:
    saga = Saga()
    saga.founded(5, "group", "alice", "bob", name="Room")
    assert names(saga) == [("room-keeps-its-name", "stated")]


@pytest.mark.parametrize(("name", "found"), [("Room 5", True), ("Hall", False)])
def test_once_it_has_another_name_the_old_one_is_found(name: str, found: bool) -> None:
    saga = a_group()
    renamed = room(5, "alice", "bob", name="Hall")
    saga.acts("alice", "updateRoom", "rename-room", 200, renamed, body={"name": "Hall"})
    saga.lists_rooms("bob", room(5, "alice", "bob", name=name))
    assert bool(names(saga)) is found


def test_the_answer_to_another_name_shows_that() -> None:
    saga = a_group()
    saga.acts("alice", "updateRoom", "rename-room", 200, room(5, "alice", "bob"), body={"name": "Hall"})
    assert names(saga) == [("room-keeps-its-name", "stated")]


def test_a_refused_name_is_none() -> None:
    saga = a_group()
    saga.acts("bob", "updateRoom", "rename-room", 403, body={"name": "Hall"})
    saga.looks_at("bob", room(5, "alice", "bob"))
    assert names(saga) == []


def test_a_room_that_nobody_here_has_named_and_one_of_two_may_be_called_anything() -> None:
    saga = Saga()
    saga.met(6, "alice", "bob", name="whatever")
    saga.lists_rooms(
        "alice", room(6, "alice", "bob", kind="direct", name="else", other_user=user("bob")), room(7, "carol", "alice", name="old")
    )  # fmt: skip
    assert names(saga) == []
