"""A member's open socket: hears in the background, says what it is told to, and knows how it ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State

from earwitness.errors import UsageError
from earwitness.history import Entry, FrameHeard, FrameSaid, SocketClosed
from earwitness.wire.bodies import kept_frame
from earwitness.wire.limits import Limits, Meter

Payload = str | bytes | tuple[str, ...] | tuple[bytes, ...]

_WE_FAILED_IT: Final = 1011


class Ear:
    """A socket that a member opened, or tried to.

    ``status`` is 101 once it was opened, else the HTTP status that refused it, 0 without any (``detail`` says why).
    Frames go into the history only, from one background task. ``closed`` is the history's entry once it is over.
    """

    def __init__(self, socket: str, name: str, member: str, status: int, detail: str = "") -> None:
        self.id = socket
        self.name = name
        self.member = member
        self.status = status
        self.detail = detail
        self.closed: SocketClosed | None = None

    @property
    def opened(self) -> bool:
        """Whether the handshake succeeded, whatever happened afterwards."""
        return self.status == 101

    @property
    def is_open(self) -> bool:
        """Whether frames can be heard and said now."""
        return False

    async def say(
        self,
        payload: Payload,
        *,
        verb: str = "",
        frame: str = "",
        source: str = "",
        due: int | None = None,
        text: bool | None = None,
    ) -> str:
        """Say a frame; see ``OpenEar.say``. A socket that was refused says nothing."""
        return ""

    async def echoes(self, seconds: float) -> bool:
        """Whether a ping comes back within ``seconds``: then what the server had sent before it was heard (RFC 6455, section 5.5.3)."""
        return False

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the socket politely. Closing it again does nothing."""

    async def abort(self) -> None:
        """Break the connection off without a word, as a lost network would."""


class OpenEar(Ear):
    """An ``Ear`` whose handshake succeeded."""

    def __init__(
        self,
        socket: str,
        name: str,
        member: str,
        connection: ClientConnection,
        *,
        limits: Limits,
        meter: Meter,
        record: Callable[[Entry], Entry],
        exchange: Callable[[], str],
        failed: Callable[[BaseException], None],
    ) -> None:
        """``record`` keeps an entry, ``exchange`` gives the next id of a cause, ``failed`` takes an error of ours.
        Starts to listen at once."""
        super().__init__(socket, name, member, 101)
        self._connection = connection
        self._limits, self._meter = limits, meter
        self._record, self._exchange, self._failed = record, exchange, failed
        self._cut_off = ""
        self._listening = asyncio.create_task(self._listen(), name=f"ear {socket}")

    @property
    def is_open(self) -> bool:
        return self.closed is None and self._connection.state is State.OPEN

    async def _listen(self) -> None:
        heard = 0
        try:
            while True:
                data = await self._connection.recv()
                if self._cut_off:
                    continue  # what had come before the connection was broken off
                self._record(FrameHeard(socket=self.id, payload=kept_frame(data, self._limits.max_frame)))
                heard += 1
                if heard >= self._limits.max_heard:
                    self._break_off(f"heard {heard} frames, which is more than we bear")
        except ConnectionClosed as over:
            self._over(over)
        except BaseException as error:
            self._break_off("an error of ours")
            self._end(SocketClosed(socket=self.id, code=1006, reason=self._cut_off, by="us"))
            if isinstance(error, asyncio.CancelledError):
                raise
            self._failed(error)
        finally:
            self._meter.over()

    def _over(self, over: ConnectionClosed) -> None:
        """Keep how the socket ended: by whom, with which code."""
        if self._cut_off:
            entry = SocketClosed(socket=self.id, code=1006, reason=self._cut_off, by="us")
        elif over.rcvd is not None and over.rcvd_then_sent is not False:
            entry = SocketClosed(socket=self.id, code=over.rcvd.code, reason=over.rcvd.reason, by="server")
        elif over.sent is not None and over.sent.code != _WE_FAILED_IT:
            entry = SocketClosed(socket=self.id, code=over.sent.code, reason=over.sent.reason, by="us")
        else:
            # Either nobody said goodbye, or the library gave up on a server that answered no ping.
            reason = over.sent.reason if over.sent is not None else ""
            entry = SocketClosed(socket=self.id, code=1006, reason=reason, by="nobody")
        self._end(entry)

    def _end(self, entry: SocketClosed) -> None:
        self.closed = entry
        kept = self._record(entry)
        self.closed = kept if isinstance(kept, SocketClosed) else entry

    async def say(
        self,
        payload: Payload,
        *,
        verb: str = "",
        frame: str = "",
        source: str = "",
        due: int | None = None,
        text: bool | None = None,
    ) -> str:
        """Say a frame and return the id of this cause; "" when the socket is no longer open and nothing was said.

        Text makes a text frame, bytes a binary one, a tuple a message in as many fragments and an empty last one. ``text``
        forces the one sort or the other, so that bytes which are no UTF-8 can go into a text frame. ``due`` is when it was
        planned, in monotonic nanoseconds. Raises CouldNotTest when the budget is spent.
        """
        whole = _whole(payload)
        if not self.is_open:
            return ""
        self._meter.frame()
        exchange = self._exchange()
        shown = whole if text is not True or isinstance(whole, str) else _as_text(whole)
        self._record(
            FrameSaid(
                exchange=exchange,
                socket=self.id,
                verb=verb,
                frame=frame,
                payload=kept_frame(shown, self._limits.max_frame),
                source=source,
                due=due,
            )
        )
        try:
            async with asyncio.timeout(self._limits.answer_s):
                await self._connection.send(payload, text=text)
        except ConnectionClosed:
            # How it ended is kept by the listening task; that nobody knows whether this was heard is what frames are like.
            pass
        except TimeoutError:
            self._break_off(f"the server read nothing for {self._limits.answer_s:g} s")
        return exchange

    async def echoes(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await (await self._connection.ping())
        except (ConnectionClosed, TimeoutError):
            return False
        return True

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the socket politely; broken off when the server does not answer within ``Limits.close_s``. Closing it
        again does nothing."""
        if self.closed is None:
            try:
                # The library does not bound the time in which a server that reads nothing takes our last frames.
                async with asyncio.timeout(self._limits.close_s + 1):
                    await self._connection.close(code, reason)
            except TimeoutError:
                self._break_off("the server read nothing when the socket was closed")
        await asyncio.wait((self._listening,))

    async def abort(self) -> None:
        """Break the connection off without a word, as a lost network would."""
        if self.closed is None:
            self._break_off("broken off")
        await asyncio.wait((self._listening,))

    def _break_off(self, why: str) -> None:
        self._cut_off = self._cut_off or why
        self._connection.transport.abort()


def _whole(payload: Payload) -> str | bytes:
    """The message that a payload or its fragments make. Raises UsageError for text that UTF-8 cannot say."""
    try:
        if isinstance(payload, tuple):
            raw = [part.encode("utf-8") if isinstance(part, str) else part for part in payload]
            joined = b"".join(raw)
            return joined.decode("utf-8") if payload and isinstance(payload[0], str) else joined
        if isinstance(payload, str):
            payload.encode("utf-8")
        return payload
    except UnicodeEncodeError as error:
        raise UsageError(
            f"this text cannot be said in UTF-8 ({error.reason}); say its bytes, with text=True"
        ) from error


def _as_text(data: bytes) -> str | bytes:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data
