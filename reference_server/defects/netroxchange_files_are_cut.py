"""Planted bug: the last byte is taken for an end of line."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.records import Attachment

ID: Final = "netroxchange-files-are-cut"
API: Final = "netroxchange"
CLAUSE: Final = "2"
CHECK: Final = "members-are-served"
ITEMS: Final = ("FILE-4",)
SENTENCE: Final = "A file comes back without its last byte."


class Defect(Chat):
    def content_of(self, attachment: Attachment) -> bytes:
        return super().content_of(attachment)[:-1]
