"""What the tests of the reference server share: a core, the server's HTTP side, and a server that listens."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from reference_server import defects, serving
from reference_server.apis import Api
from reference_server.apis.fe16ops import Fe16ops
from reference_server.app import HttpDoor, application
from reference_server.core.assembly import Core, assemble
from reference_server.core.hub import Hub
from reference_server.core.records import Member
from reference_server.core.store import open_store
from reference_server.levers import greeting

NAMES = ("alice", "bob", "carol")
PATIENCE_SECONDS = 20
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
NOT_FOUND = (404, {"success": False, "message": "Not found"})


@pytest.fixture
def core() -> Iterator[Core]:
    """A core in memory with alice, bob and carol."""
    with closing(open_store(None, "fe16ops")) as store:
        yield assemble(store, NAMES)


@pytest.fixture
def alice(core: Core) -> Member:
    return core.members[0]


@pytest.fixture
def bob(core: Core) -> Member:
    return core.members[1]


@pytest.fixture
def carol(core: Core) -> Member:
    return core.members[2]


class RecordingHub(Hub):
    """Remembers who was to hear what, for tests without sockets."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[set[int], Mapping[str, object]]] = []

    def release(self) -> None:
        self.said += [(set(audience), event) for audience, event, _ in self._held]
        super().release()


@dataclass(frozen=True, slots=True)
class Client:
    """httpx in front of an ASGI application, without a port."""

    app: ASGIApp

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
                return await client.request(method, path, **options)

        return asyncio.run(ask())

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)

    def put(self, path: str, **options: Any) -> httpx.Response:
        return self.request("PUT", path, **options)


@dataclass(frozen=True, slots=True)
class Site:
    """The server's HTTP side, called as one of its members, and the events it would have sent."""

    client: Client
    api: Fe16ops
    core: Core
    hub: RecordingHub

    def call(
        self, who: str | None, method: str, path: str, body: object = None
    ) -> tuple[int, dict[str, Any]]:
        """Status and body of the answer; ``path`` is what follows /api/messaging."""
        headers = {"Authorization": f"Token {self.token(who)}"} if who else {}
        response = self.client.request(method, f"/api/messaging{path}", headers=headers, json=body)
        return response.status_code, response.json()

    def token(self, who: str) -> str:
        (member,) = [each for each in self.core.members if each.username == who]
        return self.core.identity.token_of(member)

    def events(self) -> list[tuple[set[int], Mapping[str, object]]]:
        """What was said since this was last asked."""
        said = list(self.hub.said)
        self.hub.said.clear()
        return said


Open = Callable[..., Site]


@contextmanager
def opening() -> Iterator[Open]:
    """Gives what opens a site, with the defects that are named planted in it; all are closed at the end."""
    stores = []

    def open_site(*ids: str, api: type[Fe16ops] = Fe16ops) -> Site:
        chosen = defects.choose("fe16ops", ids)
        store = open_store(None, "fe16ops")
        stores.append(store)
        parts = defects.parts(chosen)
        hub = RecordingHub()
        core = replace(assemble(store, NAMES, parts), hub=hub)
        served = defects.damaged(api, chosen)(core)
        return Site(Client(application(served, greeting(served, "testserver", ids))), served, core, hub)

    try:
        yield open_site
    finally:
        for store in stores:
            store.close()


@pytest.fixture
def opened() -> Iterator[Open]:
    with opening() as open_site:
        yield open_site


@pytest.fixture
def site(opened: Open) -> Site:
    """The undamaged server."""
    return opened()


@pytest.fixture
def talk(site: Site) -> Site:
    """Conversation 1 of alice and bob, in which alice has sent message 1."""
    site.call(
        "alice", "POST", "/start-conversation/", {"receiver_id": 2, "message": "hello", "product_id": 123}
    )
    site.events()
    return site


def timeless(value: Any) -> Any:
    """``value`` with TIME for every time in it."""
    if isinstance(value, dict):
        return {key: timeless(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(timeless(each) for each in value)
    return "TIME" if isinstance(value, str) and re.fullmatch(TIME, value) else value


@dataclass(frozen=True, slots=True)
class Live:
    """A server that listens, with what it says of itself."""

    http: str
    ws: str
    tokens: Mapping[str, str]

    def headers(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Token {self.tokens[who]}"}

    def socket(self, who: str) -> str:
        return f"{self.ws}/ws/messaging/?token={self.tokens[who]}"


@pytest.fixture
def live() -> Iterator[Live]:
    """The server on a port of its own, in a thread, as `python -m reference_server` runs it."""
    with listening(Fe16ops) as live:
        yield live


@contextmanager
def listening(api_class: type[Api], *planted: str) -> Iterator[Live]:
    """A server of this API, on a port of its own, in a thread, with these defects."""
    chosen = defects.choose(api_class.name, planted) if planted else ()
    with (
        closing(open_store(None, "fe16ops")) as store,
        closing(serving.listen("127.0.0.1", 0)) as listener,
    ):
        core = assemble(store, NAMES, defects.parts(chosen), api_class.settings)
        api = defects.damaged(api_class, chosen)(core)
        host, port = listener.getsockname()
        hello = greeting(api, f"{host}:{port}", ())
        ready = threading.Event()
        door = defects.damaged(HttpDoor, chosen)
        server = serving.server(application(api, hello, door), ready.set)
        thread = threading.Thread(target=server.run, args=([listener],))
        tokens = {member.username: core.identity.token_of(member) for member in core.members}
        thread.start()
        try:
            assert ready.wait(PATIENCE_SECONDS)
            yield Live(str(hello["http"]), str(hello["ws"]), tokens)
        finally:
            server.should_exit = True
            thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()
