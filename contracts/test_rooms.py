"""What a room is called and is about, and the places for its files."""

from __future__ import annotations

import pytest

from earwitness.live import File, LiveMember, RoomHandle, Stage

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


@pytest.mark.needs("start-group.name", "read-room")
@pytest.mark.each_kind
def test_a_room_is_called_the_same_wherever_it_is_shown(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, group_kind: str
) -> None:
    group = alice.starts_group(bob, carol, kind=group_kind, name="One name for all")
    for member in (alice, carol):
        member.must("read-room", room=group)


@pytest.mark.needs("start-group.name", "rename-room", "read-room")
def test_a_room_with_another_name_is_called_by_it_wherever_it_is_shown(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember, group: RoomHandle
) -> None:
    alice.must("rename-room", room=group, name="Another name for all")
    for member in (alice, carol):
        member.must("read-room", room=group)
    if stage.offers("search-rooms"):
        bob.must("search-rooms", query="Another name")


@pytest.mark.needs("start-group.file", "list-rooms")
def test_a_room_that_was_started_with_a_picture_has_one(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember
) -> None:
    group = alice.starts_group(bob, carol, picture=FILE)
    carol.lists_room(group)
    if stage.offers("read-room"):
        bob.must("read-room", room=group)


@pytest.mark.needs("send-text", "edit-message", "list-rooms")
def test_a_room_shows_its_latest_message_as_it_was_edited(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    alice.sends(room, "said before")
    said = alice.sends(room, "said last")
    alice.edits(said, "written anew")
    for member in (alice, bob):
        member.lists_room(room)


@pytest.mark.needs("request-upload")
def test_files_of_one_name_get_places_of_their_own(alice: LiveMember, bob: LiveMember) -> None:
    for member in (alice, alice, bob):
        member.is_given(member.asks_for_upload(FILE), "key")
