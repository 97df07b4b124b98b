"""Planted bug: nobody looks at when a token ends."""

from __future__ import annotations

from typing import Final

from reference_server.core.identity import Identity

ID: Final = "netroxchange-expired-tokens-work"
API: Final = "netroxchange"
CLAUSE: Final = "socket"
CHECK: Final = "refusal"
ITEMS: Final = ("AUTH-1", "AUTH-3")
SENTENCE: Final = "A token that has expired is still accepted, over HTTP and on the socket."


class Defect(Identity):
    def is_over(self, expires: int) -> bool:
        return False
