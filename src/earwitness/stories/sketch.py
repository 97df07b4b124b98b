"""What a story has come to so far, as far as it decides what may happen next: who is in which room, whose message is still there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from earwitness.binding import Binding, by_peer
from earwitness.binding.expressions import names
from earwitness.spec import Spec

CAST = ("alice", "bob", "carol", "dave")


@dataclass(slots=True)
class Room:
    """A room of the story: its name there, its kind, who is in it, who was, and who has a say over the others."""

    name: str
    kind: str
    members: list[str]
    admins: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def outsiders(self) -> list[str]:
        return [who for who in CAST if who not in self.members]


@dataclass(slots=True)
class Message:
    """A message of the story: its name there, where it was said and by whom, and what it says now (None: whatever its file makes
    it say)."""

    name: str
    room: Room
    author: str
    text: str | None
    edited: bool = False
    deleted: bool = False


@dataclass(slots=True)
class Sketch:
    """The state of a story that is being told about an API, written from the words of its binding alone.

    It knows nothing of what a server answered: a story is made up before anybody acts.
    """

    binding: Binding
    spec: Spec
    rooms: list[Room] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    # Whose socket hears what: the name that it has in the story, its member, and its room.
    ears: dict[str, tuple[str, Room]] = field(default_factory=dict)
    # Who has blocked whom, and what the story calls that block.
    blocks: dict[tuple[str, str], str] = field(default_factory=dict)
    # How many moves were told so far.
    turn: int = 0

    # -- what there is ----------------------------------------------------------------------------------------------

    def direct(self, one: str, other: str) -> Room | None:
        """The room that two have with each other."""
        pairs = (room for room in self.rooms if self.is_pair(room))
        return next((room for room in pairs if {one, other} == set(room.members)), None)

    def is_pair(self, room: Room) -> bool:
        """Whether a room is one of two, which nobody else ever joins."""
        kind = self.binding.rooms[room.kind]
        return kind.pair or kind.address == "peer"

    def seated(self) -> Iterator[tuple[str, Room]]:
        """Everybody in every room."""
        for room in self.rooms:
            yield from ((who, room) for who in room.members)

    def is_there(self, room: Room) -> bool:
        """Whether the API knows of a room: one that is addressed by the peer is there once something was said in it."""
        by_peer_alone = self.binding.rooms[room.kind].address == "peer"
        return not by_peer_alone or any(message.room is room for message in self.messages)

    def standing(self) -> Iterator[Message]:
        """The messages that nobody has deleted, in rooms where somebody is left, the latest first."""
        return (one for one in reversed(self.messages) if not one.deleted and one.room.members)

    def at_odds(self, one: str, other: str) -> bool:
        """Whether one of two has blocked the other; what the one who did may still do is for scenarios to ask."""
        return (one, other) in self.blocks or (other, one) in self.blocks

    def may_write(self, who: str, room: Room) -> bool:
        """Whether ``who``'s words are certain to reach ``room``."""
        return not self.is_pair(room) or not any(self.at_odds(who, other) for other in room.members)

    @property
    def has_outsiders(self) -> bool:
        """Whether somebody can ask for a room that is not theirs; a room that is addressed by the peer is always one's own."""
        return not by_peer(self.binding)

    # -- what the API has -------------------------------------------------------------------------------------------

    def forms(self, verb: str, kind: str = "") -> list[str]:
        """The forms in which ``verb`` can be done in a room of ``kind``."""
        forms = self.binding.verbs.get(verb, {})
        return [name for name, form in forms.items() if form.steps_for(kind)]

    def refuses(self, verb: str, relation: str, kind: str = "") -> bool:
        """Whether the first form of ``verb`` is an operation that names ``relation`` among those it refuses."""
        form = next(iter(self.binding.verbs.get(verb, {}).values()), None)
        steps = form.steps_for(kind) if form else ()
        return bool(
            steps and steps[-1].operation and relation in self.spec.operations[steps[-1].operation].refusals
        )

    def takes(self, verb: str, name: str) -> bool:
        """Whether ``verb`` sends on what it is given as ``name``."""
        forms = self.binding.verbs.get(verb, {}).values()
        return any(
            name in names(line) for form in forms for step in form.steps for line in step.arguments.values()
        )

    # -- names ------------------------------------------------------------------------------------------------------

    def new_room(self) -> str:
        return f"room{len(self.rooms) + 1}"

    def new_message(self) -> str:
        return f"message{len(self.messages) + 1}"

    def new_text(self, who: str) -> str:
        """A text that nothing else in the story has."""
        return f"{who} says {_FLAVOURS[self.turn % len(_FLAVOURS)]} {self.turn}"


# What a text is made of decides whether it survives.
_FLAVOURS = ("word", "wörd", "👍🏽 and", "مرحبا", "two\nlines,", "<b>bold</b>", "e\u0301\u200d")
