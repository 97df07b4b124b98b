"""Takes what the listeners of a process hear into its ledger and figures; what many of them hear is read once and written down in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from earwitness.load.contract import Contract
from earwitness.load.hearing import EVENT, PRESENCE, Heard, Hearing, Memory
from earwitness.load.part import Part
from earwitness.load.stamp import Stamp
from earwitness.load.window import Window

# Deliveries that wait to be written down, at most: half a millisecond of work.
_BULK: Final = 512
_SECOND: Final = 1_000_000_000


class Message:
    """What is known of a payload that keeps the contract and tells of a new message: its stamp, and its number with the one before it.

    ``windows`` has what listeners have heard of its sender; ``times`` when it was heard and is not written down yet.
    """

    __slots__ = ("before", "sequence", "stamp", "times", "windows")

    def __init__(self, stamp: Stamp, windows: Mapping[str, Window]) -> None:
        self.stamp, self.windows = stamp, windows
        self.sequence, self.before = stamp.sequence, stamp.sequence - 1
        self.times: list[int] = []


class Scribe:
    """Writes down what the listeners of one process hear: each delivery in the ledger at once, its latency with those of others.

    ``start`` is when the first message is due (monotonic nanoseconds). Once it ``is_over`` nothing is written down any more.
    """

    def __init__(self, part: Part, hearing: Hearing) -> None:
        self._part, self._hearing = part, hearing
        self._messages: dict[str, Memory[bytes, Message]] = {}
        self._groups: dict[frozenset[str], frozenset[str]] = {}
        # What waits to be written down: messages, and when each was heard; and how many frames there may be until it is.
        self._waiting: list[tuple[Stamp, list[int]]] = []
        self.full = _BULK
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
            self.wait(stamp, [at])
            if self._part.contract.frames >= self.full:
                self.settle()
            return True
        return False

    def message(self, stamp: Stamp) -> Message:
        """What is to be known of a payload with that stamp."""
        return Message(stamp, self._part.ledger.hearers(stamp))

    def wait(self, stamp: Stamp, times: list[int]) -> None:
        """Write down later when listeners heard a message that is in their ledger. The ``times`` are taken out then; more may come until
        so many frames have come that it is ``full``."""
        self._waiting.append((stamp, times))

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
        self.full = self._part.contract.frames + _BULK
        waiting, self._waiting = self._waiting, []
        times = [at for _, times in waiting for at in times]
        if not times:
            return
        first, last = self._second(min(times)), self._second(max(times))
        if first == last:
            self._write_down(first, waiting)
        else:
            # Seconds in which nothing was heard lie between where this process was held up.
            for second in sorted(set(map(self._second, times))):
                parts = (
                    (stamp, [at for at in times if self._second(at) == second]) for stamp, times in waiting
                )
                self._write_down(second, [(stamp, part) for stamp, part in parts if part])
        for _, taken in waiting:
            taken.clear()

    def _write_down(self, second: int, heard: Iterable[tuple[Stamp, list[int]]]) -> None:
        lates = [(stamp, [(at - stamp.due) // 1_000 for at in times]) for stamp, times in heard]
        self._part.delivered_all(second, lates)

    def _second(self, at: int) -> int:
        return max(0, at - self.start) // _SECOND


class Listener:
    """One socket that has to hear, or must not: what it hears goes to the scribe."""

    __slots__ = ("_channel", "_contract", "_messages", "_name", "_scribe")

    def __init__(
        self, scribe: Scribe, name: str, channel: str, messages: Memory[bytes, Message], contract: Contract
    ) -> None:
        self._scribe, self._name, self._channel = scribe, name, channel
        self._messages = messages
        self._contract = contract

    def hear(self, payload: bytes, at: int, binary: bool) -> bool:
        """Take in a message that came ``at`` (monotonic nanoseconds). Returns whether it is a delivery whose latency counts."""
        scribe = self._scribe
        if scribe.is_over:
            return False
        message = None if binary else self._messages.get(payload)
        if message is not None:
            contract = self._contract
            contract.frames = frames = contract.frames + 1
            window = message.windows.get(self._name)
            if window is None or window.high != message.before:
                return scribe.deliver(self._name, message.stamp, at)
            # As nearly all of them do, it follows what was heard before.
            window.high = message.sequence
            times = message.times
            if not times:
                scribe.wait(message.stamp, times)
            times.append(at)
            if frames >= scribe.full:
                scribe.settle()
            return True
        heard = scribe.hold(self._channel, payload, at, binary)
        if heard.event == EVENT:
            if heard.stamp is not None and not heard.misses and not binary:
                self._messages.remember(payload, scribe.message(heard.stamp), len(payload))
            return scribe.deliver(self._name, heard.stamp, at)
        return False
