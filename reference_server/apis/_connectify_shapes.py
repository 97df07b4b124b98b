"""How Connectify shows what the core hands out, where nothing but the record is needed for it; and how it reads ids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from reference_server.core.records import Attachment, Block, Member, Message, Reaction, Room, Standing
from reference_server.core.refusals import Blocked, Invalid, OtherOrganisation
from reference_server.core.rooms import DIRECT
from reference_server.fields import Fields


def user(member: Member) -> dict[str, object]:
    return {"id": member.id, "username": member.username}


def membership(standing: Standing) -> dict[str, object]:
    return {**user(standing.member), "role": standing.role}


def room(shown: Room) -> dict[str, object]:
    """What every view of a conversation or group chat has."""
    common = {"id": shown.number, "organization_id": shown.organisation}
    if shown.kind == DIRECT:
        return {**common, "participants": [user(each) for each in shown.members]}
    return {
        **common,
        "name": shown.name,
        "description": shown.description,
        "avatar": shown.avatar and media(shown.avatar),
        "members": [membership(each) for each in shown.standings],
    }


def said(message: Message) -> dict[str, object]:
    """What a frame shows of a message: the documented six, and its files, which nobody would see live without them."""
    six: dict[str, object] = {
        "id": message.id,
        "sender_id": message.sender.id,
        "sender_username": message.sender.username,
        "content": message.content,
        "created_at": message.created_at,
        "reply_to": message.reply_to,
    }
    files = [attachment(each) for each in message.attachments]
    return {**six, "attachments": files} if files else six


def attachment(kept: Attachment) -> dict[str, object]:
    return {
        "id": kept.id,
        "file": media(kept.uuid),
        "file_name": kept.name,
        "attachment_type": kept.kind,
    }


def media(uuid: str) -> str:
    """Where a file is; without a host, so that frames can show it too."""
    return f"/media/{uuid}/"


def reaction(given: Reaction) -> dict[str, object]:
    return {
        "id": given.id,
        "message_id": given.message_id,
        "user_id": given.member.id,
        "emoji": given.value,
    }


def block(set_up: Block) -> dict[str, object]:
    return {
        "id": set_up.id,
        "blocked_id": set_up.blocked.id,
        "organization_id": set_up.organisation,
    }


def id_of(body: Fields, name: str) -> int:
    """An id in a body. Raises Invalid for what can be none."""
    found = body.integer(name)
    if found < 1:
        raise Invalid(f"{name}: expected an id, a whole number from 1")
    return found


def optional_id_of(body: Fields, name: str) -> int | None:
    """None without the field, for null, and for an empty field of a form."""
    return None if body.optional_integer(name) is None else id_of(body, name)


def ids_of(body: Fields, name: str) -> Sequence[int]:
    """At least one id. Raises Invalid."""
    found = body.integers(name)
    if not found or min(found) < 1:
        raise Invalid(f"{name}: expected ids, whole numbers from 1, one at least")
    return found


def stranger(member_id: int) -> OtherOrganisation:
    return OtherOrganisation(f"User with ID {member_id} doesn't belong to this organization", member_id)


@contextmanager
def blocks_forbid_creating() -> Iterator[None]:
    """A block is a 403 to who sends, and a 400 to who creates."""
    try:
        yield
    except Blocked as blocked:
        raise Invalid(blocked.reason) from None
