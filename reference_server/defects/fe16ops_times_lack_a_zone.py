"""Planted bug: the server's time is nobody else's."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Message

ID: Final = "fe16ops-times-lack-a-zone"
API: Final = "fe16ops"
CLAUSE: Final = "2.C"
CHECK: Final = "response-schema"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "created_at of a message has no time zone."


class Defect(Fe16ops):
    def show_message(self, message: Message) -> dict[str, object]:
        return {**super().show_message(message), "created_at": message.created_at.removesuffix("Z")}
