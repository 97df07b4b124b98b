"""Planted bug: old sessions are removed, whose they may be."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.presence import SESSION_SECONDS
from reference_server.core.records import Member

ID: Final = "rooms-cleanup-is-for-all"
API: Final = "rooms"
CLAUSE: Final = "cleanup-sessions"
CHECK: Final = "cleaning-takes-the-old"
ITEMS: Final = ("SESSION-2",)
SENTENCE: Final = "A member who cleans up removes, and is told of, the old sessions of everybody."


class Defect(Chat):
    def clean_sessions(self, member: Member) -> int:
        return self._store.run(
            "DELETE FROM sessions WHERE closed_at IS NOT NULL AND last_ping < ?",
            self._clock.ago(SESSION_SECONDS),
        )
