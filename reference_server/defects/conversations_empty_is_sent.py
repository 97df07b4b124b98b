"""Planted bug: nobody looks whether there is anything to send."""

from __future__ import annotations

from typing import Final

from reference_server.apis.conversations import Conversations
from reference_server.core.records import Draft

ID: Final = "conversations-empty-is-sent"
API: Final = "conversations"
CLAUSE: Final = "2.SEND"
CHECK: Final = "generated-requests"
ITEMS: Final = ("SEND-4",)
SENTENCE: Final = "A form with neither text nor file becomes an empty message."


class Defect(Conversations):
    def check_draft(self, draft: Draft) -> None:
        pass
