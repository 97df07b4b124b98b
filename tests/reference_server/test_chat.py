"""What the chat core does, without HTTP and without sockets."""

from __future__ import annotations

import pytest

from reference_server.core.assembly import Core
from reference_server.core.records import Change, Member, Room
from reference_server.core.refusals import Absent, Invalid, NotTheSender, Outsider


@pytest.fixture
def room(core: Core, alice: Member, bob: Member) -> Room:
    return core.chat.start_direct(alice, bob, 123)[0]


def contents(core: Core, room: Room, number: int = 1, size: int = 20) -> list[str]:
    return [message.content for message in core.chat.page(room, number, size).messages]


def test_a_pair_has_one_room_whoever_asks_and_about_what(
    core: Core, alice: Member, bob: Member, carol: Member
) -> None:
    room, created = core.chat.start_direct(alice, bob, 123)
    assert created
    assert room.members == (alice, bob)
    assert core.chat.start_direct(bob, alice, 7) == (room, False)
    other, created = core.chat.start_direct(alice, carol, None)
    assert created
    assert other.id != room.id


def test_nobody_talks_to_themselves(core: Core, alice: Member) -> None:
    with pytest.raises(Invalid):
        core.chat.start_direct(alice, alice, None)


def test_only_members_find_a_room(core: Core, room: Room, alice: Member, carol: Member) -> None:
    assert core.chat.room_for(alice, room.id) == room
    for way in (core.chat.room_for, core.chat.readable_room):
        with pytest.raises(Outsider):
            way(carol, room.id)
        with pytest.raises(Absent):
            way(alice, room.id + 1)


def test_pages_partition_the_messages_newest_first(core: Core, room: Room, alice: Member) -> None:
    sent = [core.chat.send(alice, room, str(n)).content for n in range(45)]
    pages = [contents(core, room, number) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 5]
    assert [*pages[0], *pages[1], *pages[2]] == sent[::-1]
    assert core.chat.page(room, 1, 20).count == 45
    with pytest.raises(Absent):
        core.chat.page(room, 4, 20)


def test_the_last_page_may_be_full(core: Core, room: Room, alice: Member) -> None:
    for n in range(20):
        core.chat.send(alice, room, str(n))
    with pytest.raises(Absent):
        core.chat.page(room, 2, 20)


def test_an_empty_room_has_one_empty_page(core: Core, room: Room) -> None:
    assert contents(core, room) == []
    with pytest.raises(Absent):
        core.chat.page(room, 2, 20)


def test_an_edit_changes_the_text_and_flags_it(core: Core, room: Room, alice: Member) -> None:
    message = core.chat.send(alice, room, "helo")
    edited = core.chat.edit(message, "hello")
    assert (edited.id, edited.content, edited.edited) == (message.id, "hello", True)
    assert edited.created_at == message.created_at
    assert core.chat.page(room, 1, 20).messages == (edited,)


def test_only_the_sender_changes_a_message(
    core: Core, room: Room, alice: Member, bob: Member, carol: Member
) -> None:
    message = core.chat.send(alice, room, "mine")
    assert core.chat.own_message(alice, message.id) == message
    with pytest.raises(NotTheSender):
        core.chat.own_message(bob, message.id)
    with pytest.raises(Outsider):
        core.chat.own_message(carol, message.id)
    with pytest.raises(Absent):
        core.chat.own_message(alice, message.id + 1)


def test_a_deleted_message_is_gone_everywhere_and_kept(
    core: Core, room: Room, alice: Member, bob: Member
) -> None:
    core.chat.send(alice, room, "first")
    second = core.chat.send(alice, room, "second")
    core.chat.delete(second)
    assert contents(core, room) == ["first"]
    assert core.chat.page(room, 1, 20).count == 1
    with pytest.raises(Absent):
        core.chat.message_for(bob, second.id)
    summary = core.chat.summary(bob, room)
    assert summary.last is not None
    assert (summary.last.content, summary.unread) == ("first", 1)
    (row,) = core.store.rows("SELECT content, deleted_at FROM messages WHERE id = ?", second.id)
    assert row["content"] == "second"
    assert row["deleted_at"] is not None


def test_a_member_has_one_reaction_on_a_message(core: Core, room: Room, alice: Member, bob: Member) -> None:
    message = core.chat.send(alice, room, "hello")

    def reactions() -> list[tuple[str, str]]:
        (seen,) = core.chat.page(room, 1, 20).messages
        return [(each.member.username, each.value) for each in seen.reactions]

    assert core.chat.react(bob, message, "👍")[0] is Change.ADDED
    assert core.chat.react(alice, message, "👍")[0] is Change.ADDED
    assert reactions() == [("bob", "👍"), ("alice", "👍")]
    assert core.chat.react(bob, message, "❤️")[0] is Change.UPDATED
    assert reactions() == [("bob", "❤️"), ("alice", "👍")]
    change, reaction = core.chat.react(bob, message, "❤️")
    assert (change, reaction.value, reaction.in_force) == (Change.REMOVED, "❤️", False)
    assert reactions() == [("alice", "👍")]
    assert core.chat.react(bob, message, "❤️")[0] is Change.ADDED


def test_reactions_belong_to_their_message(core: Core, room: Room, alice: Member, bob: Member) -> None:
    first, second = (core.chat.send(alice, room, text) for text in "ab")
    core.chat.react(bob, second, "👍")
    assert core.chat.message_for(bob, first.id).reactions == ()
    assert len(core.chat.message_for(bob, second.id).reactions) == 1


def test_reading_takes_what_others_said_once(core: Core, room: Room, alice: Member, bob: Member) -> None:
    hers = [core.chat.send(alice, room, text).id for text in "ab"]
    core.chat.send(bob, room, "mine")
    deleted = core.chat.send(alice, room, "gone")
    core.chat.delete(deleted)
    assert core.chat.summary(bob, room).unread == 2
    assert core.chat.summary(alice, room).unread == 1
    assert [read.message_id for read in core.chat.read_all(bob, room)] == hers
    assert core.chat.summary(bob, room).unread == 0
    assert core.chat.read_all(bob, room) == []
    assert core.chat.summary(alice, room).unread == 1


def test_reading_one_room_leaves_the_others_unread(
    core: Core, room: Room, alice: Member, bob: Member, carol: Member
) -> None:
    other, _ = core.chat.start_direct(carol, bob, None)
    core.chat.send(alice, room, "here")
    core.chat.send(carol, other, "there")
    core.chat.read_all(bob, room)
    assert [(each.room.id, each.unread) for each in core.chat.rooms_of(bob)] == [(other.id, 1), (room.id, 0)]


def test_a_list_has_the_members_rooms_the_latest_first(
    core: Core, room: Room, alice: Member, bob: Member, carol: Member
) -> None:
    other, _ = core.chat.start_direct(alice, carol, None)
    core.chat.start_direct(bob, carol, None)

    def listed() -> list[int]:
        return [each.room.id for each in core.chat.rooms_of(alice)]

    assert listed() == [other.id, room.id]  # nothing said yet: the one made last
    core.chat.send(bob, room, "hello")
    assert listed() == [room.id, other.id]
    core.chat.send(carol, other, "hello")
    assert listed() == [other.id, room.id]
    newest = core.chat.start_direct(alice, core.identity.mint("dave"), None)[0]
    assert listed() == [newest.id, other.id, room.id]


def test_a_list_has_everything_of_a_room(core: Core, room: Room, alice: Member, bob: Member) -> None:
    assert core.chat.rooms_of(bob)[0].last is None
    message = core.chat.send(alice, room, "hello")
    (summary,) = core.chat.rooms_of(bob)
    assert summary.room == room
    assert (room.subject, summary.unread) == (123, 1)
    assert summary.last is not None
    assert (summary.last.content, summary.last.sender_id) == ("hello", alice.id)
    assert summary.last.created_at == message.created_at
    assert summary == core.chat.summary(bob, room)


@pytest.mark.parametrize("text", ["a\x00b", "👍🏽", "'; DROP TABLE messages; --", "\n", "x" * 100_000])
def test_any_text_comes_back_as_it_was(core: Core, room: Room, alice: Member, text: str) -> None:
    message = core.chat.send(alice, room, text)
    core.chat.react(alice, message, text[:60])
    (seen,) = core.chat.page(room, 1, 20).messages
    assert (seen.content, seen.reactions[0].value) == (text, text[:60])
