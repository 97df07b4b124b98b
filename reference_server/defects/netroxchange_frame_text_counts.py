"""Planted bug: the event repeats the frame that caused it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reference_server.apis.netroxchange import Netroxchange
from reference_server.core.records import Member, Message
from reference_server.fields import Fields

ID: Final = "netroxchange-frame-text-counts"
API: Final = "netroxchange"
CLAUSE: Final = "file"
CHECK: Final = "text-comes-back"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = (
    "The text of re_message_file is that of the announcing frame, not the one that was stored with the file."
)


class Defect(Netroxchange):
    def file_event(self, message: Message, peer: Member, said: Fields) -> Mapping[str, object]:
        return {**super().file_event(message, peer, said), "message_body": said.any_text("message_body")}
