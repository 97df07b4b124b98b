"""The Locust user: it takes a share of the load's senders and devices, and works through verbs and events."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import gevent
from locust import User, constant, task

from load.players import Troupe


class Participant(User):
    """One share of the cast: as many senders and sockets as fall to it. What is measured does not depend on how many there are."""

    wait_time = constant(0)

    def on_start(self) -> None:
        self.share = uuid4().hex

    @task
    def take_part(self) -> None:
        """Do the whole share, then stay: Locust would start a user that leaves again."""
        troupe = self._troupe
        try:
            troupe.play(self.share)
            while True:
                gevent.sleep(60)
        finally:
            troupe.leave(self.share)

    @property
    def _troupe(self) -> Troupe:
        found: Any = self.environment
        troupe: Troupe = found.earwitness_troupe
        return troupe
