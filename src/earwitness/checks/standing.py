"""How whoever asks stands to what is asked for: the relations that a spec's refusals are keyed by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from earwitness.binding import VERBS, Reading
from earwitness.history import Request
from earwitness.spec import Channel, Operation, Refusal
from earwitness.world import STARTS, Exchange, Message, Room, World, named_members

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

# What a plain member may be kept from, and what writes into a room.
_FOR_ADMINS: Final = ("add-member", "remove-member", "change-role", "rename-room", "delete-room")
_WRITING: Final = ("send-text", "send-file", "reply")


def addressed(world: World, exchange: Exchange) -> tuple[Room | None, Message | None]:
    """The room and the message that an exchange is about, as far as the world knows them."""
    for reading in exchange.readings:
        if reading.argument("room") and reading.argument("room") not in world.state.rooms:
            continue  # a room that the run does not know
        message = world.state.messages.get(reading.argument("message"))
        # A reply names the room it goes to and a message, which may be of another.
        room = world.state.rooms.get(reading.argument("room"))
        if room is None and message is not None:
            room = world.state.rooms.get(message.room)
        if room is not None or message is not None:
            return room, message
    return None, None


def expected_refusal(world: World, exchange: Exchange) -> Refusal | None:
    """The refusal that the spec names for this exchange; None when it has to be served, or when nobody can tell."""
    return next(iter(expected_refusals(world, exchange)), None)


def expected_refusals(world: World, exchange: Exchange) -> tuple[Refusal, ...]:
    """Every refusal that the spec names for this exchange. Which of several is told first is for the server to choose: in which
    order it looks is said by no document."""
    operation = exchange.operation
    if operation is None or not isinstance(exchange.entry, Request):
        return ()
    role = exchange.entry.role
    if role in STRANGERS:
        refusal = refusal_of(operation, role)
        return () if refusal is None else (refusal,)
    if role != "member":
        return ()
    relations = dict.fromkeys(_relations(world, exchange))
    return tuple(operation.refusals[each] for each in relations if each in operation.refusals)


def _relations(world: World, exchange: Exchange) -> Iterator[str]:
    """How a member certainly stands to what an exchange is about, where it may not be served for that."""
    room, message = addressed(world, exchange)
    begun, done = _when(exchange)
    reading = exchange.readings[0] if exchange.readings else None
    if (message is not None and message.exists.certain(begun, done) is False) or (
        room is not None and (room.is_gone(begun, done) or done < room.made_since)
    ):
        yield "absent"
    elif message is not None and room is not None and message.room != room.id:
        yield "absent"  # there is no such message in this room, wherever else it may be
    if room is not None and begun < room.made_since:
        room = None  # of a room that was made later, or meanwhile, nobody was a member
    if room is not None and room.has(exchange.member, begun, done) is False:
        may_look = reading is not None and _looks_in(world, room, reading)
        if not may_look and not room.lost_by_deletion(exchange.member, begun, done):
            yield "not-a-member"
    elif (
        room is not None
        and reading is not None
        and reading.verb in _FOR_ADMINS
        and room.is_admin(exchange.member, begun, done) is False
    ):
        yield "not-an-admin"
    if message is not None and message.author != exchange.member:
        yield "not-the-sender"
    if reading is None:
        return
    pair = world.state.blocks.named(reading.argument("block"), begun) if reading.verb == "unblock" else None
    if pair is not None:
        blocker, blocked = pair
        if blocker != exchange.member:
            yield "not-the-sender"
        if world.state.blocks.holds(blocker, blocked, begun, done) is False:
            yield "absent"
    if _is_blocked(world, exchange, reading, room) is True:
        yield "blocked"
    if _is_of_another(world, exchange, reading) is True:
        yield "other-organisation"
    if world.line.id_of(exchange.member) and reading.argument("peer.id") == world.line.id_of(exchange.member):
        yield "oneself"
    if room is not None and room.kind and reading.step.kinds and room.kind not in reading.step.kinds:
        yield "invalid"  # this is not done to rooms of this kind


def _when(exchange: Exchange) -> tuple[int, int]:
    return exchange.begun, exchange.response.t if exchange.response else exchange.begun


def may_look_in(world: World, exchange: Exchange) -> bool:
    """Whether whoever is outside may do this all the same: look into an open room."""
    room, _ = addressed(world, exchange)
    return room is not None and bool(exchange.readings) and _looks_in(world, room, exchange.readings[0])


def _looks_in(world: World, room: Room, reading: Reading) -> bool:
    return world.is_open(room) and VERBS[reading.verb].reads


def _is_blocked(world: World, exchange: Exchange, reading: Reading, room: Room | None) -> bool | None:
    """Whether somebody has blocked the caller who is started with, or grouped, or written to in a room of two; None when nobody
    can tell."""
    begun, done = _when(exchange)
    held: list[bool | None] = []
    if reading.verb in STARTS:
        peers = [
            *named_members(world.line, reading, "peer.id"),
            *named_members(world.line, reading, "peers.id"),
        ]
        held = [world.state.blocks.holds(peer, exchange.member, begun, done) for peer in peers]
    elif reading.verb in _WRITING and room is not None:
        held = [world.state.is_kept_out(room, exchange.member, begun, done)]
    return True if True in held else None if None in held else False


def _is_of_another(world: World, exchange: Exchange, reading: Reading) -> bool | None:
    """Whether somebody whom the caller names is of another organisation; None when nobody can tell."""
    named = [*named_members(world.line, reading, "peer.id"), *named_members(world.line, reading, "peers.id")]
    members = world.line.members
    own = members.get(exchange.member, {}).get("organisation")
    theirs = [members.get(one, {}).get("organisation") for one in named]
    if any(one is not None and own is not None and str(one) != str(own) for one in theirs):
        return True
    return None if own is None or None in theirs else False


def refusing(channel: Channel | None, role: str) -> tuple[int, ...]:
    """The status with which ``channel``'s spec has a caller of ``role`` refused, as a list; empty where it names none."""
    named = channel.refusals.get(role) if channel else None
    return (named.status,) if named else ()


def may_be_invalid(exchange: Exchange, refusals: tuple[Refusal, ...]) -> bool:
    """Whether ``exchange`` may be refused for its form first. Whoever is outside, or treated as if nothing were there, shall not
    learn what is wrong with it; of those who are inside, no document says what is looked at first."""
    named = exchange.operation.refusals if exchange.operation else {}
    invalid = named.get("invalid")
    unseen = {named["absent"].status} if "absent" in named else set()
    inside = not any(
        one.relation in (*STRANGERS, "not-a-member", "absent") or one.status in unseen for one in refusals
    )
    return inside and invalid is not None and exchange.status == invalid.status and not _fits(exchange)


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
    if not exchange.by_http or not exchange.as_member or not isinstance(exchange.entry, Request):
        return False
    if not exchange.entry.verb or exchange.entry.source or expected_refusals(world, exchange):
        return False
    room, message = addressed(world, exchange)
    begun, done = _when(exchange)
    if (
        room is None
        and message is None
        and any(r.argument("room") or r.argument("message") for r in exchange.readings)
    ):
        return False  # it is about something that the run does not know
    looks_in = may_look_in(world, exchange)
    if room is not None and (
        (room.has(exchange.member, begun, done) is not True and not looks_in)
        or room.is_gone(begun, done) is None
    ):
        return False
    if message is not None and message.exists.certain(begun, done) is not True:
        return False
    if message is not None and room is not None and message.room != room.id:
        return False
    # Who came later may not see what was said before.
    if (
        message is not None
        and room is not None
        and room.has(exchange.member, message.begun, message.begun) is not True
        and not looks_in
    ):
        return False
    return all(_may_for_sure(world, exchange, reading, room, message) for reading in exchange.readings[:1])


def success_basis(world: World, exchange: Exchange) -> str:
    """What it rests on that ``exchange`` is owed success: that anybody may enter some rooms is said, how that is done is ours."""
    room, _ = addressed(world, exchange)
    begun, done = _when(exchange)
    if room is None or not world.is_open(room):
        return "stated"
    at_home = room.has(exchange.member, begun, done) and not world.has_walked_in(
        room, exchange.member, begun, done
    )
    return "stated" if at_home else "decided"


def _may_for_sure(
    world: World, exchange: Exchange, reading: Reading, room: Room | None, message: Message | None
) -> bool:
    """Whether nothing that is not known of the members can stand against what ``exchange`` asks for."""
    refusals = exchange.operation.refusals if exchange.operation else {}
    begun, done = _when(exchange)
    if "blocked" in refusals and _is_blocked(world, exchange, reading, room) is not False:
        return False
    if "other-organisation" in refusals and _is_of_another(world, exchange, reading) is not False:
        return False
    peers = [*named_members(world.line, reading, "peer.id"), *named_members(world.line, reading, "peers.id")]
    if any(peer == exchange.member or peer.startswith("#") for peer in peers):
        return False
    admin = room is not None and room.is_admin(exchange.member, begun, done)
    if "not-an-admin" in refusals and reading.verb in _FOR_ADMINS and not admin:
        return False
    if reading.verb == "block":
        return all(world.state.blocks.holds(exchange.member, peer, begun, done) is False for peer in peers)
    if reading.verb == "leave":
        # Whether the last admin may go is said by no document.
        return room is not None and (
            room.is_admin(exchange.member, begun, done) is False
            or any(room.is_admin(one, begun, done) for one in room.members if one != exchange.member)
        )
    if reading.verb in ("remove-member", "change-role"):
        return room is not None and all(room.has(peer, begun, done) for peer in peers)
    if reading.verb == "add-member":
        return room is not None and all(room.has(peer, begun, done) is False for peer in peers)
    if reading.verb == "unblock":
        pair = world.state.blocks.named(reading.argument("block"), begun)
        return pair is not None and world.state.blocks.holds(*pair, begun, done) is True
    # Whether one can mark one's own message as read is said by no document.
    return reading.verb != "mark-message-read" or message is None or message.author != exchange.member
