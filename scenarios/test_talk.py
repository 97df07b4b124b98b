"""What goes on beside messages: replies, typing, receipts, looking one message up."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle


@pytest.mark.needs("reply", "send-text", "list-messages")
@pytest.mark.each_form("reply", only="http")
def test_a_reply_says_what_it_answers(
    alice: LiveMember, bob: LiveMember, room: RoomHandle, form: str
) -> None:
    asked = alice.sends(room, "are you coming?")
    done = bob.must("reply", form=form, room=room, message=asked, text="yes, at eight")
    reply = bob.stage.message(done, room, bob, "yes, at eight")
    alice.sees(reply, text="yes, at eight", author=bob, reply_to=asked.id)


@pytest.mark.needs("read-message", "send-text", "list-messages")
@pytest.mark.each_kind
def test_one_message_can_be_looked_up_by_members_alone(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    sent = alice.sends(room, "look me up")
    bob.is_shown(bob.must("read-message", message=sent), sent, text="look me up", author=alice)
    carol.may_not("read-message", "not-a-member", message=sent)


@pytest.mark.needs("type", "typing")
@pytest.mark.each_kind
@pytest.mark.each_form("type")
def test_typing_is_heard_by_the_others(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle, form: str
) -> None:
    alice.listens(room), bob.listens(room), carol.overhears(room)
    alice.must("type", form=form, room=room, typing=True)
    bob.hears("typing", member=alice)
    carol.hears_nothing_of(room)


@pytest.mark.needs("unreact", "react", "send-text", "list-messages")
@pytest.mark.covers("fe16ops:FEAT-2")
def test_a_reaction_can_be_taken_back(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    sent = alice.sends(room, "what do you think?")
    bob.reacts(sent, "👍")
    bob.must("unreact", message=sent, emoji="👍")
    alice.sees(sent, text="what do you think?", reactions=[])
