"""Claims of what answers tell by the binding's names: a value, and a list that grew."""

from __future__ import annotations

from collections.abc import Mapping

from earwitness.binding import Seen
from earwitness.checks.meaning import giving_basis
from earwitness.checks.outcome import Args, Outcome, exchange_of, text_of, unknown
from earwitness.history import Claimed
from earwitness.world import Exchange, World, what_it_gave


def gives(args: Args, world: World, claim: Claimed) -> Outcome:
    """The answer to ``exchange`` gives ``value`` under the binding's ``name``; null stands for nothing."""
    exchange, name, value = exchange_of(args, world), text_of(args, "name"), args.get("value")
    expected = f"{name} is {value!r}"
    read = exchange.readings[:1] if exchange is not None and exchange.response is not None else ()
    given = next((what_it_gave(world.binding, exchange, reading) for reading in read if exchange), None)
    if exchange is None or exchange.response is None or given is None:
        return unknown(expected, exchange)
    found = given.get(name)
    held = found == value and isinstance(found, bool) is isinstance(value, bool)
    asked = exchange.operation
    return Outcome(
        held, expected, f"{exchange.status}, {found!r:.200}", (exchange.entry.n, exchange.response.n),
        giving_basis(exchange, name, value), asked.clause if asked else "", asked.id if asked else name,
    )  # fmt: skip


def grows(args: Args, world: World, claim: Claimed) -> Outcome:
    """What ``exchanges`` show under ``name`` are ``by`` more things than ``before`` showed; things are told apart by their ids."""
    name, by = text_of(args, "name"), args.get("by", 0)
    expected = f"{by} more {name} than before"
    before, one = _shown(args.get("before"), name, world)
    after, other = _shown(args.get("exchanges"), name, world)
    if before is None or after is None or not isinstance(by, int):
        return unknown(expected, one if before is None else other)
    entries = tuple(e.response.n for e in (one, other) if e is not None and e.response is not None)
    asked = other.operation if other is not None else None
    heard = f"{len(after) - len(before)} more: {len(after)} instead of {len(before)}"
    return Outcome(
        len(after) - len(before) == by, expected, heard, entries, "stated", asked.clause if asked else "",
        f"{asked.id if asked else name}",
    )  # fmt: skip


def _shown(names: object, name: str, world: World) -> tuple[set[str] | None, Exchange | None]:
    """The ids of what the answers to exchanges show under ``name``, and the last of these exchanges; None when one of them was not
    answered, or refused."""
    ids: set[str] = set()
    exchange: Exchange | None = None
    for called in names if isinstance(names, list | tuple) else ():
        exchange = world.line.exchanges.get(str(called))
        if exchange is None or not exchange.succeeded:
            return None, exchange
        for reading in exchange.readings:
            gave: Mapping[str, object] = what_it_gave(world.binding, exchange, reading) or {}
            things = gave.get(name)
            ids |= {
                thing.text("id")
                for thing in (things if isinstance(things, tuple) else ())
                if isinstance(thing, Seen)
            }
    return (ids if exchange is not None else None), exchange
