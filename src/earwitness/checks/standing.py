"""How whoever asks stands to what is asked for: the relations that a spec's refusals are keyed by."""

from __future__ import annotations

from earwitness.history import Request
from earwitness.spec import Operation, Refusal
from earwitness.world import Exchange, Message, Room, World

# Who stands in one of these relations may not, whatever the status of the refusal; the others are ways to ask for nothing.
_ACCESS = (
    "anonymous",
    "bad-token",
    "tampered-token",
    "expired",
    "not-a-member",
    "not-the-sender",
    "not-an-admin",
    "blocked",
    "other-organisation",
)
# Who has no valid token; a spec that says no more of them has them refused like the anonymous.
STRANGERS = ("anonymous", "bad-token", "tampered-token", "expired")


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
    if role in STRANGERS:
        return refusal_of(operation, role)
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


def refusal_of(operation: Operation, relation: str) -> Refusal | None:
    """The refusal that the spec names for whoever stands in ``relation``; None when it names none."""
    named = operation.refusals.get(relation)
    return operation.refusals.get("anonymous") if named is None and relation in STRANGERS else named


def refusal_basis(exchange: Exchange, refusal: Refusal) -> str:
    """What it rests on that ``exchange`` had to be refused as ``refusal`` says, when it was not: to be served is a broken
    promise of access, and only *how* one is refused may be ours."""
    invalid = exchange.operation.refusals.get("invalid") if exchange.operation else None
    if exchange.succeeded:
        return "stated" if refusal.relation in _ACCESS else refusal.basis
    # In which order a server looks at what is wrong is said by no document.
    if invalid is not None and exchange.status == invalid.status and not _fits(exchange):
        return "decided"
    return refusal.basis


def _fits(exchange: Exchange) -> bool:
    request = exchange.operation.request if exchange.operation else None
    if request is None or not isinstance(exchange.entry, Request) or exchange.entry.body.form == "parts":
        return True
    body = exchange.entry.body
    if not body.is_json:
        return body.form == "none" and not request.required
    return all(schema.fits(body.value) for schema in request.content.values())


def is_owed_success(world: World, exchange: Exchange) -> bool:
    """Whether a verb was done by a member who may, in a way that fits the spec: then it must succeed."""
    if not exchange.by_http or not exchange.as_member or not exchange.entry.verb or exchange.entry.source:
        return False
    if expected_refusal(world, exchange) is not None:
        return False
    room, message = addressed(world, exchange)
    begun, done = exchange.begun, exchange.response.t if exchange.response else exchange.begun
    if (
        room is None
        and message is None
        and any(r.argument("room") or r.argument("message") for r in exchange.readings)
    ):
        return False  # it is about something that the run does not know
    if room is not None and room.has(exchange.member, begun, done) is not True:
        return False
    return message is None or message.exists.certain(begun, done) is True
