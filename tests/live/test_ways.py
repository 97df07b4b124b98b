"""A way of a member's own: the deployment's addresses and budget, faults that stand in the history, and only where that is allowed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from earwitness.content import content_root
from earwitness.deployment import Budget, Deployment, ReferenceServer
from earwitness.errors import CouldNotTest
from earwitness.faults import LOST_ANSWER, Slice, Stall
from earwitness.history import FaultStruck, Request, SocketClosed
from earwitness.live import LiveMember, NotRun, RoomHandle, Session, Stage, Unreachable
from earwitness.verdict import Verdict
from tests.live.stages import session_on, stage_of, verdict


def strikes(stage: Stage) -> list[FaultStruck]:
    return [entry for entry in stage.entries() if isinstance(entry, FaultStruck)]


def test_the_history_has_the_deployments_addresses_and_each_strike(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    way = stage.way(alice)
    bob.listens(room)
    way.plan(LOST_ANSWER, nth=2)
    heard = alice.sends(room, "on its way without a fault", form="http")
    lost = alice.does("send-text", form="http", room=room, text="its answer is lost on the way")
    bob.hears("message-created", heard, text=heard.text, author=alice)
    assert bob.sees_at_most_once(room, "its answer is lost on the way")
    bob.hears_text("message-created", "its answer is lost on the way", author=alice)
    (struck,) = strikes(stage)
    assert (struck.exchange, struck.fault, struck.lossy) == (lost.exchange, "cut", True)
    asked = [entry for entry in stage.entries() if isinstance(entry, Request)]
    assert {entry.url.startswith(stage.session.deployment.http) for entry in asked} == {True}
    assert verdict(stage).verdict is Verdict.PASS


def test_a_message_that_is_not_there_is_told_of_to_nobody(
    stage: Stage, bob: LiveMember, room: RoomHandle
) -> None:
    bob.listens(room)
    assert not bob.sees_at_most_once(room, "nobody ever said this, nowhere")
    with pytest.raises(CouldNotTest, match="did not strike"):
        stage.way(bob).strikes()


def test_a_claim_to_be_told_fails_where_nobody_was(stage: Stage, bob: LiveMember, room: RoomHandle) -> None:
    bob.listens(room)
    bob.hears_text("message-created", "nobody ever said this, nowhere")
    judged = verdict(stage)
    assert judged.verdict is Verdict.FAIL
    assert [one.check for one in judged.findings] == ["delivery-lost"]


def test_a_socket_that_is_held_is_let_go_at_the_end_and_blamed_on_nobody(
    session: Session, request: pytest.FixtureRequest
) -> None:
    with stage_of(session, request.node.nodeid) as stage:
        alice, bob = stage.cast("alice"), stage.cast("bob")
        room = alice.starts_direct(bob)
        way = stage.way(bob, narrow=True)
        way.plan(Stall("answer", 0, "frames"))
        ear = bob.listens(room)
        way.strikes()
        alice.sends(room, "bob does not read this", form="http")
        assert verdict(stage).verdict is Verdict.PASS
    assert ear.closed is not None and not ear.is_open
    closed = [
        entry for entry in session.journal if isinstance(entry, SocketClosed) and entry.socket == ear.id
    ]
    assert len(closed) == 1


def test_the_budget_is_the_sessions(session: Session, request: pytest.FixtureRequest) -> None:
    with (
        session_on(replace(session.deployment, budget=Budget(requests=4))) as short,
        stage_of(short, request.node.nodeid) as stage,
    ):
        alice, bob = stage.cast("alice"), stage.cast("bob")
        room = alice.starts_direct(bob)
        stage.way(alice)
        with pytest.raises(CouldNotTest, match="budget of 4 requests"):
            for number in range(4):
                alice.sends(room, f"number {number}", form="http")


def test_a_deployment_that_dies_behind_the_way_is_unreachable(request: pytest.FixtureRequest) -> None:
    with ReferenceServer.start("fe16ops", content=content_root()) as server:
        with session_on(server.deployment) as session, stage_of(session, request.node.nodeid) as stage:
            alice, bob = stage.cast("alice"), stage.cast("bob")
            room = alice.starts_direct(bob)
            stage.way(alice).plan(Slice())
            server.stop()
            with pytest.raises(Unreachable, match="refuses connections"):
                alice.sends(room, "is anybody there?", form="http")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"foreign": True}, "tier intrusive"),
        ({"foreign": True, "tiers": frozenset({"read", "write-own"})}, "tier intrusive"),
        ({"http": "https://127.0.0.1:1"}, "without TLS"),
        ({"ws": "ws://127.0.0.1:1"}, "where its operations are"),
    ],
)
def test_what_may_or_can_not_be_disturbed_is_left_alone(
    session: Session, request: pytest.FixtureRequest, changed: dict[str, object], why: str
) -> None:
    deployment: Deployment = replace(session.deployment, **changed)  # type: ignore[arg-type]  # its own fields
    with session_on(deployment) as other, stage_of(other, request.node.nodeid) as stage:
        alice = stage.cast("alice")
        with pytest.raises(NotRun, match=why):
            stage.way(alice)
        assert alice.way is None
