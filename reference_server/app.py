"""The ASGI application: doors for HTTP and sockets, each request one transaction, whatever comes in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress

from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route, Router, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from reference_server.apis import Api
from reference_server.core.hub import Ear, encode
from reference_server.core.refusals import Absent, Refusal, TooLarge, WrongMethod
from reference_server.levers import Levers
from reference_server.web import Answer, Call, Channel, Knock, Operation, Seat

LOG = logging.getLogger("reference_server")

# Of one frame from a client, in bytes.
LARGEST_FRAME = 64 * 1024
TOO_BIG, INTERNAL_ERROR, TRY_AGAIN_LATER = 1009, 1011, 1013
# How long a socket that does not read may take to accept its close frame.
LAST_WORD_SECONDS = 5.0


def application(api: Api, hello: Mapping[str, object], door: type[HttpDoor] | None = None) -> Router:
    """The API and the levers as one ASGI application; ``door`` is what lets requests in, where it is not the usual one."""
    operations = {**api.operations(), **Levers(api, hello).operations()}
    door = door or HttpDoor
    return Router(
        [
            *(Route(path, door(api, methods)) for path, methods in operations.items()),
            *(WebSocketRoute(path, SocketDoor(api, channel)) for path, channel in api.channels().items()),
        ],
        # A redirect would be an answer the document does not have.
        redirect_slashes=False,
        default=Nowhere(api),
    )


class Nowhere:
    """A path that does not exist."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = _response(self._api.refuse(Absent("Not found")))
        if scope["type"] == "websocket":
            await WebSocket(scope, receive, send).send_denial_response(refusal)
        else:
            await refusal(scope, receive, send)


class HttpDoor:
    """One path and its methods. A method it does not have is refused before anybody is asked who they are."""

    def __init__(self, api: Api, methods: Mapping[str, Operation]) -> None:
        self.api = api
        self._methods = methods
        # HEAD is GET without its body.
        self._allowed = tuple(sorted({*methods, *(["HEAD"] if "GET" in methods else [])}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            answer = await self._answer(request)
        except Refusal as refusal:
            answer = self.api.refuse(refusal)
        except ClientDisconnect:
            return
        except Exception:
            LOG.exception("a bug in the reference server: %s %s", request.method, request.scope["path"])
            answer = Answer(500, {"message": "Internal server error"})
        await self.reply(request, answer, send)

    async def reply(self, request: Request, answer: Answer, send: Send) -> None:
        """Send the answer. Everything is done by then."""
        await _response(answer)(request.scope, request.receive, send)

    async def _answer(self, request: Request) -> Answer:
        method = "GET" if request.method == "HEAD" else request.method
        operation = self._methods.get(method)
        if operation is None:
            raise WrongMethod(self._allowed)
        caller = None if operation.public else self.api.authenticate(request.headers)
        call = Call(
            caller=caller,
            path=request.path_params,
            query=request.scope["query_string"].decode("latin-1"),
            headers=request.headers,
            body=await _body(request, operation.limit),
            origin=f"{request.url.scheme}://{request.url.netloc}",
        )
        return await self.perform(operation, call, request)

    async def perform(self, operation: Operation, call: Call, request: Request) -> Answer:
        """Do what was asked, whether or not whoever asked still waits for the answer."""
        with self.api.core.request():
            return operation.run(call)


class SocketDoor:
    """Sockets: refused by HTTP before they open, then one task listens and one speaks."""

    def __init__(self, api: Api, channel: Channel) -> None:
        self._api = api
        self._channel = channel

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        socket = WebSocket(scope, receive, send)
        knock = Knock(
            path=socket.path_params,
            query=QueryParams(scope["query_string"].decode("latin-1")),
            headers=socket.headers,
            ip_address=socket.client.host if socket.client else "",
        )
        try:
            with self._api.core.request():
                seat = self._channel.admit(knock)
        except Refusal as refusal:
            await socket.send_denial_response(_response(self._api.refuse(refusal)))
            return
        # The ear opens before the client is told so: what happens after its handshake is heard.
        ear = self._api.core.hub.open(seat.member.id, seat.room_id)
        joined = False
        try:
            await socket.accept()
            with self._api.core.request():
                self._channel.joined(seat)
            joined = True
            code = await self._converse(socket, seat, ear)
            if code is not None:
                await asyncio.wait_for(socket.close(code), LAST_WORD_SECONDS)
        except (WebSocketDisconnect, TimeoutError, OSError):
            pass  # gone, or not reading any more: the transport is closed when this returns
        except Exception:
            LOG.exception("a bug in the reference server: the socket of member %d", seat.member.id)
            with suppress(Exception):
                await asyncio.wait_for(socket.close(INTERNAL_ERROR), LAST_WORD_SECONDS)
        finally:
            self._api.core.hub.close(ear)
            if joined:
                with self._api.core.request():
                    self._channel.left(seat)

    async def _converse(self, socket: WebSocket, seat: Seat, ear: Ear) -> int | None:
        """Listen and speak until one of the two is over; the code to close with, None when the client is gone."""
        listening = asyncio.create_task(self._listen(socket, seat, ear))
        speaking = ear.speak(socket.send_text)
        try:
            await asyncio.wait({listening, speaking}, return_when=asyncio.FIRST_COMPLETED)
            if ear.overflowed:
                return TRY_AGAIN_LATER
            return listening.result() if listening.done() else None
        finally:
            listening.cancel()
            speaking.cancel()
            await asyncio.gather(listening, speaking, return_exceptions=True)

    async def _listen(self, socket: WebSocket, seat: Seat, ear: Ear) -> int | None:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return None
            text, data = message.get("text"), message.get("bytes")
            if len(data or (text or "").encode()) > LARGEST_FRAME:
                return TOO_BIG
            if text is None:
                continue  # a binary frame says nothing in this protocol
            # A frame nobody can make sense of, or that is not allowed, has no effect, and the answer that the channel gives, if any.
            try:
                with self._api.core.request():
                    self._channel.hear(seat, text)
            except Refusal as refusal:
                answer = self._channel.answer(refusal)
                if answer is not None:
                    ear.offer(encode(answer))


async def _body(request: Request, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise TooLarge(f"The body is larger than {limit} bytes")
        chunks.append(chunk)
    return b"".join(chunks)


def _response(answer: Answer) -> Response:
    headers = dict(answer.headers)
    if isinstance(answer.body, bytes):
        return Response(answer.body, answer.status, headers)
    if answer.body is None:
        return Response(status_code=answer.status, headers=headers)
    return Response(encode(answer.body), answer.status, headers, media_type="application/json")
