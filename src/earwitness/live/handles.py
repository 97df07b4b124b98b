"""What members hold in their hands: rooms, messages, things they did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

from earwitness.binding import Form, Seen

if TYPE_CHECKING:
    from earwitness.live.member import LiveMember


class Something(Enum):
    """Stands in a claim for any value that is there."""

    SOMETHING = "something"


SOMETHING: Final = Something.SOMETHING


@dataclass(frozen=True, slots=True)
class Done:
    """A verb that a member did, or tried to: its exchanges in order, the last one's status
    (0: no answer, or nothing to answer), and what it gave."""

    verb: str
    form: Form
    member: LiveMember = field(repr=False)
    exchanges: tuple[str, ...]
    status: int
    done: bool
    gave: Mapping[str, object]

    @classmethod
    def nothing(cls, member: LiveMember) -> Done:
        """What a member has done who has done nothing yet."""
        return cls("", Form("", "", ()), member, (), 0, False, {})

    @property
    def exchange(self) -> str:
        """The exchange that completed the verb, or the one at which it ended."""
        return self.exchanges[-1] if self.exchanges else ""


@dataclass(frozen=True, slots=True)
class RoomHandle:
    """A room that the test knows: its id as text and as the API spells it, its kind and its members."""

    id: str
    raw_id: object
    kind: str
    members: tuple[LiveMember, ...]
    done: Done = field(repr=False)
    id_expression: str = ""
    first: MessageHandle | None = None

    @property
    def is_open(self) -> bool:
        """Whether anybody may look into rooms of this kind."""
        described = self.members[0].stage.session.documents.binding.rooms.get(self.kind)
        return described is not None and described.open

    def seen_by(self, member: LiveMember) -> dict[str, object]:
        """The room as an argument of one of ``member``'s verbs: some APIs address a room by its peer."""
        others = [other.arguments for other in self.members if other is not member]
        return {"id": self.raw_id, "kind": self.kind, "peer": others[0] if len(others) == 1 else None}


@dataclass(frozen=True, slots=True)
class MessageHandle:
    """A message that the test sent: known by its text, and by its id once somebody learnt that ("" until then)."""

    id: str
    text: str
    room: RoomHandle
    author: LiveMember
    done: Done = field(repr=False)


def seen(done: Done, name: str) -> Seen | None:
    """What ``done`` gave under ``name``, if it was an object."""
    value = done.gave.get(name)
    return value if isinstance(value, Seen) else None


def thing_id(done: Done, name: str) -> str:
    """The id of what ``done`` gave under ``name``; "" when it gave none."""
    value = done.gave.get(name)
    return value.text("id") if isinstance(value, Seen) else "" if value is None else str(value)
