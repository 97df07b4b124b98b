"""Planted bug: a reader is found twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Read

ID: Final = "rooms-reader-is-listed-twice"
API: Final = "rooms"
CLAUSE: Final = "read-status"
CHECK: Final = "readers-are-shown"
ITEMS: Final = ("READ-3",)
SENTENCE: Final = "A message shows each of its readers twice."


class Defect(Chat):
    def _reads(self, message_ids: Sequence[int]) -> dict[int, list[Read]]:
        return {message: [*reads, *reads] for message, reads in super()._reads(message_ids).items()}
