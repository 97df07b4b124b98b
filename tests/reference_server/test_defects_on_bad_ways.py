"""The defects that show only when a connection ends early, or is not read: each tried without it, and with it."""

from __future__ import annotations

import asyncio
import http.client
import json
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.sync.client import connect

from reference_server import defects
from reference_server.apis import Api
from reference_server.apis.conversations import Conversations
from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.hub import Hub
from tests.reference_server.conftest import PATIENCE_SECONDS, Live, listening
from tests.reference_server.test_hub import Listener, say, settle


@dataclass(frozen=True, slots=True)
class Place:
    """How alice says something to bob, how he is told, and where it is listed."""

    api: type[Api]
    scheme: str
    start: tuple[str, Mapping[str, object]]
    send: str
    listed: str
    socket: str

    def headers(self, live: Live, who: str) -> dict[str, str]:
        return {"Authorization": f"{self.scheme} {live.tokens[who]}"}

    def starts(self, live: Live) -> None:
        path, body = self.start
        httpx.post(live.http + path, json=body, headers=self.headers(live, "alice")).raise_for_status()

    def asks(self, live: Live, text: str) -> http.client.HTTPConnection:
        """A connection on which alice has said ``text``, and has not read the answer."""
        connection = http.client.HTTPConnection(urlsplit(live.http).netloc, timeout=PATIENCE_SECONDS)
        form = httpx.Request("POST", live.http, **self._body(text))  # type: ignore[arg-type]  # json or files
        headers = {**self.headers(live, "alice"), "Content-Type": form.headers["content-type"]}
        connection.request("POST", self.send, form.read(), headers)
        return connection

    def _body(self, text: str) -> dict[str, object]:
        if self.api is Fe16ops:
            return {"json": {"content": text, "message_type": "text"}}
        return {"files": {"content": (None, text)}}

    def texts(self, live: Live) -> list[str]:
        answer = httpx.get(live.http + self.listed, headers=self.headers(live, "bob")).json()
        shown = answer["messages"] if "messages" in answer else answer["results"]
        return sorted(one["content"] for one in shown)

    def comes_to(self, live: Live, texts: list[str]) -> None:
        """Ask until these are listed: when a server notices the end of a connection, nobody is told."""
        end = time.monotonic() + PATIENCE_SECONDS
        while self.texts(live) != texts:
            assert time.monotonic() < end, f"{texts} are not what is listed"


FE16OPS = Place(
    Fe16ops, "Token", ("/api/messaging/start-conversation/", {"receiver_id": 2}), "/api/messaging/conversations/1/messages/",
    "/api/messaging/conversations/1/", "/ws/messaging/",
)  # fmt: skip
CONVERSATIONS = Place(
    Conversations, "Bearer", ("/api/chat/conversations/start/", {"user2": 2}), "/api/chat/conversations/1/send_message/",
    "/api/chat/conversations/1/messages/", "/ws/chat/1/",
)  # fmt: skip


@pytest.mark.parametrize("planted", [False, True])
def test_a_gone_client_takes_its_message_back(planted: bool) -> None:
    ids = ("fe16ops-gone-client-takes-its-message-back",) if planted else ()
    with listening(Fe16ops, *ids) as live:
        FE16OPS.starts(live)
        with closing(FE16OPS.asks(live, "said and answered")) as connection:
            answer = connection.getresponse()
            assert (answer.status, json.loads(answer.read())["message"]["content"]) == (
                201,
                "said and answered",
            )
        if planted:
            FE16OPS.comes_to(live, [])
        assert FE16OPS.texts(live) == ([] if planted else ["said and answered"])


@pytest.mark.parametrize("planted", [False, True])
@pytest.mark.parametrize("place", [FE16OPS, CONVERSATIONS], ids=lambda place: place.api.name)
def test_a_gone_client_leaves_half(place: Place, planted: bool) -> None:
    ids = (f"{place.api.name}-gone-client-leaves-half",) if planted else ()
    with listening(place.api, *ids) as live:
        place.starts(live)
        with connect(f"{live.ws}{place.socket}?token={live.tokens['bob']}") as bob:
            place.asks(live, "said by somebody who is gone").close()
            place.comes_to(live, ["said by somebody who is gone"])
            with closing(place.asks(live, "said by somebody who waits")) as connection:
                assert connection.getresponse().status == 201
            heard = [json.loads(bob.recv(PATIENCE_SECONDS))["message"]["content"]]
            if not planted:
                heard.append(json.loads(bob.recv(PATIENCE_SECONDS))["message"]["content"])
        assert place.texts(live) == ["said by somebody who is gone", "said by somebody who waits"]
        assert heard == place.texts(live)[-len(heard) :]


@pytest.mark.parametrize("planted", [False, True])
def test_a_slow_reader_deafens_all(planted: bool) -> None:
    ids = ["fe16ops-slow-reader-deafens-all"] if planted else []
    hub_class: type[Hub] = defects.parts(defects.choose("fe16ops", ids)).hub

    async def scene() -> None:
        hub = hub_class()
        slow, quick = Listener(hub.open(1)), Listener(hub.open(2))
        slow.reading.clear()
        say(hub, [1, 2], "first")
        say(hub, [2], "second")
        await settle()
        assert quick.heard == ([] if planted else ["first", "second"])
        slow.reading.set()
        for _ in range(5):
            await settle()
        assert (slow.heard, quick.heard) == (["first"], ["first", "second"])
        for listener in (slow, quick):
            listener.task.cancel()

    asyncio.run(scene())
