"""What FE-16OPS shows: its objects and frames, in the shapes that its document gives; and its documents, as we read them."""

from __future__ import annotations

from functools import cache
from typing import Any

from earwitness.documents import Documents, load_documents

ROOM = 7
IDS = {"alice": 1, "bob": 2, "carol": 3, "dave": 4}

Object = dict[str, Any]


@cache
def documents() -> Documents:
    """The documents that every story is judged by."""
    return load_documents("fe16ops")


def user(name: str) -> Object:
    return {"id": IDS[name], "username": name}


def message(message_id: int, text: str, author: str = "alice", **more: Any) -> Object:
    """A message as every answer and event shows it (sections 2.C and 2.D)."""
    shown: Object = {
        "id": message_id,
        "conversation_id": ROOM,
        "sender": user(author),
        "content": text,
        "message_type": "text",
        "created_at": f"2025-10-22T14:{message_id // 60 % 60:02}:{message_id % 60:02}Z",
        "is_edited": False,
        "is_deleted": False,
        "reactions": [],
    }
    return shown | more


def reaction(message_id: int, by: str, emoji: str = "👍", reacted: bool = True) -> Object:
    return {"message_id": message_id, "user": user(by), "reaction_type": emoji, "reacted": reacted}


def conversation(
    room: int = ROOM, members: tuple[str, str] = ("alice", "bob"), unread: int = 0, last: Object | None = None
) -> Object:
    """A conversation as the list shows it (section 2.A)."""
    preview = last and {
        "content": last["content"],
        "sender_id": last["sender"]["id"],
        "created_at": last["created_at"],
    }
    return {
        "id": room,
        "title": f"Chat with {members[1]}",
        "participants": [user(member) for member in members],
        "related_product": None,
        "last_message": preview,
        "unread_count": unread,
    }


def new_message(shown: Object) -> Object:
    return {"type": "new_message", "message": shown}


def message_edited(shown: Object) -> Object:
    return {"type": "message_edited", "message": shown}


def message_deleted(message_id: int) -> Object:
    return {"type": "message_deleted", "message_id": message_id}


def reaction_updated(shown: Object) -> Object:
    return {"type": "reaction_updated", "reaction": shown}


def read_receipt(reader: str, message_id: int) -> Object:
    shown = {"user": user(reader), "message_id": message_id, "read_at": "2025-10-22T15:00:00Z"}
    return {"type": "read_receipt", "read_receipt": shown}


REFUSED: Object = {"success": False, "message": "Not found"}
