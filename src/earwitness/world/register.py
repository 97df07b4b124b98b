"""A value that changes while others look: which values may a reader see who looked between two moments?

The rule (a regular register, with writes that are seen only from outside). A write is known by the interval in which it
must have taken effect: from its request to its answer, or without end when no answer came. A read may return a written
value unless a later write certainly came between: one that began after this write had ended, and ended before the read
began. A reader is never blamed for what overlaps.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import Generic, TypeVar

T = TypeVar("T")

BEGINNING = -inf
NEVER = inf


@dataclass(frozen=True, slots=True)
class Write(Generic[T]):
    """A value and the interval, in nanoseconds, in which it took effect; ``done`` is ``NEVER`` while that is unknown.
    ``cause`` names the exchange."""

    value: T
    begun: float
    done: float
    cause: str = ""


@dataclass(slots=True)
class Register(Generic[T]):
    """All writes of one value. ``open_start`` is true when something may have been written before the history began."""

    writes: list[Write[T]] = field(default_factory=list)
    open_start: bool = False

    def write(self, value: T, begun: float, done: float, cause: str = "") -> None:
        """Add a write; ``done`` is ``NEVER`` when no answer told that it took effect."""
        self.writes.append(Write(value, begun, done, cause))

    def candidates(self, begun: float, done: float) -> list[Write[T]]:
        """The writes whose value a read between ``begun`` and ``done`` may return."""
        return [
            write
            for write in self.writes
            if write.begun <= done
            and not any(
                later.begun >= write.done and later.done < begun
                for later in self.writes
                if later is not write
            )
        ]

    def possible(self, begun: float, done: float) -> tuple[T, ...]:
        """The values that such a read may return."""
        return tuple(write.value for write in self.candidates(begun, done))

    def allows(self, value: object, begun: float, done: float) -> bool:
        """Whether such a read may return ``value``; anything may be read while nothing is known for certain."""
        return self.unknown(begun) or any(v == value for v in self.possible(begun, done))

    def unknown(self, begun: float) -> bool:
        """Whether a read that begins at ``begun`` may still see what was there before the history began."""
        return self.open_start and not any(write.done < begun for write in self.writes)

    def certain(self, begun: float, done: float) -> T | None:
        """The only value that such a read may return; None when there are several, or none is known."""
        values = self.possible(begun, done)
        if self.unknown(begun) or not values or any(v != values[0] for v in values):
            return None
        return values[0]
