"""Claims of whole lists: how many things their pages hold, and that each of some is there once, in order, or side by side."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.binding import Seen
from earwitness.checks.outcome import Args, Outcome, text_of, unknown
from earwitness.history import Claimed
from earwitness.world import Exchange, World, what_it_gave

_TOO_MANY = 429


def pages(args: Args, world: World, claim: Claimed) -> Outcome:
    """Each of the pages that ``exchanges`` asked for holds ``size`` of what they show under ``name``; the last may hold fewer."""
    size, name = args.get("size"), text_of(args, "name")
    expected = f"pages of {size} {name}"
    told = _told(args, world, expected)
    if isinstance(told, Outcome):
        return told
    held = [len(items) for _, items in told]
    right = all(number == size for number in held[:-1]) and isinstance(size, int) and held[-1] <= size
    return _outcome(right, expected, f"pages of {', '.join(map(str, held))}", told)


def holds(args: Args, world: World, claim: Claimed) -> Outcome:
    """What ``exchanges`` show under ``name`` has each of ``ids`` once; ``in_order``, in the order in which they are given;
    ``next_to``, with nothing between them."""
    ids, name = args.get("ids"), text_of(args, "name")
    wanted = [str(one) for one in ids] if isinstance(ids, list | tuple) else []
    how = " side by side" if args.get("next_to") else " in this order" if args.get("in_order") else ""
    expected = f"each of {len(wanted)} {name} once{how}: {', '.join(wanted)}"[:300]
    told = _told(args, world, expected)
    if isinstance(told, Outcome):
        return told
    listed = [item.text("id") for _, items in told for item in items]
    missing = [one for one in wanted if one not in listed]
    twice = [one for one in wanted if listed.count(one) > 1]
    if missing or twice:
        heard = [f"{', '.join(missing)} missing"] * bool(missing) + [f"{', '.join(twice)} twice"] * bool(
            twice
        )
        return _outcome(False, expected, "; ".join(heard)[:300], told)
    places = [listed.index(one) for one in wanted]
    if args.get("next_to"):
        right = max(places) - min(places) < len(places)
    else:
        right = not args.get("in_order") or places == sorted(places)
    return _outcome(right, expected, ", ".join(listed)[:300], told)


def counts(args: Args, world: World, claim: Claimed) -> Outcome:
    """The count that each of ``exchanges`` gives is the number of what they all show under ``name``."""
    expected = f"the count of the {text_of(args, 'name')} that are listed"
    told = _told(args, world, expected)
    if isinstance(told, Outcome):
        return told
    number = sum(len(items) for _, items in told)
    said = [_given(exchange, world, "count") for exchange, _ in told]
    return _outcome(
        all(one == number for one in said), f"{expected}, {number}", f"{', '.join(map(str, said))}", told
    )


def _told(args: Args, world: World, expected: str) -> list[tuple[Exchange, list[Seen]]] | Outcome:
    """What each of ``exchanges`` was shown; or how the claim comes out where one was not answered, or refused."""
    named, name = args.get("exchanges"), text_of(args, "name")
    told: list[tuple[Exchange, list[Seen]]] = []
    for one in named if isinstance(named, list | tuple) else ():
        exchange = world.line.exchanges.get(str(one))
        if exchange is None or exchange.response is None or exchange.status in (0, _TOO_MANY):
            return unknown(expected, exchange)
        if not exchange.succeeded:
            entries = (exchange.entry.n, exchange.response.n)
            return Outcome(
                False, expected, f"{exchange.status} for a page", entries, subject=_asked(exchange)
            )
        told.append((exchange, list(_shown(exchange, world, name))))
    return told or unknown(expected, None)


def _shown(exchange: Exchange, world: World, name: str) -> Iterator[Seen]:
    shown = _given(exchange, world, name)
    yield from (item for item in (shown if isinstance(shown, tuple) else ()) if isinstance(item, Seen))


def _given(exchange: Exchange, world: World, name: str) -> object:
    """What the answer gives under ``name``: a request that may be several verbs is answered once."""
    gave = (what_it_gave(world.binding, exchange, reading) or {} for reading in exchange.readings)
    return next((one[name] for one in gave if name in one), None)


def _outcome(held: bool, expected: str, heard: str, told: list[tuple[Exchange, list[Seen]]]) -> Outcome:
    first = told[0][0]
    entries = tuple(exchange.response.n for exchange, _ in told if exchange.response)
    clause = first.operation.clause if first.operation else ""
    return Outcome(held, expected, heard, entries, "stated", clause, _asked(first))


def _asked(exchange: Exchange) -> str:
    return exchange.operation.id if exchange.operation else exchange.form
