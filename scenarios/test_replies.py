"""Replies: both sides are shown which message is answered."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle


@pytest.mark.needs("reply", "send-text", "list-messages")
@pytest.mark.covers("connectify:CONV-10")
@pytest.mark.covers("rooms:MSG-4")
@pytest.mark.each_kind
@pytest.mark.each_form("reply")
def test_a_reply_shows_everybody_which_message_it_answers(
    alice: LiveMember, bob: LiveMember, room: RoomHandle, form: str
) -> None:
    asked, other = alice.sends(room, "are you coming?"), alice.sends(room, "and is carol?")
    for text, answered in (("I am, at eight", asked), ("she is, too", other)):
        done = bob.must("reply", form=form, room=room, message=answered, text=text)
        reply = bob.stage.message(done, room, bob, text)
        for member in (alice, bob):
            member.sees(reply, text=text, author=bob, reply_to=answered.id)
    alice.sees(asked, text="are you coming?", author=alice)
