"""Lists of rooms, and rooms looked at alone: their latest message, what is unread, who is in them and what was said."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle, Stage


@pytest.mark.needs("list-rooms", "send-text")
@pytest.mark.covers("connectify:CONV-3", "connectify:GRP-2")
@pytest.mark.covers("rooms:ROOM-3")
@pytest.mark.each_kind
def test_a_list_of_rooms_shows_the_latest_message_of_each(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    other = stage.start(room.kind, alice, carol)
    alice.sends(room, "first to bob"), alice.sends(other, "first to carol")
    alice.lists_room(room, last_text="first to bob", last_author=alice)
    bob.sends(room, "latest from bob")
    alice.lists_room(room, last_text="latest from bob", last_author=bob, members=[alice, bob])
    alice.lists_room(other, last_text="first to carol", last_author=alice, members=[alice, carol])
    bob.does_not_list(other)
    carol.does_not_list(room)


@pytest.mark.needs("list-rooms", "send-text", "mark-message-read", "message-read")
@pytest.mark.rule("unread", "messages-of-others")
@pytest.mark.covers("connectify:CONV-4", "connectify:GRP-2")
@pytest.mark.each_kind
def test_a_list_of_rooms_counts_what_is_unread(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    waiting, waiting_for_alice = bob.unread_in(room), alice.unread_in(room)
    sent = []
    for number in (1, 2, 3):
        sent.append(alice.sends(room, f"unread number {number}"))
        bob.lists_room(room, unread=waiting + number)
    alice.lists_room(room, unread=waiting_for_alice)
    alice.listens(room)
    # One in the middle: whoever marks a message as read has not read those before it.
    bob.must("mark-message-read", room=room, message=sent[1])
    alice.hears("message-read", sent[1], member=bob)
    bob.lists_room(room, unread=waiting + 2)
    bob.sends(room, "my own does not wait for me")
    bob.lists_room(room, unread=waiting + 2)
    alice.lists_room(room, unread=waiting_for_alice + 1)


@pytest.mark.needs("read-room", "send-text")
@pytest.mark.covers("connectify:CONV-5", "connectify:GRP-3")
@pytest.mark.each_kind
def test_a_room_looked_at_alone_shows_who_is_in_it_and_what_was_said(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    first, second = alice.sends(room, "the first to see here"), bob.sends(room, "the second to see here")
    for member in (alice, bob):
        member.sees_room(room, first, second, members=[alice, bob])


@pytest.mark.needs("delete-message", "read-message", "list-rooms", "send-text")
@pytest.mark.rule("deleted-messages", "gone")
@pytest.mark.covers("connectify:MSG-4")
@pytest.mark.each_kind
def test_a_deleted_message_is_no_preview_and_cannot_be_looked_at(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    alice.sends(room, "this one stays, and is shown")
    gone = alice.sends(room, f"this one goes, and is not shown in {room.id}")
    alice.deletes(gone)
    for member in (alice, bob):
        member.lists_no_room_having(last_text=gone.text)
        member.may_not("read-message", "absent", message=gone)
        member.does_not_see(gone)
