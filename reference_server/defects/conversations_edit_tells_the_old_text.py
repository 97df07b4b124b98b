"""Planted bug: the event is made of the message as it was read first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from reference_server.apis.conversations import Conversations
from reference_server.core.records import Message

ID: Final = "conversations-edit-tells-the-old-text"
API: Final = "conversations"
CLAUSE: Final = "independence"
CHECK: Final = "text-comes-back"
ITEMS: Final = ("LIVE-5",)
SENTENCE: Final = "The edit frame has the text from before the edit."


class Defect(Conversations):
    def edit_event(self, before: Message, edited: Message) -> Mapping[str, object]:
        return super().edit_event(before, replace(edited, content=before.content))
