"""Senders who type: notices on sockets of their own at planned times, beside what they write, of which nothing is asked but that it is told."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import gevent

from earwitness.deployment import Account, Deployment
from earwitness.documents import Documents
from earwitness.load.part import Part
from earwitness.member import FrameToSay
from load.ears import GreenletEar, socket_of
from load.frames import frame_of

# Channel, payload, when it was received, whether it was binary.
Hold = Callable[[str, bytes, int, bool], object]


@dataclass
class Typist:
    """One sender's notices: that it types, that it stops, and so on, every ``every_ns`` from ``start`` (monotonic nanoseconds) to ``end``.

    ``hold`` is told of what the socket hears, to hold it against the contract.
    """

    deployment: Deployment
    documents: Documents
    tls: ssl.SSLContext | None
    part: Part
    hold: Hold
    account: Account
    room: Mapping[str, Any]
    every_ns: int
    start: int
    end: int
    _is_open: bool = field(default=True, init=False)

    def type(self) -> None:
        """Say what is due, until the end or until the socket closes. What could not be said in time is left out."""
        ear, number, words = self._open(), 0, cycle((True, False))
        try:
            while (due := self.start + number * self.every_ns) < self.end and self._is_open:
                while (wait := due - time.monotonic_ns()) > 0:
                    gevent.sleep(wait / 1e9)
                ear.say(self._frame(next(words)).payload)
                self.part.typed += 1
                number = max(number + 1, -(-(time.monotonic_ns() - self.start) // self.every_ns))
        except OSError as error:
            self._over(str(error))
        finally:
            ear.close()

    def _open(self) -> GreenletEar:
        name = self._frame(True).socket
        url, address = socket_of(self.deployment, self.documents, name, self.account, self.room)
        ear, channel = GreenletEar(self.deployment.deadline_ms / 1000 + 5, self.tls), address.channel

        def hear(payload: bytes, at: int, binary: bool) -> None:
            self.hold(channel, payload, at, binary)

        ear.open(url, address.headers, hear, self._over)
        return ear

    def _over(self, why: str) -> None:
        self._is_open = False
        self.part.closed[f"{self.account.name}, who types"] = why

    def _frame(self, is_typing: bool) -> FrameToSay:
        return frame_of(
            "type", self.deployment, self.documents, self.account, room=self.room, typing=is_typing
        )
