"""Takes what the listeners of a process hear into its ledger and figures; what many of them hear is read once and written down in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from earwitness.load.contract import Contract
from earwitness.load.hearing import EVENT, PRESENCE, Heard, Hearing, Memory
from earwitness.load.part import Part
from earwitness.load.stamp import Stamp

# Deliveries that wait to be written down, at most: half a millisecond of work.
_BULK: Final = 512
_SECOND: Final = 1_000_000_000


class Scribe:
    """Writes down what the listeners of one process hear: each delivery in the ledger at once, its latency with those of others.

    ``start`` is when the first message is due (monotonic nanoseconds). Once it ``is_over`` nothing is written down any more.
    """

    def __init__(self, part: Part, hearing: Hearing) -> None:
        self._part, self._hearing = part, hearing
        self._messages: dict[str, Memory[bytes, Stamp]] = {}
        self._groups: dict[frozenset[str], frozenset[str]] = {}
        # What waits to be written down: messages, and when each was heard.
        self._stamps: list[Stamp] = []
        self._times: list[int] = []
        # And of some of these how long they had waited: when read, µs, how many, and whether it is a bound.
        self._waits: list[tuple[int, int, int, bool]] = []
        self.start = 0
        self.is_over = False

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

    def deliver(self, listener: str, stamp: Stamp | None, at: int) -> bool:
        """Write down that a listener heard a message; None: one whose text was not sent like that. Returns whether its latency counts."""
        if self._part.ledger.hear(listener, stamp, at) and stamp is not None:
            self._stamps.append(stamp)
            self._times.append(at)
            if len(self._times) >= _BULK:
                self.settle()
            return True
        return False

    def lagged(self, at: int, waited_ns: int, times: int, is_bound: bool) -> None:
        """So many deliveries that were read ``at`` (monotonic nanoseconds) had waited so long for us, or at most so long if it ``is_bound``."""
        self._waits.append((at, waited_ns // 1_000, times, is_bound))
        if len(self._waits) >= _BULK:
            self.settle()

    def settle(self) -> None:
        """Bring the figures up to date; whoever looks at them does this first."""
        waits, self._waits = self._waits, []
        for at, waited, count, is_bound in waits:
            self._part.lagged(self._second(at), waited, count, is_bound=is_bound)
        stamps, times = self._stamps, self._times
        self._stamps, self._times = [], []
        if not times:
            return
        first, last = self._second(min(times)), self._second(max(times))
        if first == last:
            self._write_down(first, stamps, times)
            return
        # Seconds in which nothing was heard lie between where this process was held up.
        for second in sorted({self._second(at) for at in times}):
            within = [n for n, at in enumerate(times) if self._second(at) == second]
            self._write_down(second, [stamps[n] for n in within], [times[n] for n in within])

    def _second(self, at: int) -> int:
        return max(0, at - self.start) // _SECOND

    def _write_down(self, second: int, stamps: Sequence[Stamp], times: Sequence[int]) -> None:
        lates = [(at - stamp.due) // 1_000 for stamp, at in zip(stamps, times, strict=True)]
        self._part.delivered_all(second, stamps, lates)


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

    def hear(self, payload: bytes, at: int, binary: bool) -> bool:
        """Take in a message that came ``at`` (monotonic nanoseconds). Returns whether it is a delivery whose latency counts."""
        scribe = self._scribe
        if scribe.is_over:
            return False
        stamp = None if binary else self._messages.get(payload)
        if stamp is not None:
            self._contract.frames += 1
            return scribe.deliver(self._name, stamp, at)
        heard = scribe.hold(self._channel, payload, at, binary)
        if heard.event == EVENT:
            if heard.stamp is not None and not heard.misses and not binary:
                self._messages.remember(payload, heard.stamp, len(payload))
            return scribe.deliver(self._name, heard.stamp, at)
        return False
