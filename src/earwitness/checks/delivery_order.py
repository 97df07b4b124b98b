"""One sender's messages are heard in the order in which they were sent."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.history import FrameSaid
from earwitness.world import Heard, World

CHECK = Check(
    id="delivery-order",
    sentence="A socket hears one sender's messages to one room in the order in which they were sent.",
    severity="medium",
    needs=("message-created",),
)


def find(world: World) -> Iterator[Finding]:
    streams: dict[tuple[str, str, str], list[Heard]] = {}
    for heard in world.delivery.heard:
        if heard.event == "message-created" and heard.match == "due" and heard.due is not None:
            streams.setdefault((heard.socket.id, heard.due.room, heard.due.exchange.member), []).append(heard)
    for stream in streams.values():
        # What was sent last of what was heard so far, and of what was said on each socket: if not that, then nothing is swapped.
        latest: dict[str, Heard] = {}
        for later in stream:
            said_on = _said_on(later)
            earlier = latest.get(said_on)
            for key in {"", said_on}:
                if key not in latest or _begun(latest[key]) < _begun(later):
                    latest[key] = later
            if (
                earlier is not None
                and _swapped(earlier, later)
                and earlier.due is not None
                and later.due is not None
            ):
                first, second = later.due.exchange, earlier.due.exchange
                yield Finding(
                    check=CHECK.id,
                    cause=f"{CHECK.id}:{later.due.verb}/{first.form}",
                    basis="stated",
                    severity=CHECK.severity,
                    clause=later.due.clause,
                    expected=f"{later.due.name} before {earlier.due.name}",
                    heard=f"{earlier.socket.member} heard them the other way round",
                    evidence=(first.entry.n, second.entry.n, earlier.entry.n, later.entry.n),
                    case=later.entry.case,
                )


def _begun(heard: Heard) -> int:
    assert heard.due is not None
    return heard.due.exchange.begun


def _said_on(heard: Heard) -> str:
    """The socket on which the cause was said; "" for a request."""
    assert heard.due is not None
    entry = heard.due.exchange.entry
    return entry.socket if isinstance(entry, FrameSaid) else ""


def _swapped(heard: Heard, after: Heard) -> bool:
    """Whether what was heard ``after`` had certainly been sent before: two frames on one socket are ordered by their saying, and
    whatever follows an answer comes after what was answered."""
    assert after.due is not None
    done = _begun(after) if _said_on(after) else after.due.exchange.done
    return done < _begun(heard)
