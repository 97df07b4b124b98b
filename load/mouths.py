"""How a sender sends its texts: asking by HTTP and waiting for the answer, or saying them on a socket of its own."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from typing import Protocol

from earwitness.deployment import Account, Deployment
from earwitness.documents import Documents
from earwitness.errors import CouldNotTest
from earwitness.member import FrameToSay
from load.ears import GreenletEar, socket_of
from load.frames import frame_of
from load.hands import Gone, Hands, NoAnswer

# Channel, payload, when it was received, whether it was binary.
OnFrame = Callable[[str, bytes, int, bool], None]
OnClosed = Callable[[str], None]


class Refused(Exception):
    """A text was certainly not taken."""


class Mouth(Protocol):
    """A sender of texts into one room."""

    def send(self, text: str) -> None:
        """Send ``text``. Raises Refused, NoAnswer where nobody knows what became of it, and Gone when nobody is there any more."""

    def close(self) -> None:
        """Let go of what it holds."""


class ByHttp:
    """A mouth that has each text answered."""

    def __init__(self, hands: Hands, account: Account, room: Mapping[str, object]) -> None:
        self._hands, self._account, self._room = hands, account, room

    def send(self, text: str) -> None:
        if self._hands.does("send-text", self._account, room=self._room, text=text).state != "done":
            raise Refused("refused")

    def close(self) -> None:
        self._hands.close()


class BySocket:
    """A mouth that is answered by nothing: a text counts as sent once it is written to an open socket. What the socket hears, an error
    among it, and that the other side closed it, is told; the next text opens it again."""

    def __init__(
        self, deployment: Deployment, documents: Documents, account: Account, room: Mapping[str, object], on_frame: OnFrame,
        on_closed: OnClosed, tls: ssl.SSLContext | None = None,
    ) -> None:  # fmt: skip
        self._deployment, self._documents, self._tls = deployment, documents, tls
        self._account, self._room = account, room
        self._on_frame, self._on_closed = on_frame, on_closed
        self._ear: GreenletEar | None = None
        self._is_open = False

    def open(self) -> None:
        """Connect. Raises CouldNotTest when it is refused, UsageError where a text takes more than one frame."""
        url, address = socket_of(
            self._deployment, self._documents, self._frame("").socket, self._account, self._room
        )
        ear, channel = GreenletEar(self._deployment.deadline_ms / 1000 + 5, self._tls), address.channel
        ear.open(
            url,
            address.headers,
            lambda payload, at, binary: self._on_frame(channel, payload, at, binary),
            self._over,
        )
        self._ear, self._is_open = ear, True

    def send(self, text: str) -> None:
        if not self._is_open:
            self._open_again()
        assert self._ear is not None
        try:
            self._ear.say(self._frame(text).payload)
        except OSError as error:
            raise NoAnswer(str(error)) from error

    def close(self) -> None:
        self._is_open = False
        if self._ear is not None:
            self._ear.close()

    def _open_again(self) -> None:
        try:
            self.open()
        except CouldNotTest as error:
            hands = Hands(self._deployment, self._documents, self._tls)
            if not hands.is_reachable():
                raise Gone(f"{self._deployment.http} cannot be reached any more") from error
            raise Refused(str(error)) from error

    def _over(self, why: str) -> None:
        self._is_open = False
        self._on_closed(why)

    def _frame(self, text: str) -> FrameToSay:
        return frame_of(
            "send-text", self._deployment, self._documents, self._account, room=self._room, text=text
        )
