"""Planted bug: an event of deletion spells the message's id as a text."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Member, Room

ID: Final = "fe16ops-deletion-spells-the-id-as-text"
API: Final = "fe16ops"
CLAUSE: Final = "3"
CHECK: Final = "frame-schema"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "message_deleted carries its message_id as a text, where everything else has a number."


class Defect(Fe16ops):
    def announce(self, kind: str, room: Room, actor: Member, **payload: object) -> None:
        shown = {name: str(value) if name == "message_id" else value for name, value in payload.items()}
        super().announce(kind, room, actor, **shown)
