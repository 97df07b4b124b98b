"""What comes with messages, and what passes by: replies, files, reactions, reads, edits, search, typing and sessions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from uuid import uuid4

import pytest

from reference_server.core.assembly import Core, assemble
from reference_server.core.messages import cut
from reference_server.core.records import Draft, Member, Room, Upload
from reference_server.core.refusals import Absent, Outsider
from reference_server.core.settings import Settings
from reference_server.core.store import open_store
from tests.reference_server.conftest import NAMES


@pytest.fixture
def room(core: Core, alice: Member, bob: Member) -> Room:
    return core.chat.start_direct(alice, bob, None)[0]


@pytest.fixture
def oldest_first() -> Iterator[Core]:
    with closing(open_store(None, "fe16ops")) as store:
        yield assemble(store, NAMES, settings=Settings(oldest_first=True))


def test_a_reply_keeps_what_it_answers(core: Core, room: Room, alice: Member, bob: Member) -> None:
    asked = core.chat.send(alice, room, "really?")
    answer = core.chat.post(bob, room, Draft("yes", reply_to=core.chat.answered_message(room, asked.id)))
    assert (answer.reply_to, answer.reply_to_uuid) == (asked.id, asked.uuid)
    core.chat.delete(asked)
    assert core.chat.message_for(alice, answer.id).reply_to == asked.id
    with pytest.raises(Absent):
        core.chat.answered_message(room, asked.id)


def test_a_message_elsewhere_is_not_answered(core: Core, room: Room, alice: Member, carol: Member) -> None:
    elsewhere = core.chat.send(alice, core.chat.start_direct(alice, carol, None)[0], "there")
    with pytest.raises(Absent):
        core.chat.answered_message(room, elsewhere.id)


def test_several_files_come_with_a_message(
    core: Core, room: Room, alice: Member, bob: Member, carol: Member
) -> None:
    uploads = (
        Upload("a.png", "image/png", b"\x89PNG", "image"),
        Upload("b.pdf", "application/pdf", b"", "document"),
    )
    message = core.chat.post(alice, room, Draft("", "file", uploads=uploads))
    first, second = core.chat.message_for(bob, message.id).attachments
    assert (first.name, first.kind, first.media_type, first.size) == ("a.png", "image", "image/png", 4)
    assert (second.name, second.kind, second.size) == ("b.pdf", "document", 0)
    assert core.chat.content_of(core.chat.attachment_for(bob, first.uuid)) == b"\x89PNG"
    with pytest.raises(Outsider):
        core.chat.attachment_for(carol, first.uuid)
    with pytest.raises(Absent):
        core.chat.attachment_for(bob, str(uuid4()))
    core.chat.delete(message)
    with pytest.raises(Absent):
        core.chat.attachment_for(bob, first.uuid)


def test_an_avatar_is_for_those_in_the_room(core: Core, alice: Member, bob: Member, carol: Member) -> None:
    group = core.chat.start_room(alice, "group", [bob], name="two")
    shown = core.chat.set_avatar(group, Upload("face.png", "image/png", b"face")).avatar
    assert shown is not None
    assert core.chat.content_of(core.chat.attachment_for(bob, shown)) == b"face"
    with pytest.raises(Outsider):
        core.chat.attachment_for(carol, shown)


def test_a_member_may_have_several_reactions_each_once(
    core: Core, room: Room, alice: Member, bob: Member
) -> None:
    message = core.chat.send(alice, room, "hello")

    def emoji() -> list[tuple[str, str]]:
        return [
            (each.member.username, each.value) for each in core.chat.message_for(bob, message.id).reactions
        ]

    first = core.chat.add_reaction(bob, message, "👍")
    assert core.chat.add_reaction(bob, core.chat.message_for(bob, message.id), "👍") == first
    core.chat.add_reaction(bob, message, "❤️")
    core.chat.add_reaction(alice, message, "👍")
    assert emoji() == [("bob", "👍"), ("bob", "❤️"), ("alice", "👍")]
    assert core.chat.remove_reactions(bob, message, "👍") == 1
    assert core.chat.remove_reactions(bob, message, "👍") == 0
    assert emoji() == [("bob", "❤️"), ("alice", "👍")]
    core.chat.add_reaction(bob, message, "👍")
    assert core.chat.remove_reactions(bob, message) == 2
    assert emoji() == [("alice", "👍")]


def test_one_message_is_read_once(core: Core, room: Room, alice: Member, bob: Member) -> None:
    first, second = (core.chat.send(alice, room, text) for text in "ab")
    read = core.chat.read_one(bob, second)
    assert read is not None
    assert (read.message_id, read.member) == (second.id, bob)
    assert core.chat.read_one(bob, second) is None
    assert core.chat.read_one(alice, first) is None
    assert core.chat.summary(bob, room).unread == 1
    assert core.chat.message_for(alice, second.id).reads == (read,)
    assert core.chat.message_for(alice, first.id).reads == ()


def test_an_edit_says_when(core: Core, room: Room, alice: Member) -> None:
    message = core.chat.send(alice, room, "helo")
    assert message.edited_at is None
    core.clock.move(60)
    edited = core.chat.edit(message, "hello")
    assert edited.edited_at is not None
    assert edited.edited_at > message.created_at == edited.created_at


def test_a_list_may_be_oldest_first(oldest_first: Core) -> None:
    core = oldest_first
    alice, bob, carol = core.members
    here, there = core.chat.start_direct(alice, bob, None)[0], core.chat.start_direct(alice, carol, None)[0]
    for n in range(5):
        core.chat.send(alice, (here, there)[n % 2], str(n))
    assert [each.content for each in core.chat.page(here, 1, 2).messages] == ["0", "2"]
    assert [each.content for each in core.chat.page(here, 2, 2).messages] == ["4"]
    everything = core.chat.page_of_all(alice, 1, 500)
    assert [each.content for each in everything.messages] == ["0", "1", "2", "3", "4"]
    assert core.chat.page_of_all(bob, 1, 500).count == 3
    with pytest.raises(Absent):
        core.chat.page_of_all(bob, 2, 3)


def test_what_is_not_there_any_more_is_in_no_list_of_all(
    core: Core, room: Room, alice: Member, bob: Member
) -> None:
    kept, gone = (core.chat.send(alice, room, text) for text in "ab")
    core.chat.delete(gone)
    assert [each.id for each in core.chat.page_of_all(bob, 1, 20).messages] == [kept.id]
    core.chat.delete_room(room)
    assert core.chat.page_of_all(bob, 1, 20).count == 0


def test_a_list_is_cut_into_pages() -> None:
    assert [list(cut("abcde", number, 2)) for number in (1, 2, 3)] == [["a", "b"], ["c", "d"], ["e"]]
    assert list(cut("", 1, 2)) == []
    for nowhere in (("abcd", 3), ("", 2)):
        with pytest.raises(Absent):
            cut(*nowhere, 2)


def test_search_finds_messages_of_ones_own_rooms(
    core: Core, room: Room, alice: Member, bob: Member, carol: Member
) -> None:
    core.chat.send(alice, room, "Grüße, 100 %")
    core.chat.send(alice, room, "100 and more")
    core.chat.send(alice, core.chat.start_direct(alice, carol, None)[0], "GRÜSSE too")

    def found(member: Member, words: str, most: int = 50) -> list[str]:
        return [each.content for each in core.chat.search_messages(member, words, most)]

    assert found(bob, "grüsse") == ["Grüße, 100 %"]
    assert found(alice, "grüße") == ["GRÜSSE too", "Grüße, 100 %"]
    assert found(bob, "0 %") == ["Grüße, 100 %"]
    assert found(bob, "100", most=1) == ["100 and more"]
    core.chat.delete(core.chat.search_messages(bob, "more", 1)[0])
    assert found(bob, "more") == []


def test_search_finds_rooms_by_name_and_by_who_is_in(
    core: Core, room: Room, alice: Member, bob: Member, carol: Member
) -> None:
    group = core.chat.start_room(alice, "group", [carol], name="Alpha")
    core.chat.start_room(bob, "group", [], name="alphabet")

    def found(member: Member, words: str) -> set[int]:
        return {each.room.id for each in core.chat.search_rooms(member, words)}

    assert found(alice, "ALPHA") == {group.id}
    assert found(alice, "bob@example") == {room.id}
    assert found(alice, "nobody") == set()
    assert found(alice, "alice@") == {room.id, group.id}
    assert [each.room.id for each in core.chat.rooms_with(alice, "BO")] == [room.id]
    assert core.chat.rooms_with(alice, "alice") == []


def test_search_finds_public_rooms_in_which_nothing_is_unread_to_who_looks_on(
    core: Core, alice: Member, bob: Member
) -> None:
    square = core.chat.start_room(alice, "public", [], name="Square")
    core.chat.send(alice, square, "hello")
    (found,) = core.chat.search_rooms(bob, "square")
    assert (found.room, found.unread) == (square, 0)
    core.chat.join(bob, square.id)
    assert [each.unread for each in core.chat.search_rooms(bob, "square")] == [1]
    assert core.chat.search_messages(bob, "hello", 50) != ()


def test_typing_ends_by_itself_and_when_it_is_said_so(
    core: Core, room: Room, alice: Member, bob: Member
) -> None:
    def typists() -> list[str]:
        return [each.member.username for each in core.chat.typists(room)]

    core.chat.type(alice, room, True)
    core.clock.move(20)
    core.chat.type(bob, room, True)
    assert typists() == ["alice", "bob"]
    core.clock.move(11)
    assert typists() == ["bob"]
    core.chat.type(bob, room, False)
    assert typists() == []


def test_who_has_left_is_not_typing(core: Core, alice: Member, bob: Member) -> None:
    group = core.chat.start_room(alice, "group", [bob])
    core.chat.type(bob, group, True)
    core.chat.leave(bob, group)
    assert core.chat.typists(group) == []


def test_sessions_end_and_are_forgotten_after_a_day(core: Core, alice: Member, bob: Member) -> None:
    old, new, hers = (str(uuid4()) for _ in range(3))
    core.chat.open_session(alice, old, "curl", "127.0.0.1")
    core.chat.open_session(alice, new, "", "127.0.0.1")
    core.chat.open_session(bob, hers, "", "127.0.0.1")
    (first, second) = core.chat.active_sessions(alice)
    assert (first.uuid, first.user_agent, first.ip_address, first.active) == (old, "curl", "127.0.0.1", True)
    core.clock.move(60)
    core.chat.touch_session(new)
    assert core.chat.active_sessions(alice)[1].last_ping > second.last_ping
    core.chat.close_session(old)
    core.chat.close_session(hers)
    assert [each.uuid for each in core.chat.active_sessions(alice)] == [new]
    core.clock.move(24 * 3600 - 60)
    assert core.chat.clean_sessions(alice) == 0
    core.clock.move(120)
    assert core.chat.clean_sessions(alice) == 1
    assert core.chat.clean_sessions(alice) == 0
    assert [each.uuid for each in core.chat.active_sessions(alice)] == [new]


def test_a_server_that_starts_has_no_open_sockets() -> None:
    with closing(open_store(None, "fe16ops")) as store:
        core = assemble(store, NAMES)
        core.chat.open_session(core.members[0], str(uuid4()), "", "")
        again = assemble(store, NAMES)
        assert again.chat.active_sessions(again.members[0]) == []
