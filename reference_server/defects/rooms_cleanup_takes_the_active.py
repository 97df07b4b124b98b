"""Planted bug: sessions go by when they began, open or not."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.presence import SESSION_SECONDS
from reference_server.core.records import Member

ID: Final = "rooms-cleanup-takes-the-active"
API: Final = "rooms"
CLAUSE: Final = "cleanup-sessions"
CHECK: Final = "sessions-are-own"
ITEMS: Final = ("SESSION-2",)
SENTENCE: Final = "Cleaning up removes the sessions of sockets that have been open for more than a day."


class Defect(Chat):
    def clean_sessions(self, member: Member) -> int:
        return self._store.run(
            "DELETE FROM sessions WHERE member_id = ? AND connected_at < ?",
            *(member.id, self._clock.ago(SESSION_SECONDS)),
        )
