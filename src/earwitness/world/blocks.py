"""Who has blocked whom, and between which moments that changed."""

from __future__ import annotations

from dataclasses import dataclass, field

from earwitness.binding import Binding, Reading, Seen
from earwitness.world.acts import what_it_gave
from earwitness.world.register import BEGINNING, Register
from earwitness.world.timeline import Exchange, Timeline


@dataclass(slots=True)
class Blocks:
    """The blocks of a history: a register for each who blocked somebody and whom, and which block an id named since when."""

    of: dict[tuple[str, str], Register[bool]] = field(default_factory=dict)
    ids: dict[str, list[tuple[float, tuple[str, str]]]] = field(default_factory=dict)

    def holds(self, blocker: str, blocked: str, begun: float, done: float) -> bool | None:
        """Whether ``blocker`` had ``blocked`` blocked all the time between two moments; None when nobody can tell."""
        register = self.of.get((blocker, blocked))
        return False if register is None else register.certain(begun, done)

    def named(self, block: str, begun: float) -> tuple[str, str] | None:
        """Who had blocked whom by the block with this id, as far as was known at ``begun``: an id may be given again once a block
        was lifted."""
        known = [entry for entry in self.ids.get(block, ()) if entry[0] <= begun]
        return max(known)[1] if known else None

    def learn(self, line: Timeline, binding: Binding, exchange: Exchange) -> None:
        """The blocks that an answer shows."""
        for reading in exchange.readings:
            gave = what_it_gave(binding, exchange, reading) or {}
            listed = gave.get("blocks")
            for seen in (gave.get("block"), *(listed if isinstance(listed, tuple) else ())):
                if isinstance(seen, Seen) and seen.text("id"):
                    whom = seen.text("member") or reading.argument("peer.id")
                    blocked = line.member_with_id(whom) or f"#{whom}"
                    self.ids.setdefault(seen.text("id"), []).append(
                        (exchange.done, (exchange.member, blocked))
                    )
                    if (exchange.member, blocked) not in self.of:
                        self.of[exchange.member, blocked] = Register(open_start=True)

    def is_changed(self, line: Timeline, exchange: Exchange, reading: Reading) -> None:
        """A member blocks somebody or takes it back, or may have done so."""
        if reading.verb == "block":
            whom = reading.argument("peer.id")
            key: tuple[str, str] | None = (exchange.member, line.member_with_id(whom) or f"#{whom}")
        else:
            key = self.named(reading.argument("block"), exchange.begun)
        if key is None:
            return
        register = self.of.setdefault(key, Register())
        if not register.writes:
            register.write(False, BEGINNING, exchange.begun)
        register.write(reading.verb == "block", exchange.begun, exchange.done, exchange.id)
