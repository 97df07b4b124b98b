"""Reads frames off sockets as load messages, and by the contract; a payload that many sockets hear is read once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, TypeVar

from earwitness.binding import Binding, Seen, Sources, show
from earwitness.history import Body
from earwitness.load.clock import Clock
from earwitness.load.contract import Miss, Promises
from earwitness.load.stamp import Stamp, read_stamp
from earwitness.spec import Channel, Spec

_ALL: Final = Promises()
EVENT: Final = "message-created"
# What a socket is told when something that was said on it is not taken.
ERROR: Final = "error"
# Who comes, who goes and who types. The first two are told to each who is there, so they grow with the square of the audience; none of them is a
# delivery of anything that could be told from the next of its kind.
PRESENCE: Final = ("came-online", "went-offline", "typing")
# Distinct payloads that are remembered, and their bytes in all: in a fan-out only the latest few are heard again.
_REMEMBERED: Final = 4_096
_REMEMBERED_BYTES: Final = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Heard:
    """What a frame is: the event it tells of ("": none that a load knows), the stamp in its text if that is one that was sent, and
    how it breaks the contract."""

    event: str
    stamp: Stamp | None = None
    misses: tuple[Miss, ...] = ()


K = TypeVar("K")
V = TypeVar("V")


class Memory(dict[K, V]):
    """What is known of payloads, looked up as in any dictionary. It is bounded: when it is full it begins anew."""

    def __init__(self) -> None:
        super().__init__()
        self._bytes = 0

    def remember(self, key: K, what: V, size: int) -> None:
        """Know ``what`` of a payload of ``size`` bytes."""
        if len(self) >= _REMEMBERED or self._bytes > _REMEMBERED_BYTES:
            self.clear()
            self._bytes = 0
        self._bytes += size
        self[key] = what


class Hearing:
    """Tells what a frame on a channel is. ``distinct`` counts those that had to be read."""

    def __init__(
        self, spec: Spec, binding: Binding, promises: Promises = _ALL, clock: Clock | None = None
    ) -> None:
        """``clock`` says how far the conductor's clock, by which stamps are due, is from ours."""
        self._clock = clock or Clock()
        self._spec, self._binding, self._promises = spec, binding, promises
        self._known: Memory[tuple[str, bytes, bool], Heard] = Memory()
        self.distinct = 0

    def read(self, channel: str, payload: bytes, binary: bool = False) -> Heard:
        """What a frame with that payload is; ``binary`` when it was no text frame."""
        key = channel, payload, binary
        found = self._known.get(key)
        if found is None:
            self.distinct += 1
            found = self._read(channel, payload, binary)
            self._known.remember(key, found, len(payload))
        return found

    def _read(self, channel: str, payload: bytes, binary: bool) -> Heard:
        # No client that reads text frames would have read a binary one, even if JSON is in it.
        body = (
            Body("text", f"a binary frame of {len(payload)} bytes")
            if binary
            else Body.of(payload, len(payload))
        )
        try:
            return self._told(self._spec.channels[channel], body)
        except RecursionError:
            # Nested so deeply that nothing can walk through it: as good as no JSON.
            return self._told(
                self._spec.channels[channel], Body("text", f"{len(payload)} bytes, nested too deeply")
            )

    def _told(self, channel: Channel, body: Body) -> Heard:
        frame, misses = self._promises.frame(channel, body)
        if not body.is_json:
            return Heard(EVENT, None, misses)
        named = frame.name if frame else ""
        event = next((name for name, one in self._binding.events.items() if named in one.messages), "")
        if event != EVENT:
            return Heard(event, None, misses)
        for shown in self._binding.events[EVENT].gives.values():
            seen = show(self._binding, shown, Sources({}, message=body.value))
            text = seen.get("text") if isinstance(seen, Seen) else seen
            if isinstance(text, str) and (stamp := read_stamp(text)):
                return Heard(EVENT, replace(stamp, due=stamp.due - self._clock.offset), misses)
        return Heard(EVENT, None, misses)
