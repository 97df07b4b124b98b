"""What the tests of the wire ask of it again and again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TypeVar

from earwitness.history import Entry, Journal
from earwitness.member import HttpRequest, SocketAddress
from earwitness.wire import Limits, Wire
from tests.wire.servers import Tcp

# Far more than anything on loopback takes, and little enough for a test that fails.
LIMITS = Limits(connect_s=5.0, answer_s=5.0, open_s=5.0, close_s=0.5)
# For servers that never do what they should: what such a test takes at the least. Reaching them is not shortened.
SHORT = replace(LIMITS, answer_s=0.5, close_s=0.2)

# How long to wait for what has to happen.
OUT_OF_PATIENCE = 5.0

LIST = HttpRequest(
    "GET", "/rooms/", "listRooms", query=(("page", "2"),), credentials={"Authorization": "Token t"}
)
INBOX = SocketAddress("inbox", "messaging", "/ws/?token=t")

E_ = TypeVar("E_", bound=Entry)


@asynccontextmanager
async def wire_to(
    server: Tcp, limits: Limits = LIMITS, allow: Callable[[str], bool] = lambda url: True, prefix: str = ""
) -> AsyncIterator[tuple[Wire, Journal]]:
    """A wire to ``server`` and the history it writes."""
    journal = Journal()
    wire = Wire(journal, server.http, server.ws, allow=allow, limits=limits, prefix=prefix)
    try:
        yield wire, journal
    finally:
        await wire.close()


def run(story: Callable[[], Awaitable[None]]) -> None:
    """Run an asynchronous test, for 20 seconds at the most."""

    async def bounded() -> None:
        async with asyncio.timeout(20):
            await story()

    asyncio.run(bounded())


def kinds(journal: Journal) -> list[str]:
    """The kinds of entry in ``journal``, in order."""
    return [entry.kind for entry in journal]


def only(journal: Journal, kind: type[E_]) -> E_:
    """The one entry of that kind."""
    (entry,) = (entry for entry in journal if isinstance(entry, kind))
    return entry


def every(journal: Journal, kind: type[E_]) -> list[E_]:
    """The entries of that kind."""
    return [entry for entry in journal if isinstance(entry, kind)]
