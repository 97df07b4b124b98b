"""Planted bug: the preview of a room is written when something is said there, and never again."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.clock import Clock
from reference_server.core.records import Member, RoomSummary
from reference_server.core.settings import Settings
from reference_server.core.store import Store

ID: Final = "connectify-preview-misses-edits"
API: Final = "connectify"
CLAUSE: Final = "list-conversations"
CHECK: Final = "preview-is-the-latest"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A room's last message is shown with the text that it was sent with, edited or not."


class Defect(Chat):
    def __init__(self, store: Store, clock: Clock, settings: Settings) -> None:
        super().__init__(store, clock, settings)
        store.run("CREATE TEMP TABLE previews (id INTEGER PRIMARY KEY, content TEXT)")
        store.run("""CREATE TEMP TRIGGER said AFTER INSERT ON messages
                     BEGIN INSERT INTO previews VALUES (new.id, new.content); END""")

    def _summaries(self, member: Member, ids: str, value: int) -> list[RoomSummary]:
        written = {row["id"]: row["content"] for row in self._store.rows("SELECT * FROM previews")}
        return [
            replace(
                each,
                last=each.last and replace(each.last, content=written.get(each.last.id, each.last.content)),
            )
            for each in super()._summaries(member, ids, value)
        ]
