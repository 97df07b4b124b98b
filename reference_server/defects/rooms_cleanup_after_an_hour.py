"""Planted bug: a session is old after an hour."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Member

ID: Final = "rooms-cleanup-after-an-hour"
API: Final = "rooms"
CLAUSE: Final = "cleanup-sessions"
CHECK: Final = "cleaning-takes-the-old"
ITEMS: Final = ("SESSION-2",)
SENTENCE: Final = "Cleaning up removes sessions that were over an hour ago."


class Defect(Chat):
    def clean_sessions(self, member: Member) -> int:
        return self._store.run(
            "DELETE FROM sessions WHERE member_id = ? AND closed_at IS NOT NULL AND last_ping < ?",
            *(member.id, self._clock.ago(3600)),
        )
