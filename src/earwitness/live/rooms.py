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
