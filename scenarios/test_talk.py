"""What goes on beside messages, and on sockets: replies, typing, what is said, edited and deleted without HTTP."""

from __future__ import annotations

import pytest

from earwitness.documents import Documents
from earwitness.live import LiveMember, RoomHandle, Stage

# Longer than what a test takes between two of its steps.
_MOMENT_S = 5


@pytest.mark.needs("read-message", "send-text", "list-messages")
@pytest.mark.covers("connectify:MSG-1")
@pytest.mark.covers("conversations:ALL-2")
@pytest.mark.each_kind
def test_one_message_can_be_looked_up_by_members_alone(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    sent = alice.sends(room, "look me up")
    bob.is_shown(bob.must("read-message", message=sent), sent, text="look me up", author=alice)
    carol.may_not("read-message", "not-a-member", message=sent)


@pytest.mark.needs("send-text", "message-created", "list-messages")
@pytest.mark.each_form("send-text", only="socket")
@pytest.mark.each_kind
@pytest.mark.covers("connectify:LIVE-1", "connectify:LIVE-3")
@pytest.mark.covers("conversations:LIVE-1", "conversations:LIVE-2")
@pytest.mark.covers("rooms:LIVE-1", "rooms:LIVE-2")
def test_what_is_said_on_a_socket_is_heard_and_kept(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle, form: str
) -> None:
    alice.listens_everywhere(room), bob.listens_everywhere(room), carol.overhears(room)
    first = alice.sends(room, "the first word", form=form)
    alice.hears_own("message-created", first.done, first, text="the first word")
    bob.hears("message-created", first, text="the first word", author=alice)
    second = bob.sends(room, "the second word", form=form)
    alice.hears("message-created", second, text="the second word", author=bob)
    for member in (alice, bob):
        member.sees_in_all(room, first, second)
    carol.hears_nothing_of(room)


@pytest.mark.needs("send-text", "message-created", "list-messages")
@pytest.mark.each_form("send-text", only="http")
@pytest.mark.each_kind
@pytest.mark.covers("connectify:LIVE-2")
@pytest.mark.covers("conversations:LIVE-1")
@pytest.mark.covers("rooms:LIVE-3")
def test_what_is_sent_by_http_is_heard_on_sockets(
    alice: LiveMember, bob: LiveMember, room: RoomHandle, form: str
) -> None:
    alice.listens_everywhere(room), bob.listens_everywhere(room)
    sent = alice.sends(room, "not said on a socket", form=form)
    alice.hears_own("message-created", sent.done, sent, text="not said on a socket")
    bob.hears("message-created", sent, text="not said on a socket", author=alice)


# -- typing -------------------------------------------------------------------------------------------------------------


@pytest.mark.needs("type", "typing")
@pytest.mark.each_kind
@pytest.mark.each_form("type")
@pytest.mark.covers("connectify:LIVE-4")
@pytest.mark.covers("conversations:LIVE-3")
@pytest.mark.covers("rooms:TYPE-1")
def test_the_others_hear_who_types_and_who_has_stopped(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle, form: str
) -> None:
    bob.listens(room), carol.overhears(room)
    for typing in (True, False):
        done = alice.must("type", form=form, room=room, typing=typing)
        bob.hears("typing", of=done, member=alice, typing=typing)
        alice.hears_own("typing", done, member=alice, typing=typing)
    carol.hears_nothing_of(room)


@pytest.mark.needs("type", "list-typing")
@pytest.mark.each_kind
@pytest.mark.covers("rooms:TYPE-2")
def test_who_types_is_listed_in_that_room_until_they_stop(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle, kind: str
) -> None:
    other = stage.start(kind, bob, carol)
    alice.must("type", room=room, typing=True)
    bob.sees_typing(alice, room)
    bob.sees_no_typing(alice, other)
    alice.must("type", room=room, typing=False)
    bob.sees_no_typing(alice, room)


@pytest.mark.needs("type", "list-typing")
@pytest.mark.rule("typing-expiry")
@pytest.mark.covers("rooms:TYPE-3")
def test_whoever_says_nothing_for_a_while_types_no_more(
    stage: Stage, documents: Documents, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    lasting = documents.binding.number("typing-expiry")
    alice.must("type", room=room, typing=True)
    bob.sees_typing(alice, room)
    stage.lever("move-clock", seconds=lasting - _MOMENT_S)
    bob.sees_typing(alice, room)
    stage.lever("move-clock", seconds=2 * _MOMENT_S)
    bob.sees_no_typing(alice, room)


# -- what is changed by what is said ------------------------------------------------------------------------------------


@pytest.mark.needs("edit-message", "message-edited", "send-text", "list-messages")
@pytest.mark.each_form("edit-message")
@pytest.mark.each_kind
@pytest.mark.covers("conversations:LIVE-5")
def test_an_edit_in_any_form_is_heard_and_read(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle, form: str
) -> None:
    sent = alice.sends(room, "helo")
    alice.listens(room), bob.listens(room), carol.overhears(room)
    done = alice.must("edit-message", form=form, message=sent, text="hello")
    bob.hears("message-edited", sent, of=done, text="hello")
    bob.comes_to_see(sent, text="hello", edited=True, author=alice)
    carol.hears_nothing_of(room)


@pytest.mark.needs("delete-message", "message-deleted", "send-text", "list-messages")
@pytest.mark.each_form("delete-message")
@pytest.mark.each_kind
@pytest.mark.covers("fe16ops:MSG-6")
def test_a_deletion_in_any_form_is_heard_and_done(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle, form: str
) -> None:
    kept, sent = alice.sends(room, "this one stays"), alice.sends(room, "this one goes")
    alice.listens(room), bob.listens(room), carol.overhears(room)
    done = alice.must("delete-message", form=form, message=sent)
    bob.hears("message-deleted", sent, of=done)
    bob.comes_not_to_see(sent)
    bob.sees(kept, text="this one stays")
    carol.hears_nothing_of(room)


@pytest.mark.needs("edit-message", "send-text", "list-messages")
@pytest.mark.each_form("edit-message", only="socket")
@pytest.mark.each_kind
@pytest.mark.covers("conversations:ALL-5")
def test_nobody_edits_on_a_socket_what_somebody_else_wrote(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle, form: str
) -> None:
    mine = alice.sends(room, "mine alone")
    alice.listens(room), bob.listens(room)
    done = bob.does("edit-message", form=form, source="refusal", message=mine, text="bob was here")
    alice.hears_nothing_come_of(done)
    stage.lets_sink_in()
    alice.sees_unchanged(mine)


@pytest.mark.needs("delete-message", "send-text", "list-messages")
@pytest.mark.each_form("delete-message", only="socket")
@pytest.mark.each_kind
@pytest.mark.covers("conversations:ALL-7")
def test_nobody_deletes_on_a_socket_what_somebody_else_wrote(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle, form: str
) -> None:
    mine = alice.sends(room, "mine alone")
    alice.listens(room), bob.listens(room)
    alice.hears_nothing_come_of(bob.does("delete-message", form=form, source="refusal", message=mine))
    stage.lets_sink_in()
    alice.sees_unchanged(mine)


@pytest.mark.needs("unreact", "react", "send-text", "list-messages")
@pytest.mark.covers("fe16ops:FEAT-2")
def test_a_reaction_can_be_taken_back(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    sent = alice.sends(room, "what do you think?")
    bob.reacts(sent, "👍")
    bob.must("unreact", message=sent, emoji="👍")
    alice.sees(sent, text="what do you think?", reactions=[])
