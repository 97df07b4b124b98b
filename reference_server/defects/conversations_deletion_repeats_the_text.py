"""Planted bug: the event of a deletion has the message in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reference_server.apis.conversations import Conversations
from reference_server.core.records import Message

ID: Final = "conversations-deletion-repeats-the-text"
API: Final = "conversations"
CLAUSE: Final = "independence"
CHECK: Final = "deleted-is-gone"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "The delete frame has the text of what was deleted."


class Defect(Conversations):
    def delete_event(self, message: Message) -> Mapping[str, object]:
        return {**super().delete_event(message), "content": message.content}
