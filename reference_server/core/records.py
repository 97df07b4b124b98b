"""What the core hands out: frozen records, read from the store once and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with an account."""

    id: int
    username: str
    email: str


@dataclass(frozen=True, slots=True)
class Room:
    """A conversation of any kind. ``subject`` is what it is about, in the words of an API (a product, a project)."""

    id: int
    kind: str
    members: tuple[Member, ...]
    subject: int | None
    created_at: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The last message of a room, as a list of rooms shows it."""

    content: str
    sender_id: int
    created_at: str


@dataclass(frozen=True, slots=True)
class RoomSummary:
    """A room as one member finds it: its last message that is not deleted, and how many the member has not read."""

    room: Room
    last: Preview | None
    unread: int


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a member thinks of a message. ``in_force`` is false for one that has just been taken back."""

    message_id: int
    member: Member
    value: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class Message:
    """A message; ``kind`` is text, image or file, ``reactions`` are those in force, oldest first."""

    id: int
    room_id: int
    sender: Member
    content: str
    kind: str
    created_at: str
    edited: bool
    deleted: bool
    reactions: tuple[Reaction, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a room's messages, and how many there are in all."""

    messages: tuple[Message, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Read:
    """That a member has read a message."""

    message_id: int
    member: Member
    read_at: str


class Change(Enum):
    """What a reaction did to the one the member had before."""

    ADDED = "added"
    UPDATED = "updated"
    REMOVED = "removed"
