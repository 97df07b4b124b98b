"""Rooms of two: starting them, starting them again, listing them, reading them page by page."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle, Stage


@pytest.mark.needs("send-text", "list-rooms")
@pytest.mark.covers("fe16ops:CONV-1", "netroxchange:THREAD-1", "netroxchange:THREAD-2")
@pytest.mark.covers("connectify:CONV-3")
@pytest.mark.covers("conversations:CONV-1")
@pytest.mark.covers("rooms:ROOM-1")
def test_a_list_of_rooms_holds_all_of_a_members_rooms_and_no_others(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    other = alice.starts_direct(carol)
    alice.sends(room, "to bob"), alice.sends(other, "to carol")
    alice.lists_room(room, members=[alice, bob])
    alice.lists_room(other, members=[alice, carol])
    bob.lists_room(room, members=[alice, bob])
    bob.does_not_list(other)
    carol.does_not_list(room)


@pytest.mark.needs("start-direct or open-direct", "list-rooms", "list-messages")
@pytest.mark.covers("fe16ops:CONV-2")
@pytest.mark.covers("connectify:CONV-1")
@pytest.mark.covers("conversations:CONV-4")
@pytest.mark.covers("rooms:DM-1")
def test_starting_with_somebody_new_makes_a_room_of_two(alice: LiveMember, bob: LiveMember) -> None:
    room = alice.starts_fresh_direct(bob, text="is it still there?")
    alice.is_told_whether_new(room, True)
    alice.lists_room(room, members=[alice, bob])
    bob.lists_room(room, members=[alice, bob])
    assert room.first is not None
    bob.sees(room.first, text="is it still there?")


@pytest.mark.needs("start-direct or open-direct", "list-rooms")
@pytest.mark.covers("fe16ops:CONV-3")
@pytest.mark.covers("connectify:CONV-2")
@pytest.mark.covers("conversations:CONV-5")
@pytest.mark.covers("rooms:DM-2")
def test_starting_again_gives_the_room_there_is(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    again = alice.starts_direct(bob)
    alice.is_answered(again.done, again.id_expression, room.raw_id)
    alice.is_told_whether_new(again, False)
    from_the_other_side = bob.starts_direct(alice)
    bob.is_answered(from_the_other_side.done, from_the_other_side.id_expression, room.raw_id)
    bob.is_told_whether_new(from_the_other_side, False)


@pytest.mark.needs("start-direct", "list-rooms")
@pytest.mark.rule("start-again", "refused-with-room")
@pytest.mark.covers("connectify:CONV-2")
def test_starting_again_is_refused_and_names_the_room_there_is(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    for member, peer in ((alice, bob), (bob, alice)):
        again = member.starts_direct(peer)
        member.is_turned_away(again.done.exchange, "a second start with the same member")
        member.is_answered(again.done, again.id_expression, room.raw_id)


@pytest.mark.needs("read-room", "send-text")
@pytest.mark.covers("conversations:CONV-3")
@pytest.mark.covers("rooms:ROOM-6")
@pytest.mark.each_kind
def test_a_room_shows_who_is_in_it_and_what_was_said(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    first, second = alice.sends(room, "what was said first"), bob.sends(room, "what was said then")
    for member in (alice, bob):
        shown = member.must("read-room", room=room)
        member.is_shown_room(shown, room, first, second, members=[alice, bob])


@pytest.mark.needs("list-messages.next", "send-text")
@pytest.mark.covers("fe16ops:CONV-4")
@pytest.mark.covers("connectify:GRP-3")
@pytest.mark.covers("conversations:MSG-3")
@pytest.mark.each_kind
def test_messages_come_in_pages_that_hold_each_of_them_once(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    sent = [
        (alice if i % 3 else bob).sends(room, f"message {i} of a long talk")
        for i in range(alice.messages_for_two_pages())
    ]
    bob.sees_in_all(room, *sent)
    bob.pages_at_least(room, 2)


@pytest.mark.needs("list-messages")
@pytest.mark.covers("netroxchange:READ-3")
@pytest.mark.covers("conversations:MSG-6")
def test_a_room_with_nobody_is_refused(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    said = alice.sends(room, "somebody is there")
    carol = stage.cast("carol")
    for operation in stage.operations_of("list-messages", kind=room.kind):
        stage.try_relation(
            operation, "absent", room=room, message=said, owner=alice, peer=bob, outsider=carol
        )


@pytest.mark.needs("send-text", "list-messages")
@pytest.mark.covers("conversations:SEND-6")
@pytest.mark.each_kind
def test_nothing_is_sent_to_a_room_that_nobody_has(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    said = alice.sends(room, "somebody is there")
    for operation in stage.operations_of("send-text", refusing="absent", kind=room.kind):
        stage.try_relation(
            operation, "absent", room=room, message=said, owner=alice, peer=bob, outsider=carol
        )
    alice.sees_unchanged(said)
