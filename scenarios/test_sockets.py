"""Sockets: for whom one opens, what it hears and what it must not, who comes and goes, and that HTTP needs none."""

from __future__ import annotations

import pytest

from earwitness.documents import Documents
from earwitness.live import LiveMember, NotRun, RoomHandle, Stage, open_kinds, rooms_of_one_number
from earwitness.live.handles import thing_id
from earwitness.wire import Ear

# Longer than what a test takes between two of its steps, and short beside what expires.
_MOMENT_S = 60


@pytest.mark.needs("send-text", "message-created")
@pytest.mark.covers("netroxchange:AUTH-2")
def test_a_member_listens_on_several_devices(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    for _ in range(3):
        bob.listens(room)
    sent = alice.sends(room, "to each of your devices")
    bob.hears("message-created", sent, text="to each of your devices")


@pytest.mark.covers("netroxchange:AUTH-3")
@pytest.mark.covers("connectify:AUTH-2")
@pytest.mark.covers("conversations:LIVE-7")
@pytest.mark.covers("rooms:AUTH-2")
@pytest.mark.parametrize("role", ["anonymous", "bad-token", "tampered-token", "expired"])
@pytest.mark.each_kind
def test_nobody_listens_without_a_valid_token(bob: LiveMember, room: RoomHandle, role: str) -> None:
    bob.gets_no_socket(role, room)


@pytest.mark.needs("send-text", "message-created")
@pytest.mark.has("room-sockets")
@pytest.mark.covers("connectify:LIVE-7")
@pytest.mark.covers("conversations:LIVE-7")
@pytest.mark.covers("rooms:AUTH-4")
@pytest.mark.each_kind
def test_an_outsider_gets_no_socket_of_a_room(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    bob.listens(room), carol.overhears(room)
    sent = alice.sends(room, "not for carol")
    bob.hears("message-created", sent, text="not for carol")
    carol.hears_nothing_of(room)


# -- its own room and no other ------------------------------------------------------------------------------------------


@pytest.mark.needs("send-text", "message-created")
@pytest.mark.has("room-sockets")
@pytest.mark.covers("connectify:LIVE-6")
@pytest.mark.covers("conversations:LIVE-6")
@pytest.mark.covers("rooms:LIVE-4")
@pytest.mark.each_kind
def test_a_socket_hears_its_own_room_and_no_other(
    stage: Stage,
    documents: Documents,
    alice: LiveMember,
    bob: LiveMember,
    carol: LiveMember,
    room: RoomHandle,
    kind: str,
) -> None:
    binding = documents.binding
    other = stage.start(kind, carol, bob)
    alice.listens_everywhere(room), carol.listens_everywhere(other)
    here, there = bob.listens_everywhere(room), bob.listens_everywhere(other)
    stage.settle_dues()
    alice.hears_nothing_more_of(other)
    carol.hears_nothing_more_of(room)
    for ear in here:
        bob.hears_nothing_more_of(other, on=ear)
    for ear in there:
        bob.hears_nothing_on(ear)
    for form in binding.verbs["send-text"]:
        sent = alice.sends(room, f"only in this room, by {form}", form=form)
        bob.hears("message-created", sent, text=f"only in this room, by {form}")
    if "type" in binding.verbs and "typing" in binding.events:
        alice.must("type", room=room, typing=True)
    if "mark-message-read" in binding.verbs and "message-read" in binding.events:
        alice.must("mark-message-read", message=bob.sends(room, "read this", form="http"))
    if "came-online" in binding.events:
        alice.stops_listening(alice.listens(room))


@pytest.mark.needs("send-text", "message-created")
@pytest.mark.has("separate-ids", "room-sockets")
@pytest.mark.covers("connectify:LIVE-6")
def test_rooms_of_the_same_number_do_not_hear_each_other(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember
) -> None:
    pair, group = rooms_of_one_number(alice, bob, carol)
    ears = {room.kind: alice.listens(room) for room in (pair, group)}
    alice.hears_nothing_more_of(group, on=ears[pair.kind])
    alice.hears_nothing_more_of(pair, on=ears[group.kind])
    for room in (pair, group):
        sent = room.members[1].sends(room, f"said in the {room.kind} alone")
        alice.hears("message-created", sent, text=f"said in the {room.kind} alone")


@pytest.mark.needs("send-text", "message-created")
@pytest.mark.has("peer-sockets")
@pytest.mark.covers("rooms:LIVE-7")
def test_a_room_of_two_is_heard_on_each_of_its_sockets(
    documents: Documents, alice: LiveMember, bob: LiveMember
) -> None:
    room = alice.starts_direct(bob)
    alice.listens_everywhere(room), bob.listens_everywhere(room)
    for form in documents.binding.verbs["send-text"]:
        for member, listener in ((alice, bob), (bob, alice)):
            sent = member.sends(room, f"{member} says this by {form}", form=form)
            listener.hears("message-created", sent, text=f"{member} says this by {form}", author=member)
    if "type" in documents.binding.verbs and "typing" in documents.binding.events:
        done = alice.must("type", room=room, typing=True)
        bob.hears("typing", of=done, member=alice, typing=True)


@pytest.mark.needs("list-rooms", "send-text", "message-created")
@pytest.mark.has("peer-sockets")
@pytest.mark.covers("rooms:DM-6")
def test_a_socket_to_somebody_makes_their_room_or_finds_it(
    stage: Stage, alice: LiveMember, bob: LiveMember
) -> None:
    before = alice.lists_rooms()
    ear = alice.listens(to=bob)
    if stage.fresh_cast:  # accounts with a past may have had their room before
        alice.comes_to_list("rooms", 1, before, alice.lists_rooms)
    made = alice.lists_rooms()
    room = alice.starts_direct(bob)
    bob.listens(to=alice), bob.listens(room)
    alice.comes_to_list("rooms", 0, made, alice.lists_rooms)
    bob.lists_room(room, members=[alice, bob])
    done = alice.does("send-text", form="socket", room=room, text="said to bob, not to a room", on=ear)
    sent = stage.message(done, room, alice, "said to bob, not to a room")
    bob.hears("message-created", sent, text="said to bob, not to a room", author=alice)
    bob.sees(sent, text="said to bob, not to a room", author=alice)


# -- those who come and those who go ------------------------------------------------------------------------------------


@pytest.mark.needs("start-group", "remove-member", "send-text", "message-created", "list-messages")
@pytest.mark.has("room-sockets")
@pytest.mark.covers("connectify:LIVE-7")
@pytest.mark.each_kind
def test_whoever_is_removed_hears_nothing_more(
    documents: Documents, alice: LiveMember, bob: LiveMember, carol: LiveMember, group: RoomHandle
) -> None:
    bob.listens(group)
    ear = carol.listens(group)
    carol.hears("message-created", alice.sends(group, "carol still hears this"))
    alice.must("remove-member", room=group, peer=carol)
    _goes_on_without(documents, alice, bob, carol, group, ear)


@pytest.mark.needs("start-group", "leave", "send-text", "message-created", "list-messages")
@pytest.mark.has("room-sockets")
@pytest.mark.covers("connectify:LIVE-7")
@pytest.mark.covers("rooms:ROOM-9")
@pytest.mark.each_kind
def test_whoever_leaves_hears_nothing_more(
    documents: Documents, alice: LiveMember, bob: LiveMember, carol: LiveMember, group: RoomHandle
) -> None:
    bob.listens(group)
    ear = carol.listens(group)
    carol.hears("message-created", alice.sends(group, "carol still hears this"))
    carol.must("leave", room=group)
    _goes_on_without(documents, alice, bob, carol, group, ear)


def _goes_on_without(
    documents: Documents, alice: LiveMember, bob: LiveMember, carol: LiveMember, group: RoomHandle, ear: Ear
) -> None:
    """The others talk on, and the socket of carol, who is out of the room, tells of nothing; whether it was closed or not."""
    carol.hears_nothing_on(ear)
    if "type" in documents.binding.verbs and "typing" in documents.binding.events:
        bob.hears("typing", of=alice.must("type", room=group, typing=True), member=alice)
    sent = alice.sends(group, "carol is out")
    bob.hears("message-created", sent, text="carol is out")


@pytest.mark.needs("start-group", "leave", "send-text", "message-created", "list-messages")
@pytest.mark.has("room-sockets")
@pytest.mark.each_form("send-text", only="socket")
@pytest.mark.each_kind
@pytest.mark.covers("connectify:GRP-5")
@pytest.mark.covers("rooms:ROOM-9")
def test_whoever_has_left_says_nothing_on_a_socket_that_is_still_open(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember, group: RoomHandle, form: str
) -> None:
    bob.listens(group)
    ear = carol.listens(group)
    carol.must("leave", room=group)
    text = "I am not in here any more"
    done = carol.does("send-text", form=form, source="refusal", room=group, text=text, on=ear)
    bob.hears_nothing_come_of(done)
    stage.lets_sink_in()
    alice.does_not_see_text(group, text)


@pytest.mark.needs("block", "unblock", "send-text", "message-created", "list-messages")
@pytest.mark.each_form("send-text", only="socket")
@pytest.mark.covers("connectify:BLK-2")
def test_whoever_is_blocked_says_nothing_on_a_socket(
    stage: Stage, alice: LiveMember, bob: LiveMember, form: str
) -> None:
    room = alice.starts_direct(bob)
    alice.listens(room), bob.listens(room)
    block = thing_id(alice.must("block", peer=bob), "block")
    text = "you do not want to hear this"
    alice.hears_nothing_come_of(bob.does("send-text", form=form, source="refusal", room=room, text=text))
    stage.lets_sink_in()
    alice.does_not_see_text(room, text)
    alice.must("unblock", block=block)


@pytest.mark.needs("send-text", "message-created", "list-rooms", "list-messages")
@pytest.mark.has("open-rooms", "room-sockets")
@pytest.mark.covers("rooms:ROOM-10")
def test_whoever_opens_the_socket_of_an_open_room_is_in_it(
    stage: Stage, documents: Documents, alice: LiveMember, bob: LiveMember, carol: LiveMember
) -> None:
    room = stage.start(open_kinds(documents.binding)[0], alice, bob)
    carol.may_not("send-text", "not-a-member", room=room, text="I have not joined")
    bob.listens(room)
    ear = carol.listens(room)
    carol.lists_room(room, members=[alice, bob, carol])
    carol.hears("message-created", alice.sends(room, "welcome, carol"), text="welcome, carol", author=alice)
    carol.stops_listening(ear)
    stage.lets_sink_in()
    sent = carol.sends(room, "I stay when my socket is closed", form="http")
    bob.hears("message-created", sent, text="I stay when my socket is closed", author=carol)


@pytest.mark.needs("came-online")
@pytest.mark.covers("rooms:LIVE-5")
@pytest.mark.each_kind
def test_the_others_hear_of_each_socket_that_opens(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    bob.listens(room), carol.overhears(room)
    for _ in range(2):
        before = stage.mark()
        alice.listens(room)
        bob.hears("came-online", since=before, member=alice)
    carol.hears_nothing_of(room)


@pytest.mark.needs("went-offline")
@pytest.mark.covers("rooms:LIVE-6")
@pytest.mark.each_kind
def test_the_others_hear_of_each_socket_that_closes(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    bob.listens(room), carol.overhears(room)
    for ear in [alice.listens(room), alice.listens(room)]:
        before = stage.mark()
        alice.stops_listening(ear)
        bob.hears("went-offline", since=before, member=alice)
    carol.hears_nothing_of(room)


# -- sessions -----------------------------------------------------------------------------------------------------------


@pytest.mark.needs("list-sessions")
@pytest.mark.covers("rooms:SESSION-1")
def test_a_member_is_shown_the_own_sessions_and_no_others(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    before = alice.lists_sessions()
    bob.listens(room), bob.listens(room), alice.listens(room)
    alice.comes_to_list("sessions", 1, before, alice.lists_sessions)
    alice.listens(room)
    alice.comes_to_list("sessions", 2, before, alice.lists_sessions)


@pytest.mark.needs("list-sessions", "clean-sessions")
@pytest.mark.rule("session-expiry")
@pytest.mark.covers("rooms:SESSION-2")
def test_old_sessions_are_cleaned_up_and_nothing_else(
    stage: Stage, documents: Documents, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    if not stage.fresh_cast:
        raise NotRun("accounts with a past have sessions that grow old as well")
    lasting = documents.binding.number("session-expiry")
    alice.must("clean-sessions")
    before = alice.lists_sessions()
    alice.listens(room)
    for member in (alice, bob):
        gone = member.listens(room)
        member.stops_listening(gone)
    alice.comes_to_list("sessions", 1, before, alice.lists_sessions)
    stage.lets_sink_in()
    stage.lever("move-clock", seconds=lasting - _MOMENT_S)
    alice.is_told(alice.must("clean-sessions"), "count", 0)
    stage.lever("move-clock", seconds=2 * _MOMENT_S)
    alice.is_told(alice.must("clean-sessions"), "count", 1)
    alice.is_told(alice.must("clean-sessions"), "count", 0)
    alice.comes_to_list("sessions", 1, before, alice.lists_sessions)
    bob.is_told(bob.must("clean-sessions"), "count", 1)


# -- HTTP needs no socket -----------------------------------------------------------------------------------------------


@pytest.mark.needs("send-text", "list-messages", "list-rooms")
@pytest.mark.each_form("send-text", only="http")
@pytest.mark.each_kind
@pytest.mark.covers("conversations:REST-1")
def test_everything_is_sent_and_read_while_no_socket_is_open(
    alice: LiveMember, bob: LiveMember, room: RoomHandle, form: str
) -> None:
    asked, said = alice.sends(room, "is anybody there?", form=form), bob.sends(room, "I am", form=form)
    for member in (alice, bob):
        member.lists_room(room)
        member.sees_in_all(room, asked, said)


@pytest.mark.needs("send-text", "list-messages", "list-rooms", "message-created")
@pytest.mark.each_form("send-text")
@pytest.mark.each_kind
@pytest.mark.covers("conversations:REST-2")
def test_what_a_socket_heard_is_read_after_it_has_closed(
    alice: LiveMember, bob: LiveMember, room: RoomHandle, form: str
) -> None:
    ear = bob.listens(room)
    sent = alice.sends(room, "heard first, read afterwards", form=form)
    bob.hears("message-created", sent, text="heard first, read afterwards")
    bob.stops_listening(ear)
    bob.lists_room(room)
    bob.sees(sent, text="heard first, read afterwards", author=alice)
