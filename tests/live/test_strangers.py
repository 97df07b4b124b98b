"""Whoever has no valid token shows another in its place; what is made from a secret stays out of the history like the secret."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from earwitness.history import Claimed, Request, SocketOpening
from earwitness.live import LiveMember, NotRun, RoomHandle, Session, Stage
from earwitness.live.strangers import shown_tokens
from earwitness.member import STRANGERS
from earwitness.verdict import Verdict
from tests.live.stages import reference_session, stage_of, verdict

CARELESS = "fe16ops-token-is-compared-by-its-start"
FORGETFUL = "fe16ops-socket-takes-expired-tokens"


@pytest.fixture(scope="module")
def careless() -> Iterator[Session]:
    """A server that looks at the start of a token only."""
    with reference_session(CARELESS, deadline_ms=200) as session:
        yield session


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("anonymous", [None]),
        ("tampered-token", [f"Token $ALICE_TOKEN_{what}" for what in ("ITS_END_CHANGED", "SOMETHING_APPENDED", "CUT_SHORT")]),
        ("expired", ["Token $ALICE_EXPIRED_TOKEN"]),
    ],
)  # fmt: skip
def test_each_of_them_is_refused_with_what_it_shows(
    role: str, shown: list[str | None], stage: Stage, alice: LiveMember, room: RoomHandle
) -> None:
    alice.is_refused("getConversation", role, {"room": room}, role=role)
    asked = [e for e in stage.journal if isinstance(e, Request) and e.case == stage.case and e.role == role]
    assert [entry.headers.get("authorization") for entry in asked] == shown
    claimed = [e for e in stage.journal if isinstance(e, Claimed) and e.case == stage.case]
    assert [claim.args["exchange"] for claim in claimed if claim.claim == "refused"] == [
        e.exchange for e in asked
    ]
    judged = verdict(stage)
    assert (judged.verdict, judged.findings) == (Verdict.PASS, ())


@pytest.mark.parametrize("role", STRANGERS)
def test_each_of_them_gets_no_socket(role: str, stage: Stage, bob: LiveMember, room: RoomHandle) -> None:
    bob.gets_no_socket(role, room)
    opened = [e for e in stage.journal if isinstance(e, SocketOpening) and e.case == stage.case]
    assert len(opened) == len(list(bob.tokens_as(role)))
    assert {entry.role for entry in opened} == {role}
    # What is shown is a placeholder, or nothing that was ever a secret.
    genuine = {token for _, token in bob.tokens_as(role)} if role not in ("anonymous", "bad-token") else set()
    assert [entry.url for entry in opened if any(token in entry.url for token in genuine)] == []
    judged = verdict(stage)
    assert (judged.verdict, judged.findings) == (Verdict.PASS, ())


def test_a_server_that_takes_a_tampered_token_is_found(
    careless: Session, request: pytest.FixtureRequest
) -> None:
    with stage_of(careless, request.node.nodeid) as stage:
        alice, bob = stage.cast("alice"), stage.cast("bob")
        room = alice.starts_direct(bob)
        alice.is_refused("getConversation", "tampered-token", {"room": room}, role="tampered-token")
        bob.gets_no_socket("tampered-token", room)
        judged = verdict(stage)
    assert judged.verdict is Verdict.FAIL
    assert {"refusal", "handshake-refuses"} <= {finding.check for finding in judged.findings}
    wrong = [one.sentence for one in judged.evidence if one.verdict is Verdict.FAIL]
    assert "a caller with a token cut short may not getConversation (tampered-token)" in wrong
    assert "a socket opened with a token with something appended is refused" in wrong


def test_a_socket_that_takes_an_expired_token_is_found(request: pytest.FixtureRequest) -> None:
    with (
        reference_session(FORGETFUL, deadline_ms=200) as session,
        stage_of(session, request.node.nodeid) as stage,
    ):
        bob = stage.cast("bob")
        bob.is_refused("listConversations", "expired", {}, role="expired")
        bob.gets_no_socket("expired")
        judged = verdict(stage)
    wrong = [one.sentence for one in judged.evidence if one.verdict is Verdict.FAIL]
    assert wrong == ["a socket opened with a token that has expired is refused"]
    assert "handshake-refuses" in {finding.check for finding in judged.findings}


def test_without_the_lever_no_expired_token_can_be_tried(fixed: Stage) -> None:
    alice = fixed.cast("alice")
    assert fixed.strangers() == ("anonymous", "bad-token", "tampered-token")
    with pytest.raises(NotRun, match="this deployment has no lever 'expired-token'"):
        alice.is_refused("listConversations", "expired", {}, role="expired")
    with pytest.raises(NotRun, match="this deployment has no lever 'expired-token'"):
        alice.gets_no_socket("expired")


def test_with_the_lever_all_strangers_are_there(stage: Stage) -> None:
    assert stage.strangers() == STRANGERS


def test_each_member_has_an_expired_token_of_its_own(alice: LiveMember, bob: LiveMember) -> None:
    first, again, other = (list(member.tokens_as("expired")) for member in (alice, alice, bob))
    assert first == again
    assert first != other


@pytest.mark.parametrize("token", ["", "0123456789"])
def test_what_cannot_be_kept_secret_is_not_tampered_with(token: str, session: Session) -> None:
    account = replace(session.deployment.accounts[0], token=token)
    with pytest.raises(NotRun, match="has no token that could be tampered with"):
        list(shown_tokens(session, account, "tampered-token"))
