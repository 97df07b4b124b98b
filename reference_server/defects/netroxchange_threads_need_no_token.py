"""Planted bug: a list that is filtered by caller is thought to be safe without one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from reference_server.apis.netroxchange import Netroxchange, envelope
from reference_server.core.refusals import Anonymous
from reference_server.web import Answer, Call, Operation

ID: Final = "netroxchange-threads-need-no-token"
API: Final = "netroxchange"
CLAUSE: Final = "3"
CHECK: Final = "refusal"
ITEMS: Final = ("AUTH-1",)
SENTENCE: Final = "The list of threads is answered without a valid token: 200, and empty."


class Defect(Netroxchange):
    def operations(self) -> Mapping[str, Mapping[str, Operation]]:
        def list_for_anybody(call: Call) -> Answer:
            try:
                return self.get_user_threads(replace(call, caller=self.authenticate(call.headers)))
            except Anonymous:
                return Answer(200, envelope([], None))

        path = "/chat/get-user-threads/"
        return {**super().operations(), path: {"GET": Operation(list_for_anybody, public=True)}}
