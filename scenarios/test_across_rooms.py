"""Messages beyond their rooms: the list of all messages, and one message alone."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle


@pytest.mark.needs("list-all-messages", "send-text", "start-direct or open-direct")
@pytest.mark.covers("conversations:ALL-1")
def test_the_list_of_all_messages_has_those_of_all_ones_rooms_and_no_others(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    said, heard = alice.sends(room, "from alice to bob"), bob.sends(room, "from bob to alice")
    other = alice.sends(alice.starts_direct(carol), "from alice to carol")
    elsewhere = bob.sends(bob.starts_direct(carol), "from bob to carol")
    for message in (said, heard, other):
        alice.finds("list-all-messages", message)
    alice.does_not_find("list-all-messages", elsewhere)
    for message in (said, heard, elsewhere):
        bob.finds("list-all-messages", message)
    bob.does_not_find("list-all-messages", other)


@pytest.mark.needs("list-all-messages", "delete-message", "send-text")
@pytest.mark.covers("conversations:ALL-1")
def test_a_deleted_message_has_left_the_list_of_all_messages(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    kept, gone = (
        alice.sends(room, "this one stays in the list"),
        alice.sends(room, "this one leaves the list"),
    )
    alice.deletes(gone)
    for member in (alice, bob):
        member.finds("list-all-messages", kept)
        # What a list of all does with deleted messages, the rule says, and the check knows on what it rests.
        member.walks("list-all-messages")


@pytest.mark.needs("list-all-messages.page_size", "send-text")
@pytest.mark.covers("conversations:ALL-1")
def test_the_list_of_all_messages_comes_in_pages_as_long_as_was_asked(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    alice.stage.needs_a_new_room(room)
    sent = [
        (alice if number % 2 else bob).sends(room, f"message {number} of all there are")
        for number in range(5)
    ]
    bob.lists_in_pages("list-all-messages", 2, *sent, asked=2)


@pytest.mark.needs("list-all-messages.page", "send-text")
@pytest.mark.refuses("invalid", "list-all-messages")
@pytest.mark.covers("conversations:ALL-1")
def test_a_page_of_all_messages_that_is_not_there_is_refused(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    alice.sends(room, "the only message that there is")
    bob.may_not("list-all-messages", "invalid", page=1_000_000)


@pytest.mark.needs("read-message", "list-messages", "send-text")
@pytest.mark.covers("conversations:ALL-2")
@pytest.mark.each_kind
def test_a_message_alone_is_shown_as_the_list_shows_it(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    sent = alice.sends(room, "on its own and in the list")
    bob.sees(sent, text="on its own and in the list", author=alice, read=False, edited=False)
    alone = bob.must("read-message", message=sent)
    bob.is_shown(
        alone,
        sent,
        text="on its own and in the list",
        author=alice,
        room=room.id,
        read=False,
        edited=False,
    )
