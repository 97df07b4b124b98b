"""At an address, a reference server tells who its members are; everything else is told from one."""

from __future__ import annotations

import json
import socket

import pytest

from earwitness.errors import CouldNotTest, UsageError
from earwitness.live import Session
from earwitness.live.discovery import discover
from tests.live.servers import answering


def test_a_reference_server_is_found_with_its_members(session: Session) -> None:
    there = session.deployment
    found = discover(there.http + "/", "fe16ops")
    assert (found.http, found.ws, found.accounts, found.levers) == (
        there.http,
        there.ws,
        there.accounts,
        there.levers,
    )
    assert not found.foreign


def test_a_server_of_another_api_is_not_taken_for_this_one(session: Session) -> None:
    with pytest.raises(UsageError, match="serves fe16ops, not rooms"):
        discover(session.deployment.http, "rooms")


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (200, "text/html", b"<html></html>"),
        (200, "application/json", b"[]"),
        (200, "application/json", b'{"api": "fe16ops"}'),
        (404, "application/json", b'{"members": []}'),
    ],
)
def test_what_is_no_reference_server_needs_a_deployment_file(status: int, kind: str, body: bytes) -> None:
    with answering(status, kind, body) as host, pytest.raises(UsageError) as caught:
        discover(f"http://{host}", "fe16ops")
    assert "is no reference server of ours" in str(caught.value)
    assert "--deployment FILE" in str(caught.value)


def test_a_greeting_that_says_too_little_is_no_good() -> None:
    hello = json.dumps({"api": "fe16ops", "members": []}).encode()
    with (
        answering(200, "application/json", hello) as host,
        pytest.raises(CouldNotTest, match="it has no 'http'"),
    ):
        discover(f"http://{host}", "fe16ops")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_where_nothing_answers_is_told(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"{scheme}://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(CouldNotTest) as caught:
        discover(url, "fe16ops")
    assert f"{url} cannot be reached: " in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost",
        "localhost:8000",
        "ftp://127.0.0.1",
        "http://",
        "http://127.0.0.1:99999",
        "ws://127.0.0.1:1",
    ],
)
def test_what_is_no_address_is_told(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        discover(url, "fe16ops")
    assert "http://127.0.0.1:8000" in str(caught.value)
