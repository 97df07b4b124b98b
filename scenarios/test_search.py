"""Searches: of rooms by who is in them and by their names, of messages by their words; and never of what belongs to others."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle, Stage


@pytest.mark.needs("search-rooms", "start-direct or open-direct")
@pytest.mark.covers("conversations:CONV-2")
@pytest.mark.covers("rooms:SEARCH-4")
def test_a_room_is_found_by_who_is_in_it(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    other = alice.starts_direct(carol)
    alice.finds("search-rooms", room, query=bob.is_found_by)
    alice.does_not_find("search-rooms", other, query=bob.is_found_by)
    bob.finds("search-rooms", room, query=alice.is_found_by)
    carol.does_not_find("search-rooms", room, query=bob.is_found_by)
    carol.does_not_find("search-rooms", room, query=alice.is_found_by)


@pytest.mark.needs("search-rooms", "start-direct or open-direct", "list-rooms")
@pytest.mark.covers("conversations:CONV-2")
def test_nobody_is_found_by_a_name_that_nobody_has(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    alice.does_not_find("search-rooms", room, query="nobody-is-called-like-that")
    alice.lists_room(room, members=[alice, bob])


@pytest.mark.needs("search-rooms", "start-group.name")
@pytest.mark.covers("rooms:SEARCH-3")
def test_a_room_is_found_by_its_name(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, dave: LiveMember, group_kind: str
) -> None:
    called = alice.starts_group(bob, carol, kind=group_kind, name="the walnut orchard")
    otherwise = alice.starts_group(bob, carol, kind=group_kind, name="the harbour office")
    for member in (alice, bob):
        member.finds("search-rooms", called, query="walnut")
        member.does_not_find("search-rooms", otherwise, query="walnut")
    dave.does_not_find("search-rooms", called, query="walnut")


@pytest.mark.needs("search-messages", "send-text", "start-direct or open-direct")
@pytest.mark.covers("rooms:SEARCH-1")
@pytest.mark.each_kind
def test_a_message_is_found_by_its_words_and_only_by_who_is_in_its_room(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, dave: LiveMember, room: RoomHandle
) -> None:
    wanted = alice.sends(room, "a quince is no apple")
    unwanted = alice.sends(room, "an apple is no pear")
    elsewhere = carol.sends(carol.starts_direct(dave), "a quince of somebody else's")
    for member in (alice, bob):
        member.finds("search-messages", wanted, query="quince")
        member.does_not_find("search-messages", unwanted, query="quince")
        member.does_not_find("search-messages", elsewhere, query="quince")
    carol.does_not_find("search-messages", wanted, query="quince")


@pytest.mark.needs("search-messages", "send-text")
@pytest.mark.rule("search-max")
@pytest.mark.covers("rooms:SEARCH-2")
def test_a_search_gives_no_more_than_it_promises(stage: Stage, alice: LiveMember, room: RoomHandle) -> None:
    most = stage.number_of("search-max", 0)
    for number in range(most + 1):
        alice.sends(room, f"medlar number {number}")
    alice.finds_at_most("search-messages", most, query="medlar")


@pytest.mark.needs("search-messages or search-rooms", "send-text")
@pytest.mark.refuses("invalid", "search-messages", "search-rooms")
@pytest.mark.covers("rooms:SEARCH-5")
def test_a_search_without_words_is_refused(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    said = alice.sends(room, "nothing is looked for")
    for operation in stage.operations_of("search-messages", "search-rooms", refusing="invalid"):
        stage.try_relation(
            operation, "invalid", room=room, message=said, owner=alice, peer=bob, outsider=carol
        )


@pytest.mark.needs("search-messages", "send-text", "delete-message")
@pytest.mark.rule("deleted-messages", "gone")
@pytest.mark.covers("rooms:SEARCH-1", "rooms:MSG-7")
def test_a_deleted_message_is_found_by_nobody(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    gone, kept = alice.sends(room, "a damson that goes"), alice.sends(room, "a damson that stays")
    alice.deletes(gone)
    for member in (alice, bob):
        member.finds("search-messages", kept, query="damson")
        member.does_not_find("search-messages", gone, query="damson")
