"""Planted bug: a list that is filtered by caller is thought to be safe without one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from reference_server.apis.fe16ops import BASE, Fe16ops
from reference_server.core.refusals import Anonymous
from reference_server.web import Answer, Call, Operation

ID: Final = "fe16ops-list-needs-no-token"
API: Final = "fe16ops"
CLAUSE: Final = "5.AUTH"
CHECK: Final = "refusal"
ITEMS: Final = ("AUTH-1",)
SENTENCE: Final = "The list of conversations is answered without a valid token: 200, and empty."


class Defect(Fe16ops):
    def operations(self) -> Mapping[str, Mapping[str, Operation]]:
        def list_for_anybody(call: Call) -> Answer:
            try:
                return self.list_conversations(replace(call, caller=self.authenticate(call.headers)))
            except Anonymous:
                return Answer(200, {"success": True, "conversations": []})

        path = f"{BASE}/conversations/"
        return {**super().operations(), path: {"GET": Operation(list_for_anybody, public=True)}}
