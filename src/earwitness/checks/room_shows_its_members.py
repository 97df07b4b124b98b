"""Whom a room is shown with are those who are in it, by what was asked for and done; never by what an answer showed before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from earwitness.binding import Seen
from earwitness.checks.meaning import field_basis
from earwitness.checks.model import Check, Finding
from earwitness.checks.rooms import room_finding, shown_rooms
from earwitness.checks.standing import is_owed_success
from earwitness.history import Request
from earwitness.world import Exchange, Register, Room, World, effective, named_members
from earwitness.world.register import BEGINNING, Write
from earwitness.world.room import ADMIN, MEMBER

CHECK = Check(
    id="room-shows-its-members",
    sentence="Wherever a room is shown with its members, these are who is in it: nobody else, nobody missing, nobody twice, each in "
    "their role; but a room that anybody may enter may show others as well.",
    severity="medium",
    needs=("room.members",),
    also=(
        "start-direct", "open-direct", "start-group", "list-rooms", "search-rooms", "read-room", "add-member", "remove-member",
        "leave", "change-role", "member.role",
    ),
)  # fmt: skip


def find(world: World) -> Iterator[Finding]:
    if not any("members" in view for view in world.binding.views.values()):
        return
    for exchange, seen, room in shown_rooms(world):
        members = seen.get("members")
        shown = [one for one in members if isinstance(one, Seen)] if isinstance(members, tuple) else []
        if not isinstance(members, tuple) or any(not one.text("id") for one in shown):
            continue
        for subject, expected, basis in _wrong(world, exchange, room, shown):
            heard = f"members {_in_words(shown)}"[:200]
            yield room_finding(CHECK, exchange, basis, expected, heard, subject=subject)


def _in_words(shown: list[Seen]) -> list[str]:
    return [" ".join(filter(None, (one.text("id"), one.text("role")))) for one in shown]


def _wrong(world: World, exchange: Exchange, room: Room, shown: list[Seen]) -> Iterator[tuple[str, str, str]]:
    """What is wrong with whom ``room`` is shown with, what was expected, and what that rests on."""
    ids = [one.text("id") for one in shown]
    promised = field_basis(world, exchange, "room", ("members",))
    if len(set(ids)) < len(ids):
        yield "twice", f"each member of room {room.id} once", promised
    inside = _inside(world, exchange, room)
    if inside is None:
        return
    kind = world.binding.rooms[room.kind]
    for member in (member for member, is_in in inside.items() if is_in):
        if world.line.id_of(member) not in ids:
            # Two are shown as two; of more, no document says that all are shown and not the first few.
            yield (
                "missing",
                f"{member} among the members of room {room.id}",
                promised if kind.pair else "decided",
            )
    for one in shown:
        member = world.line.member_with_id(one.text("id")) or f"#{one.text('id')}"
        is_in = inside.get(member, False)
        if is_in is False and not kind.open:
            yield "foreign", f"{member}, who is not in room {room.id}, not among its members", promised
        elif is_in:
            yield from _miscast(world, exchange, room, member, one.text("role").lower(), promised)


def _miscast(
    world: World, exchange: Exchange, room: Room, member: str, role: str, promised: str
) -> Iterator[tuple[str, str, str]]:
    """Whether ``member`` is shown as an admin who is none, or the other way round."""
    when = (exchange.begun, exchange.done)
    is_admin = room.is_admin(member, *when)
    # Who was given a role under an id that nobody knows may be anybody; and which other roles an API has is its own affair.
    if role not in (ADMIN, MEMBER) or any(one.startswith("#") for one in room.roles):
        return
    if is_admin is None or is_admin is (role == ADMIN):
        return
    # Which role somebody begins with is said by no document, but which one is given is.
    causes = [world.line.exchanges.get(write.cause) for write in room.roles[member].candidates(*when)]
    given = all(cause is not None and _verb(cause) == "change-role" for cause in causes)
    wanted = ADMIN if is_admin else MEMBER
    yield "role", f"{member} as {wanted} of room {room.id}", promised if given else "decided"


def _inside(world: World, look: Exchange, room: Room) -> Mapping[str, bool | None] | None:
    """Who was in ``room`` all through a look at it, who was not, and of whom nobody can tell, by what members asked for and did
    alone; whoever is not named was never in it. None where that does not say who was."""
    kind, founding = world.binding.rooms.get(room.kind), _founding(world, room)
    # Whoever looks while a room is being founded, may see it half done.
    if kind is None or founding is None or (look is not founding and look.begun <= founding.done):
        return None
    asked = _asked(world, founding)
    changes = {
        member: [
            write for write in register.writes if write.cause and (kind.pair or write.cause != founding.id)
        ]
        for member, register in room.members.items()
    }
    if (
        not _is_known(world, room, kind.pair, asked, changes)
        or room.is_gone(look.begun, look.done) is not False
    ):
        return None
    inside: dict[str, bool | None] = {}
    for member in dict.fromkeys((*asked, *room.members)):
        register = Register[bool]()
        register.write(member in asked, BEGINNING, BEGINNING)
        register.writes += changes.get(member, ())
        doubted = not kind.pair and _is_doubted(world, look, founding, room.members[member], member)
        inside[member] = None if doubted else register.certain(look.begun, look.done)
    return inside


def _founding(world: World, room: Room) -> Exchange | None:
    """What started ``room``, if that says who was in it then; for a room of two it may have been there before."""
    if not room.started_by:
        return None
    founding = world.line.exchanges[room.started_by[0]]
    made = _verb(founding) != "start-group" or room.made_since == founding.begun
    return founding if made and _is_legible(founding) else None


def _asked(world: World, founding: Exchange) -> tuple[str, ...]:
    """Who is in a room by what was asked for when it was started."""
    reading = founding.readings[0]
    peers = (*named_members(world.line, reading, "peer.id"), *named_members(world.line, reading, "peers.id"))
    return tuple(dict.fromkeys((founding.member, *peers)))


def _is_known(
    world: World, room: Room, pair: bool, asked: tuple[str, ...], changes: Mapping[str, list[Write[bool]]]
) -> bool:
    """Whether all who came and went are members of the run, as far as it was asked for; and both of a pair stayed."""
    deletions = {write.cause for write in room.gone.writes}
    causes = {write.cause for writes in changes.values() for write in writes}
    named = {*asked, *(member for member, writes in changes.items() if writes)}
    left = any(
        not write.value and write.cause not in deletions for writes in changes.values() for write in writes
    )
    exchanges = world.line.exchanges
    return (
        not any(member.startswith("#") for member in named)
        and all(_is_legible(exchanges[cause]) for cause in causes if cause in exchanges)
        and not (pair and (left or len(asked) != 2))
    )


def _is_legible(exchange: Exchange) -> bool:
    """Whether all that an exchange says can be read: of a generated form each field is read once, and may be there more often."""
    entry = exchange.entry
    return not exchange.source or (isinstance(entry, Request) and entry.body.form in ("json", "none"))


def _is_doubted(
    world: World, look: Exchange, founding: Exchange, register: Register[bool], member: str
) -> bool:
    """Whether the answer to the founding of a group speaks of ``member`` otherwise than what was asked for. Perhaps a server keeps
    out some who were named, and says so by this alone; and whoever it takes in uncalled is told of there, and no more later."""
    told = {write.value for write in register.writes if write.cause == founding.id}
    if False in told:
        return member != founding.member and not is_owed_success(world, founding)
    return member not in _asked(world, founding) and True in told and look is not founding


def _verb(exchange: Exchange) -> str:
    reading = effective(exchange)
    return reading.verb if reading is not None else ""
