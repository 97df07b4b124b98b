"""Faults as plans: what is done to an exchange or a socket on its way, and at which point of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

# What the client sends, and what comes back for it; of a socket: what is said, and what is heard.
Side = Literal["request", "answer"]
# Bytes from the first one on; bytes after the head, which for a socket is its handshake; whole data frames of a socket.
Unit = Literal["bytes", "body", "frames"]


@dataclass(frozen=True, slots=True)
class Fault(ABC):
    """What happens to one exchange, or to one socket, on its way.

    ``lossy``: something may arrive late or never, so that nobody can be blamed for what did not arrive.
    """

    lossy: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """One word for it."""
        return type(self).__name__.lower()

    @property
    @abstractmethod
    def sentence(self) -> str:
        """What it does, for people."""


@dataclass(frozen=True, slots=True)
class Delay(Fault):
    """Everything that goes one way, or both where ``side`` is "both", waits for ``seconds`` each time something comes."""

    seconds: float
    side: Side | Literal["both"] = "both"

    @property
    def sentence(self) -> str:
        """What it does, for people."""
        return f"what comes is forwarded {self.seconds:g} s later"


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

    @property
    def sentence(self) -> str:
        """What it does, for people."""
        return f"what comes is forwarded in pieces of {', '.join(map(str, self.sizes))} bytes"


@dataclass(frozen=True, slots=True)
class Cut(Fault):
    """Both connections end once ``after`` units of one side were forwarded: with FIN, or with RST where ``reset`` is true.

    ``after`` None is the whole request or answer. Of bytes, 0 is when the first of them comes; of a body, when its head has
    passed; of frames, which are counted whole and without control frames, when the socket has opened.
    """

    side: Side = "answer"
    after: int | None = None
    unit: Unit = "bytes"
    reset: bool = False

    @property
    def name(self) -> str:
        """One word for it."""
        return "reset" if self.reset else "cut"

    @property
    def sentence(self) -> str:
        """What it does, for people."""
        return f"the connection is {self.name} once {_passed(self.after, self.unit, self.side)}"


@dataclass(frozen=True, slots=True)
class CutNow(Fault):
    """What passes at this moment ends, wherever it is; see ``Proxy.cut``."""

    reset: bool = False

    @property
    def name(self) -> str:
        """One word for it."""
        return "reset" if self.reset else "cut"

    @property
    def sentence(self) -> str:
        """What it does, for people."""
        return f"the connection is {self.name} now"


@dataclass(frozen=True, slots=True)
class Stall(Fault):
    """Nothing more is forwarded in either direction once ``after`` units of one side were, counted as in ``Cut``, until the proxy
    is told to go on."""

    side: Side = "request"
    after: int = 0
    unit: Unit = "bytes"

    @property
    def sentence(self) -> str:
        """What it does, for people."""
        return f"nothing more is forwarded once {_passed(self.after, self.unit, self.side)}"


def _passed(after: int | None, unit: Unit, side: Side) -> str:
    if after is None:
        return f"the whole {side} has passed"
    what = f"bytes of the {side}'s body" if unit == "body" else f"{unit} of the {side}"
    return f"{after} {what} have passed"


# The server has had the whole request and begins to answer it; nobody ever hears that.
LOST_ANSWER: Final = Cut("answer", 0)
# The whole request has left, and whoever sent it is gone at once.
GONE_BEFORE_THE_ANSWER: Final = Cut("request", None)
# The answer has arrived to its last byte, and the connection is gone.
GONE_AFTER_THE_ANSWER: Final = Cut("answer", None, reset=True)
