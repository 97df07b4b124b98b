"""Starts rooms of every kind that an API has, and says which of them members can start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from earwitness.binding import Form
from earwitness.binding.expressions import names
from earwitness.live.handles import RoomHandle
from earwitness.live.outcomes import NotRun

if TYPE_CHECKING:
    from earwitness.binding import Binding
    from earwitness.live.member import LiveMember

# How many rooms are started in search of two with the same number.
_MOST_ROOMS, _MOST_FOREIGN_ROOMS = 400, 10
# What is said where an API starts no room without a first message.
_FIRST_TEXT = "the first message, which this room does not begin without"


def startable_kinds(binding: Binding) -> tuple[str, ...]:
    """The kinds of room that members can start, in the binding's order; those that are addressed by a peer need no starting."""
    return tuple(name for name in binding.rooms if _can_start(binding, name))


def group_kinds(binding: Binding) -> tuple[str, ...]:
    """The kinds of room that members can start and that hold more than two."""
    return tuple(name for name in startable_kinds(binding) if not binding.rooms[name].pair)


def offers(binding: Binding, verb: str, kind: str) -> bool:
    """Whether the API has ``verb`` for rooms of ``kind``."""
    return any(form.steps_for(kind) for form in binding.verbs.get(verb, {}).values())


def start_room(kind: str, owner: LiveMember, *others: LiveMember) -> RoomHandle:
    """A room of ``kind`` that ``owner`` starts with ``others``, or the one there is.

    Raises NotRun where members cannot start such a room, or it has no place for all of them.
    """
    binding = owner.stage.session.documents.binding
    if kind not in startable_kinds(binding):
        raise NotRun(f"members of {binding.api} cannot start a room of kind {kind!r}")
    described = binding.rooms[kind]
    if (described.pair or described.address == "peer") and len(others) != 1:
        raise NotRun(f"a {kind} of {binding.api} has two members")
    if described.pair or described.address == "peer":
        return owner.starts_direct(others[0])
    return owner.starts_group(*others, kind=kind)


def features(binding: Binding) -> frozenset[str]:
    """What there is to an API's rooms and sockets, in the words of the marker ``has``."""
    kinds, sockets = binding.rooms.values(), binding.sockets.values()
    found = {
        "member-sockets": any(socket.per == "member" for socket in sockets),
        "room-sockets": any(socket.per == "room" for socket in sockets),
        "peer-sockets": any(socket.per == "peer" for socket in sockets),
        "open-rooms": any(kind.open for kind in kinds),
        "separate-ids": sum(kind.separate_ids for kind in kinds) > 1,
        "silent-receipts": "mark-message-read" in binding.verbs and "message-read" not in binding.events,
    }
    return frozenset(name for name, there in found.items() if there)


def open_kinds(binding: Binding) -> tuple[str, ...]:
    """The kinds of room that members can start and that whoever opens their socket joins."""
    return tuple(name for name in startable_kinds(binding) if binding.rooms[name].open)


def rooms_of_one_number(owner: LiveMember, *others: LiveMember) -> tuple[RoomHandle, RoomHandle]:
    """Two rooms of ``owner``'s, of kinds that are numbered apart, with the same number; the members of each are ``others``, or
    somebody new where a room of two cannot be started again.

    Raises NotRun when numbers are no numbers here, or so far apart that too many rooms had to be started.
    """
    stage = owner.stage
    binding = stage.session.documents.binding
    kinds = [kind for kind in startable_kinds(binding) if binding.rooms[kind].separate_ids][:2]
    most = _MOST_FOREIGN_ROOMS if stage.session.deployment.foreign else _MOST_ROOMS
    one, other = (_another(kind, owner, others, 0) for kind in kinds)
    for started in range(1, most + 1):
        if one.id == other.id:
            return one, other
        if not (one.id.isdigit() and other.id.isdigit()) or abs(int(one.id) - int(other.id)) > most:
            break
        if int(one.id) < int(other.id):
            one = _another(one.kind, owner, others, started)
        else:
            other = _another(other.kind, owner, others, started)
    raise NotRun("no two rooms of the same number could be had")


def _another(kind: str, owner: LiveMember, others: tuple[LiveMember, ...], number: int) -> RoomHandle:
    if not owner.stage.session.documents.binding.rooms[kind].pair:
        return start_room(kind, owner, *others)
    return start_room(kind, owner, owner.stage.cast(f"peer-{number}") if number else others[0])


def first_text(binding: Binding) -> str | None:
    """The text to start a room with where one cannot be opened without; None where it can."""
    return None if "open-direct" in binding.verbs else _FIRST_TEXT


def _can_start(binding: Binding, kind: str) -> bool:
    described = binding.rooms[kind]
    if described.address == "peer":
        return True
    verbs = ("open-direct", "start-direct") if described.pair else ("start-group",)
    return any(_makes(form, kind) for verb in verbs for form in binding.verbs.get(verb, {}).values())


def _makes(form: Form, kind: str) -> bool:
    """Whether a form of a starting verb can make a room of ``kind``: it says nothing of kinds, takes one, or gives this one."""
    given = {
        shown["room"].kind
        for step in form.steps_for(kind)
        for shown in step.gives.values()
        if "room" in shown
    }
    takes = any("kind" in names(line) for step in form.steps for line in step.arguments.values())
    return bool(given) and (takes or "" in given or kind in given)
