"""Reactions that stand beside each other, and are taken off by name or all at once; and a message looked at alone with them."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle

LIKE, LOVE, LAUGH = "👍", "❤️", "😂"


@pytest.mark.needs("react", "list-messages", "send-text")
@pytest.mark.rule("reactions", "many-added", "many-toggled")
@pytest.mark.covers("connectify:MSG-6")
@pytest.mark.covers("rooms:REACT-3")
@pytest.mark.each_kind
def test_several_reactions_of_several_members_stand_beside_each_other(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    sent = alice.sends(room, "what do you all think?")
    bob.reacts(sent, LIKE), bob.reacts(sent, LOVE)
    alice.sees(sent, reactions=[(bob, LIKE), (bob, LOVE)])
    alice.reacts(sent, LIKE), alice.reacts(sent, LAUGH)
    bob.sees(sent, reactions=[(alice, LIKE), (alice, LAUGH), (bob, LIKE), (bob, LOVE)])


@pytest.mark.needs("react", "list-messages", "send-text")
@pytest.mark.rule("reactions", "many-added")
@pytest.mark.covers("connectify:MSG-6")
@pytest.mark.covers("rooms:REACT-1")
def test_the_same_reaction_again_changes_nothing(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    sent = alice.sends(room, "what do you think?")
    bob.reacts(sent, LIKE), bob.reacts(sent, LIKE)
    alice.sees(sent, reactions=[(bob, LIKE)])


@pytest.mark.needs("react", "unreact", "list-messages", "send-text")
@pytest.mark.rule("reactions", "many-added", "many-toggled")
@pytest.mark.covers("connectify:MSG-7")
@pytest.mark.covers("rooms:REACT-2")
@pytest.mark.each_kind
def test_a_reaction_that_is_named_is_taken_off_alone(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    sent = alice.sends(room, "what do you think?")
    bob.reacts(sent, LIKE), bob.reacts(sent, LOVE), alice.reacts(sent, LIKE)
    bob.must("unreact", message=sent, emoji=LIKE)
    alice.sees(sent, reactions=[(alice, LIKE), (bob, LOVE)])


@pytest.mark.needs("react", "unreact", "list-messages", "send-text")
@pytest.mark.rule("reactions", "many-added", "many-toggled")
@pytest.mark.may_omit("unreact", "emoji")
@pytest.mark.covers("connectify:MSG-8")
@pytest.mark.each_kind
def test_all_of_a_members_reactions_are_taken_off_where_none_is_named(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    sent = alice.sends(room, "what do you think?")
    bob.reacts(sent, LIKE), bob.reacts(sent, LOVE), alice.reacts(sent, LIKE)
    bob.must("unreact", message=sent)
    alice.sees(sent, reactions=[(alice, LIKE)])


@pytest.mark.needs("read-message", "react", "mark-message-read", "message-read", "send-text")
@pytest.mark.covers("connectify:MSG-1")
@pytest.mark.each_kind
def test_a_message_looked_at_alone_shows_its_reactions_and_its_readers(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    sent = alice.sends(room, "look at me alone")
    alice.is_shown(alice.must("read-message", message=sent), sent, reactions=[], read_by=[])
    bob.reacts(sent, LIKE)
    alice.listens(room)
    bob.must("mark-message-read", room=room, message=sent)
    alice.hears("message-read", sent, member=bob)
    for member in (alice, bob):
        looked = member.must("read-message", message=sent)
        member.is_shown(
            looked, sent, text="look at me alone", author=alice, reactions=[(bob, LIKE)], read_by=[bob]
        )
