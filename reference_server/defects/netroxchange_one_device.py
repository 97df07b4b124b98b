"""Planted bug: a user's socket is remembered in a place for one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reference_server.core.hub import Ear, Hub

ID: Final = "netroxchange-one-device"
API: Final = "netroxchange"
CLAUSE: Final = "socket"
CHECK: Final = "delivery-lost"
ITEMS: Final[tuple[str, ...]] = ("AUTH-2",)
SENTENCE: Final = "Of several sockets of a user only the one opened last hears anything."


class Defect(Hub):
    def ears_of(self, member_id: int) -> Iterable[Ear]:
        return list(super().ears_of(member_id))[-1:]
