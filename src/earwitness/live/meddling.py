"""Requests that say more than they were asked: who is in the room, and who wrote the message, in the words that answers show it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from earwitness.binding import Binding
from earwitness.binding.expressions import names
from earwitness.live.handles import RoomHandle
from earwitness.live.relations import Unfit

if TYPE_CHECKING:
    from earwitness.live.member import LiveMember
    from earwitness.spec import Operation

# What is done with these is said by what they take: nothing in them is beside the point.
_OF_MEMBERS: Final = ("add-member", "remove-member", "change-role", "leave", "delete-room")


def meddles(owner: LiveMember, peer: LiveMember, stranger: LiveMember, room: RoomHandle) -> tuple[str, ...]:
    """Call every operation that takes a body about ``room`` as ``owner``, and say besides that ``stranger`` is in the room and that
    ``peer`` is who says it; returns the exchanges. A server may refuse that, or ignore it."""
    documents = owner.stage.session.documents
    members = [owner.id, peer.id, stranger.id]
    said = {**_members(documents.binding, members), **_author(documents.binding, peer.id)}
    exchanges: list[str] = []
    for operation in documents.spec.operations.values():
        if _is_about_a_room(owner, operation, room.kind):
            asked = {*owner.stage.expressions(operation.id), *(one.name for one in operation.parameters)}
            besides = {name: value for name, value in said.items() if name not in asked}
            unfit = Unfit(replace=besides)
            exchanges.append(
                owner.calls(operation.id, {"room": room, "peer": peer}, source="odd", unfit=unfit)
            )
    return tuple(exchanges)


def _is_about_a_room(owner: LiveMember, operation: Operation, kind: str) -> bool:
    binding = owner.stage.session.documents.binding
    steps = [
        (form.verb, step) for form in binding.forms() for step in form.steps if step.operation == operation.id
    ]
    return (
        operation.request is not None
        and any("room" in names(line) for line in owner.stage.expressions(operation.id).values())
        and not any("message" in names(line) for line in owner.stage.expressions(operation.id).values())
        and not any(verb in _OF_MEMBERS for verb, _ in steps)
        and (not steps or any(not step.kinds or kind in step.kinds for _, step in steps))
    )


def _members(binding: Binding, ids: Sequence[object]) -> Mapping[str, object]:
    """``ids`` as the members of a room are shown, by the name at the top; nothing where they stand in several places."""
    place = binding.views.get("room", {}).get("members")
    if place is None or place.more or not place.tokens:
        return {}
    by = binding.views.get(place.each, {}).get("id")
    return dict([_placed(place.tokens, [_in(by.tokens if by else (), one) for one in ids])])


def _author(binding: Binding, author: object) -> Mapping[str, object]:
    place = binding.views.get("message", {}).get("author")
    return dict([_placed(place.tokens, author)]) if place is not None and place.tokens else {}


def _placed(tokens: tuple[str, ...], value: object) -> tuple[str, object]:
    return tokens[0], _in(tokens[1:], value)


def _in(tokens: tuple[str, ...], value: object) -> object:
    """``value`` inside as many objects as there are ``tokens``."""
    for token in reversed(tokens):
        value = {token: value}
    return value
