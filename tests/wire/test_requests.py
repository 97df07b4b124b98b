"""Requests over HTTP: what goes out, where to, and what is kept of it."""

from __future__ import annotations

import asyncio

import pytest

from earwitness.errors import RefusedByPolicy
from earwitness.history import Journal, Request, Response
from earwitness.member import HttpRequest, Part
from earwitness.wire import Wire
from tests.wire.helpers import LIMITS, LIST, every, kinds, only, run, wire_to
from tests.wire.servers import OK, answering, http, read_request, tcp


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
