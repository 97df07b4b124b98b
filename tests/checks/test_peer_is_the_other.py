"""Whom a room of two is with, as each of the two is shown it; a room of many is with nobody."""

from __future__ import annotations

from typing import Any

import pytest

from tests.saga import Saga, room, user


@pytest.mark.parametrize(
    ("member", "peer"), [("alice", "bob"), ("bob", "alice"), ("bob", "bob"), ("alice", "carol")]
)
def test_a_direct_room_is_with_the_other_one(member: str, peer: str) -> None:
    saga = Saga()
    saga.met(5, "alice", "bob")
    saga.lists_rooms(member, room(5, "alice", "bob", kind="direct", other_user=user(peer)))
    found = [one for one in saga.found() if one[0] != "response-schema"]
    assert found == ([] if {member, peer} == {"alice", "bob"} else [("peer-is-the-other", "stated")])


@pytest.mark.parametrize("peer", ["", "bob"])
def test_a_room_of_many_is_with_nobody(peer: str) -> None:
    saga = Saga()
    saga.founded(5, "group", "alice", "bob")
    shown: dict[str, Any] = {"other_user": user(peer) if peer else None}
    saga.looks_at("alice", room(5, "alice", "bob", **shown))
    found = [one for one in saga.found() if one[0] != "response-schema"]
    assert found == ([("peer-is-the-other", "stated")] if peer else [])


def test_files_answers_and_peers_that_are_null_are_nothing() -> None:
    saga = Saga()
    saga.founded(5, "group", "alice", "bob")
    saga.sends("alice", "no file, no answer", 31)
    saga.looks_at("bob", room(5, "alice", "bob"))
    world = saga.world()
    sent = world.state.messages[next(iter(world.state.messages))]
    assert (sent.has_file, sent.reply_to, saga.found()) == (False, "", [])
