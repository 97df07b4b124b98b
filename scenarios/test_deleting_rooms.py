"""Rooms that are deleted: gone for everybody who was in them, and no hindrance to another one."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle


@pytest.mark.needs("delete-room", "list-rooms", "list-messages", "send-text")
@pytest.mark.covers("conversations:CONV-6")
@pytest.mark.covers("rooms:ROOM-8")
@pytest.mark.each_kind
def test_a_deleted_room_is_gone_for_everybody(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    alice.sends(room, "soon nobody reads this")
    alice.must("delete-room", room=room)
    for member in (alice, bob):
        member.does_not_list(room)
        member.may_not("list-messages", "absent", room=room)
        member.may_not("send-text", "absent", room=room, text="is anybody still here?")
    bob.may_not("delete-room", "absent", room=room)


@pytest.mark.needs("delete-room", "start-direct or open-direct", "list-rooms", "list-messages", "send-text")
@pytest.mark.covers("conversations:CONV-6")
def test_starting_after_a_deletion_makes_another_room(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    alice.sends(room, "before the deletion")
    alice.must("delete-room", room=room)
    again = bob.starts_direct(alice)
    bob.is_told_whether_new(again, True)
    for member in (alice, bob):
        member.lists_room(again, members=[alice, bob])
        member.does_not_list(room)
        member.does_not_see_text(again, "before the deletion")
