"""The hub: an event is serialised once and queued for every socket that is to hear it; no socket waits for another."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping

# How much a socket that does not read may be behind before it is closed, in characters.
FURTHEST_BEHIND = 4 * 1024 * 1024

# An event with its audience, and the room whose sockets hear it (None: inboxes).
Held = tuple[tuple[int, ...], Mapping[str, object], int | None]


def encode(value: object) -> str:
    """JSON as the server writes it, in bodies and in frames."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class Ear:
    """One open socket: what it still has to hear, in order. ``room_id``: of the one room it is for, None for a member's inbox."""

    def __init__(self, member_id: int, room_id: int | None = None) -> None:
        self.member_id = member_id
        self.room_id = room_id
        self.overflowed = False
        self._pending: deque[str] = deque()
        self._behind = 0
        self._news = asyncio.Event()
        self._blocked = False
        self._speaking: asyncio.Task[None] | None = None

    def speak(self, send: Callable[[str], Awaitable[None]]) -> asyncio.Task[None]:
        """Start sending what is offered through ``send``; the task ends when the socket does, or falls too far behind."""
        self._speaking = asyncio.create_task(self._speak(send))
        return self._speaking

    def offer(self, text: str) -> None:
        """Queue a frame.

        Only a socket that is refusing bytes right now can fall too far behind: one request may cause more events than the limit, and a
        socket that reads will take them all.
        """
        if self.overflowed:
            return
        if self._blocked and self._behind > FURTHEST_BEHIND:
            self.overflowed = True
            self._pending.clear()
            if self._speaking is not None:
                self._speaking.cancel()
            return
        self._pending.append(text)
        self._behind += len(text)
        self._news.set()

    async def _speak(self, send: Callable[[str], Awaitable[None]]) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while self._pending:
                text = self._pending.popleft()
                self._behind -= len(text)
                self._blocked = True
                await send(text)
                self._blocked = False


class Hub:
    """All open sockets by member, and the events of the request that is being served."""

    def __init__(self) -> None:
        # A dict for its order: the sockets of a member, as they were opened.
        self._ears: dict[int, dict[Ear, None]] = {}
        self._held: list[Held] = []

    def open(self, member_id: int, room_id: int | None = None) -> Ear:
        ear = self.new_ear(member_id, room_id)
        self._ears.setdefault(member_id, {})[ear] = None
        return ear

    def new_ear(self, member_id: int, room_id: int | None) -> Ear:
        """What a socket hears with."""
        return Ear(member_id, room_id)

    def close(self, ear: Ear) -> None:
        ears = self._ears[ear.member_id]
        del ears[ear]
        if not ears:
            del self._ears[ear.member_id]

    def ears_of(self, member_id: int) -> Iterable[Ear]:
        """The sockets that hear what the member is to hear, in the order they were opened."""
        return self._ears.get(member_id, {})

    def is_for(self, ear: Ear, room_id: int | None) -> bool:
        """Whether a socket hears what is said in room ``room_id``, or, for None, in inboxes."""
        return ear.room_id == room_id

    def say(self, audience: Iterable[int], event: Mapping[str, object], room_id: int | None = None) -> None:
        """Hold ``event`` until the request is committed, then let the members in ``audience`` hear it.

        Arguments: ``room_id``: for their sockets of this room; None: for their inboxes.
        """
        self._held.append((tuple(audience), event, room_id))

    def release(self) -> None:
        """Let the held events be heard, in the order they were said."""
        self.tell(self.take())

    def take(self) -> list[Held]:
        """The held events, which are held no longer."""
        held, self._held = self._held, []
        return held

    def tell(self, held: Iterable[Held]) -> None:
        """Let events be heard that were taken."""
        for audience, event, room_id in held:
            ears = [
                ear for member_id in audience for ear in self.ears_of(member_id) if self.is_for(ear, room_id)
            ]
            if ears:
                text = encode(event)
                for ear in ears:
                    ear.offer(text)

    def forget(self) -> None:
        """Drop the held events: what they tell of was not committed."""
        self._held.clear()
