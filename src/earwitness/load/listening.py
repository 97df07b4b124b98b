"""Takes what the listeners of a process hear into its ledger and figures; what many of them hear is read once and written down in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from earwitness.load.contract import Contract
from earwitness.load.hearing import EVENT, PRESENCE, Heard, Hearing, Memory
from earwitness.load.part import Part
from earwitness.load.stamp import Stamp

# Deliveries that wait to be written down, at most: half a millisecond of work.
_BULK: Final = 256
_SECOND: Final = 1_000_000_000


class Scribe:
    """Writes down what the listeners of one process hear: each delivery in the ledger at once, its latency with those of others.

    ``start`` is when the first message is due (monotonic nanoseconds). Once it ``is_over`` nothing is written down any more.
    """

    def __init__(self, part: Part, hearing: Hearing) -> None:
        self._part, self._hearing = part, hearing
        self._messages: dict[str, Memory[bytes, Stamp]] = {}
        self._groups: dict[frozenset[str], frozenset[str]] = {}
        self._waiting: list[tuple[Stamp, int]] = []
        self.start = 0
        self.is_over = False
        self._fresh: dict[int, int] = {}

    def listener(self, name: str, channel: str, must: Iterable[str], may: Iterable[str]) -> Listener:
        """Someone who listens on ``channel``, has to hear the senders in ``must``, and may hear those in ``may``."""
        # Thousands listen to the same few: one set for them all.
        groups = [self._groups.setdefault(group, group) for group in (frozenset(must), frozenset(may))]
        self._part.ledger.listen(name, *groups)
        return Listener(
            self, name, channel, self._messages.setdefault(channel, Memory()), self._part.contract
        )

    def hold(self, channel: str, payload: bytes, at: int, binary: bool) -> Heard:
        """What a frame is, held against the contract on the way."""
        contract, heard = self._part.contract, self._hearing.read(channel, payload, binary)
        contract.frames += 1
        contract.distinct = self._hearing.distinct
        if heard.event in PRESENCE:
            presence = self._part.presence
            presence[heard.event] = presence.get(heard.event, 0) + 1
        if heard.misses:
            contract.take(heard.misses, at, payload)
        return heard

    def deliver(self, listener: str, stamp: Stamp | None, at: int) -> None:
        """Write down that a listener heard a message; None: one whose text was not sent like that."""
        if self._part.ledger.hear(listener, stamp, at) and stamp is not None:
            self._waiting.append((stamp, at))
            if len(self._waiting) >= _BULK:
                self.settle()

    def settle(self) -> None:
        """Bring the figures up to date; whoever looks at them does this first."""
        waiting, self._waiting = self._waiting, []
        by_second: dict[int, list[tuple[Stamp, int]]] = {}
        for stamp, at in waiting:
            by_second.setdefault(max(0, at - self.start) // _SECOND, []).append(
                (stamp, (at - stamp.due) // 1_000)
            )
        fresh = self._fresh
        for second, deliveries in by_second.items():
            self._part.delivered_all(second, deliveries)
            for _, late in deliveries:
                fresh[late // 1_000] = fresh.get(late // 1_000, 0) + 1

    def take_fresh(self) -> dict[int, int]:
        """How many deliveries were written down since this was asked last, by milliseconds."""
        fresh, self._fresh = self._fresh, {}
        return fresh


class Listener:
    """One socket that has to hear, or must not: what it hears goes to the scribe."""

    __slots__ = ("_channel", "_contract", "_messages", "_name", "_scribe")

    def __init__(
        self, scribe: Scribe, name: str, channel: str, messages: Memory[bytes, Stamp], contract: Contract
    ) -> None:
        self._scribe, self._name, self._channel = scribe, name, channel
        # New messages in texts that keep the contract: all that there is to know of them is their stamp.
        self._messages = messages
        self._contract = contract

    def hear(self, payload: bytes, at: int, binary: bool) -> None:
        """Take in a message that came ``at`` (monotonic nanoseconds)."""
        stamp = None if binary else self._messages.get(payload)
        if self._scribe.is_over:
            return
        if stamp is not None:
            self._contract.frames += 1
            self._scribe.deliver(self._name, stamp, at)
            return
        heard = self._scribe.hold(self._channel, payload, at, binary)
        if heard.event == EVENT:
            if heard.stamp is not None and not heard.misses and not binary:
                self._messages.remember(payload, heard.stamp, len(payload))
            self._scribe.deliver(self._name, heard.stamp, at)
