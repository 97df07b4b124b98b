"""Requests over HTTP: what goes out, what comes back, and what is made of servers that misbehave."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from earwitness.binding import MISSING
from earwitness.errors import CouldNotTest, RefusedByPolicy, UsageError
from earwitness.history import Journal, NoAnswer, Request, Response
from earwitness.member import HttpRequest, Part
from earwitness.wire import Limits, Wire
from tests.wire.helpers import LIMITS, SHORT, every, kinds, only, run, wire_to
from tests.wire.servers import Tcp, answering, http, read_request, tcp

LIST = HttpRequest(
    "GET", "/rooms/", "listRooms", query=(("page", "2"),), credentials={"Authorization": "Token t"}
)
OK = http("200 OK", b'{"id": 1}', "Content-Type: application/json")


def test_an_exchange() -> None:
    async def story() -> None:
        async with answering(OK) as server, wire_to(server) as (wire, journal):
            answer = await wire.send(LIST, member="alice", verb="list-rooms", source="test", due=5)

            assert (answer.exchange, answer.status, answer.json) == ("x1", 200, {"id": 1})
            assert (answer.content, answer.headers["content-type"]) == (b'{"id": 1}', "application/json")
            assert answer.answered
            request, response = only(journal, Request), only(journal, Response)
            assert kinds(journal) == ["request", "response"]
            assert (request.member, request.role, request.verb) == ("alice", "member", "list-rooms")
            assert (request.operation, request.method, request.url) == (
                "listRooms",
                "GET",
                f"{server.http}/rooms/?page=2",
            )
            assert (request.source, request.due, request.headers["authorization"]) == ("test", 5, "Token t")
            assert (request.body.form, response.body.value, response.exchange) == ("none", {"id": 1}, "x1")
            assert server.requests[0].startswith(b"GET /rooms/?page=2 HTTP/1.1\r\n")
            assert b"Authorization: Token t" in server.requests[0]

    run(story)


def test_the_request_is_kept_before_a_byte_of_it_leaves() -> None:
    seen: list[list[str]] = []
    journal = Journal()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        seen.append(kinds(journal))
        writer.write(OK[:-4])
        await writer.drain()
        seen.append(kinds(journal))
        writer.write(OK[-4:])

    async def story() -> None:
        async with tcp(handler) as server:
            wire = Wire(journal, server.http, server.ws, allow=lambda url: True, limits=LIMITS)
            await wire.send(LIST)
            await wire.close()

    run(story)
    assert seen == [["request"], ["request"]]
    assert kinds(journal) == ["request", "response"]


def test_ids_are_unique_and_carry_the_prefix() -> None:
    async def story() -> None:
        async with answering(OK) as server, wire_to(server, prefix="gw1-") as (wire, _):
            answers = await asyncio.gather(*(wire.send(LIST) for _ in range(5)))

            assert sorted(answer.exchange for answer in answers) == [f"gw1-x{n}" for n in range(1, 6)]

    run(story)


def test_bodies_travel_as_they_are() -> None:
    async def story() -> None:
        async with answering(OK) as server, wire_to(server) as (wire, journal):
            body = '{"text":"zażółć"}'.encode()
            await wire.send(HttpRequest("POST", "/a", content=body, content_type="application/json"))

            head, _, sent = server.requests[0].partition(b"\r\n\r\n")
            assert sent == body
            assert b"Content-Type: application/json" in head
            assert only(journal, Request).body.value == {"text": "zażółć"}

    run(story)


def test_a_multipart_body() -> None:
    async def story() -> None:
        async with answering(OK) as server, wire_to(server) as (wire, journal):
            parts = (
                Part("content", "zażółć".encode()),
                Part("to", b"2"),
                Part("to", b"3"),
                Part("file", b"\x89PNG", "cat.png", "image/png"),
            )
            await wire.send(HttpRequest("POST", "/a", parts=parts))

            head, _, sent = server.requests[0].partition(b"\r\n\r\n")
            assert b"Content-Type: multipart/form-data; boundary=" in head
            assert b'Content-Disposition: form-data; name="content"\r\n\r\nza\xc5\xbc' in sent
            assert b'name="file"; filename="cat.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n' in sent
            kept = only(journal, Request).body
            assert kept.form == "parts"
            assert kept.value == {
                "content": "zażółć",
                "to": ["2", "3"],
                "file": {"name": "cat.png", "type": "image/png", "size": 4},
            }

    run(story)


def test_a_redirect_is_not_followed() -> None:
    async def story() -> None:
        async with answering(OK) as elsewhere:
            redirect = http("302 Found", b"", f"Location: {elsewhere.http}/")
            async with answering(redirect) as server, wire_to(server) as (wire, _):
                assert (await wire.send(LIST)).status == 302
                assert elsewhere.requests == []

    run(story)


def test_cookies_are_not_kept() -> None:
    async def story() -> None:
        answer = http("200 OK", b"{}", "Set-Cookie: session=alice; Path=/")
        async with answering(answer) as server, wire_to(server) as (wire, journal):
            await wire.send(LIST, member="alice")
            await wire.send(LIST, member="bob")

            assert every(journal, Response)[0].headers["set-cookie"] == "session=alice; Path=/"
            assert not any(b"cookie:" in request.lower() for request in server.requests)

    run(story)


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        async with (
            answering(OK) as server,
            answering(http("502 Bad Gateway")) as proxy,
            wire_to(server) as (wire, _),
        ):
            for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
                monkeypatch.setenv(name, proxy.http)

            assert (await wire.send(LIST)).status == 200
            assert proxy.requests == []

    run(story)


def test_credentials_go_to_the_deployment_only() -> None:
    async def story() -> None:
        async with answering(OK) as server, answering(OK) as storage, wire_to(server) as (wire, _):
            secret = {"Authorization": "Token t"}
            await wire.send(HttpRequest("PUT", f"{storage.http}/up?sig=1", credentials=secret, content=b"x"))
            await wire.send(HttpRequest("GET", f"{server.http}/file", credentials=secret))

            assert b"authorization" not in storage.requests[0].lower()
            assert storage.requests[0].startswith(b"PUT /up?sig=1 ")
            assert b"Authorization: Token t" in server.requests[0]

    run(story)


def test_what_is_not_allowed_is_not_contacted() -> None:
    async def story() -> None:
        async with answering(OK) as server, answering(OK) as other:
            asked: list[str] = []

            def allow(url: str) -> bool:
                asked.append(url)
                return url.startswith(server.http)

            async with wire_to(server, allow=allow) as (wire, journal):
                with pytest.raises(
                    RefusedByPolicy, match=f"127.0.0.1:{other.port} is not on the allow-list"
                ) as raised:
                    await wire.send(
                        HttpRequest("PUT", f"http://user:pass@127.0.0.1:{other.port}/up?sig=secret")
                    )
                await wire.send(LIST)

                assert other.requests == []
                assert "secret" not in str(raised.value)
                assert "pass" not in str(raised.value)
                assert asked[1] == f"{server.http}/rooms/?page=2"
                assert kinds(journal) == ["request", "response"]

    run(story)


# -- no answer --------------------------------------------------------------------------------------------------------


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)


async def never_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    await reader.read()


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers byte by byte, each within any limit for one read."""
    await read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.01)


async def stop_in_the_middle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
    await writer.drain()


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.transport.abort()


async def speak_something_else(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.example ESMTP\r\n\r\n")
    await writer.drain()
    await read_request(reader)


async def flood_of_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for n in range(100_000):
        writer.write(b"X-%d: %s\r\n" % (n, b"y" * 100))
        await writer.drain()


@pytest.mark.parametrize(
    "handler, reason",
    [
        (hang_up, "cut"),
        (reset, "cut"),
        (stop_in_the_middle, "cut"),
        (never_answer, "timeout"),
        (drip, "timeout"),
        (speak_something_else, "malformed"),
        (flood_of_headers, "malformed"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_server_that_gives_no_answer(handler: object, reason: str) -> None:
    async def story() -> None:
        limits = SHORT if reason == "timeout" else LIMITS
        async with tcp(handler) as server, wire_to(server, limits) as (wire, journal):  # type: ignore[arg-type]  # a handler, as the table says
            begun = asyncio.get_running_loop().time()
            answer = await wire.send(LIST)

            assert asyncio.get_running_loop().time() - begun < limits.answer_s + 5
            assert (answer.answered, answer.status, answer.reason) == (False, 0, reason)
            assert answer.json is MISSING
            failure = only(journal, NoAnswer)
            assert kinds(journal) == ["request", "no-answer"]
            assert (failure.exchange, failure.reason, failure.detail) == ("x1", reason, answer.detail)
            assert answer.detail

    run(story)


def closed_port() -> Tcp:
    """A port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return Tcp(taken.getsockname()[1])


def test_nobody_listens() -> None:
    async def story() -> None:
        async with wire_to(closed_port()) as (wire, journal):
            assert (await wire.send(LIST)).reason == "refused"
            assert only(journal, NoAnswer).detail.startswith("no connection: ")

    run(story)


def test_a_server_without_tls_at_a_tls_address() -> None:
    async def story() -> None:
        async with tcp(speak_something_else) as server:
            journal = Journal()
            address = f"https://127.0.0.1:{server.port}"
            wire = Wire(journal, address, address, allow=lambda url: True, limits=LIMITS)
            assert (await wire.send(LIST)).reason == "refused"
            assert kinds(journal) == ["request", "no-answer"]
            await wire.close()

    run(story)


def test_a_cancelled_request_is_kept_as_unanswered() -> None:
    async def story() -> None:
        async with tcp(never_answer) as server, wire_to(server) as (wire, journal):
            sending = asyncio.create_task(wire.send(LIST))
            await wire.wait_until(lambda: len(journal) == 1, 5)
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending

            assert only(journal, NoAnswer).reason == "timeout"

    run(story)


def test_what_cannot_be_sent_is_our_error() -> None:
    async def story() -> None:
        async with answering(OK) as server, wire_to(server) as (wire, journal):
            with pytest.raises(CouldNotTest, match="cannot be sent"):
                await wire.send(HttpRequest("GET", "/", headers={"X-Name": "ż"}))
            assert kinds(journal) == []
            with pytest.raises(CouldNotTest, match="cannot be sent"):
                await wire.send(HttpRequest("GET", "/", headers={"X-Name": "a\r\nX-More: b"}))
            assert [failure.reason for failure in every(journal, NoAnswer)] == ["refused"]
            assert server.requests == []

    run(story)


# -- odd answers ------------------------------------------------------------------------------------------------------


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
