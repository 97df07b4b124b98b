"""Members claim what sockets must not tell, and what lists come to show of what was said on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from earwitness.documents import load_documents
from earwitness.history import Claimed, FrameSaid, Request, SocketOpening
from earwitness.live import (
    LiveMember,
    NotRun,
    RoomHandle,
    Session,
    Stage,
    features,
    group_kinds,
    open_kinds,
    rooms_of_one_number,
)
from earwitness.verdict import CaseVerdict, Verdict
from tests.live.stages import reference_session, session_on, stage_of, verdict


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    """A session on a server whose rooms have sockets of their own, and two kinds that are numbered apart."""
    with reference_session(api="connectify") as session:
        yield session


@pytest.fixture(scope="module")
def forgetful() -> Iterator[Session]:
    """The same, but receipts are not kept, and who was removed hears on; events have little time."""
    defects = ("connectify-read-is-not-kept", "connectify-removed-still-hears")
    with reference_session(*defects, api="connectify", deadline_ms=600) as session:
        yield session


@pytest.fixture
def damaged(forgetful: Session, request: pytest.FixtureRequest) -> Iterator[Stage]:
    with stage_of(forgetful, request.node.nodeid) as stage:
        yield stage


@pytest.fixture
def group(alice: LiveMember, bob: LiveMember, carol: LiveMember) -> RoomHandle:
    return alice.starts_group(bob, carol)


def broken(verdict: CaseVerdict) -> list[str]:
    """The sentences of the claims that do not hold."""
    return [one.sentence for one in verdict.evidence if one.verdict is Verdict.FAIL]


def claims(stage: Stage, kind: str) -> list[Claimed]:
    return [entry for entry in stage.entries() if isinstance(entry, Claimed) and entry.claim == kind]


def test_a_socket_may_be_silent_while_another_of_the_same_member_hears(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle, group: RoomHandle
) -> None:
    here, there = bob.listens(room), bob.listens(group)
    bob.hears_nothing_on(there)
    bob.hears_nothing_more_of(room, on=there)
    bob.hears_nothing_more_of(group, on=here)
    alice.sends(room, "hello")
    judged = verdict(stage)
    assert (judged.verdict, broken(judged)) == (Verdict.PASS, [])


def test_who_hears_something_does_not_hear_nothing(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    ear = bob.listens(room)
    bob.hears("message-created", alice.sends(room, "before"))
    bob.hears_nothing_on(ear)
    bob.hears_nothing_more_of(room)
    alice.sends(room, "after")
    assert broken(verdict(stage)) == [
        "bob hears nothing more on that socket",
        "bob hears nothing more of the room",
    ]


def test_who_was_removed_must_hear_nothing_more(damaged: Stage) -> None:
    alice, bob, carol = (damaged.cast(name) for name in ("alice", "bob", "carol"))
    group = alice.starts_group(bob, carol)
    bob.listens(group)
    ear = carol.listens(group)
    carol.hears("message-created", alice.sends(group, "with carol"))
    alice.must("remove-member", room=group, peer=carol)
    carol.hears_nothing_on(ear)
    bob.hears("message-created", alice.sends(group, "without carol"))
    judged = verdict(damaged)
    assert broken(judged) == ["carol hears nothing more on that socket"]
    assert "delivery-stray" in {finding.check for finding in judged.findings}


def test_a_list_is_asked_again_until_it_shows_what_was_said(
    stage: Stage, alice: LiveMember, bob: LiveMember, group: RoomHandle
) -> None:
    sent = alice.sends(group, "read this")
    done = bob.must("mark-message-read", message=sent)
    alice.comes_to_see(sent, read_by=[bob])
    (said,) = [e for e in stage.entries() if isinstance(e, FrameSaid)]
    assert said.exchange == done.exchange, "said once, on the socket of the message's own kind of room"
    (opened,) = [e for e in stage.entries() if isinstance(e, SocketOpening)]
    assert opened.name == "group-chat"
    judged = verdict(stage)
    assert (judged.verdict, broken(judged)) == (Verdict.PASS, [])


def test_a_list_that_never_shows_it_is_not_asked_for_ever(damaged: Stage) -> None:
    alice, bob = damaged.cast("alice"), damaged.cast("bob")
    room = alice.starts_direct(bob)
    sent = alice.sends(room, "read this")
    bob.must("mark-message-read", message=sent)
    began = damaged.session.now()
    alice.comes_to_see(sent, read_by=[bob])
    assert 600 <= (damaged.session.now() - began) / 1e6 < 3_000
    listed = [e for e in damaged.entries() if isinstance(e, Request) and e.verb == "list-messages"]
    assert 2 < len(listed) < 12, "again and again, and less and less often"
    assert len(claims(damaged, "shows")) == 1
    assert broken(verdict(damaged)) == [f"alice sees 'read this': read_by [{bob}]"]


@pytest.mark.parametrize(
    ("name", "claimed"), [("fe16ops", ["hears"]), ("netroxchange", ["hears-nothing"]), ("connectify", [])]
)
def test_what_is_claimed_of_whoever_caused_it_is_what_the_audience_says(
    name: str, claimed: list[str]
) -> None:
    """All hear of a reaction in fe16ops, the sender in netroxchange of no own message, and in connectify as it comes."""
    with reference_session(api=name) as session, stage_of(session, "own") as stage:
        alice, bob = stage.cast("alice"), stage.cast("bob")
        room = alice.starts_direct(bob)
        alice.listens(room), bob.listens(room)
        sent = alice.sends(room, "mine")
        if name == "fe16ops":
            alice.hears_own("reaction-changed", alice.reacts(sent, "👍"), sent)
        else:
            alice.hears_own("message-created", sent.done, sent)
        made = [entry.claim for entry in stage.entries() if isinstance(entry, Claimed)]
        assert [kind for kind in made if kind.startswith("hears")] == claimed
        assert broken(verdict(stage)) == []


def test_what_an_answer_does_not_give_is_not_claimed(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    done = bob.does("read-room", room=room)
    bob.is_told(done, "already", True)
    assert claims(stage, "gives") == []


def test_rooms_of_one_number_are_of_two_kinds(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember
) -> None:
    for _ in range(3):
        alice.starts_group(bob, carol)
    one, other = rooms_of_one_number(alice, bob, carol)
    assert one.id == other.id
    assert {one.kind, other.kind} == {"conversation", "group-chat"}
    assert alice in one.members and alice in other.members


def test_of_a_foreign_deployment_few_rooms_are_asked_for(session: Session) -> None:
    foreign = replace(session.deployment, foreign=True)
    with session_on(foreign) as other, stage_of(other, "foreign") as stage:
        alice, bob, carol = (stage.cast(name) for name in ("alice", "bob", "carol"))
        for _ in range(30):
            alice.starts_group(bob, carol)
        with pytest.raises(NotRun):
            rooms_of_one_number(alice, bob, carol)


def test_what_is_said_on_a_closed_ear_is_not_said_on_another(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    ear = alice.listens(room)
    alice.stops_listening(ear)
    done = alice.does("send-text", form="socket", room=room, text="into nothing", on=ear)
    assert done.exchange == ""
    assert len([e for e in stage.entries() if isinstance(e, SocketOpening)]) == 1


def test_every_socket_of_a_room_is_opened_and_refused(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    assert [ear.name for ear in bob.listens_everywhere(room)] == ["conversation"]
    bob.gets_no_socket("anonymous", room)
    assert len(claims(stage, "socket-refused")) == 1
    assert broken(verdict(stage)) == []


def test_what_an_api_has_of_rooms_and_sockets_is_read_from_its_binding() -> None:
    has = {
        name: features(load_documents(name).binding)
        for name in ("fe16ops", "connectify", "conversations", "rooms")
    }
    assert has["fe16ops"] == {"member-sockets"}
    assert has["connectify"] == {"room-sockets", "separate-ids"}
    assert has["conversations"] == {"room-sockets"}
    assert has["rooms"] == {"room-sockets", "peer-sockets", "open-rooms", "silent-receipts"}
    assert open_kinds(load_documents("rooms").binding) == ("public",)
    assert "public" in group_kinds(load_documents("rooms").binding)


@pytest.mark.parametrize("defect", ["", "conversations-sender-reads-own"])
def test_nobody_is_told_that_somebody_read_what_they_wrote(defect: str) -> None:
    defects = (defect,) if defect else ()
    with (
        reference_session(*defects, api="conversations", deadline_ms=600) as session,
        stage_of(session, "own") as stage,
    ):
        alice, bob = stage.cast("alice"), stage.cast("bob")
        room = alice.starts_direct(bob)
        own = alice.sends(room, "alice's own")
        alice.listens(room), bob.listens(room)
        bob.hears_nothing_more_of(room, basis="decided")
        alice.must("mark-message-read", form="http", message=own)
        judged = verdict(stage)
    assert broken(judged) == (["bob hears nothing more of the room"] if defect else [])
    assert ("event-has-a-cause" in {finding.check for finding in judged.findings}) is bool(defect)
    assert "delivery-lost" not in {finding.check for finding in judged.findings}
