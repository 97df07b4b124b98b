"""Planted bug: whoever waits for no answer has a message stored that nobody is told of."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.requests import Request

from reference_server.app import HttpDoor
from reference_server.web import Answer, Call, Operation

ID: Final = "conversations-gone-client-leaves-half"
API: Final = "conversations"
CLAUSE: Final = "websocket"
CHECK: Final = "delivery-lost"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A message whose sender is gone before the answer is stored, and nobody hears of it."

# How long what comes between storing and telling takes.
WORKS_S: Final = 0.1


class Defect(HttpDoor):
    async def perform(self, operation: Operation, call: Call, request: Request) -> Answer:
        if request.method != "POST" or not request.url.path.endswith("/send_message/"):
            return await super().perform(operation, call, request)
        core = self.api.core
        try:
            with core.store.transaction():
                answer = operation.run(call)
        except BaseException:
            core.hub.forget()
            raise
        events = core.hub.take()
        try:
            await asyncio.wait_for(request.receive(), WORKS_S)
        except TimeoutError:
            core.hub.tell(events)
        return answer
