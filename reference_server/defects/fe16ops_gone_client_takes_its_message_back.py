"""Planted bug: what a request has done is undone when its connection ends right after the answer."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.requests import Request
from starlette.types import Message, Send

from reference_server.app import HttpDoor
from reference_server.web import Answer

ID: Final = "fe16ops-gone-client-takes-its-message-back"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "pages-partition"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A message is acknowledged, and gone again when its sender's connection ends at once."

# For how long after the answer the connection is looked at.
LOOKS_S: Final = 0.2


class Defect(HttpDoor):
    async def reply(self, request: Request, answer: Answer, send: Send) -> None:
        if request.method != "POST" or answer.status != 201 or not request.url.path.endswith("/messages/"):
            await super().reply(request, answer, send)
            return

        async def unfinished(message: Message) -> None:
            # The client has all of the answer; the server does not think that it is through with it.
            await send({**message, "more_body": message["type"] == "http.response.body"})

        await super().reply(request, answer, unfinished)
        try:
            await asyncio.wait_for(request.receive(), LOOKS_S)
        except TimeoutError:
            await send({"type": "http.response.body", "body": b""})
            return
        assert isinstance(answer.body, dict), "a message was sent"
        core = self.api.core
        with core.request():
            member = self.api.authenticate(request.headers)
            core.chat.delete(core.chat.message_for(member, answer.body["message"]["id"]))
