"""How Rooms shows what the core hands out, where nothing but the record is needed for it; and how it reads bodies."""

from __future__ import annotations

from typing import Final

from reference_server.core.records import Attachment, Member, Message, Preview, Session, Typist, Upload
from reference_server.core.refusals import Absent, Invalid
from reference_server.fields import Fields

FILE: Final = "file_attachment"
LONGEST_NAME: Final = 255


class NoSuchUser(Absent):
    """Nobody has the id that was named."""


class NoSuchPage(Absent):
    """A list does not have this page."""


def user_core(member: Member) -> dict[str, object]:
    """A user as a frame shows it."""
    return {"id": member.uuid, "email": member.email, "display_name": member.display_name}


def user(member: Member) -> dict[str, object]:
    # Nobody has a picture here: no operation takes one.
    return {**user_core(member), "profile_picture": None, "clerk_profile_image_url": None}


def named(member: Member) -> dict[str, object]:
    """Who types, comes or goes."""
    return {"user": member.email, "user_id": member.uuid}


def said(message: Message) -> dict[str, object]:
    """What a frame shows of a message: the documented seven, and its file, which nobody would see live without it."""
    seven: dict[str, object] = {
        "id": message.uuid,
        "content": message.content,
        "sender": user_core(message.sender),
        "timestamp": message.created_at,
        "message_type": message.kind,
        "reply_to": message.reply_to_uuid,
        "reactions": reactions(message),
    }
    return {**seven, **file(message)} if message.attachments else seven


def message(shown: Message) -> dict[str, object]:
    """What an answer shows of a message."""
    return {
        **said(shown),
        **file(shown),
        "room": shown.room_uuid,
        "sender": user(shown.sender),
        "edited_at": shown.edited_at,
        "is_deleted": shown.deleted,
        "read_by": [user(each.member) for each in shown.reads],
        "is_edited": shown.edited,
    }


def file(of: Message) -> dict[str, object]:
    if not of.attachments:
        return {FILE: None, "file_name": None, "file_size": None}
    kept = of.attachments[0]
    return {FILE: address_of(kept), "file_name": kept.name, "file_size": kept.size}


def address_of(kept: Attachment) -> str:
    """Where a file is; without a host, so that frames can show it too."""
    return f"/media/chat/{kept.uuid}/"


def reactions(of: Message) -> dict[str, list[str]]:
    """By emoji, the ids of those who gave it."""
    found: dict[str, list[str]] = {}
    for each in of.reactions:
        found.setdefault(each.value, []).append(each.member.uuid)
    return found


def last_message(preview: Preview, sender: Member) -> dict[str, object]:
    return {
        "id": preview.uuid,
        "content": preview.content,
        "sender": user(sender),
        "timestamp": preview.created_at,
    }


def typist(typing: Typist, room: str) -> dict[str, object]:
    return {"room": room, "user": user(typing.member), "is_typing": True, "last_seen": typing.last_seen}


def session(shown: Session) -> dict[str, object]:
    return {
        "session_id": shown.uuid,
        "session_type": "web",
        "is_active": shown.active,
        "last_ping": shown.last_ping,
        "connected_at": shown.connected_at,
        "user_agent": shown.user_agent,
        "ip_address": shown.ip_address,
    }


def name_of(body: Fields) -> str | None:
    """The name of a room; None without one, and for null."""
    return None if body.values.get("name") is None else body.text("name", LONGEST_NAME)


def ids_of(body: Fields, name: str) -> list[str]:
    """UUIDs, maybe none. Raises Invalid, also without the field."""
    if body.values.get(name) is None:
        raise Invalid(f"{name}: this field is required")
    return body.uuids(name)


def uploads_of(body: Fields) -> tuple[Upload, ...]:
    """The file of a form, if any. Raises Invalid for several, and for one that is no file."""
    files = body.files.get(FILE, ())
    if len(files) > 1 or body.values.get(FILE) is not None:
        raise Invalid(f"{FILE}: expected one file, in a form")
    return files
