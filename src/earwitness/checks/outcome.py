"""How a claim comes out, and what every kind of claim looks up first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from earwitness.world import Exchange, World

Args = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a claim came out: whether it ``held`` (None: nobody can tell), and what was expected and heard; ``weak`` as in
    ``Finding``."""

    held: bool | None
    expected: str
    heard: str
    entries: tuple[int, ...] = ()
    basis: str = "stated"
    clause: str = ""
    subject: str = ""
    weak: bool = True


def text_of(args: Args, name: str) -> str:
    value = args.get(name)
    return "" if value is None else str(value)


def exchange_of(args: Args, world: World) -> Exchange | None:
    return world.line.exchanges.get(text_of(args, "exchange"))


def unknown(expected: str, exchange: Exchange | None) -> Outcome:
    if exchange is None:
        return Outcome(None, expected, "it was never asked")
    said = exchange.no_answer.reason if exchange.no_answer else "nothing"
    heard = f"answered {exchange.status}" if exchange.response else f"no answer ({said})"
    return Outcome(None, expected, heard, (exchange.entry.n,))


def is_trimmed(shown: object, wanted: object) -> bool:
    return isinstance(wanted, str) and shown == wanted.strip()
