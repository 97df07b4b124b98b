"""Every event reaches exactly those who must hear it: once, in order, on every device, and equal to what REST returns."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from earwitness.live import LiveMember, RoomHandle, Stage


@pytest.mark.needs("send-text", "message-created")
@pytest.mark.each_form("send-text")
def test_messages_are_heard_in_the_order_of_sending(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle, form: str
) -> None:
    alice.listens(room), bob.listens(room), carol.listens()
    sent = [alice.sends(room, f"number {number} in order", form=form) for number in range(10)]
    bob.hears("message-created", sent[-1])
    bob.sees_in_all(room, *(message for message in sent if message.id))
    carol.hears_nothing_of(room)


@pytest.mark.needs("send-text", "message-created")
def test_both_sides_hear_each_other_when_they_send_at_once(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    alice.listens(room), bob.listens(room)
    with ThreadPoolExecutor(2) as pool:
        from_alice = pool.submit(lambda: [alice.sends(room, f"alice says {number}") for number in range(5)])
        from_bob = pool.submit(lambda: [bob.sends(room, f"bob says {number}") for number in range(5)])
        said_by_alice, said_by_bob = from_alice.result(), from_bob.result()
    bob.hears("message-created", said_by_alice[-1])
    alice.hears("message-created", said_by_bob[-1])
    alice.sees_in_all(room, *said_by_alice, *said_by_bob)


@pytest.mark.needs("send-text", "message-created")
def test_a_socket_that_comes_late_hears_only_what_follows(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    alice.sends(room, "before bob listens")
    first = bob.listens(room)
    heard = alice.sends(room, "while bob listens")
    bob.hears("message-created", heard)
    bob.stops_listening(first)
    missed = alice.sends(room, "while bob is away")
    bob.listens(room)
    again = alice.sends(room, "when bob is back")
    bob.hears("message-created", again)
    bob.sees(missed, text="while bob is away", author=alice)


@pytest.mark.needs("start-direct", "message-created")
def test_a_first_message_is_heard_by_a_socket_that_was_open_before(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember
) -> None:
    stage.needs_a_socket_for_new_rooms()
    alice.listens(), bob.listens(), carol.listens()
    room = alice.starts_fresh_direct(bob, text="the first that bob hears of it")
    assert room.first is not None
    bob.hears("message-created", room.first, text="the first that bob hears of it", author=alice)
    bob.sees(room.first, text="the first that bob hears of it", author=alice)
    carol.hears_nothing_of(room)


@pytest.mark.needs("send-text", "list-messages", "message-created")
@pytest.mark.each_form("send-text")
def test_what_a_socket_told_is_there_to_be_read(
    alice: LiveMember, bob: LiveMember, room: RoomHandle, form: str
) -> None:
    alice.listens(room), bob.listens(room)
    sent = alice.sends(room, "heard, and read as well", form=form)
    bob.hears("message-created", sent, text="heard, and read as well", author=alice)
    # Nothing is claimed of the lists: how soon they have what was told, and whether that is promised, the checks know.
    bob.lists_messages(room), alice.lists_messages(room)


@pytest.mark.needs(
    "send-text", "edit-message", "delete-message", "message-created", "message-edited", "message-deleted"
)
def test_a_messages_life_is_heard_from_beginning_to_end(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    alice.listens(room), bob.listens(room), carol.listens()
    message = alice.sends(room, "a short life")
    alice.edits(message, "a short, edited life")
    alice.edits(message, "a short, twice edited life")
    alice.deletes(message)
    bob.hears("message-created", message)
    bob.hears("message-edited", message, text="a short, twice edited life")
    bob.hears("message-deleted", message)
    bob.does_not_see(message)
    carol.hears_nothing_of(room)


@pytest.mark.needs("react", "reaction-changed")
@pytest.mark.rule("reactions", "one-toggled")
def test_every_change_of_a_reaction_is_heard(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    message = alice.sends(room, "react to this")
    alice.listens(room), bob.listens(room), carol.listens()
    bob.reacts(message, "👍")
    bob.reacts(message, "🎉")
    bob.reacts(message, "🎉")
    for member in (alice, bob):
        member.hears("reaction-changed", message, emoji="👍")
        member.hears("reaction-changed", message, emoji="🎉")
    alice.sees(message, reactions=[])
    carol.hears_nothing_of(room)


@pytest.mark.needs("mark-room-read", "message-read")
def test_a_receipt_is_heard_for_what_was_unread_and_for_nothing_else(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    bob.reads(room)
    read = alice.sends(room, "bob will read this")
    own = bob.sends(room, "bob need not read this")
    alice.listens(room), bob.listens(room), carol.listens()
    bob.reads(room)
    alice.hears("message-read", read)
    bob.reads(room)
    alice.sees(own, text="bob need not read this")
    carol.hears_nothing_of(room)
