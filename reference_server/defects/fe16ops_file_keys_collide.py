"""Planted bug: a file is stored under its own name."""

from __future__ import annotations

from typing import Final

from reference_server.core.files import Files, Ticket, parts_of
from reference_server.core.records import Member

ID: Final = "fe16ops-file-keys-collide"
API: Final = "fe16ops"
CLAUSE: Final = "4.1"
CHECK: Final = "file-keys-are-unique"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = (
    "Two files of the same name get the same file_key, so the second takes the first one's place."
)


class Defect(Files):
    def ticket(self, member: Member, filename: str, filetype: str) -> Ticket:
        key = "uploads/" + "".join(parts_of(filename))
        self._store.run(
            """INSERT INTO files (key, member_id, filetype) VALUES (?, ?, ?)
                ON CONFLICT (key) DO UPDATE SET filetype = excluded.filetype, stored_at = NULL""",
            *(key, member.id, filetype),
        )
        expires = self.expiry()
        return Ticket(key, expires, self._sign(key, str(expires)))
