"""Rooms as such: what they are called, who may call them something else, and rooms of two that stay what they are."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle, Stage


@pytest.mark.needs("start-group.name", "list-rooms")
@pytest.mark.covers("rooms:ROOM-5")
@pytest.mark.covers("connectify:GRP-1")
@pytest.mark.each_kind
def test_a_room_bears_the_name_that_it_was_given(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, group_kind: str
) -> None:
    group = alice.starts_group(bob, carol, kind=group_kind, name="Plans for the summer")
    for member in (alice, carol):
        member.lists_room(group, name="Plans for the summer", kind=group_kind)


@pytest.mark.needs("rename-room", "start-group.name", "list-rooms")
@pytest.mark.covers("rooms:ROOM-7")
@pytest.mark.each_kind
def test_a_room_is_given_another_name(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, dave: LiveMember, group: RoomHandle
) -> None:
    alice.must("rename-room", room=group, name="Plans for the winter")
    for member in (alice, bob):
        member.lists_room(group, name="Plans for the winter")
    bob.may_not("rename-room", "not-an-admin", room=group, name="bob was here")
    dave.may_not("rename-room", "not-a-member", room=group, name="dave was here")
    carol.lists_room(group, name="Plans for the winter")


@pytest.mark.needs("start-direct or open-direct", "list-rooms")
@pytest.mark.refuses("oneself", "start-direct", "open-direct")
@pytest.mark.covers("rooms:DM-3")
def test_nobody_starts_a_room_with_nobody_else_in_it(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    for operation in stage.operations_of("start-direct", "open-direct", refusing="oneself"):
        alice.is_refused(operation, "oneself", {"peer": alice})
    alice.lists_no_room_having(peer=str(alice.id))
    alice.lists_room(room, members=[alice, bob])


@pytest.mark.needs("start-direct or open-direct", "send-text")
@pytest.mark.refuses("absent", "start-direct", "open-direct")
@pytest.mark.covers("rooms:DM-4")
def test_nobody_starts_a_room_with_somebody_whom_nobody_knows(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    said = alice.sends(room, "bob is somebody")
    for operation in stage.operations_of("start-direct", "open-direct", refusing="absent"):
        stage.try_relation(
            operation, "absent", room=room, message=said, owner=alice, peer=bob, outsider=carol
        )


@pytest.mark.needs("start-direct or open-direct", "leave", "send-text", "list-rooms")
@pytest.mark.refuses("invalid", "leave")
@pytest.mark.covers("rooms:DM-5")
def test_nobody_leaves_a_room_of_two(
    stage: Stage, alice: LiveMember, bob: LiveMember, dave: LiveMember, room: RoomHandle, group: RoomHandle
) -> None:
    said = alice.sends(group, "this is a room that can be left")
    # Rooms of a kind that leaving is not for are among what does not fit.
    for operation in stage.operations_of("leave", refusing="invalid"):
        stage.try_relation(
            operation, "invalid", room=group, message=said, owner=alice, peer=bob, outsider=dave
        )
    for member in (alice, bob):
        member.lists_room(room, members=[alice, bob])
    bob.sees(alice.sends(room, "I am still here"), text="I am still here", author=alice)


@pytest.mark.needs("start-direct or open-direct", "start-group", "list-rooms")
@pytest.mark.covers("rooms:DM-7")
def test_a_room_of_two_shows_each_of_them_the_other(
    alice: LiveMember, bob: LiveMember, room: RoomHandle, group: RoomHandle
) -> None:
    alice.lists_room(room, peer=bob)
    bob.lists_room(room, peer=alice)
    # That a room of more shows nobody in that place is judged wherever one is shown.
    alice.lists_room(group)
    bob.lists_room(group)
