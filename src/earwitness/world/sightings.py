"""Every sight of a message, room or list that an answer or an event gave, with the moments between which it was true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from earwitness.binding import MISSING, VERBS, Binding, Reading, Seen
from earwitness.world.acts import what_it_gave
from earwitness.world.delivery import Delivery
from earwitness.world.state import State
from earwitness.world.timeline import Exchange, Timeline


@dataclass(frozen=True, slots=True)
class Sighting:
    """An object that somebody was shown, in the answer to ``exchange`` or in an event that ``exchange`` caused.

    ``begun`` and ``done`` bound the moment that it shows; ``own`` is true when the object is what the exchange itself
    made or changed, so that its own write must be seen in it, and of the others those that came at the same time or later may.
    """

    seen: Seen
    member: str
    exchange: Exchange
    n: int
    begun: float
    done: float
    own: bool
    event: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that somebody asked for and got: of messages in a room, or of rooms of some ``kinds`` (of all, when empty)."""

    verb: str
    member: str
    room: str
    exchange: Exchange
    items: tuple[Seen, ...]
    page: int
    next: object
    previous: object
    count: object
    kinds: tuple[str, ...] = ()

    @property
    def followed(self) -> bool | None:
        """Whether another page follows; None when the answer should say so and does not."""
        return None if self.next is MISSING else bool(self.next)

    @property
    def whole(self) -> bool:
        """Whether it is all of a list, as far as the answer says."""
        return self.page == 1 and self.followed is False

    def may_hold(self, kind: str) -> bool:
        """Whether it lists rooms of ``kind``."""
        return not self.kinds or kind in self.kinds

    @property
    def begun(self) -> int:
        return self.exchange.begun

    @property
    def done(self) -> float:
        return self.exchange.done


def message_sightings(
    line: Timeline, state: State, binding: Binding, delivery: Delivery
) -> Iterator[Sighting]:
    """Every sight of a message: in answers to writes and reads, in lists, in events."""
    for exchange in line.exchanges.values():
        for reading, gave in _answers(exchange, binding):
            seen = gave.get("message")
            if isinstance(seen, Seen):
                own = not VERBS[reading.verb].reads
                yield _sighting(seen, exchange, own)
            for item in _listed(gave):
                yield _sighting(item, exchange, False)
            if exchange.readings and VERBS[reading.verb].reads is False:
                break
    for heard in delivery.heard:
        if (
            heard.due is not None
            and heard.match in ("due", "again")
            and heard.seen
            and heard.seen.view == "message"
        ):
            yield Sighting(
                heard.seen, heard.socket.member, heard.due.exchange, heard.entry.n, heard.due.exchange.begun,
                heard.entry.t, True, heard.event,
            )  # fmt: skip


def _listed(gave: Mapping[str, object]) -> Iterator[Seen]:
    """The messages of a list, and those that rooms show among what is said of them."""
    rooms = gave.get("rooms")
    lists = [gave.get("messages")]
    for room in (gave.get("room"), *(rooms if isinstance(rooms, tuple) else ())):
        lists.append(room.get("messages") if isinstance(room, Seen) else None)
    for listed in lists:
        yield from (item for item in (listed if isinstance(listed, tuple) else ()) if isinstance(item, Seen))


def _sighting(seen: Seen, exchange: Exchange, own: bool) -> Sighting:
    assert exchange.response is not None
    answered = exchange.response.t
    return Sighting(seen, exchange.member, exchange, exchange.response.n, exchange.begun, answered + 1, own)


def listings(line: Timeline, binding: Binding) -> Iterator[Listing]:
    """Every list that was asked for by a verb and answered, in the order of asking."""
    for exchange in sorted(line.exchanges.values(), key=lambda e: e.begun):
        for reading, gave in _answers(exchange, binding):
            # A search is no list, although the request for a list can be read out of it.
            if _explains(exchange, reading) < _explains(exchange, exchange.readings[0]):
                continue
            items = gave.get("messages", gave.get("rooms"))
            if not isinstance(items, tuple):
                continue
            page = reading.argument("page")
            says_next = any("next" in gives for gives in reading.step.gives.values())
            yield Listing(
                verb=reading.verb,
                member=exchange.member,
                room=reading.argument("room"),
                exchange=exchange,
                items=tuple(item for item in items if isinstance(item, Seen)),
                page=int(page) if page.isdigit() else 1,
                next=gave.get("next", MISSING if says_next else None),
                previous=gave.get("previous"),
                count=gave.get("count"),
                kinds=reading.step.kinds,
            )


def _explains(exchange: Exchange, reading: Reading) -> int:
    """How much of what a request says the step that ``reading`` is has a place for."""
    return sum(name in reading.step.arguments for name in exchange.sent)


def _answers(exchange: Exchange, binding: Binding) -> Iterator[tuple[Reading, dict[str, object]]]:
    if exchange.response is None or not exchange.as_member:
        return
    for reading in exchange.readings:
        gave = what_it_gave(binding, exchange, reading)
        if gave is not None:
            yield reading, gave
