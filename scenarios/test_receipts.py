"""Reading: one message or a whole room, who is told of it, and what is unread afterwards."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle, Stage


@pytest.mark.needs("mark-message-read", "message-read", "send-text", "list-messages")
@pytest.mark.covers("connectify:LIVE-5")
@pytest.mark.covers("conversations:LIVE-4")
@pytest.mark.covers("conversations:ALL-3")
@pytest.mark.each_form("mark-message-read")
@pytest.mark.each_kind
def test_the_others_hear_who_has_read_a_message(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle, form: str
) -> None:
    unread, sent = alice.sends(room, "bob leaves this"), alice.sends(room, "bob reads this")
    alice.listens(room), bob.listens(room), carol.overhears(room)
    done = bob.must("mark-message-read", form=form, message=sent)
    alice.hears("message-read", sent, of=done, member=bob)
    alice.comes_to_see(sent, read_by=[bob], read=True)
    alice.sees(unread, read_by=[], read=False)
    carol.hears_nothing_of(room)


@pytest.mark.needs("mark-message-read", "send-text", "list-messages")
@pytest.mark.has("silent-receipts")
@pytest.mark.covers("rooms:READ-4")
@pytest.mark.covers("rooms:READ-5")
@pytest.mark.each_form("mark-message-read")
@pytest.mark.each_kind
def test_a_receipt_that_no_event_tells_of_is_kept_and_heard_by_nobody(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle, form: str
) -> None:
    unread, sent = alice.sends(room, "bob leaves this"), alice.sends(room, "bob reads this")
    ears = {alice: alice.listens_everywhere(room), bob: bob.listens_everywhere(room)}
    stage.settle_dues()
    for member, opened in ears.items():
        for ear in opened:
            member.hears_nothing_on(ear)
    bob.must("mark-message-read", form=form, message=sent)
    alice.comes_to_see(sent, read_by=[bob], read=True)
    alice.sees(unread, read_by=[], read=False)


@pytest.mark.needs("mark-message-read", "send-text", "list-messages")
@pytest.mark.covers("rooms:READ-1")
@pytest.mark.each_form("mark-message-read", only="http")
@pytest.mark.each_kind
def test_marking_a_message_says_whether_it_was_read_before(
    alice: LiveMember, bob: LiveMember, room: RoomHandle, form: str
) -> None:
    sent = alice.sends(room, "read this once, and once more")
    for before in (False, True):
        bob.is_told(bob.must("mark-message-read", form=form, message=sent), "already", before)
    alice.sees(sent, read_by=[bob], read=True)


@pytest.mark.needs("mark-message-read", "send-text", "list-messages")
@pytest.mark.covers("conversations:ALL-3")
@pytest.mark.each_form("mark-message-read")
@pytest.mark.each_kind
def test_reading_what_one_wrote_is_no_reading(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle, form: str
) -> None:
    own = alice.sends(room, "alice's own")
    alice.listens_everywhere(room), bob.listens(room)
    stage.settle_dues()
    # What no document says of one's own message is our reading: it needs no receipt, and gets none.
    bob.hears_nothing_more_of(room, basis="decided")
    alice.does("mark-message-read", form=form, message=own)
    stage.lets_sink_in()
    bob.sees(own, basis="decided", read_by=[], read=False)


@pytest.mark.needs("mark-message-read", "start-group", "send-text", "list-messages", "list-rooms")
@pytest.mark.covers("connectify:LIVE-5")
@pytest.mark.covers("rooms:READ-3")
@pytest.mark.each_form("mark-message-read")
@pytest.mark.each_kind
def test_a_message_shows_each_of_its_readers_once(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, group: RoomHandle, form: str
) -> None:
    sent = alice.sends(group, "read this, both of you")
    bob.must("mark-message-read", form=form, message=sent)
    alice.comes_to_see(sent, read_by=[bob], read=True)
    carol.lists_room(group, unread=1)
    for reader in (bob, carol):
        reader.must("mark-message-read", form=form, message=sent)
    alice.comes_to_see(sent, read_by=[bob, carol], read=True)


@pytest.mark.needs("mark-message-read", "send-text", "list-rooms", "list-messages")
@pytest.mark.covers("connectify:CONV-4")
@pytest.mark.covers("rooms:ROOM-4")
@pytest.mark.each_form("mark-message-read")
@pytest.mark.each_kind
def test_each_message_that_is_read_is_one_less_unread(
    alice: LiveMember, bob: LiveMember, room: RoomHandle, form: str
) -> None:
    before, hers = bob.unread_in(room), alice.unread_in(room)
    own = bob.sends(room, "bob's own")
    sent = [alice.sends(room, f"number {number} for bob") for number in range(3)]
    bob.lists_room(room, unread=before + 3)
    bob.must("mark-message-read", form=form, message=sent[1])
    alice.comes_to_see(sent[1], read_by=[bob], read=True)
    bob.lists_room(room, unread=before + 2)
    alice.sees(own, basis="decided", read_by=[], read=False)
    alice.lists_room(room, unread=hers + 1)


@pytest.mark.needs("mark-room-read", "send-text", "list-rooms", "list-messages")
@pytest.mark.covers("rooms:READ-2")
@pytest.mark.each_kind
def test_marking_a_room_says_how_many_messages_that_read(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    bob.reads(room), alice.reads(room)
    bob.sends(room, "bob's own")
    sent = [alice.sends(room, "one"), alice.sends(room, "two")]
    bob.lists_room(room, unread=2)
    bob.is_told(bob.reads(room), "count", 2)
    bob.lists_room(room, unread=0)
    bob.is_told(bob.reads(room), "count", 0)
    for message in sent:
        alice.sees(message, read_by=[bob], read=True)
    alice.lists_room(room, unread=1)


@pytest.mark.needs("mark-room-read", "start-group", "send-text", "list-rooms", "list-messages")
@pytest.mark.covers("rooms:READ-2", "rooms:READ-3")
@pytest.mark.each_kind
def test_whoever_reads_a_room_reads_it_for_nobody_else(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, group: RoomHandle
) -> None:
    sent = alice.sends(group, "bob reads this, and carol does not")
    bob.is_told(bob.reads(group), "count", 1)
    bob.lists_room(group, unread=0)
    carol.lists_room(group, unread=1)
    alice.sees(sent, read_by=[bob])
