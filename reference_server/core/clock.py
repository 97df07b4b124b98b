"""The server's time: it never goes back, and a lever can move it forward."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from reference_server.core.refusals import Invalid

# Far enough for every expiry there is, near enough for no date to overflow.
FURTHEST = timedelta(days=3650)


class Clock:
    """Wall-clock time at the start, then monotonic time, plus what the lever added.

    ``latest``: the last time that was written down before, if any; the clock starts no earlier, so that a server started again on
    its file does not write new messages into the past.
    """

    def __init__(self, latest: str | None = None) -> None:
        now = datetime.now(UTC)
        self._start = max(now, datetime.fromisoformat(latest)) if latest else now
        self._started = time.monotonic()
        self._moved = timedelta()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._started) + self._moved

    def stamp(self) -> str:
        """Now, as RFC 3339 writes it, in UTC with microseconds."""
        return _written(self.now())

    def ago(self, seconds: float) -> str:
        """The time ``seconds`` before now, written like a stamp: stamps compare as texts."""
        return _written(self.now() - timedelta(seconds=seconds))

    def move(self, seconds: float) -> None:
        """Go ``seconds`` forward. Raises Invalid for less than nothing, and beyond ten years in all."""
        if not 0 <= seconds <= FURTHEST.total_seconds():
            raise Invalid("seconds: expected 0 or more, ten years at most; the clock only goes forward")
        moved = self._moved + timedelta(seconds=seconds)
        if moved > FURTHEST:
            raise Invalid("seconds: the clock has been moved by almost ten years; restart the server")
        self._moved = moved


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
