"""What cannot be tested is told before anything is blamed on it, with what to do."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from earwitness.deployment import Account, Deployment, host_of
from earwitness.errors import CouldNotTest
from earwitness.history import FrameSaid, Request, SocketOpening
from earwitness.live import Session
from earwitness.live.preflight import preflight
from tests.live.servers import answering
from tests.live.stages import session_on


def deployment(http: str, ws: str = "") -> Deployment:
    """A deployment of somebody's at ``http``."""
    return Deployment(
        api="fe16ops", name="staging", http=http, ws=ws or http.replace("http", "ws", 1), deadline_ms=1_000,
        accounts=(Account("alice", {"id": 1, "username": "alice"}, "alice-0123456789"),),
        allow_hosts=frozenset({host_of(http), host_of(ws or http)}),
    )  # fmt: skip


def what_is_said_of(chosen: Deployment) -> str:
    with session_on(chosen) as session, pytest.raises(CouldNotTest) as caught:
        preflight(session)
    assert "0123456789" not in str(caught.value)
    return str(caught.value)


def test_a_deployment_that_is_well_is_let_through(session: Session) -> None:
    before = len(session.journal)
    preflight(session)
    asked = [entry for entry in session.journal.since(before) if isinstance(entry, Request)]
    assert [entry.member for entry in asked] == [account.name for account in session.deployment.accounts]
    assert {(entry.verb, entry.source, entry.case) for entry in asked} == {("list-rooms", "preflight", "")}
    assert len([entry for entry in session.journal.since(before) if isinstance(entry, SocketOpening)]) == 1
    assert not [entry for entry in session.journal.since(before) if isinstance(entry, FrameSaid)]


def test_an_address_where_nothing_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        http = f"http://127.0.0.1:{taken.getsockname()[1]}"
    said = what_is_said_of(deployment(http))
    assert f"GET {http}/api/messaging/conversations/ got no answer: no connection" in said
    assert "is it running, is the address right" in said


def test_a_plain_port_at_a_tls_address() -> None:
    with answering(200, "application/json", b"{}") as host:
        said = what_is_said_of(deployment(f"https://{host}"))
    assert "got no answer: " in said
    assert "SSL" in said
    assert "trust its certificate (ca-file)?" in said


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_refused(status: int) -> None:
    with answering(status, "application/json", b'{"success": false}') as host:
        said = what_is_said_of(deployment(f"http://{host}"))
    assert f"refuses the token of alice with {status}" in said
    assert "make new ones" in said


def test_the_token_of_each_account_is_tried(session: Session) -> None:
    first, *others = session.deployment.accounts
    wrong = replace(
        session.deployment, accounts=(first, replace(others[0], token="no-token-at-all"), *others[1:])
    )
    assert f"refuses the token of {others[0].name} with 401" in what_is_said_of(wrong)


def test_a_web_page_is_no_api() -> None:
    with answering(200, "text/html; charset=utf-8", b"<html><body>Welcome!</body></html>") as host:
        said = what_is_said_of(deployment(f"http://{host}"))
    assert "answers 200 with text/html; charset=utf-8, which is no JSON" in said
    assert "is the address that of the API, and not of its web pages or of a proxy?" in said


def test_a_server_error_is_left_to_the_contracts() -> None:
    with answering(500, "text/plain", b"oh no", upgrade=404) as host:
        assert "socket" in what_is_said_of(deployment(f"http://{host}"))


@pytest.mark.parametrize("status", [200, 404, 502])
def test_a_proxy_that_lets_no_sockets_through(status: int) -> None:
    with answering(
        200, "application/json", b'{"success": true, "conversations": []}', upgrade=status
    ) as host:
        said = what_is_said_of(deployment(f"http://{host}"))
    assert f"ws://{host} refuses alice's socket: {status} " in said
    assert "does a proxy in between let WebSockets through?" in said


def test_sockets_at_an_address_where_nothing_answers(session: Session) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ws = f"ws://127.0.0.1:{taken.getsockname()[1]}"
    elsewhere = replace(session.deployment, ws=ws, allow_hosts=session.deployment.allow_hosts | {host_of(ws)})
    said = what_is_said_of(elsewhere)
    assert f"{ws} refuses alice's socket" in said
    assert "is `ws` in the deployment file right" in said
