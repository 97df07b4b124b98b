"""Planted bug: a file is served to whoever knows its address."""

from __future__ import annotations

from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.lookup import ATTACHMENT, attachment_from
from reference_server.core.records import Attachment, Member
from reference_server.core.refusals import Absent, Outsider

ID: Final = "conversations-file-for-anybody"
API: Final = "conversations"
CLAUSE: Final = "2.SEND"
CHECK: Final = "refusal"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "Anybody with a token gets the files of any conversation."


class Defect(Chat):
    def attachment_for(self, member: Member, uuid: str) -> Attachment:
        try:
            return super().attachment_for(member, uuid)
        except Outsider:
            row = self._store.row(f"SELECT {ATTACHMENT} FROM attachments a WHERE a.uuid = ?", uuid)
            if row is None:
                raise Absent("No such file") from None
            return attachment_from(row)
