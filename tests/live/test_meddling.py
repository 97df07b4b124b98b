"""Requests that say more than they were asked say it in the words of the API's own answers, and change nothing on a correct server."""

from __future__ import annotations

import json

import pytest

from earwitness.history import Request
from earwitness.live.meddling import meddles
from earwitness.verdict import Verdict
from tests.live.stages import reference_session, stage_of, verdict


@pytest.mark.parametrize(
    ("api", "said"),
    [
        (
            "conversations",
            {"sendMessage": {"participants", "sender"}, "updateConversation": {"participants", "sender"}},
        ),
        ("fe16ops", {"sendMessage": {"participants", "sender"}}),
    ],
)
def test_what_nobody_asked_for_is_said_and_ignored(api: str, said: dict[str, set[str]]) -> None:
    with reference_session(api=api) as session, stage_of(session, "meddling") as stage:
        alice, bob, carol = (stage.cast(name) for name in ("alice", "bob", "carol"))
        room = alice.starts_direct(bob)
        exchanges = meddles(alice, bob, carol, room)
        asked = {e.exchange: e for e in stage.entries() if isinstance(e, Request)}
        told = {asked[one].operation: json.dumps(asked[one].body.value) for one in exchanges}
        assert said.keys() <= told.keys()
        for operation, fields in said.items():
            assert all(field in told[operation] for field in fields), told[operation]
        judged = verdict(stage)
        assert (judged.verdict, judged.findings) == (
            Verdict.INCONCLUSIVE if not judged.evidence else Verdict.PASS,
            (),
        )


def test_who_is_let_in_by_what_nobody_asked_for_is_found() -> None:
    with reference_session("conversations-put-moves-in", api="conversations") as session:
        with stage_of(session, "meddling") as stage:
            alice, bob, carol = (stage.cast(name) for name in ("alice", "bob", "carol"))
            room = alice.starts_direct(bob)
            meddles(alice, bob, carol, room)
            assert {("response-schema", "decided")} == {
                (one.check, one.basis) for one in verdict(stage).findings
            }
