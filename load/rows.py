"""Deliveries as a row of Locust's own statistics, for its web page, its CSV files and its report: added in bulk, never an event a frame."""

from __future__ import annotations

import time
from typing import Final

from locust import stats
from locust.stats import RequestStats, StatsEntry

from earwitness.load.figures import Histogram

METHOD: Final = "HEAR"
NAME: Final = "message-created"


class Rows:
    """The row of deliveries in the statistics of one process, and their share of its total; a master's come from its workers."""

    def __init__(self, statistics: RequestStats) -> None:
        self._statistics = statistics
        self._shown = Histogram()

    def show(self, delivery: Histogram) -> None:
        """Add what ``delivery``, the latencies of all deliveries so far, has counted since this was called last."""
        fresh = delivery.since(self._shown)
        if not fresh.n:
            return
        self._shown.merge(fresh)
        self._shown.max = delivery.max
        row = self._statistics.get(NAME, METHOD)
        for entry in (row, self._statistics.total):
            # What Locust does with the entries of a worker: so its caches and its times are right as well.
            entry.extend(_entry(self._statistics, fresh))


def _entry(statistics: RequestStats, fresh: Histogram) -> StatsEntry:
    """What Locust would have counted if each delivery had been a request of its own."""
    now = time.time()
    made = StatsEntry(statistics, NAME, METHOD)
    milliseconds = [(microseconds / 1_000, times) for microseconds, times in fresh.values()]
    made.num_requests = fresh.n
    made.num_reqs_per_sec[int(now)] = fresh.n
    made.last_request_timestamp = now
    made.total_response_time = round(fresh.total / 1_000)
    made.min_response_time = round(milliseconds[0][0])
    made.max_response_time = round(fresh.max / 1_000)
    for value, times in milliseconds:
        # By its module, since Locust lets people put a rounding of their own there.
        made.response_times[stats.bucket_response_time(value)] += times
    return made
