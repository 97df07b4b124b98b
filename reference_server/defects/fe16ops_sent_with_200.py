"""Planted bug: a message is created with the status of one that was there."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.web import Answer, Call

ID: Final = "fe16ops-sent-with-200"
API: Final = "fe16ops"
CLAUSE: Final = "2.D"
CHECK: Final = "response-schema"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "Sending a message is answered with a 200."


class Defect(Fe16ops):
    def send_message(self, call: Call) -> Answer:
        return replace(super().send_message(call), status=200)
