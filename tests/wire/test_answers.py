"""Odd answers: not JSON, huge, compressed, deeply nested; servers that ask for patience; and the end of a budget."""

from __future__ import annotations

import asyncio
import gzip
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from earwitness.binding import MISSING
from earwitness.errors import CouldNotTest, UsageError
from earwitness.history import Journal, Response
from earwitness.wire import Limits, Wire
from tests.wire.helpers import LIST, every, kinds, only, run, wire_to
from tests.wire.servers import OK, answering, http, read_request, tcp


def test_an_answer_that_is_not_json() -> None:
    async def story() -> None:
        async with answering(http("200 OK", b"<h1>Hi</h1>")) as server, wire_to(server) as (wire, journal):
            assert (await wire.send(LIST)).json is MISSING
            assert (only(journal, Response).body.form, only(journal, Response).body.value) == (
                "text",
                "<h1>Hi</h1>",
            )

    run(story)


def test_an_answer_without_a_body() -> None:
    async def story() -> None:
        async with (
            answering(b"HTTP/1.1 204 No Content\r\n\r\n") as server,
            wire_to(server) as (wire, journal),
        ):
            answer = await wire.send(LIST)
            assert (answer.status, answer.json, answer.content) == (204, MISSING, b"")
            assert only(journal, Response).body.form == "none"

    run(story)


def test_a_huge_answer_is_cut_while_it_comes() -> None:
    sent = 0

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4000000000\r\n\r\n")
        while True:
            writer.write(b'"' + b"x" * 65_535)
            await writer.drain()
            sent += 65_536

    async def story() -> None:
        limits = Limits(max_body=200_000)
        async with tcp(handler) as server, wire_to(server, limits) as (wire, journal):
            answer = await wire.send(LIST)

            kept = only(journal, Response).body
            assert (answer.status, len(answer.content), answer.json) == (200, 200_000, MISSING)
            assert (kept.form, kept.cut) == ("text", 4_000_000_000 - 200_000)
            assert sent < 50_000_000

    run(story)


def test_an_answer_of_just_the_size_that_is_kept_is_whole() -> None:
    async def story() -> None:
        body = json.dumps("x" * 98).encode()
        limits = Limits(max_body=100)
        async with (
            answering(http("200 OK", body), http("200 OK", body + b" ")) as server,
            wire_to(server, limits) as (wire, journal),
        ):
            assert (await wire.send(LIST)).json == "x" * 98
            assert (await wire.send(LIST)).json is MISSING
            assert [response.body.cut for response in every(journal, Response)] == [0, 1]

    run(story)


def test_a_small_answer_does_not_become_a_large_one() -> None:
    async def story() -> None:
        bomb = gzip.compress(b"0" * 5_000_000)
        async with (
            answering(http("200 OK", bomb, "Content-Encoding: gzip")) as server,
            wire_to(server) as (wire, _),
        ):
            answer = await wire.send(LIST)

            assert answer.content == bomb
            assert b"Accept-Encoding: identity" in server.requests[0]

    run(story)


def test_deeply_nested_json_is_kept_as_text() -> None:
    async def story() -> None:
        shallow, deep = b"[" * 100 + b"]" * 100, b"[" * 900 + b"]" * 900
        async with (
            answering(http("200 OK", shallow), http("200 OK", deep)) as server,
            wire_to(server) as (wire, journal),
        ):
            await wire.send(LIST)
            await wire.send(LIST)

            assert [response.body.form for response in every(journal, Response)] == ["json", "text"]

    run(story)


# -- patience ---------------------------------------------------------------------------------------------------------


def test_a_server_that_asks_for_patience_gets_it_twice() -> None:
    async def story() -> None:
        busy = http("503 Service Unavailable", b"", "Retry-After: 0")
        async with answering(busy, OK) as server, wire_to(server) as (wire, journal):
            answer = await wire.send(LIST)
            assert (answer.exchange, answer.status) == ("x2", 200)
            assert kinds(journal) == ["request", "response"] * 2
        async with (
            answering(http("429 Too Many Requests", b"", "Retry-After: 0")) as server,
            wire_to(server) as (wire, journal),
        ):
            assert (await wire.send(LIST)).status == 429
            assert kinds(journal) == ["request", "response"] * 3

    run(story)


def test_a_date_to_come_back_at() -> None:
    async def story() -> None:
        past = format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True)
        busy = http("429 Too Many Requests", b"", f"Retry-After: {past}")
        async with answering(busy, OK) as server, wire_to(server) as (wire, _):
            assert (await wire.send(LIST)).status == 200

    run(story)


@pytest.mark.parametrize(
    "answer",
    [
        http("503 Service Unavailable", b"", "Retry-After: 6"),
        http("503 Service Unavailable", b"", "Retry-After: 99999999999999999999"),
        http("503 Service Unavailable", b"", "Retry-After: soon"),
        http("503 Service Unavailable", b"", "Retry-After: -1"),
        http("503 Service Unavailable", b"", "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT"),
        http("503 Service Unavailable"),
        http("500 Internal Server Error", b"", "Retry-After: 0"),
        http("200 OK", b"", "Retry-After: 0"),
    ],
)
def test_patience_has_its_limits(answer: bytes) -> None:
    async def story() -> None:
        async with answering(answer) as server, wire_to(server) as (wire, _):
            await wire.send(LIST)
            assert len(server.requests) == 1

    run(story)


def test_an_impatient_request_takes_the_first_answer() -> None:
    async def story() -> None:
        busy = http("503 Service Unavailable", b"", "Retry-After: 0")
        async with answering(busy, OK) as server, wire_to(server) as (wire, _):
            assert (await wire.send(LIST, patient=False)).status == 503

    run(story)


# -- budgets ----------------------------------------------------------------------------------------------------------


def test_the_budget_of_requests() -> None:
    async def story() -> None:
        async with answering(OK) as server, wire_to(server, Limits(requests=2)) as (wire, _):
            await wire.send(LIST)
            await wire.send(LIST)
            with pytest.raises(CouldNotTest, match="the budget of 2 requests is spent"):
                await wire.send(LIST)
            assert len(server.requests) == 2

    run(story)


def test_a_deployment_that_fails_and_fails_is_spared() -> None:
    async def story() -> None:
        bad, good = http("500 Internal Server Error"), http("400 Bad Request")
        async with answering(bad, good, bad, bad) as server, wire_to(server, Limits(failures=2)) as (wire, _):
            for _ in range(4):
                await wire.send(LIST)
            with pytest.raises(CouldNotTest, match="2 requests in a row got no answer"):
                await wire.send(LIST)
            assert len(server.requests) == 4

    run(story)


def test_certificates_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing of the kind")
    for name in ("ca.pem", "missing.pem"):
        with pytest.raises(UsageError, match="cannot be used"):
            Wire(Journal(), "https://a", "wss://a", allow=lambda url: True, ca_file=str(tmp_path / name))
