"""What members claim of rooms, blocks and answers that they look at holds on a correct server, and not when it is not so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from earwitness.content import content_root
from earwitness.deployment import ReferenceServer
from earwitness.live import File, LiveMember, NotRun, RoomHandle, Session, Stage
from earwitness.live.handles import thing_id
from earwitness.verdict import Verdict
from tests.live.stages import session_on, verdict

PHOTO = File("photo.jpg", "image/jpeg", b"\xff\xd8 a photo", "image")
SONG = File("song.mp3", "audio/mpeg", b"ID3 a song", "audio")


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    """A session on a server whose rooms are of two kinds that are numbered apart, with blocks and several files a message."""
    with ReferenceServer.start("connectify", content=content_root()) as server:
        with session_on(server.deployment) as session:
            yield session


@pytest.fixture
def group(alice: LiveMember, bob: LiveMember) -> RoomHandle:
    return alice.starts_group(bob, name="us", text="welcome")


def broken(stage: Stage) -> list[str]:
    """The sentences of the claims that do not hold."""
    judged = verdict(stage)
    assert judged.verdict in (Verdict.PASS, Verdict.FAIL)
    return [one.sentence for one in judged.evidence if one.verdict is Verdict.FAIL]


def test_a_room_looked_at_shows_its_members_and_messages(
    stage: Stage, alice: LiveMember, bob: LiveMember, group: RoomHandle
) -> None:
    assert group.first is not None
    sent = bob.sends(group, "thank you")
    alice.sees_room(group, group.first, sent, members=[alice, bob])
    assert broken(stage) == []


def test_a_room_looked_at_does_not_show_what_is_gone(
    stage: Stage, alice: LiveMember, bob: LiveMember, group: RoomHandle
) -> None:
    gone = bob.sends(group, "soon gone")
    bob.deletes(gone)
    alice.sees_room(group, gone, members=[alice])
    assert len(broken(stage)) == 2


def test_a_room_of_the_same_number_is_another_room(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember
) -> None:
    talk, namesake, number = alice.starts_direct(bob), bob.starts_group(carol, name="number 1"), 1
    while talk.id != namesake.id:
        number += 1
        if int(talk.id) < int(namesake.id):
            talk = alice.starts_direct(stage.cast(f"peer-{number}"))
        else:
            namesake = bob.starts_group(carol, name=f"number {number}")
    alice.lists_room(talk)
    alice.does_not_list(namesake)
    bob.lists_room(namesake, members=[bob, carol])
    assert broken(stage) == []


def test_a_list_of_rooms_has_none_with_a_trait(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember, group: RoomHandle
) -> None:
    alice.lists_no_room_having(members=str(carol.id))
    alice.lists_no_room_having(name="them")
    bob.lists_no_room_having(name="us", members=str(alice.id))
    assert broken(stage) == [f"bob lists no room with name 'us', members '{alice.id}'"]


def test_a_list_of_blocks_has_those_that_were_made(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember
) -> None:
    block = thing_id(alice.must("block", peer=bob), "block")
    alice.lists_block(block, member=bob)
    carol.lists_no_block(block)
    alice.lists_no_block_of(carol)
    assert broken(stage) == []


def test_a_list_of_blocks_that_has_another_is_told(stage: Stage, alice: LiveMember, bob: LiveMember) -> None:
    block = thing_id(alice.must("block", peer=bob), "block")
    alice.lists_no_block(block)
    alice.lists_no_block_of(bob)
    assert len(broken(stage)) == 2


def test_an_answer_names_members_as_people_know_them(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember
) -> None:
    bob.must("block", peer=alice)
    refused = alice.may_not("start-group", "blocked", peers=[bob, carol], name="with bob")
    alice.is_told_of(refused, bob)
    alice.is_told_of(refused, bob, carol)
    assert broken(stage) == ["alice is told of bob, carol"]


def test_what_is_unread_is_counted_from_what_the_list_says(
    stage: Stage, alice: LiveMember, bob: LiveMember, group: RoomHandle
) -> None:
    assert (bob.unread_in(group), alice.unread_in(group)) == (1, 0)
    alice.sends(group, "one more")
    assert bob.unread_in(group) == 2
    assert broken(stage) == []


def test_of_a_room_that_is_not_listed_nothing_is_counted(
    alice: LiveMember, carol: LiveMember, group: RoomHandle
) -> None:
    with pytest.raises(NotRun, match="how many messages are unread"):
        carol.unread_in(group)


def test_several_files_are_shown_each_with_its_type(
    stage: Stage, alice: LiveMember, bob: LiveMember, group: RoomHandle
) -> None:
    sent = alice.sends_file(group, PHOTO, SONG)
    bob.sees(sent, kind="image", files=[("song.mp3", "audio"), ("photo.jpg", "image")])
    assert broken(stage) == []


def test_a_file_of_another_type_is_not_the_one_that_was_sent(
    stage: Stage, alice: LiveMember, bob: LiveMember, group: RoomHandle
) -> None:
    sent = alice.sends_file(group, PHOTO, SONG)
    bob.sees(sent, files=[("song.mp3", "image"), ("photo.jpg", "image")])
    bob.sees(sent, files=[("photo.jpg", "image")])
    assert len(broken(stage)) == 2


def test_what_only_our_reading_lets_a_member_do_is_claimed_as_ours(
    stage: Stage, alice: LiveMember, bob: LiveMember
) -> None:
    room = alice.starts_direct(bob)
    alice.must("block", peer=bob)
    alice.must("send-text", basis="decided", room=room, text="I may still write")
    claims = [one for case in stage.world().line.cases.values() for one in case.claims]
    assert [one.basis for one in claims if one.claim == "succeeds"][-2:] == ["stated", "decided"]
