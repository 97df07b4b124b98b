"""What a room is called and is about, and the places for its files."""

from __future__ import annotations

import pytest

from earwitness.live import File, LiveMember, RoomHandle

FILE = File("one-name.jpg", "image/jpeg", b"\xff\xd8 a photo \xff\xd9", "image")


@pytest.mark.needs("start-direct", "list-rooms")
@pytest.mark.rule("room-name", "the-peer")
def test_each_side_finds_a_room_named_after_the_other(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    alice.lists_room(room)
    bob.lists_room(room)


@pytest.mark.needs("start-direct", "list-rooms")
@pytest.mark.rule("room-subject", "of-the-first-start")
def test_a_room_stays_about_what_it_was_started_about(alice: LiveMember, bob: LiveMember) -> None:
    room = alice.starts_fresh_direct(bob, text="about the first", subject=4_711)
    bob.starts_direct(alice, text="about the second", subject=4_712)
    alice.lists_room(room)
    bob.lists_room(room)


@pytest.mark.needs("request-upload")
def test_files_of_one_name_get_places_of_their_own(alice: LiveMember, bob: LiveMember) -> None:
    for member in (alice, alice, bob):
        member.is_given(member.asks_for_upload(FILE), "key")
