"""Our own wire on a bad way: never a hang, never a crash, and an entry that says what happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from websockets.asyncio.server import ServerConnection

from earwitness.faults import (
    GONE_AFTER_THE_ANSWER,
    GONE_BEFORE_THE_ANSWER,
    LOST_ANSWER,
    Cut,
    Delay,
    Fault,
    Proxy,
    Slice,
    Stall,
    Strike,
)
from earwitness.history import (
    FaultStruck,
    FrameHeard,
    Journal,
    NoAnswer,
    Request,
    Response,
    SocketClosed,
    SocketOpening,
    SocketRefused,
)
from earwitness.wire import Limits, Wire
from tests.wire.helpers import INBOX, LIST, SHORT, every, only, run
from tests.wire.servers import OK, Tcp, answering, read_request, talking, tcp

# With a moment for a delay that is shorter than our patience.
LIMITS = replace(SHORT, open_s=0.5)


@dataclass(slots=True)
class Bad:
    """A bad way: the wire that takes it, what it writes, and the proxy in between."""

    wire: Wire
    journal: Journal
    proxy: Proxy


@asynccontextmanager
async def bad_way(server: Tcp, limits: Limits = LIMITS) -> AsyncIterator[Bad]:
    wires: list[Wire] = []

    def struck(strike: Strike) -> None:
        fault = strike.fault
        wires[0].struck(strike.port, fault.name, fault.sentence, lossy=fault.lossy)

    proxy = await Proxy.start("127.0.0.1", server.port, struck=struck)
    journal = Journal()
    wires.append(Wire(journal, server.http, server.ws, allow=lambda _: True, limits=limits, via=proxy.port))
    try:
        yield Bad(wires[0], journal, proxy)
    finally:
        await wires[0].close()
        await proxy.stop()


# -- requests ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Slice((1,)), ""),
        (Slice((2, 9), side="answer"), ""),
        (Delay(0.05), ""),
        (Delay(5.0), "timeout"),
        (GONE_AFTER_THE_ANSWER, ""),
        (Cut("answer", None), ""),
        (LOST_ANSWER, "cut"),
        (Cut("answer", 0, reset=True), "cut"),
        (Cut("answer", 30), "cut"),
        (Cut("answer", 3, "body", reset=True), "cut"),
        (GONE_BEFORE_THE_ANSWER, "cut"),
        (Cut("request", 10), "cut"),
        (Cut("request", 10, reset=True), "cut"),
        (Stall("request", 0), "timeout"),
        (Stall("answer", 0), "timeout"),
        (Stall("answer", 3, "body"), "timeout"),
    ],
)
def test_every_fault_on_a_request_ends_in_an_entry(fault: Fault, reason: str) -> None:
    async def story() -> None:
        async with answering(OK) as server, bad_way(server) as on:
            on.proxy.plan(fault)
            answer = await on.wire.send(LIST, member="alice")
            struck = only(on.journal, FaultStruck)
            assert (struck.exchange, struck.fault, struck.lossy) == (answer.exchange, fault.name, fault.lossy)
            assert struck.detail == fault.sentence
            if reason:
                assert not answer.answered
                unanswered = only(on.journal, NoAnswer)
                assert (unanswered.exchange, unanswered.reason) == (answer.exchange, reason)
                assert unanswered.detail
            else:
                assert answer.json == {"id": 1}
                assert only(on.journal, Response).exchange == answer.exchange
            # The next request has a good way again.
            on.proxy.go_on()
            again = await on.wire.send(LIST, member="alice")
            assert again.json == {"id": 1}
            assert len(every(on.journal, FaultStruck)) == 1

    run(story)


def test_the_history_names_the_deployment_and_the_server_is_asked_by_its_name() -> None:
    async def story() -> None:
        async with answering(OK) as server, bad_way(server) as on:
            await on.wire.send(LIST, member="alice")
            asked = only(on.journal, Request)
            assert asked.url == f"{server.http}/rooms/?page=2"
            assert f"\r\nHost: 127.0.0.1:{server.port}\r\n".lower() in server.requests[0].decode().lower()

    run(story)


def test_an_answer_without_a_length_is_not_taken_for_whole_when_it_was_cut() -> None:
    async def story() -> None:
        async def to_the_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await read_request(reader)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nthe whole of it")

        async with tcp(to_the_end) as server, bad_way(server) as on:
            assert (await on.wire.send(LIST)).content == b"the whole of it"
            on.proxy.plan(Cut("answer", 9, "body"))
            answer = await on.wire.send(LIST)
            assert (answer.status, answer.reason) == (0, "cut")

    run(story)


def test_what_is_struck_on_purpose_does_not_spend_our_patience() -> None:
    async def story() -> None:
        async with answering(OK) as server, bad_way(server, replace(LIMITS, failures=2)) as on:
            for _ in range(3):
                on.proxy.plan(LOST_ANSWER)
                await on.wire.send(LIST)
            assert (await on.wire.send(LIST)).answered

    run(story)


# -- sockets ----------------------------------------------------------------------------------------------------------


async def say_three(connection: ServerConnection) -> None:
    for number in range(3):
        await connection.send(f'{{"number": {number}, "padding": "{"x" * 200}"}}')
    await connection.wait_closed()


@pytest.mark.parametrize(
    ("fault", "heard", "closed_by"),
    [
        (Slice((1,)), 3, "us"),
        (Delay(0.05), 3, "us"),
        (Cut("answer", 0, "frames"), 0, "nobody"),
        (Cut("answer", 2, "frames"), 2, "nobody"),
        (Cut("answer", 2, "frames", reset=True), 2, "nobody"),
        (Cut("answer", 300, "body"), 1, "nobody"),
        (Cut("answer", 300, "body", reset=True), 1, "nobody"),
    ],
)
def test_every_fault_on_a_socket_ends_in_an_entry(fault: Fault, heard: int, closed_by: str) -> None:
    async def story() -> None:
        async with talking(say_three) as server, bad_way(server) as on:
            on.proxy.plan(fault)
            ear = await on.wire.open(INBOX, member="bob")
            assert ear.opened
            if closed_by == "nobody":
                assert await on.wire.wait_until(lambda: ear.closed is not None, 5)
            else:
                assert await on.wire.wait_until(lambda: len(every(on.journal, FrameHeard)) == heard, 5)
                await ear.close()
            struck = only(on.journal, FaultStruck)
            assert (struck.socket, struck.fault) == (ear.id, fault.name)
            # A reset may take with it what had arrived and was not read yet.
            frames = len(every(on.journal, FrameHeard))
            assert frames == heard or (struck.fault == "reset" and frames < heard)
            assert only(on.journal, SocketClosed).by == closed_by

    run(story)


@pytest.mark.parametrize(
    "fault",
    [
        Cut("request", 10),
        Cut("request", 10, reset=True),
        Cut("answer", 0),
        Cut("answer", 20, reset=True),
        Stall("request", 0),
        Stall("answer", 20),
        Delay(5.0),
    ],
)
def test_a_handshake_that_a_fault_strikes_is_a_refusal_without_a_status(fault: Fault) -> None:
    async def story() -> None:
        async with talking(say_three) as server, bad_way(server) as on:
            on.proxy.plan(fault)
            ear = await on.wire.open(INBOX, member="bob")
            assert (ear.opened, ear.status) == (False, 0)
            assert only(on.journal, FaultStruck).socket == only(on.journal, SocketOpening).socket
            assert only(on.journal, SocketRefused).detail

    run(story)


def test_a_socket_that_is_held_can_be_closed_in_time() -> None:
    async def story() -> None:
        async with talking(say_three) as server, bad_way(server) as on:
            on.proxy.plan(Stall("answer", 0, "frames"))
            ear = await on.wire.open(INBOX, member="bob")
            await ear.say("is anybody there?")
            async with asyncio.timeout(LIMITS.close_s + 2):
                await ear.close()
            assert every(on.journal, FrameHeard) == []
            assert only(on.journal, SocketClosed).socket == ear.id

    run(story)


def test_what_is_said_in_slices_arrives_whole() -> None:
    async def story() -> None:
        taken: list[object] = []

        async def take(connection: ServerConnection) -> None:
            async for said in connection:
                taken.append(said)
                await connection.send("taken")

        async with talking(take) as server, bad_way(server) as on:
            on.proxy.plan(Slice((1, 5)))
            ear = await on.wire.open(INBOX, member="bob")
            await ear.say("é👍" * 50)
            assert await on.wire.wait_until(lambda: len(every(on.journal, FrameHeard)) == 1, 5)
            assert taken == ["é👍" * 50]
            await ear.close()

    run(story)


def test_a_way_that_leads_nowhere_refuses_both() -> None:
    async def story() -> None:
        async with answering(OK) as server:
            async with bad_way(server) as on:
                await on.proxy.stop()
                answer = await on.wire.send(LIST)
                ear = await on.wire.open(INBOX)
                assert (answer.reason, ear.opened, ear.status) == ("refused", False, 0)

    run(story)
