"""What was written is what is read; what was started is found again; what is listed is all there is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from earwitness.live import LiveMember, RoomHandle, Stage

TEXTS = {
    "emoji with modifiers and joiners": "👩🏽‍🚀 👨‍👩‍👧‍👦 🏳️‍🌈",
    "right to left": "שלום עליכם \u202b\u0627\u0644\u0633\u0644\u0627\u0645\u202c",
    "combining marks": "Z̷̈a̴̋l̶g̸o e\u0301 \u00e9",
    "zero width": "a\u200bb\u200d\ufeffc",
    "markup": "<script>alert('hi')</script> &amp; <b>bold</b>",
    "quotes and backslashes": "\"'`\\ \\\\ \\n \\u0041 ${HOME} %s {0} --;",
    "signs of addresses and forms": "1 + 1 = 2 & 50% off: https://example.com/a+b?c=d%20e&f=%2B#g ;",
    "a zero": "0",
    "a word of programs": "null",
    "lines": "one\ntwo\r\nthree\ttabbed",
    "spaces at the ends": "  spaces  and two  between  ",
    "long": "a long text " * 400,
}

# Texts that JSON can carry and some databases cannot hold: a server may say so, but not break on them, nor change them.
ODD_TEXTS = {
    "NUL": "before NUL\0and after it",
    "other control characters": "a bell\x07, an escape\x1b[31m and a delete\x7f",
    "noncharacters": "the last two \ufffe\uffff and the very last \U0010ffff",
}


@pytest.mark.needs("send-text", "list-messages", "message-created")
@pytest.mark.parametrize("what", TEXTS)
def test_a_text_comes_back_unchanged(alice: LiveMember, bob: LiveMember, room: RoomHandle, what: str) -> None:
    bob.listens(room)
    sent = alice.sends(room, TEXTS[what])
    bob.hears("message-created", sent, text=TEXTS[what])
    bob.sees(sent, text=TEXTS[what])


@pytest.mark.needs("edit-message", "list-messages", "send-text")
def test_an_edited_text_comes_back_unchanged(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    # How long a text may be is tried by itself.
    text = "\n".join(text for what, text in TEXTS.items() if what != "long")
    message = alice.sends(room, "an ordinary text, at first")
    alice.edits(message, text)
    bob.sees(message, text=text, edited=True)


@pytest.mark.needs("send-text", "list-messages")
@pytest.mark.parametrize("what", ODD_TEXTS)
def test_an_odd_text_is_kept_or_refused(
    alice: LiveMember, bob: LiveMember, room: RoomHandle, what: str
) -> None:
    sent = alice.may_send(room, ODD_TEXTS[what])
    if sent is not None:
        bob.sees(sent, text=ODD_TEXTS[what])
    # Whatever became of it: the room is as good as before.
    bob.sees_in_all(room, alice.sends(room, "an ordinary text"))


@pytest.mark.needs("send-text", "list-messages")
def test_half_of_a_surrogate_pair_breaks_nothing(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    alice.may_send(room, "half of an emoji: \ud83d")
    bob.sees_in_all(room, alice.sends(room, "an ordinary text"))


@pytest.mark.needs("edit-message", "list-messages", "send-text")
@pytest.mark.parametrize("what", ODD_TEXTS)
def test_an_odd_edit_is_kept_or_refused(
    alice: LiveMember, bob: LiveMember, room: RoomHandle, what: str
) -> None:
    message = alice.sends(room, "an ordinary text, at first")
    if alice.may_do("edit-message", message=message, text=ODD_TEXTS[what]).done:
        bob.sees(message, text=ODD_TEXTS[what], edited=True)
    else:
        bob.sees_unchanged(message)


@pytest.mark.needs("start-direct", "list-rooms")
@pytest.mark.rule("start-again", "same-room")
def test_two_who_start_at_once_get_one_room(alice: LiveMember, bob: LiveMember) -> None:
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.submit(alice.starts_direct, bob), pool.submit(bob.starts_direct, alice)
        alices, bobs = one.result(), other.result()
    bob.is_answered(bobs.done, bobs.id_expression, alices.raw_id)
    alice.lists_room(alices, members=[alice, bob])


@pytest.mark.needs("mark-room-read", "list-rooms", "send-text")
@pytest.mark.rule("unread", "messages-of-others")
def test_unread_counts_add_up(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    alice.reads(room), bob.reads(room)
    for number in range(3):
        alice.sends(room, f"unread {number}")
        bob.lists_room(room, unread=number + 1)
    alice.lists_room(room, unread=0)
    bob.reads(room)
    bob.lists_room(room, unread=0)
    alice.sends(room, "one more")
    bob.lists_room(room, unread=1)


@pytest.mark.needs("list-rooms", "send-text")
@pytest.mark.rule("room-order", "latest-message-first")
def test_the_room_with_the_latest_message_is_listed_first(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    other = alice.starts_direct(carol)
    alice.sends(room, "first here"), alice.sends(other, "then there")
    alice.lists_room(other)
    alice.sends(room, "and here again")
    alice.lists_room(room)


@pytest.mark.needs("react", "list-messages", "send-text")
def test_each_member_has_reactions_of_their_own(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    message = alice.sends(room, "react, both of you")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda member: member.reacts(message, "👍"), (alice, bob)))
    alice.sees(message, reactions=[(alice, "👍"), (bob, "👍")])


@pytest.mark.needs("edit-message", "list-messages", "send-text")
def test_an_edit_changes_one_message_and_no_other(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    first, second = alice.sends(room, "the first"), alice.sends(room, "the second")
    alice.edits(first, "the first, edited")
    bob.sees(first, text="the first, edited", edited=True)
    bob.sees(second, text="the second", edited=False)


@pytest.mark.needs("list-messages", "list-rooms")
def test_an_empty_room_has_an_empty_list(stage: Stage, alice: LiveMember, bob: LiveMember) -> None:
    room = alice.starts_fresh_direct(bob)
    alice.sees_in_all(room)
    if stage.offers("start-direct") or stage.offers("open-direct"):
        bob.lists_room(room)


@pytest.mark.needs("edit-message", "react", "list-messages", "send-text")
def test_an_edit_leaves_reactions_as_they_are(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    message = alice.sends(room, "react, then I edit")
    bob.reacts(message, "👍")
    alice.edits(message, "edited after the reaction")
    bob.sees(message, text="edited after the reaction", reactions=[(bob, "👍")])


@pytest.mark.needs("react", "list-messages", "send-text")
@pytest.mark.rule("reactions", "one-toggled", "many-toggled")
def test_taking_a_reaction_back_leaves_those_of_others(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    message = alice.sends(room, "both react, one regrets")
    alice.reacts(message, "👍")
    bob.reacts(message, "👍")
    bob.reacts(message, "👍")
    alice.sees(message, reactions=[(alice, "👍")])


@pytest.mark.needs("send-text", "list-messages")
def test_the_same_text_twice_is_two_messages(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    first, second = alice.sends(room, "once more"), alice.sends(room, "once more")
    bob.sees_in_all(room, first, second)


@pytest.mark.needs("mark-room-read", "list-rooms", "send-text")
@pytest.mark.rule("unread", "messages-of-others")
def test_reading_one_room_leaves_the_others_unread(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    other = carol.starts_direct(bob)
    bob.reads(room), bob.reads(other)
    alice.sends(room, "unread here"), carol.sends(other, "and there")
    bob.reads(room)
    bob.lists_room(room, unread=0)
    bob.lists_room(other, unread=1)


@pytest.mark.needs("mark-room-read", "list-rooms", "send-text")
@pytest.mark.rule("unread", "messages-of-others")
def test_reading_a_room_reads_more_than_a_page(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    bob.reads(room)
    for number in range(alice.messages_for_two_pages()):
        alice.sends(room, f"unread number {number}")
    bob.lists_room(room, unread=alice.messages_for_two_pages())
    bob.reads(room)
    bob.lists_room(room, unread=0)


@pytest.mark.needs("send-text", "list-messages")
def test_a_page_that_is_exactly_full_is_the_last(alice: LiveMember, bob: LiveMember) -> None:
    room = alice.starts_fresh_direct(bob)
    sent = [
        (alice if number % 3 else bob).sends(room, f"message {number} of exactly a page")
        for number in range(alice.messages_for_a_page())
    ]
    bob.sees_in_all(room, *sent)


@pytest.mark.needs("delete-message", "list-rooms", "list-messages", "send-text", "mark-room-read")
@pytest.mark.rule("unread", "messages-of-others")
@pytest.mark.rule("deleted-messages", "gone")
def test_what_is_deleted_before_it_was_read_waits_no_longer(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    bob.reads(room)
    sent = [alice.sends(room, f"number {number}, perhaps deleted") for number in range(3)]
    bob.lists_room(room)
    alice.deletes(sent[1])
    # That it leaves the count is our reading: the check says so, and knows on what it rests.
    bob.lists_room(room)
    bob.reads(room)
    bob.lists_room(room, unread=0)


@pytest.mark.needs("delete-message", "list-messages", "send-text")
def test_pages_stay_full_when_messages_on_them_are_deleted(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    sent = [
        alice.sends(room, f"message {number}, some of them go")
        for number in range(alice.messages_for_two_pages())
    ]
    gone, kept = sent[-2:], sent[:-2]
    for message in gone:
        alice.deletes(message)
    bob.sees_in_all(room, *kept)
    bob.does_not_see(gone[0])


@pytest.mark.needs("delete-message", "send-text", "list-messages")
@pytest.mark.each_kind
def test_what_is_deleted_is_gone_from_wherever_it_was_shown(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    gone = alice.sends(room, "shown in many places, until it is deleted")
    alice.deletes(gone)
    for member in (alice, bob):
        member.does_not_see(gone)
        # Nothing is claimed of the other places: the checks know what each of them promises.
        for verb in ("read-room", "list-rooms", "list-all-messages"):
            if stage.offers(verb):
                member.does(verb, room=room)
        if stage.offers("search-messages"):
            member.does("search-messages", query="many places")
