"""Members act, listen and claim; every claim is judged from the history, and what cannot be done is told apart from what fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from earwitness.content import content_root
from earwitness.deployment import ReferenceServer
from earwitness.history import FrameHeard, Request, Settled
from earwitness.live import (
    File,
    LiveMember,
    MessageHandle,
    NotRun,
    RoomHandle,
    Session,
    Stage,
    Stopped,
    Unimplemented,
    Unreachable,
)
from earwitness.live.handles import Done
from earwitness.verdict import CaseVerdict, Verdict
from tests.live.stages import reference_session, session_on, stage_of, verdict

PHOTO = File("photo.png", "image/png", b"\x89PNG", "image")


@pytest.fixture(scope="module")
def deaf() -> Iterator[Session]:
    """A server on which only who reacts hears of it, and events have a second."""
    with reference_session("fe16ops-reactor-only", deadline_ms=1_000) as session:
        yield session


@pytest.fixture
def unheard(deaf: Session, request: pytest.FixtureRequest) -> Iterator[Stage]:
    with stage_of(deaf, request.node.nodeid) as stage:
        yield stage


def broken(verdict: CaseVerdict) -> list[str]:
    """The sentences of the claims that do not hold."""
    return [one.sentence for one in verdict.evidence if one.verdict is Verdict.FAIL]


def test_a_message_that_is_sent_is_heard(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    bob.listens(room), carol.listens()
    sent = alice.sends(room, "hello")
    assert sent.id
    bob.hears("message-created", sent, text="hello", author=alice)
    carol.hears_nothing_of(room)
    judged = verdict(stage)
    assert (judged.verdict, broken(judged), judged.findings) == (Verdict.PASS, [], ())
    assert "bob hears message-created of 'hello', author alice" in [one.sentence for one in judged.evidence]
    heard = next(one for one in judged.evidence if one.sentence.startswith("bob hears"))
    frames = {entry.n for entry in stage.journal if isinstance(entry, FrameHeard)}
    assert frames & set(heard.entries), "the evidence is the frame"


def test_an_event_that_shows_something_else_is_not_the_one_that_was_to_be_heard(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    bob.listens(room)
    sent = alice.sends(room, "hello")
    bob.hears("message-created", sent, text="goodbye")
    judged = verdict(stage)
    assert judged.verdict is Verdict.FAIL
    (one,) = (one for one in judged.evidence if one.verdict is Verdict.FAIL)
    assert "goodbye" in one.expected
    assert "hello" in one.heard


def test_who_does_not_listen_hears_nothing(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    sent = alice.sends(room, "hello")
    began = stage.session.now()
    bob.hears("message-created", sent)
    waited_ms = (stage.session.now() - began) / 1e6
    assert waited_ms < stage.session.deployment.deadline_ms, "nothing was due, so nothing is waited for"
    assert broken(verdict(stage)) == ["bob hears message-created of 'hello'"]


def test_what_must_be_heard_and_does_not_come_fails_at_the_deadline(unheard: Stage) -> None:
    alice, bob = unheard.cast("alice"), unheard.cast("bob")
    room = alice.starts_direct(bob)
    sent = alice.sends(room, "what do you think?")
    alice.listens(room), bob.listens(room)
    began = unheard.session.now()
    bob.reacts(sent, "👍")
    alice.hears("reaction-changed", sent, emoji="👍")
    bob.hears("reaction-changed", sent, emoji="👍")
    waited_ms = (unheard.session.now() - began) / 1e6
    judged = verdict(unheard)
    assert broken(judged) == ["alice hears reaction-changed of 'what do you think?', emoji '👍'"]
    assert "delivery-lost" in {finding.check for finding in judged.findings}
    assert waited_ms >= 1_000
    assert waited_ms < 1_900, "what was given up is not waited for again"
    (settled,) = [entry for entry in unheard.journal if isinstance(entry, Settled)]
    assert settled.waited_ms >= 900, "a claim's own waiting counts"


def test_settling_waits_for_what_is_due_and_no_longer(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    bob.listens(room)
    alice.sends(room, "hello")
    assert stage.settle_dues()
    assert [due.missing for due in stage.world().delivery.dues if due.event == "message-created"][-1] == ()
    assert stage.world().delivery.outstanding() == []


def test_a_refusal_that_is_promised_holds(
    stage: Stage, alice: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    sent = alice.sends(room, "mine")
    carol.may_not("list-messages", "not-a-member", room=room)
    carol.may_not("edit-message", "not-a-member", message=sent, text="no longer yours")
    judged = verdict(stage)
    assert (judged.verdict, broken(judged)) == (Verdict.PASS, [])


def test_being_served_is_no_refusal(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    bob.may_not("list-messages", "not-a-member", room=room)
    assert broken(verdict(stage)) == ["bob may not list-messages (not-a-member)"]


def test_what_was_refused_is_read_back(request: pytest.FixtureRequest) -> None:
    with reference_session("fe16ops-other-deletes-behind-a-404") as session:
        with stage_of(session, request.node.nodeid) as stage:
            alice, bob = stage.cast("alice"), stage.cast("bob")
            kept, lost = (alice.sends(alice.starts_direct(bob), text) for text in ("it stays", "it goes"))
            bob.may_not("delete-message", "not-the-sender", message=lost)
            alice.sees_unchanged(kept)
            alice.sees_unchanged(lost)
            judged = verdict(stage)
    assert broken(judged) == ["alice sees 'it goes' unchanged"]
    assert "refused-changes-nothing" in {finding.check for finding in judged.findings}


def test_what_a_server_may_refuse_is_served_or_refused(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    sent = alice.may_send(room, "with a NUL: \0")
    assert sent is not None
    assert alice.may_send(room, "") is None
    bob.sees(sent, text="with a NUL: \0")
    judged = verdict(stage)
    assert (judged.verdict, broken(judged), judged.findings) == (Verdict.PASS, [], ())


def test_breaking_on_a_text_is_neither(request: pytest.FixtureRequest) -> None:
    with reference_session("fe16ops-nul-crashes") as session:
        with stage_of(session, request.node.nodeid) as stage:
            alice, bob = stage.cast("alice"), stage.cast("bob")
            assert alice.may_send(alice.starts_direct(bob), "with a NUL: \0") is None
            judged = verdict(stage)
    assert broken(judged) == ["alice is turned away: send-text, if it is not served"]
    assert {finding.check for finding in judged.findings} == {"refusal", "server-error"}


def test_all_claims_that_do_not_hold_are_told_together(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    sent = alice.sends(room, "hello")
    bob.sees(sent, text="goodbye")
    bob.sees(sent, author=bob)
    bob.lists_room(room, unread=7)
    bob.does_not_see(sent)
    assert len(broken(verdict(stage))) == 4


# -- what cannot be done ----------------------------------------------------------------------------------------------


def test_a_verb_that_does_not_succeed_stops_the_exercise(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    sent = alice.sends(room, "mine")
    with pytest.raises(Stopped, match=r"bob's edit-message did not succeed \(404\)"):
        bob.edits(sent, "his")
    assert broken(verdict(stage)) == ["bob can edit-message"]


def test_a_verb_that_the_api_has_not_is_not_a_failure(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    before = len(stage.journal)
    with pytest.raises(Unimplemented, match="fe16ops does not offer block"):
        alice.does("block", peer=bob)
    with pytest.raises(Unimplemented, match="fe16ops does not offer edit-message by socket"):
        alice.does("edit-message", form="socket", message=alice, text="x")
    assert len(stage.journal) == before, "nothing was sent"


def test_a_message_can_be_said_on_the_socket(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    bob.listens(room)
    sent = alice.sends(room, "by a frame", form="socket")
    assert sent.id == "", "nothing answers a frame"
    bob.hears("message-created", sent, text="by a frame", author=alice)
    bob.sees(sent, text="by a frame", author=alice)
    assert verdict(stage).verdict is Verdict.PASS


def test_an_answer_without_what_comes_next_builds_on_is_a_broken_claim(
    stage: Stage, alice: LiveMember, room: RoomHandle
) -> None:
    asked = alice.asks_for_upload(PHOTO)
    nothing = Done(asked.verb, asked.form, alice, alice.does("list-rooms").exchanges, 200, True, {})
    with pytest.raises(Stopped, match="no upload URL was given out"):
        alice.puts(PHOTO, nothing)
    with pytest.raises(Stopped, match="names no room"):
        stage.room(Done(room.done.verb, room.done.form, alice, nothing.exchanges, 200, True, {}), (alice,))
    assert broken(verdict(stage)) == ["alice is given upload url", "alice is given room"]


def test_without_a_lever_there_are_only_the_accounts(fixed: Stage) -> None:
    assert fixed.cast("alice") is fixed.cast("alice")
    with pytest.raises(NotRun, match="this deployment has no member 'zoe' and no lever to mint one"):
        fixed.cast("zoe")
    with pytest.raises(NotRun, match="this deployment has no lever 'move-clock'"):
        fixed.lever("move-clock", seconds=31)


def test_fixed_accounts_that_have_talked_are_no_fresh_pair(fixed: Stage) -> None:
    alice, bob = fixed.cast("alice"), fixed.cast("bob")
    first = alice.starts_direct(bob)
    assert bob.starts_direct(alice).id == first.id
    with pytest.raises(NotRun, match="alice and bob have talked before"):
        alice.starts_fresh_direct(bob)


def test_members_that_are_minted_are_always_a_fresh_pair(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember
) -> None:
    assert alice.starts_fresh_direct(bob).id != alice.starts_fresh_direct(carol).id
    assert len({str(member.id) for member in (alice, bob, carol)}) == 3


def test_a_server_that_is_gone_is_unreachable_and_no_failure() -> None:
    with ReferenceServer.start("fe16ops", content=content_root()) as server:
        with session_on(server.deployment) as session, stage_of(session, "gone") as stage:
            alice, bob = stage.cast("alice"), stage.cast("bob")
            room = alice.starts_direct(bob)
            server.stop()
            with pytest.raises(Unreachable, match="refuses connections"):
                alice.sends(room, "is anybody there?")
            with pytest.raises(Unreachable, match="the lever mint-member answered no connection"):
                stage.cast("carol")
            judged = verdict(stage)
            assert (broken(judged), judged.findings) == ([], ())


def test_what_a_member_holds_says_no_more_than_its_name(alice: LiveMember, room: RoomHandle) -> None:
    message: MessageHandle = alice.sends(room, "hello")
    assert repr(alice) == "alice"
    for held in (room, message):
        assert "token" not in repr(held)


def test_no_token_is_in_the_history(stage: Stage, alice: LiveMember, room: RoomHandle) -> None:
    alice.sends(room, "hello")
    lines = [entry for entry in stage.journal if isinstance(entry, Request) and entry.case == stage.case]
    assert {entry.headers.get("authorization") for entry in lines} == {"Token $ALICE_TOKEN"}
