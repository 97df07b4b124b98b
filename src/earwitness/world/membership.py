"""Works out which rooms there are and who is in them: from answers that show rooms, and from what members did to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from earwitness.binding import Binding, Reading, Seen, by_peer, key_of, only_kind, pair_key
from earwitness.world.acts import STARTS, key_given, room_given, what_it_gave
from earwitness.world.register import BEGINNING, NEVER, Register
from earwitness.world.room import ADMIN, MEMBER, Room
from earwitness.world.timeline import Exchange, Socket, Timeline

if TYPE_CHECKING:
    from earwitness.world.state import State


def learn_rooms(state: State, line: Timeline, binding: Binding, exchange: Exchange) -> None:
    """Every room that an exchange names or is shown, and who is in those of two: that never changes. Of groups it is worked out in
    the order of what happened; see ``see_members``."""
    for reading in exchange.readings:
        gave = what_it_gave(binding, exchange, reading)
        if by_peer(binding) and reading.argument("room"):
            _learn_pair(state, line, binding, exchange, reading, gave or {})
        if gave is None:
            continue
        for seen in _shown(gave):
            room = _room(state, binding, key_of(binding, seen), seen.text("kind"))
            room.shown_since = min(room.shown_since, exchange.done)
            if is_pair(binding, room):
                for member in _members(line, seen):
                    room.was_entered(member)
                # A pair of which only the peer is shown is no room without the caller.
                room.complete = room.complete or len(room.members) > 1
        peer = line.member_with_id(reading.argument("peer.id"))
        key = key_given(binding, gave.get("room"))
        if reading.verb in STARTS and reading.verb != "start-group" and key and peer:
            for member in (exchange.member, peer):
                state.rooms[key].was_entered(member)
            state.rooms[key].complete = True


def _learn_pair(
    state: State,
    line: Timeline,
    binding: Binding,
    exchange: Exchange,
    reading: Reading,
    gave: Mapping[str, object],
) -> None:
    """The room of the caller and the peer that it names: it needs no starting, and has a past unless it was seen empty."""
    peer = line.member_with_id(reading.argument("room.peer.id"))
    if not peer:
        return
    room = _room(state, binding, reading.argument("room"), next(iter(binding.rooms)))
    for member in (exchange.member, peer):
        room.was_entered(member)
    room.complete = True
    if reading.verb == "list-messages" and gave.get("messages") == ():
        room.fresh_since = min(room.fresh_since, exchange.begun)


def learn_room_of_pair(state: State, line: Timeline, binding: Binding, socket: Socket) -> str:
    """What the room is called that a socket was opened for by its peer; a room nobody has shown yet is called by its members."""
    bound = binding.sockets.get(socket.entry.name)
    if bound is None or bound.per != "peer" or not socket.peer:
        return socket.room
    both = {socket.member, socket.peer}
    for room in state.rooms.values():
        if set(room.members) == both and room.kind in (bound.kinds or (room.kind,)):
            return room.id
    if socket.opened is None:
        return ""
    key = pair_key(line.id_of(socket.member), line.id_of(socket.peer))
    room = _room(state, binding, key, only_kind(binding, bound.kinds))
    for member in both:
        room.was_entered(member)
    room.complete = True
    return key


def see_members(state: State, line: Timeline, binding: Binding, exchange: Exchange) -> None:
    """Who is shown to be in a group; ``exchange`` comes after all that began before it."""
    for reading in exchange.readings:
        for seen in _shown(what_it_gave(binding, exchange, reading) or {}):
            room = state.rooms[key_of(binding, seen)]
            shown = _members(line, seen)
            if is_pair(binding, room) or not shown or _makes(exchange, reading, binding, room):
                continue
            for member in shown:
                room.is_shown_with(member, exchange.begun, exchange.done)
            room.complete = True


def _makes(exchange: Exchange, reading: Reading, binding: Binding, room: Room) -> bool:
    return reading.verb == "start-group" and reading.last and room.shown_since >= exchange.begun


def is_started(
    state: State,
    line: Timeline,
    binding: Binding,
    exchange: Exchange,
    reading: Reading,
    gave: Mapping[str, object],
) -> None:
    """A start was answered by a room: a new one, or the one there is."""
    room = state.rooms.get(key_given(binding, gave.get("room")))
    if room is None:
        return
    room.started_by.append(exchange.id)
    if reading.verb == "start-group":
        _founded(line, binding, exchange, reading, room, room_given(gave.get("room")))
        return
    # A pair that starts again is in the room again, whoever had deleted it.
    if room.gone.writes:
        room.gone.write(False, exchange.begun, exchange.done, exchange.id)
        for register in room.members.values():
            register.write(True, exchange.begun, exchange.done, exchange.id)
    # An answer that calls a room new which was shown before is not taken at its word.
    if gave.get("created") is True and room.shown_since >= exchange.begun and not room.gone.writes:
        room.fresh_since = min(room.fresh_since, exchange.begun)
        room.made_since = room.fresh_since


def _founded(
    line: Timeline, binding: Binding, exchange: Exchange, reading: Reading, room: Room, seen: Seen | None
) -> None:
    if not _makes(exchange, reading, binding, room):
        return  # what a start gives is a group of its own, so this one is not what it says
    room.fresh_since = room.made_since = min(room.fresh_since, exchange.begun)
    shown = _members(line, seen) if seen is not None else []
    asked = [exchange.member, *named_members(line, reading, "peers.id")]
    for member in dict.fromkeys([*asked, *shown]):
        register: Register[bool] = Register()
        room.members[member] = register
        register.write(False, BEGINNING, exchange.begun)
        register.write(True, exchange.begun, exchange.done, exchange.id)
        if shown and member not in shown:
            # Asked for and not shown: perhaps the server keeps some people out, and says so by this alone.
            register.write(False, exchange.begun, exchange.done, exchange.id)
        role: Register[str] = Register()
        room.roles[member] = role
        role.write(ADMIN if member == exchange.member else MEMBER, exchange.begun, exchange.done, exchange.id)
    room.complete = True


def is_changed(line: Timeline, exchange: Exchange, reading: Reading, room: Room) -> None:
    """A member did something to the membership of ``room``, or may have done it."""
    when = (exchange.begun, exchange.done, exchange.id)
    match reading.verb:
        case "add-member":
            for member in named_members(line, reading, "peers.id"):
                # Who was inside already has nothing changed.
                if not room.has(member, exchange.begun, exchange.begun):
                    room.is_entered(member, *when)
        case "remove-member":
            for member in named_members(line, reading, "peer.id"):
                room.is_left(member, *when)
        case "leave":
            room.is_left(exchange.member, *when)
        case "delete-room":
            room.is_deleted(*when)
        case "change-role":
            for member in named_members(line, reading, "peer.id"):
                if member not in room.roles:
                    room.roles[member] = Register(open_start=True)
                room.roles[member].write(reading.argument("role"), *when)


def joins_by_opening(socket: Socket, line: Timeline, binding: Binding, room: Room) -> None:
    """Who opens the socket of an open room is in it from then on; of an opening that broke, or that the server ended at once, nobody
    can tell."""
    kind = binding.rooms.get(room.kind)
    refused = socket.refused is not None and 400 <= socket.refused.status < 500
    if kind is None or not kind.open or refused or socket.entry.role != "member":
        return
    if not room.has(socket.member, socket.entry.t, socket.entry.t):
        for_sure = socket.opened if socket.opened is not None and not socket.was_cut_short(line) else None
        entered = for_sure.t if for_sure is not None else NEVER
        room.is_entered(socket.member, socket.entry.t, entered, socket.id)


def is_pair(binding: Binding, room: Room) -> bool:
    """Whether a room is of a kind that has two members, always the same."""
    kind = binding.rooms.get(room.kind)
    return kind is not None and kind.pair


def _room(state: State, binding: Binding, key: str, kind: str) -> Room:
    room = state.rooms.setdefault(key, Room(key))
    room.kind = room.kind or kind or only_kind(binding)
    return room


def _shown(gave: Mapping[str, object]) -> Iterator[Seen]:
    rooms = gave.get("rooms")
    for value in (gave.get("room"), *(rooms if isinstance(rooms, tuple) else ())):
        seen = room_given(value)
        if seen is not None:
            yield seen


def _members(line: Timeline, seen: Seen) -> list[str]:
    """Who is shown to be in a room: test members by name, others as ``#id``."""
    shown = seen.get("members")
    return [
        line.member_with_id(one.text("id")) or f"#{one.text('id')}"
        for one in (shown if isinstance(shown, tuple) else ())
        if isinstance(one, Seen) and one.text("id")
    ]


def named_members(line: Timeline, reading: Reading, name: str) -> list[str]:
    """The members whose ids a request names: test members by name, others as ``#id``."""
    value = reading.arguments.get(name)
    ids = value if isinstance(value, list | tuple) else [value] if value is not None else []
    return [line.member_with_id(str(one)) or f"#{one}" for one in ids]
