"""Planted bug: a list that finds nothing is thought to be a list of nothing."""

from __future__ import annotations

from typing import Final

from reference_server.apis.netroxchange import Netroxchange, envelope
from reference_server.core.refusals import Absent
from reference_server.web import Answer, Call

ID: Final = "netroxchange-nobody-is-fine"
API: Final = "netroxchange"
CLAUSE: Final = "1"
CHECK: Final = "refusal"
ITEMS: Final = ("READ-3",)
SENTENCE: Final = "The messages with somebody whom nobody knows are answered with 200, and there are none."


class Defect(Netroxchange):
    def get_messages(self, call: Call) -> Answer:
        try:
            return super().get_messages(call)
        except Absent:
            return Answer(200, envelope({"messages": []}, "Messages retreived successfully"))
