"""Planted bug: the list of sessions has everybody's."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.identity import columns_of, member_from
from reference_server.core.records import Member, Session

ID: Final = "rooms-sessions-of-others"
API: Final = "rooms"
CLAUSE: Final = "active-sessions"
CHECK: Final = "sessions-are-own"
ITEMS: Final = ("SESSION-1",)
SENTENCE: Final = "A member is shown the open sockets of others as own sessions."


class Defect(Chat):
    def active_sessions(self, member: Member) -> list[Session]:
        rows = self._store.rows(f"SELECT {columns_of('m')} FROM members m ORDER BY m.id")
        found: list[Session] = []
        for row in rows:
            found += super().active_sessions(member_from(row))
        return found
