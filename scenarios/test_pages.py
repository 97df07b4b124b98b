"""Pages: as long as they should be, linked to one another, and together the whole list, each of it once and in order."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle, Stage


@pytest.mark.needs("send-text", "list-messages.page_size", "list-messages.next")
@pytest.mark.covers("conversations:MSG-3", "conversations:MSG-4")
@pytest.mark.covers("connectify:CONV-6", "connectify:CONV-7", "connectify:GRP-3")
@pytest.mark.covers("rooms:MSG-2", "rooms:MSG-3")
@pytest.mark.each_kind
@pytest.mark.parametrize("size", [1, 3, 7])
def test_pages_are_as_long_as_was_asked_and_hold_every_message_once(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle, size: int
) -> None:
    stage.needs_a_new_room(room)
    sent = [(alice if number % 3 else bob).sends(room, f"message {number} of a few") for number in range(7)]
    bob.lists_in_pages("list-messages", size, *sent, asked=size, room=room)


@pytest.mark.needs("send-text", "list-messages.next")
@pytest.mark.rule("page-size")
@pytest.mark.covers("conversations:MSG-3")
@pytest.mark.covers("connectify:CONV-6", "connectify:GRP-3")
@pytest.mark.covers("rooms:MSG-2")
@pytest.mark.each_kind
def test_pages_are_as_long_as_documented_where_nothing_is_asked(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    stage.needs_a_new_room(room)
    sent = [
        alice.sends(room, f"message {number} of more than a page")
        for number in range(alice.messages_for_two_pages())
    ]
    bob.lists_in_pages("list-messages", stage.page_size, *sent, room=room)
    bob.sees_in_order(room, *sent)


@pytest.mark.needs("send-text", "list-messages.page_size", "list-messages.next")
@pytest.mark.rule("page-size-max")
@pytest.mark.covers("conversations:MSG-4")
@pytest.mark.covers("connectify:CONV-7")
@pytest.mark.covers("rooms:MSG-3")
def test_a_page_is_never_longer_than_the_longest(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    stage.needs_a_new_room(room)
    most = stage.number_of("page-size-max", 0)
    sent = [alice.sends(room, f"message {number} of a great many") for number in range(most + 1)]
    bob.lists_in_pages("list-messages", most, *sent, asked=most, room=room)
    bob.lists_in_pages("list-messages", most, *sent, asked=most + 100, room=room)


@pytest.mark.needs("send-text", "list-messages")
@pytest.mark.rule("message-order")
@pytest.mark.covers("conversations:MSG-2")
@pytest.mark.each_kind
def test_messages_are_listed_in_the_documented_order(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    # Of one member: in which order two are dealt with who write by themselves, nobody can tell.
    sent = [alice.sends(room, f"number {number} of five") for number in range(5)]
    for member in (alice, bob):
        member.sees_in_order(room, *sent)


@pytest.mark.needs("start-group", "list-rooms.next")
@pytest.mark.rule("page-size")
@pytest.mark.covers("rooms:ROOM-2")
def test_a_list_of_rooms_comes_in_pages(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember, group_kind: str
) -> None:
    started = [
        alice.starts_group(bob, carol, kind=group_kind, name=f"room {number}")
        for number in range(alice.messages_for_two_pages())
    ]
    alice.lists_in_pages("list-rooms", stage.page_size, *started)
