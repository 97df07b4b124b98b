"""Planted bug: a message is a text or a file, never both."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.apis.conversations import Conversations
from reference_server.core.records import Draft
from reference_server.web import Call

ID: Final = "conversations-file-drops-text"
API: Final = "conversations"
CLAUSE: Final = "2.SEND"
CHECK: Final = "text-comes-back"
ITEMS: Final = ("SEND-2",)
SENTENCE: Final = "A message with a file has lost the text that was sent with it."


class Defect(Conversations):
    def draft(self, call: Call) -> Draft:
        draft = super().draft(call)
        return replace(draft, content="") if draft.uploads else draft
