"""Planted bug: the refusal to start again has its text alone."""

from __future__ import annotations

from typing import Final

from reference_server.apis.connectify import Connectify
from reference_server.core.records import Room
from reference_server.web import Answer

ID: Final = "connectify-exists-hides-the-id"
API: Final = "connectify"
CLAUSE: Final = "create-conversation"
CHECK: Final = "start-is-idempotent"
ITEMS: Final = ("CONV-2",)
SENTENCE: Final = "Starting again is refused without naming the conversation there is."


class Defect(Connectify):
    def exists(self, room: Room) -> Answer:
        return Answer(400, {"detail": "Conversation already exists"})
