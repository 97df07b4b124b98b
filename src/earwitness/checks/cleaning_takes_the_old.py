"""Cleaning up takes the sessions that have been inactive for long, and says how many."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.checks.sessions import Cleaning, cleanings, sockets_of
from earwitness.world import Socket, World

CHECK = Check(
    id="cleaning-takes-the-old",
    sentence="Cleaning up takes those of the member's own sessions that are inactive and older than documented, all of them, and "
    "says how many.",
    severity="medium",
    needs=("clean-sessions", "session-expiry"),
)


def find(world: World) -> Iterator[Finding]:
    rule = world.binding.rule("session-expiry")
    if rule is None or not isinstance(rule.value, int):
        return
    cleaned: dict[str, float] = {}
    for cleaning in cleanings(world):
        exchange, member = cleaning.exchange, cleaning.exchange.member
        last = cleaned.get(member)
        cleaned[member] = exchange.begun
        if world.line.run.foreign and last is None:
            continue  # there may be sessions from before the run
        ages = _Ages(world, cleaning, rule.value)
        own = sockets_of(world, member)
        most = [one for one in own if ages.may_be_old(one) and not ages.is_taken(one, last)]
        everybodys = [
            one for name in world.line.members for one in sockets_of(world, name) if ages.may_be_old(one)
        ]
        # What an earlier cleaning up may have taken is gone.
        least = [one for one in own if ages.is_old(one) and not ages.was_old(one, last)]
        if len(least) <= cleaning.count <= len(most):
            continue
        # Whose sessions are cleaned up, where a member asks, is our reading.
        anothers = len(most) < cleaning.count <= len(everybodys)
        operation, response = exchange.operation, exchange.response
        wanted = f"{len(least)}" if len(least) == len(most) else f"{len(least)} to {len(most)}"
        yield Finding(
            CHECK.id, f"{CHECK.id}:{'more' if cleaning.count > len(most) else 'fewer'}", "decided" if anothers else rule.basis,
            CHECK.severity, rule.clause, f"{wanted} old sessions of {member} cleaned up", f"{cleaning.count}",
            (exchange.entry.n, *([response.n] if response else [])), exchange.entry.case, operation.id if operation else "",
        )  # fmt: skip


class _Ages:
    """How old sessions were when somebody cleaned up, by the deployment's clock; ``old`` is after so many seconds."""

    def __init__(self, world: World, cleaning: Cleaning, old: int) -> None:
        exchange = cleaning.exchange
        self._line = world.line
        self._begun: float = exchange.begun
        self._done: float = exchange.response.t if exchange.response is not None else exchange.begun
        self._old = old * 1_000_000_000
        # An end may be noticed as late as an event may be heard.
        self._grace = world.line.run.deadline_ms * 1_000_000

    def may_be_old(self, socket: Socket) -> bool:
        """Whether the session of ``socket`` may have been inactive and old: counted from its opening, as it is at the most."""
        over = socket.closed is not None and socket.closed.t <= self._done
        return over and self._age(socket.entry.t, self._done) + self._grace >= self._old

    def is_old(self, socket: Socket) -> bool:
        """Whether the session of ``socket`` was inactive and old for certain: counted from its end, as it is at the least."""
        return self.is_taken(socket, self._begun)

    def is_taken(self, socket: Socket, then: float | None) -> bool:
        """Whether a cleaning up that began ``then`` has taken the session of ``socket`` for certain."""
        if then is None or socket.opened is None or socket.closed is None:
            return False
        if socket.closed.t + self._grace > then:
            return False
        return self._age(socket.closed.t, then) > self._old + self._grace

    def was_old(self, socket: Socket, before: float | None) -> bool:
        """Whether the session of ``socket`` may have been old at a cleaning up ``before``."""
        return before is not None and self._age(socket.entry.t, before) + self._grace >= self._old

    def _age(self, since: float, until: float) -> float:
        return self._line.by_their_clock(until) - self._line.by_their_clock(since)
