"""Reactions that are added, taken back and replaced; and reading."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle

LIKE, LOVE = "👍", "❤️"


@pytest.mark.needs("react", "list-messages", "send-text")
@pytest.mark.covers("fe16ops:FEAT-1")
@pytest.mark.covers("rooms:REACT-1")
@pytest.mark.each_kind
def test_a_reaction_is_added(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    sent = alice.sends(room, "what do you think?")
    bob.reacts(sent, LIKE)
    alice.sees(sent, reactions=[(bob, LIKE)])


@pytest.mark.needs("react", "list-messages", "send-text")
@pytest.mark.rule("reactions", "one-toggled", "many-toggled")
@pytest.mark.covers("fe16ops:FEAT-2")
def test_the_same_reaction_again_takes_it_back(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    sent = alice.sends(room, "what do you think?")
    bob.reacts(sent, LIKE)
    bob.reacts(sent, LIKE)
    alice.sees(sent, reactions=[])


@pytest.mark.needs("react", "list-messages", "send-text")
@pytest.mark.rule("reactions", "one-toggled")
@pytest.mark.covers("fe16ops:FEAT-3")
def test_another_reaction_replaces_the_first(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    sent = alice.sends(room, "what do you think?")
    bob.reacts(sent, LIKE)
    bob.reacts(sent, LOVE)
    alice.sees(sent, reactions=[(bob, LOVE)])
    alice.reacts(sent, LIKE)
    bob.sees(sent, reactions=[(alice, LIKE), (bob, LOVE)])


@pytest.mark.needs("react", "reaction-changed", "send-text")
@pytest.mark.covers("fe16ops:FEAT-4")
def test_a_reaction_reaches_all_participants(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    sent = alice.sends(room, "what do you think?")
    alice.listens(room), bob.listens(room), carol.overhears(room)
    bob.reacts(sent, LIKE)
    alice.hears("reaction-changed", sent, emoji=LIKE)
    bob.hears("reaction-changed", sent, emoji=LIKE)
    carol.hears_nothing_of(room)


@pytest.mark.needs("mark-room-read", "list-rooms", "message-read", "send-text")
@pytest.mark.covers("fe16ops:FEAT-5")
def test_reading_a_room_marks_the_others_messages(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    bob.reads(room)
    first, second = alice.sends(room, "one"), alice.sends(room, "two")
    bob.lists_room(room, unread=2)
    alice.listens(room), carol.overhears(room)
    bob.reads(room)
    bob.lists_room(room, unread=0)
    alice.hears("message-read", first)
    alice.hears("message-read", second)
    carol.hears_nothing_of(room)
