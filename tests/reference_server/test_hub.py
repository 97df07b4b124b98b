"""Who hears what, in which order, and what happens to a socket that does not read."""

from __future__ import annotations

import asyncio
import json

import pytest

from reference_server.core.assembly import Core
from reference_server.core.hub import FURTHEST_BEHIND, Ear, Hub


class Listener:
    """The far end of a socket; it reads while ``reading`` is set."""

    def __init__(self, ear: Ear) -> None:
        self.heard: list[object] = []
        self.reading = asyncio.Event()
        self.reading.set()
        self.task = ear.speak(self._take)

    async def _take(self, text: str) -> None:
        await self.reading.wait()
        self.heard.append(json.loads(text)["n"])


async def settle() -> None:
    """Let every task run until it waits for something."""
    for _ in range(5):
        await asyncio.sleep(0)


def say(hub: Hub, audience: list[int], n: object) -> None:
    hub.say(audience, {"n": n})
    hub.release()


def test_every_socket_of_the_audience_hears_in_order_and_no_other() -> None:
    async def story() -> None:
        hub = Hub()
        phone, laptop, other = (Listener(hub.open(member_id)) for member_id in (1, 1, 2))
        for n in range(50):
            say(hub, [1], n)
        say(hub, [1, 2], "all")
        await settle()
        assert phone.heard == laptop.heard == [*range(50), "all"]
        assert other.heard == ["all"]

    asyncio.run(story())


def test_nothing_is_heard_of_before_and_nothing_after() -> None:
    async def story() -> None:
        hub = Hub()
        say(hub, [1], "before")
        ear = hub.open(1)
        listener = Listener(ear)
        say(hub, [1], "now")
        await settle()
        hub.close(ear)
        say(hub, [1], "after")
        await settle()
        assert listener.heard == ["now"]

    asyncio.run(story())


def test_events_wait_for_the_commit_and_go_with_it(core: Core) -> None:
    async def story() -> None:
        listener = Listener(core.hub.open(1))
        with core.request():
            core.hub.say([1], {"n": "first"})
            core.hub.say([1], {"n": "second"})
            await settle()
            assert listener.heard == []
        await settle()
        assert listener.heard == ["first", "second"]
        with pytest.raises(ZeroDivisionError), core.request():
            core.hub.say([1], {"n": "never"})
            _ = 1 / 0
        with core.request():
            core.hub.say([1], {"n": "third"})
        await settle()
        assert listener.heard == ["first", "second", "third"]

    asyncio.run(story())


def test_a_socket_that_does_not_read_is_given_up_and_holds_up_nobody() -> None:
    async def story() -> None:
        hub = Hub()
        stuck_ear = hub.open(1)
        stuck, fine = Listener(stuck_ear), Listener(hub.open(1))
        stuck.reading.clear()
        large = "x" * (FURTHEST_BEHIND // 4)
        for _ in range(10):
            say(hub, [1], large)
            await settle()
        assert fine.heard == [large] * 10
        assert stuck_ear.overflowed
        assert stuck.task.cancelled()
        assert stuck.heard == []

    asyncio.run(story())


def test_one_request_with_more_events_than_the_limit_is_no_reason_to_give_up() -> None:
    async def story() -> None:
        hub = Hub()
        ear = hub.open(1)
        listener = Listener(ear)
        large = "x" * (FURTHEST_BEHIND // 4)
        for _ in range(10):
            hub.say([1], {"n": large})
        hub.release()
        await settle()
        assert not ear.overflowed
        assert listener.heard == [large] * 10

    asyncio.run(story())
