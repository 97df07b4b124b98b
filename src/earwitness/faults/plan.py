"""Faults as plans: what is done to an exchange or a socket on its way, and at which point of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, Literal

# What the client sends, and what comes back for it; of a socket: what is said, and what is heard.
Side = Literal["request", "answer"]
Unit = Literal["bytes", "frames"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one exchange, or to one socket, on its way.

    ``lossy``: something may arrive late or never, so that nobody can be blamed for what did not arrive.
    """

    lossy: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """One word for it."""
        return type(self).__name__.lower()


@dataclass(frozen=True, slots=True)
class Delay(Fault):
    """Everything that goes one way, or both where ``side`` is "both", waits for ``seconds`` each time something comes."""

    seconds: float
    side: Side | Literal["both"] = "both"


@dataclass(frozen=True, slots=True)
class Slice(Fault):
    """What goes one way, or both, is forwarded in pieces of ``sizes`` bytes, taken in turn, with ``pause_s`` seconds between
    them. Everything arrives, in order."""

    sizes: tuple[int, ...] = (1,)
    pause_s: float = 0.0
    side: Side | Literal["both"] = "both"
    lossy: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not self.sizes or min(self.sizes) < 1:
            raise ValueError(f"pieces have at least one byte each, not {self.sizes}")


@dataclass(frozen=True, slots=True)
class Cut(Fault):
    """Both connections end once ``after`` units of one side were forwarded: with FIN, or with RST where ``reset`` is true.

    ``after`` None is the whole request or answer. Of bytes, 0 is when the first of them comes; of frames, which are counted
    whole and without control frames, 0 is when the socket has opened.
    """

    side: Side = "answer"
    after: int | None = None
    unit: Unit = "bytes"
    reset: bool = False

    @property
    def name(self) -> str:
        """One word for it."""
        return "reset" if self.reset else "cut"


@dataclass(frozen=True, slots=True)
class Stall(Fault):
    """Nothing more is forwarded in either direction once ``after`` units of one side were, counted as in ``Cut``, until the proxy
    is told to go on."""

    side: Side = "request"
    after: int = 0
    unit: Unit = "bytes"


# The server has had the whole request and begins to answer it; nobody ever hears that.
LOST_ANSWER: Final = Cut("answer", 0)
# The whole request has left, and whoever sent it is gone at once.
GONE_BEFORE_THE_ANSWER: Final = Cut("request", None)
# The answer has arrived to its last byte, and the connection is gone.
GONE_AFTER_THE_ANSWER: Final = Cut("answer", None, reset=True)
