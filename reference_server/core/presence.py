"""Presence: who is typing, and which sockets are open."""

from __future__ import annotations

from reference_server.core.identity import columns_of, member_from
from reference_server.core.records import Member, Room, Session, Typist
from reference_server.core.rooms import Rooms

TYPING_SECONDS = 30
SESSION_SECONDS = 24 * 3600


class Presence(Rooms):
    """What passes by itself: typing, and sessions."""

    def type(self, member: Member, room: Room, typing: bool) -> None:
        """Remember that the member is typing, or forget it."""
        if typing:
            self._store.run(
                "INSERT OR REPLACE INTO typing (room_id, member_id, last_seen) VALUES (?, ?, ?)",
                *(room.id, member.id, self._clock.stamp()),
            )
        else:
            self._store.run("DELETE FROM typing WHERE room_id = ? AND member_id = ?", room.id, member.id)

    def typists(self, room: Room) -> list[Typist]:
        """Who of the room's members has been typing in the last 30 seconds, and has not stopped."""
        rows = self._store.rows(
            f"""SELECT t.last_seen, {columns_of("m")} FROM typing t JOIN members m ON m.id = t.member_id
                JOIN standings s ON s.room_id = t.room_id AND s.member_id = t.member_id AND s.left_at IS NULL
                WHERE t.room_id = ? AND t.last_seen > ? ORDER BY t.last_seen""",
            *(room.id, self._clock.ago(self.typing_seconds())),
        )
        return [Typist(room.id, member_from(row), row["last_seen"]) for row in rows]

    def typing_seconds(self) -> float:
        return TYPING_SECONDS

    # Sessions

    def open_session(self, member: Member, key: str, user_agent: str, ip_address: str) -> None:
        """A socket of the member's is open from now on; ``key`` is the UUID that it is known by."""
        now = self._clock.stamp()
        self._store.insert(
            """INSERT INTO sessions (uuid, member_id, user_agent, ip_address, connected_at, last_ping)
               VALUES (?, ?, ?, ?, ?, ?)""",
            *(key, member.id, user_agent, ip_address, now, now),
        )

    def touch_session(self, key: str) -> None:
        """Something was heard on the socket."""
        self._store.run("UPDATE sessions SET last_ping = ? WHERE uuid = ?", self._clock.stamp(), key)

    def close_session(self, key: str) -> None:
        now = self._clock.stamp()
        self._store.run("UPDATE sessions SET closed_at = ?, last_ping = ? WHERE uuid = ?", now, now, key)

    def close_sessions(self) -> None:
        """A server that starts has no open sockets, whatever the one before could still write down."""
        self._store.run("UPDATE sessions SET closed_at = ? WHERE closed_at IS NULL", self._clock.stamp())

    def active_sessions(self, member: Member) -> list[Session]:
        """The open sockets of the member, oldest first."""
        rows = self._store.rows(
            "SELECT * FROM sessions WHERE member_id = ? AND closed_at IS NULL ORDER BY id", member.id
        )
        return [
            Session(
                uuid=row["uuid"],
                active=row["closed_at"] is None,
                last_ping=row["last_ping"],
                connected_at=row["connected_at"],
                user_agent=row["user_agent"],
                ip_address=row["ip_address"],
            )
            for row in rows
        ]

    def clean_sessions(self, member: Member) -> int:
        """Forget the member's closed sockets that were last heard of more than 24 hours ago; returns how many."""
        return self._store.run(
            "DELETE FROM sessions WHERE member_id = ? AND closed_at IS NOT NULL AND last_ping < ?",
            *(member.id, self._clock.ago(SESSION_SECONDS)),
        )
