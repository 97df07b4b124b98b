"""World: what the history so far implies; pure, rebuilt from the history alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from earwitness.binding import Binding
from earwitness.history import Entry
from earwitness.spec import Spec
from earwitness.world.acts import STARTS, effective, key_given, what_it_gave
from earwitness.world.audience import in_words
from earwitness.world.delivery import Delivery, Heard, deliver
from earwitness.world.dues import Due, weakest
from earwitness.world.freshness import MANY, doubt
from earwitness.world.membership import named_members
from earwitness.world.names import learn
from earwitness.world.presence import PRESENCE
from earwitness.world.register import NEVER, Register
from earwitness.world.room import Room
from earwitness.world.sightings import Listing, Sighting, listings, message_sightings
from earwitness.world.state import Message, Name, State, fold
from earwitness.world.timeline import Case, Exchange, Socket, Timeline, plain_name, put_together


@dataclass(frozen=True, slots=True)
class World:
    """What a history implies, in the order in which it is worked out."""

    spec: Spec
    binding: Binding
    history: tuple[Entry, ...]
    line: Timeline
    state: State
    delivery: Delivery
    sightings: tuple[Sighting, ...]
    listings: tuple[Listing, ...]

    @staticmethod
    def of(history: Iterable[Entry], spec: Spec, binding: Binding) -> World:
        """The world that ``history`` implies over the documents ``spec`` and ``binding``."""
        entries = tuple(history)
        line = put_together(entries, spec, binding)
        listed = tuple(listings(line, binding))
        names: dict[str, Name] = {}
        while True:
            state = fold(line, binding, names)
            doubt(state, line, binding, listed)
            delivery = deliver(line, state, spec, binding)
            # What an event or a list calls a message tells which later requests were about it: then all is to be seen anew.
            learnt = learn(line, state, binding, delivery, listed)
            if not learnt:
                break
            names |= learnt
        sightings = tuple(message_sightings(line, state, binding, delivery))
        return World(spec, binding, entries, line, state, delivery, sightings, listed)

    def is_open(self, room: Room) -> bool:
        """Whether anybody may look into ``room``, and comes in by opening its socket."""
        kind = self.binding.rooms.get(room.kind)
        return kind is not None and kind.open

    def has_walked_in(self, room: Room, member: str, begun: float, done: float) -> bool:
        """Whether ``member`` may be in ``room`` between two moments only for having opened its socket."""
        register = self.state.rooms[room.id].members.get(member)
        writes = register.candidates(begun, done) if register is not None else []
        return any(write.value and write.cause in self.line.sockets for write in writes)


__all__ = [
    "MANY",
    "NEVER",
    "PRESENCE",
    "STARTS",
    "Case",
    "Delivery",
    "Due",
    "Exchange",
    "Heard",
    "Listing",
    "Message",
    "Register",
    "Room",
    "Sighting",
    "Socket",
    "State",
    "Timeline",
    "World",
    "effective",
    "in_words",
    "key_given",
    "named_members",
    "plain_name",
    "weakest",
    "what_it_gave",
]
