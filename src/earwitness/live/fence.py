"""A fence: something that a listener must hear, in a room of its own, so that what was sent before it has had its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from earwitness.binding import by_peer
from earwitness.live.outcomes import NotRun, Stopped, Unimplemented

if TYPE_CHECKING:
    from earwitness.live.handles import RoomHandle
    from earwitness.live.member import LiveMember
    from earwitness.live.stage import Stage
    from earwitness.wire import Ear

# The member that only raises fences: it is in no room of the exercise, so it disturbs no order and no unread count there.
_SENTINEL = "sentinel"
LEAST_GRACE_MS, _MOST_GRACE_MS = 12, 500


class Fence:
    """Ends the wait for what must *not* be heard.

    Order between rooms is promised by no document, so after the fence comes a grace: three times the longest delivery that
    was seen, within bounds. A socket that hears of one room alone is reached by no fence, since one in its own room would
    disturb what the test looks at: there a ping has to come back, after all that the server had sent by then, or a longer
    grace follows. Where this exercise heard nothing, the last one that did tells how fast this deployment is; the grace is
    longest where nobody has heard anything yet. A stray that comes later still counts, because absence is judged over the
    whole history.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._rooms: dict[str, RoomHandle] = {}
        self._sentinel: LiveMember | None = None

    def raise_for(self, ears: list[Ear]) -> int:
        """Raise a fence for every ear that one can reach, and wait for them; returns the grace in ms that is to follow."""
        if not ears:
            return 0
        names = sorted({ear.member for ear in ears if self._stage.hears_every_room(ear)})
        raised = 0
        for name in names:
            try:
                raised += self._raise(self._stage.members[name])
            except (NotRun, Unimplemented, Stopped):
                continue  # no fence can be had here: the grace has to do
        if raised:
            self._stage.settle_dues()
        beyond = [ear for ear in ears if not self._stage.hears_every_room(ear)]
        caught_up = raised == len(names) and self._stage.session.echo(beyond, LEAST_GRACE_MS * 3 / 1000)
        return self._grace_ms(caught_up)

    def _raise(self, listener: LiveMember) -> int:
        sender = self._sender(listener)
        if sender is None:
            return 0
        if listener.name not in self._rooms:
            self._rooms[listener.name] = self._room(sender, listener)
        done = sender.does(
            "send-text",
            source="fence",
            room=self._rooms[listener.name],
            text=f"fence {len(self._stage.journal)}",
        )
        return int(done.done)

    def _room(self, sender: LiveMember, listener: LiveMember) -> RoomHandle:
        if by_peer(self._stage.session.documents.binding):
            return self._stage.room_with(sender, listener, None)
        done = sender.does("open-direct", source="fence", peer=listener)
        return self._stage.room(done, (sender, listener))

    def _sender(self, listener: LiveMember) -> LiveMember | None:
        """Somebody who can reach the listener in a room that the exercise does not look at."""
        if self._sentinel is None and self._stage.fresh_cast:
            self._sentinel = self._stage.cast(_SENTINEL)
        if self._sentinel is not None:
            return self._sentinel
        known = {account.name for account in self._stage.session.deployment.accounts}
        spare = sorted(known - set(self._stage.members))
        return self._stage.cast(spare[0]) if spare else None

    def _grace_ms(self, caught_up: bool) -> int:
        latencies = [ns / 1e6 for ns in self._stage.world().delivery.latencies()]
        session = self._stage.session
        # Not the longest of the run: one slow delivery would make every later exercise wait for it.
        longest = session.lately_ms = max(latencies, default=session.lately_ms)
        least = LEAST_GRACE_MS * (10 if not longest else 1 if caught_up else 3)
        return int(min(max(3 * longest, least), _MOST_GRACE_MS))
