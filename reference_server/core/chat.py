"""What a messaging API does: rooms, messages, reactions and reads, whatever the API calls them.

Every method runs inside the transaction of one request, and touches neither sockets nor HTTP. A method refuses by raising a Refusal.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from reference_server.core.clock import Clock
from reference_server.core.identity import member_from
from reference_server.core.records import (
    Change,
    Member,
    Message,
    Page,
    Preview,
    Reaction,
    Read,
    Room,
    RoomSummary,
)
from reference_server.core.refusals import Absent, Invalid, NotTheSender, Outsider
from reference_server.core.store import Store

UNREAD = """m.deleted_at IS NULL AND m.sender_id <> ?
    AND NOT EXISTS (SELECT 1 FROM message_reads d WHERE d.message_id = m.id AND d.member_id = ?)"""


class Chat:
    """The behaviour. A defect overrides one of these methods."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    # Rooms

    def start_direct(self, member: Member, peer: Member, subject: int | None) -> tuple[Room, bool]:
        """The room of these two, and whether it was made just now. Raises Invalid for a room with oneself."""
        if member.id == peer.id:
            raise Invalid("You can't start a conversation with yourself")
        pair = self.pair_key(member, peer)
        known = self._store.row("SELECT id FROM rooms WHERE pair = ?", pair)
        if known is not None:
            return self.room(known["id"]), False
        now = self._clock.stamp()
        room_id = self._store.insert(
            "INSERT INTO rooms (kind, pair, subject, created_at) VALUES ('direct', ?, ?, ?)",
            *(pair, subject, now),
        )
        for each in self.founders(member, peer):
            self._store.run("INSERT INTO standings VALUES (?, ?, ?)", room_id, each.id, now)
        return self.room(room_id), True

    def pair_key(self, one: Member, other: Member) -> str | None:
        """What a direct room is unique by: its two members, whoever asks."""
        return f"{min(one.id, other.id)}:{max(one.id, other.id)}"

    def founders(self, member: Member, peer: Member) -> tuple[Member, ...]:
        """Who is in a room that ``member`` starts with ``peer``."""
        return member, peer

    def room(self, room_id: int) -> Room:
        """Whoever asks. Raises Absent."""
        rooms = self._rooms("SELECT ?", room_id)
        if room_id not in rooms:
            raise Absent("No such conversation")
        return rooms[room_id]

    def room_for(self, member: Member, room_id: int) -> Room:
        """A room the member is in. Raises Absent and Outsider."""
        room = self.room(room_id)
        if member not in room.members:
            raise Outsider("Not in this conversation")
        return room

    def readable_room(self, member: Member, room_id: int) -> Room:
        """A room the member may read. Raises Absent and Outsider."""
        return self.room_for(member, room_id)

    def writable_room(self, member: Member, room_id: int) -> Room:
        """A room the member may send to. Raises Absent and Outsider."""
        return self.room_for(member, room_id)

    def markable_room(self, member: Member, room_id: int) -> Room:
        """A room the member may mark as read. Raises Absent and Outsider."""
        return self.room_for(member, room_id)

    def rooms_of(self, member: Member) -> list[RoomSummary]:
        """All rooms of the member, the most recent message first; a room without one counts from when it was made."""
        return self._summaries(member, "SELECT room_id FROM standings WHERE member_id = ?", member.id)

    def summary(self, member: Member, room: Room) -> RoomSummary:
        """``room`` as ``member`` finds it."""
        (summary,) = self._summaries(member, "SELECT ?", room.id)
        return summary

    # Messages

    def send(self, member: Member, room: Room, content: str, kind: str = "text") -> Message:
        now = self._clock.stamp()
        message_id = self._store.insert(
            "INSERT INTO messages (room_id, sender_id, content, kind, created_at) VALUES (?, ?, ?, ?, ?)",
            *(room.id, member.id, content, kind, now),
        )
        return Message(message_id, room.id, member, content, kind, now, edited=False, deleted=False)

    def page(self, room: Room, number: int, size: int) -> Page:
        """Page ``number`` (from 1) of the messages that are not deleted, newest first. Raises Absent beyond the last page."""
        count = self.count(room)
        if number > 1 and (number - 1) * size >= count:
            raise Absent("No such page")
        return Page(self.slice(room, size, (number - 1) * size), count)

    def count(self, room: Room) -> int:
        """How many messages of the room are not deleted."""
        where = "room_id = ? AND deleted_at IS NULL"
        return self._store.number(f"SELECT count(*) FROM messages WHERE {where}", room.id)

    def slice(self, room: Room, size: int, skip: int) -> tuple[Message, ...]:
        """The ``size`` newest messages of the room, or as many as there are, after the ``skip`` that are newer still."""
        where = "m.room_id = ? AND m.deleted_at IS NULL ORDER BY m.id DESC LIMIT ? OFFSET ?"
        return self._messages(where, room.id, size, skip)

    def message_for(self, member: Member, message_id: int) -> Message:
        """A message in a room of the member. Raises Absent, also when it was deleted, and Outsider."""
        found = self._messages("m.id = ? AND m.deleted_at IS NULL", message_id)
        if not found:
            raise Absent("No such message")
        self.room_for(member, found[0].room_id)
        return found[0]

    def own_message(self, member: Member, message_id: int) -> Message:
        """A message the member has sent. Raises Absent, Outsider and NotTheSender."""
        message = self.message_for(member, message_id)
        if message.sender != member:
            raise NotTheSender("Sent by somebody else")
        return message

    def reactable_message(self, member: Member, message_id: int) -> Message:
        """A message the member may react to. Raises Absent and Outsider."""
        return self.message_for(member, message_id)

    def editable_message(self, member: Member, message_id: int) -> Message:
        """A message the member may edit. Raises Absent, Outsider and NotTheSender."""
        return self.own_message(member, message_id)

    def deletable_message(self, member: Member, message_id: int) -> Message:
        """A message the member may delete. Raises Absent, Outsider and NotTheSender."""
        return self.own_message(member, message_id)

    def edit(self, message: Message, content: str) -> Message:
        self.write_edit(message, content)
        (edited,) = self._messages("m.id = ?", message.id)
        return edited

    def write_edit(self, message: Message, content: str) -> None:
        values = (content, self._clock.stamp(), message.id)
        self._store.run("UPDATE messages SET content = ?, edited_at = ? WHERE id = ?", *values)

    def delete(self, message: Message) -> None:
        """Mark as deleted: the row stays, nobody is shown it again."""
        self._store.run("UPDATE messages SET deleted_at = ? WHERE id = ?", self._clock.stamp(), message.id)

    # Reactions and reads

    def react(self, member: Member, message: Message, value: str) -> tuple[Change, Reaction]:
        """Add the member's reaction, put it in the place of another one, or, when it is the same, take it back."""
        row = self._store.row(
            "SELECT value FROM reactions WHERE message_id = ? AND member_id = ?", message.id, member.id
        )
        change = self.change(row["value"] if row else None, value)
        if change is Change.ADDED:
            self._store.run(
                "INSERT INTO reactions (message_id, member_id, value) VALUES (?, ?, ?)",
                *(message.id, member.id, value),
            )
        elif change is Change.REMOVED:
            self._store.run(
                "DELETE FROM reactions WHERE message_id = ? AND member_id = ?", message.id, member.id
            )
        else:
            self._store.run(
                "UPDATE reactions SET value = ? WHERE message_id = ? AND member_id = ?",
                *(value, message.id, member.id),
            )
        return change, Reaction(message.id, member, value, in_force=change is not Change.REMOVED)

    def change(self, before: str | None, value: str) -> Change:
        """What reacting with ``value`` does to the reaction the member had before, if any."""
        if before is None:
            return Change.ADDED
        return Change.REMOVED if before == value else Change.UPDATED

    def read_all(self, member: Member, room: Room) -> list[Read]:
        """Everything others have said in the room is read; returns what was not before, oldest first."""
        now = self._clock.stamp()
        rows = self._store.rows(
            f"""INSERT INTO message_reads (message_id, member_id, read_at)
                SELECT m.id, ?, ? FROM messages m WHERE m.room_id = ? AND {UNREAD} RETURNING message_id""",
            *(member.id, now, room.id, member.id, member.id),
        )
        return [Read(message_id, member, now) for message_id in sorted(row["message_id"] for row in rows)]

    # How records are read

    def _rooms(self, ids: str, value: int) -> dict[int, Room]:
        """The rooms whose ids the query ``ids`` gives."""
        rows = self._store.rows(
            f"""SELECT r.id, r.kind, r.subject, r.created_at, m.id AS member_id, m.username, m.email
                FROM rooms r JOIN standings s ON s.room_id = r.id JOIN members m ON m.id = s.member_id
                WHERE r.id IN ({ids}) ORDER BY r.id, s.rowid""",
            value,
        )
        members: dict[int, list[Member]] = {}
        for row in rows:
            members.setdefault(row["id"], []).append(member_from(row))
        of = {room_id: tuple(each) for room_id, each in members.items()}
        return {id_: Room(id_, kind, of[id_], subject, made) for id_, kind, subject, made, *_ in rows}

    def _summaries(self, member: Member, ids: str, value: int) -> list[RoomSummary]:
        rooms = self._rooms(ids, value)
        rows = self._store.rows(
            f"""SELECT r.id, l.content, l.sender_id, l.created_at,
                  (SELECT count(*) FROM messages m WHERE m.room_id = r.id AND {UNREAD}) AS unread
                FROM rooms r LEFT JOIN messages l ON l.id =
                  (SELECT max(m.id) FROM messages m WHERE m.room_id = r.id AND m.deleted_at IS NULL)
                WHERE r.id IN ({ids}) ORDER BY coalesce(l.created_at, r.created_at) DESC, l.id DESC, r.id DESC""",
            *(member.id, member.id, value),
        )
        return [RoomSummary(rooms[row["id"]], _preview(row), row["unread"]) for row in rows]

    def _messages(self, where: str, *values: int) -> tuple[Message, ...]:
        rows = self._store.rows(
            f"""SELECT m.id, m.room_id, m.content, m.kind, m.created_at, m.edited_at, m.deleted_at,
                  s.id AS member_id, s.username, s.email
                FROM messages m JOIN members s ON s.id = m.sender_id WHERE {where}""",
            *values,
        )
        reactions = self._reactions([row["id"] for row in rows])
        return tuple(
            Message(
                id=row["id"],
                room_id=row["room_id"],
                sender=member_from(row),
                content=row["content"],
                kind=row["kind"],
                created_at=row["created_at"],
                edited=row["edited_at"] is not None,
                deleted=row["deleted_at"] is not None,
                reactions=tuple(reactions.get(row["id"], ())),
            )
            for row in rows
        )

    def _reactions(self, message_ids: Sequence[int]) -> dict[int, list[Reaction]]:
        marks = ", ".join("?" for _ in message_ids)
        found: dict[int, list[Reaction]] = {}
        for row in self._store.rows(
            f"""SELECT r.message_id, r.value, m.id AS member_id, m.username, m.email
                FROM reactions r JOIN members m ON m.id = r.member_id
                WHERE r.message_id IN ({marks}) ORDER BY r.id""",
            *message_ids,
        ):
            reaction = Reaction(row["message_id"], member_from(row), row["value"], in_force=True)
            found.setdefault(row["message_id"], []).append(reaction)
        return found


def _preview(row: sqlite3.Row) -> Preview | None:
    if row["content"] is None:
        return None
    return Preview(row["content"], row["sender_id"], row["created_at"])
