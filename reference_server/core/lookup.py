"""How the records of a chat are read from the store, whatever is done with them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from reference_server.core.clock import Clock
from reference_server.core.identity import columns_of, member_from
from reference_server.core.records import (
    Attachment,
    Member,
    Message,
    Preview,
    Reaction,
    Read,
    Room,
    RoomSummary,
    Standing,
)
from reference_server.core.refusals import Absent
from reference_server.core.settings import PLAIN, Settings
from reference_server.core.store import Store

UNREAD = """m.deleted_at IS NULL AND m.sender_id <> ?
    AND NOT EXISTS (SELECT 1 FROM message_reads d WHERE d.message_id = m.id AND d.member_id = ?)"""
# To who only looks at a public room, nothing in it is unread.
IS_IN = (
    "EXISTS (SELECT 1 FROM standings s WHERE s.room_id = m.room_id AND s.member_id = ? AND s.left_at IS NULL)"
)

Part = TypeVar("Part")

# Rooms whose members are remembered.
_MOST_ROOMS = 256


class Lookup:
    """What every subject of the chat is built on."""

    def __init__(self, store: Store, clock: Clock, settings: Settings = PLAIN) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._version, self._remembered = 0, dict[int, tuple[Standing, ...]]()

    # Ids, for APIs that show something else

    def room_id_of_uuid(self, uuid: str) -> int:
        """Raises Absent."""
        return self._id("SELECT id FROM rooms WHERE uuid = ?", uuid)

    def room_id_of_number(self, kind: str, number: int) -> int:
        """The room that is ``number`` among those of its kind. Raises Absent."""
        return self._id("SELECT id FROM rooms WHERE kind = ? AND number = ?", kind, number)

    def message_id_of_uuid(self, uuid: str) -> int:
        """Raises Absent."""
        return self._id("SELECT id FROM messages WHERE uuid = ?", uuid)

    def _id(self, sql: str, *values: str | int) -> int:
        row = self._store.row(sql, *values)
        if row is None:
            raise Absent("Not found")
        return int(row["id"])

    # Rooms

    def _rooms(self, ids: str, value: int) -> dict[int, Room]:
        """The rooms whose ids the query ``ids`` gives, but for deleted ones."""
        rows = self._store.rows(
            f"SELECT * FROM rooms WHERE id IN ({ids}) AND deleted_at IS NULL ORDER BY id", value
        )
        standings = self._standings([row["id"] for row in rows])
        return {row["id"]: _room(row, standings[row["id"]]) for row in rows}

    def _standings(self, room_ids: Sequence[int]) -> Mapping[int, Sequence[Standing]]:
        """Who is in these rooms. Thousands open their sockets in one room, or hear of one message there, while nobody comes or goes; so
        it is remembered until somebody does."""
        version = self._store.number("SELECT version FROM comings_and_goings")
        if version != self._version or len(self._remembered) > _MOST_ROOMS:
            self._version, self._remembered = version, {}
        if unknown := [room_id for room_id in room_ids if room_id not in self._remembered]:
            found: dict[int, list[Standing]] = {room_id: [] for room_id in unknown}
            for row in self._store.rows(
                f"""SELECT s.room_id, s.role, s.joined_at, {columns_of("m")}
                    FROM standings s JOIN members m ON m.id = s.member_id
                    WHERE s.room_id IN ({_marks(unknown)}) AND s.left_at IS NULL ORDER BY s.rowid""",
                *unknown,
            ):
                found[row["room_id"]].append(Standing(member_from(row), row["role"], row["joined_at"]))
            self._remembered |= {room_id: tuple(each) for room_id, each in found.items()}
        return self._remembered

    def _summaries(self, member: Member, ids: str, value: int) -> list[RoomSummary]:
        rooms = self._rooms(ids, value)
        rows = self._store.rows(
            f"""SELECT r.id AS room_id, l.id, l.uuid, l.content, l.sender_id, l.created_at,
                  (SELECT count(*) FROM messages m WHERE m.room_id = r.id AND {UNREAD} AND {IS_IN}) AS unread
                FROM rooms r LEFT JOIN messages l ON l.id =
                  (SELECT max(m.id) FROM messages m WHERE m.room_id = r.id AND m.deleted_at IS NULL)
                WHERE r.id IN ({ids}) AND r.deleted_at IS NULL
                ORDER BY coalesce(l.created_at, r.created_at) DESC, l.id DESC, r.id DESC""",
            *(member.id, member.id, member.id, value),
        )
        return [RoomSummary(rooms[row["room_id"]], _preview(row), row["unread"]) for row in rows]

    # Messages

    def _messages(self, where: str, *values: int | str) -> tuple[Message, ...]:
        rows = self._store.rows(
            f"""SELECT m.*, r.uuid AS room_uuid, a.uuid AS reply_to_uuid, {columns_of("s")}
                FROM messages m JOIN members s ON s.id = m.sender_id JOIN rooms r ON r.id = m.room_id
                LEFT JOIN messages a ON a.id = m.reply_to WHERE {where}""",
            *values,
        )
        ids = [row["id"] for row in rows]
        attachments, reactions, reads = self._attachments(ids), self._reactions(ids), self._reads(ids)
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
                uuid=row["uuid"],
                room_uuid=row["room_uuid"],
                edited_at=row["edited_at"],
                reply_to=row["reply_to"],
                reply_to_uuid=row["reply_to_uuid"],
                attachments=tuple(attachments.get(row["id"], ())),
                reactions=tuple(reactions.get(row["id"], ())),
                reads=tuple(reads.get(row["id"], ())),
            )
            for row in rows
        )

    def _attachments(self, message_ids: Sequence[int]) -> dict[int, list[Attachment]]:
        return self._parts(
            f"""SELECT {ATTACHMENT} FROM attachments a
                WHERE a.message_id IN ({_marks(message_ids)}) ORDER BY a.id""",
            message_ids,
            attachment_from,
        )

    def _reactions(self, message_ids: Sequence[int]) -> dict[int, list[Reaction]]:
        return self._parts(
            f"""SELECT r.message_id, r.id, r.value, {columns_of("m")}
                FROM reactions r JOIN members m ON m.id = r.member_id
                WHERE r.message_id IN ({_marks(message_ids)}) ORDER BY r.id""",
            message_ids,
            lambda row: Reaction(
                row["message_id"], member_from(row), row["value"], in_force=True, id=row["id"]
            ),
        )

    def _reads(self, message_ids: Sequence[int]) -> dict[int, list[Read]]:
        return self._parts(
            f"""SELECT d.message_id, d.read_at, {columns_of("m")}
                FROM message_reads d JOIN members m ON m.id = d.member_id
                WHERE d.message_id IN ({_marks(message_ids)}) ORDER BY d.rowid""",
            message_ids,
            lambda row: Read(row["message_id"], member_from(row), row["read_at"]),
        )

    def _parts(
        self, sql: str, message_ids: Sequence[int], part: Callable[[sqlite3.Row], Part]
    ) -> dict[int, list[Part]]:
        """What belongs to these messages, by message; ``sql`` gives its rows in order."""
        found: dict[int, list[Part]] = {}
        for row in self._store.rows(sql, *message_ids):
            found.setdefault(row["message_id"], []).append(part(row))
        return found


# Not the content: it is read when it is asked for.
ATTACHMENT = "a.id, a.uuid, a.room_id, a.message_id, a.name, a.kind, a.media_type, a.size"


def attachment_from(row: sqlite3.Row) -> Attachment:
    """The attachment in a row of ``ATTACHMENT``."""
    return Attachment(**{key: row[key] for key in row.keys()})  # noqa: SIM118 - a Row iterates over its values


def _marks(values: Sequence[int]) -> str:
    return ", ".join("?" for _ in values)


def _room(row: sqlite3.Row, standings: Sequence[Standing]) -> Room:
    return Room(
        id=row["id"],
        kind=row["kind"],
        standings=tuple(standings),
        subject=row["subject"],
        created_at=row["created_at"],
        uuid=row["uuid"],
        number=row["number"],
        name=row["name"],
        description=row["description"],
        avatar=row["avatar"],
        creator_id=row["creator_id"],
        organisation=row["organisation"],
        updated_at=row["updated_at"],
    )


def _preview(row: sqlite3.Row) -> Preview | None:
    if row["content"] is None:
        return None
    return Preview(row["content"], row["sender_id"], row["created_at"], row["id"], row["uuid"])
