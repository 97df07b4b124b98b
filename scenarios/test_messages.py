"""Messages: sent, edited, deleted, and who hears of it."""

from __future__ import annotations

import pytest

from earwitness.live import SOMETHING, LiveMember, RoomHandle, Stage


@pytest.mark.needs("send-text", "list-messages")
@pytest.mark.covers("fe16ops:MSG-1", "netroxchange:SEND-3", "netroxchange:READ-2")
@pytest.mark.covers("connectify:CONV-8", "connectify:GRP-4")
@pytest.mark.covers("conversations:SEND-1", "conversations:REST-1")
@pytest.mark.covers("rooms:MSG-1")
@pytest.mark.each_kind
def test_a_text_that_was_sent_can_be_read(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    sent = alice.sends(room, "hello")
    alice.is_told_what_was_sent(sent, read=False)
    alice.sees(sent, text="hello", author=alice, kind="text", read=False, deleted=False)
    bob.sees(sent, text="hello", author=alice)


@pytest.mark.needs("send-text", "message-created")
@pytest.mark.covers("fe16ops:MSG-2", "netroxchange:SEND-1", "netroxchange:SEND-2")
@pytest.mark.each_form("send-text")
@pytest.mark.each_kind
def test_a_new_message_reaches_the_other_participants(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle, form: str
) -> None:
    alice.listens(room), bob.listens(room), carol.overhears(room)
    sent = alice.sends(room, "hello", form=form)
    bob.hears("message-created", sent, text="hello", author=alice)
    carol.hears_nothing_of(room)


@pytest.mark.needs("send-text", "message-created", "list-messages")
@pytest.mark.covers("netroxchange:SEND-4")
@pytest.mark.covers("conversations:REST-2")
def test_what_was_missed_is_there_afterwards(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    away = bob.listens(room)
    bob.stops_listening(away)
    missed = alice.sends(room, "while you were away")
    bob.listens(room)
    bob.sees(missed, text="while you were away", author=alice)


@pytest.mark.needs("send-text", "list-messages")
@pytest.mark.covers("netroxchange:READ-1")
@pytest.mark.covers("conversations:MSG-1")
def test_a_room_holds_its_own_messages_and_no_others(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    other = alice.starts_direct(carol)
    here, there = alice.sends(room, "for bob alone"), alice.sends(other, "for carol alone")
    alice.sees_in_all(room, here)
    alice.does_not_see_text(room, "for carol alone")
    alice.sees_in_all(other, there)
    alice.does_not_see_text(other, "for bob alone")


@pytest.mark.needs("edit-message", "list-messages", "send-text")
@pytest.mark.covers("fe16ops:MSG-3")
@pytest.mark.covers("connectify:MSG-2")
@pytest.mark.covers("conversations:ALL-4")
@pytest.mark.covers("rooms:MSG-5")
@pytest.mark.each_kind
def test_an_edited_message_has_its_new_text_and_says_so(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    sent = alice.sends(room, "helo")
    alice.sees(sent, text="helo", edited=False)
    edited = alice.edits(sent, "hello")
    alice.is_shown(edited, sent, text="hello", edited=True)
    bob.sees(sent, text="hello", edited=True, edited_at=SOMETHING)


@pytest.mark.needs("edit-message", "message-edited", "send-text")
@pytest.mark.covers("fe16ops:MSG-4")
@pytest.mark.each_kind
def test_an_edit_reaches_the_other_participants(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    sent = alice.sends(room, "helo")
    bob.listens(room), carol.overhears(room)
    alice.edits(sent, "hello")
    bob.hears("message-edited", sent, text="hello")
    carol.hears_nothing_of(room)


@pytest.mark.needs("delete-message", "list-messages", "list-rooms", "send-text", "edit-message")
@pytest.mark.covers("fe16ops:MSG-5")
@pytest.mark.covers("connectify:MSG-4")
@pytest.mark.covers("conversations:ALL-6")
@pytest.mark.covers("rooms:MSG-7")
@pytest.mark.each_kind
def test_a_deleted_message_is_gone(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    kept = alice.sends(room, "this one stays")
    sent = alice.sends(room, "this one goes")
    alice.deletes(sent)
    alice.sees(kept, text="this one stays")
    alice.does_not_see(sent)
    bob.does_not_see(sent)
    bob.counts_what_it_lists(room)
    alice.may_not("edit-message", "absent", message=sent, text="too late")
    bob.lists_room(room)


@pytest.mark.needs("delete-message", "message-deleted", "send-text")
@pytest.mark.covers("fe16ops:MSG-6")
@pytest.mark.each_kind
def test_a_deletion_reaches_the_other_participants(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    sent = alice.sends(room, "soon gone")
    bob.listens(room), carol.overhears(room)
    alice.deletes(sent)
    bob.hears("message-deleted", sent)
    carol.hears_nothing_of(room)


@pytest.mark.needs("mark-message-read", "send-text", "list-messages")
@pytest.mark.each_form("mark-message-read", only="http")
@pytest.mark.covers("conversations:ALL-3")
def test_a_message_that_the_other_has_read_says_so_and_when(
    alice: LiveMember, bob: LiveMember, room: RoomHandle, form: str
) -> None:
    before, sent = alice.sends(room, "not read yet"), alice.sends(room, "read this one")
    alice.sees(sent, read=False)
    alice.listens(room)
    bob.must("mark-message-read", form=form, message=sent)
    for member in (alice, bob):
        member.sees(sent, read=True, read_at=SOMETHING, read_by=[bob])
        member.sees(before, read=False)


@pytest.mark.needs("send-text", "list-messages")
@pytest.mark.refuses("invalid", "send-text")
@pytest.mark.covers("conversations:SEND-4")
@pytest.mark.each_kind
def test_a_message_with_nothing_in_it_is_refused(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    before = alice.sends(room, "before there was nothing")
    for operation in stage.operations_of("send-text", refusing="invalid", kind=room.kind):
        stage.try_relation(
            operation, "invalid", room=room, message=before, owner=alice, peer=bob, outsider=carol
        )
    after = alice.sends(room, "after there was nothing")
    bob.sees_nothing_between(before, after)
