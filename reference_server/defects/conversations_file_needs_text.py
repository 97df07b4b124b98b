"""Planted bug: the text is required, whatever comes with it."""

from __future__ import annotations

from typing import Final

from reference_server.apis.conversations import Conversations
from reference_server.core.records import Draft
from reference_server.core.refusals import Invalid

ID: Final = "conversations-file-needs-text"
API: Final = "conversations"
CLAUSE: Final = "2.SEND"
CHECK: Final = "members-are-served"
ITEMS: Final = ("SEND-3",)
SENTENCE: Final = "A file without a text is refused with a 400."


class Defect(Conversations):
    def check_draft(self, draft: Draft) -> None:
        if not draft.content:
            raise Invalid("content: this field is required")
