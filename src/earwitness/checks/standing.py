"""How whoever asks stands to what is asked for: the relations that a spec's refusals are keyed by."""

from __future__ import annotations

from earwitness.spec import Refusal
from earwitness.world import Exchange, Message, Room, World, effective

_STRANGERS = ("anonymous", "bad-token")


def addressed(world: World, exchange: Exchange) -> tuple[Room | None, Message | None]:
    """The room and the message that an exchange is about, as far as the world knows them."""
    for reading in exchange.readings:
        message = world.state.messages.get(reading.argument("message"))
        room = world.state.rooms.get(message.room if message else reading.argument("room"))
        if room is not None or message is not None:
            return room, message
    return None, None


def expected_refusal(world: World, exchange: Exchange) -> Refusal | None:
    """The refusal that the spec names for this exchange; None when it has to be served, or when nobody can tell."""
    operation = exchange.operation
    if operation is None or not exchange.by_http:
        return None
    role = exchange.entry.role if hasattr(exchange.entry, "role") else "member"
    if role in _STRANGERS:
        return operation.refusals.get(role) or operation.refusals.get("anonymous")
    if role != "member":
        return None
    room, message = addressed(world, exchange)
    begun, done = exchange.begun, exchange.response.t if exchange.response else exchange.begun
    if message is not None and message.exists.certain(begun, done) is False:
        return operation.refusals.get("absent")
    if room is not None and room.has(exchange.member, begun, done) is False:
        return operation.refusals.get("not-a-member")
    if message is not None and message.author != exchange.member:
        return operation.refusals.get("not-the-sender")
    return None


def is_owed_success(world: World, exchange: Exchange) -> bool:
    """Whether a verb was done by a member who may, in a way that fits the spec: then it must succeed."""
    if not exchange.by_http or not exchange.as_member or not exchange.entry.verb or exchange.entry.source:
        return False
    if expected_refusal(world, exchange) is not None:
        return False
    room, message = addressed(world, exchange)
    begun, done = exchange.begun, exchange.response.t if exchange.response else exchange.begun
    if room is not None and room.has(exchange.member, begun, done) is not True:
        return False
    return message is None or message.exists.certain(begun, done) is True


__all__ = ["addressed", "effective", "expected_refusal", "is_owed_success"]
