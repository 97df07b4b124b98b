"""Planted bug: one queue for all sockets, so that each waits until those before it have been told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from reference_server.core.hub import Ear, Hub

ID: Final = "fe16ops-slow-reader-deafens-all"
API: Final = "fe16ops"
CLAUSE: Final = "5.MSG"
CHECK: Final = "delivery-lost"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "While one socket reads nothing, no other socket hears anything."


class InTurn(Ear):
    """An ear that speaks when it is its turn among all."""

    def __init__(self, member_id: int, room_id: int | None, turn: asyncio.Lock) -> None:
        super().__init__(member_id, room_id)
        self._turn = turn

    def speak(self, send: Callable[[str], Awaitable[None]]) -> asyncio.Task[None]:
        async def in_turn(text: str) -> None:
            async with self._turn:
                await send(text)

        return super().speak(in_turn)


class Defect(Hub):
    def __init__(self) -> None:
        super().__init__()
        self._turn = asyncio.Lock()

    def new_ear(self, member_id: int, room_id: int | None) -> Ear:
        return InTurn(member_id, room_id, self._turn)
