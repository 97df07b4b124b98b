"""Settling: what is due, then a fence for every open ear, then a grace; none of it disturbs what the exercise looks at."""

from __future__ import annotations

import pytest

from earwitness.history import Request, Settled
from earwitness.live import LiveMember, RoomHandle, Stage
from earwitness.live.fence import LEAST_GRACE_MS
from earwitness.verdict import Verdict
from earwitness.wire import Ear
from earwitness.wire.ear import OpenEar
from tests.live.stages import reference_session, stage_of, verdict


def fences(stage: Stage) -> list[Request]:
    """The requests that raised fences in this case."""
    return [
        e for e in stage.journal if isinstance(e, Request) and e.case == stage.case and e.source == "fence"
    ]


def settled(stage: Stage) -> list[Settled]:
    return [e for e in stage.journal if isinstance(e, Settled) and e.case == stage.case]


def test_nobody_listens_and_nothing_is_waited_for(stage: Stage, alice: LiveMember, room: RoomHandle) -> None:
    alice.sends(room, "hello")
    stage.settle()
    (one,) = settled(stage)
    assert (one.complete, one.grace_ms) == (True, 0)
    assert fences(stage) == []


def test_a_fence_is_heard_by_each_who_listens(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    alice.listens(room), bob.listens(room)
    alice.sends(room, "hello")
    stage.settle()
    (one,) = settled(stage)
    assert one.complete
    assert LEAST_GRACE_MS <= one.grace_ms <= one.waited_ms  # there was nothing to judge meanwhile
    assert {entry.member for entry in fences(stage)} == {"sentinel"}
    delivery = stage.world().delivery
    fenced = [
        due for due in delivery.dues if due.exchange.source == "fence" and due.event == "message-created"
    ]
    assert sorted(stage.world().line.sockets[s].entry.member for due in fenced for s in due.heard) == [
        "alice",
        "bob",
    ]
    assert delivery.outstanding() == []


def test_fences_leave_rooms_order_and_unread_counts_alone(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    bob.listens(room), carol.listens()
    sent = alice.sends(room, "hello")
    for _ in range(3):
        stage.settle()
    assert len(settled(stage)) == 3
    alice.sends(room, "hello again")
    bob.lists_room(room, unread=2)
    alice.lists_room(room, unread=0)
    bob.sees_in_all(room, sent)
    carol.does_not_list(room)
    carol.hears_nothing_of(room)
    judged = verdict(stage)
    assert (judged.verdict, judged.findings) == (Verdict.PASS, ())


def test_a_second_fence_uses_the_room_of_the_first(stage: Stage, bob: LiveMember, room: RoomHandle) -> None:
    bob.listens(room)
    stage.settle()
    stage.settle()
    verbs = [entry.verb for entry in fences(stage)]
    assert verbs == ["open-direct", "send-text", "send-text"]


def test_a_closed_ear_gets_no_fence(stage: Stage, bob: LiveMember, room: RoomHandle) -> None:
    bob.stops_listening(bob.listens(room))
    stage.settle()
    assert fences(stage) == []


def test_a_spare_account_raises_the_fence_where_none_can_be_minted(fixed: Stage) -> None:
    alice, bob = fixed.cast("alice"), fixed.cast("bob")
    bob.listens(alice.starts_direct(bob))
    fixed.settle()
    (sender,) = {entry.member for entry in fences(fixed)}
    assert sender not in ("alice", "bob")
    assert settled(fixed)[-1].complete


def test_without_a_spare_account_a_longer_grace_has_to_do(fixed: Stage) -> None:
    members = [fixed.cast(account.name) for account in fixed.session.deployment.accounts]
    members[1].listens(members[0].starts_direct(members[1]))
    fixed.settle()
    assert fences(fixed) == []
    assert settled(fixed)[-1].grace_ms >= 10 * LEAST_GRACE_MS


def test_who_hears_nothing_waits_by_what_the_last_exercise_heard(fixed: Stage) -> None:
    first, second, *_ = [fixed.cast(account.name) for account in fixed.session.deployment.accounts]
    room = first.starts_direct(second)
    second.listens(room)
    first.sends(room, "how fast is this deployment?")
    fixed.settle()
    with stage_of(fixed.session, "another exercise") as later:
        quiet, *_ = [later.cast(account.name) for account in fixed.session.deployment.accounts]
        quiet.listens()
        later.settle()
        heard_before, heard_nothing = settled(fixed)[-1].grace_ms, settled(later)[-1].grace_ms
    assert fences(later) == []
    assert heard_nothing == heard_before < 200


@pytest.mark.parametrize("devices", [1, 3])
def test_every_device_of_a_listener_hears_the_fence(
    devices: int, stage: Stage, bob: LiveMember, room: RoomHandle
) -> None:
    ears = [bob.listens(room) for _ in range(devices)]
    stage.settle()
    (due,) = (
        due
        for due in stage.world().delivery.dues
        if due.exchange.source == "fence" and due.event == "message-created"
    )
    assert set(due.heard) == {ear.id for ear in ears}


@pytest.mark.parametrize(("answered", "times"), [(True, 1), (False, 3)])
def test_a_ping_comes_back_where_no_fence_can_reach_or_the_grace_is_longer(
    answered: bool, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not answered:
        monkeypatch.setattr(OpenEar, "echoes", Ear.echoes)
    with reference_session(api="rooms") as session, stage_of(session, "a socket of one room") as stage:
        session.lately_ms = LEAST_GRACE_MS / 100
        alice, bob = stage.cast("alice"), stage.cast("bob")
        room = alice.starts_direct(bob)
        bob.listens(room)
        stage.settle()
        assert fences(stage) == []
        longest = session.lately_ms
        assert settled(stage)[-1].grace_ms == int(max(3 * longest, times * LEAST_GRACE_MS))


def test_what_is_heard_while_it_is_judged_is_judged_as_well(
    stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    bob.listens(room)
    judged: list[int] = []

    def judge() -> int:
        heard = [one for one in stage.world().delivery.heard if one.shows.get("text") == "late"]
        if not judged:
            alice.sends(room, "late")
            stage.settle_dues()
        judged.append(len(heard))
        return len(heard)

    assert stage.settle_while(judge) == 1
    assert judged == [0, 1]


def test_what_is_judged_in_silence_is_judged_once(stage: Stage, bob: LiveMember, room: RoomHandle) -> None:
    bob.listens(room)
    judged = []
    stage.settle_while(lambda: judged.append(settled(stage)))
    assert judged == [[]]
    assert len(settled(stage)) == 1
