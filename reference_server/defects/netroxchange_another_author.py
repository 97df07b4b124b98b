"""Planted bug: the event takes the receiver for the one who speaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reference_server.apis.netroxchange import Netroxchange
from reference_server.core.records import Member, Message

ID: Final = "netroxchange-another-author"
API: Final = "netroxchange"
CLAUSE: Final = "text"
CHECK: Final = "author-is-caller"
ITEMS: Final = ("SEND-1",)
SENTENCE: Final = "The sender_id of re_message is the receiver's."


class Defect(Netroxchange):
    def text_event(self, message: Message, peer: Member) -> Mapping[str, object]:
        return {**super().text_event(message, peer), "sender_id": peer.uuid}
