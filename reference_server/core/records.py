"""What the core hands out: frozen records, read from the store once and never changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with an account. An API shows a member by ``id`` or by ``uuid``, never by both."""

    id: int
    username: str
    email: str
    uuid: str
    first_name: str
    last_name: str
    organisation: int

    @property
    def display_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class Standing:
    """That a member is in a room, since when, and as what: ``admin`` or ``member``."""

    member: Member
    role: str
    joined_at: str


@dataclass(frozen=True, slots=True)
class Room:
    """A conversation of any kind.

    ``id`` numbers all rooms together, ``number`` those of one kind; an API shows one of these or ``uuid``. ``standings`` are of those
    who are in it now, the longest first. ``subject`` is what it is about, in the words of an API (a product, a project). ``avatar`` is
    the uuid of an attachment. ``updated_at`` is when it was last changed or written to.
    """

    id: int
    kind: str
    standings: tuple[Standing, ...]
    subject: int | None
    created_at: str
    uuid: str
    number: int
    name: str | None
    description: str | None
    avatar: str | None
    creator_id: int
    organisation: int
    # No part of what a room is: a message changes it.
    updated_at: str = field(compare=False)

    @property
    def members(self) -> tuple[Member, ...]:
        return tuple(each.member for each in self.standings)

    def standing_of(self, member: Member) -> Standing | None:
        """The standing of ``member``, None for an outsider."""
        return next((each for each in self.standings if each.member == member), None)

    def others(self, member: Member) -> tuple[Member, ...]:
        return tuple(each for each in self.members if each != member)


@dataclass(frozen=True, slots=True)
class Preview:
    """The last message of a room, as a list of rooms shows it."""

    content: str
    sender_id: int
    created_at: str
    id: int
    uuid: str


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
    id: int


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in; ``kind`` is what an API calls it (image, document)."""

    name: str
    media_type: str
    content: bytes
    kind: str = "file"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that is kept; ``size`` in bytes, ``message_id`` None for the avatar of a room."""

    id: int
    uuid: str
    room_id: int
    message_id: int | None
    name: str
    kind: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What a member is about to say. ``reply_to`` is the message it answers, one of the same room."""

    content: str
    kind: str = "text"
    reply_to: Message | None = None
    uploads: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """A message; ``kind`` is text, image or file, ``reactions`` are those in force, oldest first, like ``reads``.

    ``reply_to`` and ``reply_to_uuid`` name the message it answers, which may have been deleted since.
    """

    id: int
    room_id: int
    sender: Member
    content: str
    kind: str
    created_at: str
    edited: bool
    deleted: bool
    uuid: str
    room_uuid: str
    edited_at: str | None
    reply_to: int | None
    reply_to_uuid: str | None
    attachments: tuple[Attachment, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    reads: tuple[Read, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the messages of a room, or of all rooms of a member, and how many there are in all."""

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


@dataclass(frozen=True, slots=True)
class Block:
    """That ``blocked`` may not write to ``blocker``, both of one organisation."""

    id: int
    blocker: Member
    blocked: Member
    organisation: int
    created_at: str


@dataclass(frozen=True, slots=True)
class Typist:
    """That a member was typing in a room at ``last_seen``."""

    room_id: int
    member: Member
    last_seen: str


@dataclass(frozen=True, slots=True)
class Session:
    """A socket, open or closed; ``last_ping`` is when it was last heard of."""

    uuid: str
    active: bool
    last_ping: str
    connected_at: str
    user_agent: str
    ip_address: str
