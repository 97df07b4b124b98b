"""What an API promises about a message holds on a bad way to it too: cut, slowed down, in slices, without an answer."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from earwitness.faults import (
    GONE_AFTER_THE_ANSWER,
    GONE_BEFORE_THE_ANSWER,
    LOST_ANSWER,
    Cut,
    Fault,
    Slice,
    Stall,
)
from earwitness.live import LiveMember, RoomHandle, Stage, Way

Faults = Callable[..., Way]

# With FIN and with RST, since servers notice the one and the other in different places.
AFTER_THE_ANSWER: tuple[Fault, ...] = (GONE_AFTER_THE_ANSWER, Cut("answer", None))
WITHOUT_AN_ANSWER: tuple[Fault, ...] = (
    LOST_ANSWER,
    Cut("answer", 0, reset=True),
    GONE_BEFORE_THE_ANSWER,
    Cut("request", 5, "body"),
    Cut("request", 5, "body", reset=True),
)


@pytest.mark.needs("send-text", "message-created", "list-messages")
@pytest.mark.each_form("send-text", only="http")
def test_what_was_acknowledged_is_there_though_the_connection_was_cut_right_after(
    alice: LiveMember, bob: LiveMember, room: RoomHandle, faults: Faults, form: str
) -> None:
    bob.listens(room)
    way, sent = faults(alice), []
    # More than one of each: what a server takes back, it takes back after it has noticed.
    for number, fault in enumerate(2 * AFTER_THE_ANSWER):
        way.plan(fault)
        sent.append(alice.sends(room, f"acknowledged, then cut off: {number}", form=form))
    for message in sent:
        bob.hears("message-created", message, text=message.text, author=alice)
    bob.sees_in_all(room, *sent)


@pytest.mark.needs("send-text", "message-created", "list-messages")
@pytest.mark.each_form("send-text", only="http")
def test_what_was_not_answered_is_there_once_and_told_or_not_at_all(
    alice: LiveMember, bob: LiveMember, room: RoomHandle, faults: Faults, form: str
) -> None:
    bob.listens(room)
    way, texts = faults(alice), []
    for number, fault in enumerate(WITHOUT_AN_ANSWER):
        way.plan(fault)
        texts.append(f"{number} is the number of what was never answered")
        alice.does("send-text", form=form, room=room, text=texts[-1])
    answered = alice.sends(room, "and this is answered again", form=form)
    bob.hears("message-created", answered, text=answered.text, author=alice)
    stored = [text for text in texts if bob.sees_at_most_once(room, text)]
    for text in stored:
        bob.hears_text("message-created", text, author=alice)


@pytest.mark.needs("send-text", "message-created", "list-messages")
@pytest.mark.each_form("send-text", only="socket")
def test_what_was_said_before_a_cut_is_there_once_and_told_or_not_at_all(
    alice: LiveMember, bob: LiveMember, room: RoomHandle, faults: Faults, form: str
) -> None:
    bob.listens(room)
    way, texts = faults(alice), []
    for number, fault in enumerate((Cut("request", 1, "frames"), Cut("request", 20, "body", reset=True))):
        way.plan(fault)
        ear = alice.listens(room)
        texts.append(f"{number} is the number of what was said last")
        alice.does("send-text", form=form, room=room, text=texts[-1], on=ear)
        alice.loses(ear)
    again = alice.sends(room, "and this is said on a new socket", form=form)
    bob.hears("message-created", again, text=again.text, author=alice)
    stored = [text for text in texts if bob.sees_at_most_once(room, text)]
    for text in stored:
        bob.hears_text("message-created", text, author=alice)


@pytest.mark.needs("send-text", "message-created", "list-messages")
def test_a_socket_that_was_cut_in_a_frame_hears_again_and_what_it_missed_is_listed(
    alice: LiveMember, bob: LiveMember, room: RoomHandle, faults: Faults
) -> None:
    way = faults(bob)
    for reset in (False, True):
        way.plan(Cut("answer", 20, "body", reset=reset))
        ear = bob.listens(room)
        broken = alice.sends(room, f"cut in the middle, {'with' if reset else 'without'} a reset")
        bob.loses(ear)
        missed = alice.sends(room, "said while bob is away")
        bob.listens(room)
        again = alice.sends(room, "said when bob is back")
        bob.hears("message-created", again, text=again.text, author=alice)
        bob.sees_in_all(room, *(message for message in (broken, missed, again) if message.id))


@pytest.mark.needs("send-text", "message-created", "list-messages")
def test_who_does_not_read_keeps_nobody_else_from_hearing(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle, faults: Faults
) -> None:
    hers = stage.start(room.kind, alice, carol)
    bob.listens(room)
    _fill_what_is_not_read(alice, carol, hers, faults)
    heard = alice.sends(room, "bob reads at once")
    bob.hears("message-created", heard, text=heard.text, author=alice)
    bob.sees(heard, text=heard.text, author=alice)


@pytest.mark.needs("send-text", "message-created", "list-messages")
def test_who_does_not_read_keeps_nobody_in_the_same_room_from_hearing(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, group: RoomHandle, faults: Faults
) -> None:
    bob.listens(group)
    _fill_what_is_not_read(alice, carol, group, faults)
    heard = alice.sends(group, "bob reads at once")
    bob.hears("message-created", heard, text=heard.text, author=alice)


def _fill_what_is_not_read(alice: LiveMember, carol: LiveMember, room: RoomHandle, faults: Faults) -> None:
    """Let carol open a socket and read nothing of it, and alice say several times as much as the buffers between a server of ours
    and carol usually take: a kernel may lend them more."""
    way = faults(carol, narrow=True)
    way.plan(Stall("answer", 0, "frames"))
    carol.listens(room)
    way.strikes()
    for number in range(36):
        text = f"{number} of what carol does not read ".ljust(14_000, ".")
        # No document says how long a text may be: nothing is claimed of these.
        alice.does("send-text", source="filling", room=room, text=text)


@pytest.mark.needs("send-text", "message-created", "list-messages")
@pytest.mark.each_form("send-text")
def test_what_comes_in_slices_is_taken_like_anything_else(
    alice: LiveMember, bob: LiveMember, room: RoomHandle, faults: Faults, form: str
) -> None:
    bob.listens(room)
    way = faults(alice)
    for number, sizes in enumerate(((1,), (7, 1, 3))):
        way.plan(Slice(sizes))
        if form == "socket":
            alice.ears = [alice.listens(room)]
        sent = alice.sends(room, f"in slices, é👍 and all: {number}", form=form)
        bob.hears("message-created", sent, text=sent.text, author=alice)
    bob.lists_messages(room)


@pytest.mark.needs("send-text", "message-created", "list-messages")
@pytest.mark.each_form("send-text", only="http")
def test_a_body_that_never_ends_keeps_nobody_else_waiting(
    alice: LiveMember, bob: LiveMember, room: RoomHandle, faults: Faults, form: str
) -> None:
    bob.listens(room), alice.listens(room)
    way = faults(alice)
    way.plan(Stall("request", 5, "body"))
    with ThreadPoolExecutor(1) as pool:
        pool.submit(alice.does, "send-text", form=form, room=room, text="the body of this has no end")
        try:
            way.strikes()
            meanwhile = bob.sends(room, "said while a body has no end", form=form)
            alice.hears("message-created", meanwhile, text=meanwhile.text, author=bob)
        finally:
            way.breaks()
    bob.sees(meanwhile, text=meanwhile.text, author=bob)
    bob.sees_at_most_once(room, "the body of this has no end")
