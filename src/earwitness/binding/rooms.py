"""What a room is called in a run: by its id, by its kind and id where kinds are numbered apart, or by its two members where an
API addresses a room by the peer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from earwitness.binding.model import Binding


def pair_key(one: object, other: object) -> str:
    """What the room of two members is called, whichever of them asks; both are ids."""
    return " & ".join(sorted((str(one), str(other))))


def by_peer(binding: Binding) -> bool:
    """Whether this API's rooms are addressed by the peer: each of two calls their room by the other."""
    return any(kind.address == "peer" for kind in binding.rooms.values())


def room_key(binding: Binding, kind: str, room: object) -> str:
    """What the room of ``kind`` with the id ``room`` is called; "" where there is no id."""
    described = binding.rooms.get(kind)
    called = "" if room is None else str(room)
    return f"{kind}:{called}" if called and described is not None and described.separate_ids else called


def only_kind(binding: Binding, kinds: Iterable[str] = ()) -> str:
    """The one kind that there is among ``kinds`` (among all the API has, when they are empty); "" when it may be several."""
    possible = tuple(kinds) or tuple(binding.rooms)
    return possible[0] if len(possible) == 1 else ""


def named(
    binding: Binding, arguments: Mapping[str, object], me: Mapping[str, object], kinds: Iterable[str] = ()
) -> Mapping[str, object]:
    """The arguments of a verb with what the room in them is called: one of ``kinds``, or the one that the caller ``me`` addresses
    by its peer."""
    room = arguments.get("room")
    if isinstance(room, str | int):
        key = room_key(binding, only_kind(binding, kinds), room)
        return arguments if key == str(room) else {**arguments, "room": key}
    peer, own = arguments.get("room.peer.id"), me.get("id")
    if "room" in arguments or peer is None or own is None or not by_peer(binding):
        return arguments
    return {**arguments, "room": pair_key(own, peer)}


def placed(binding: Binding, view: str, found: Mapping[str, object]) -> Mapping[str, object]:
    """The fields of a message or of a room, with its pair where they show both members: whatever id an API gives such a room,
    nobody can address it by that."""
    if not by_peer(binding):
        return found
    if view == "message" and found.get("author") and found.get("recipient"):
        return {**found, "room": pair_key(found["author"], found["recipient"])}
    members = found.get("members")
    ids = [str(one.fields.get("id", "")) for one in members] if isinstance(members, tuple) else []
    if view == "room" and len(ids) == 2 and all(ids):
        return {**found, "id": pair_key(*ids)}
    return found
