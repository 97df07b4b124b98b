"""Planted bug: one operation was left out when the others were locked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from reference_server.apis.fe16ops import BASE, Fe16ops
from reference_server.web import Answer, Call, Operation

ID: Final = "fe16ops-upload-url-needs-no-token"
API: Final = "fe16ops"
CLAUSE: Final = "5.AUTH"
CHECK: Final = "refusal"
ITEMS: Final = ("AUTH-1",)
SENTENCE: Final = "Upload URLs are given to anybody, with a token or without."


class Defect(Fe16ops):
    def operations(self) -> Mapping[str, Mapping[str, Operation]]:
        def hand_out(call: Call) -> Answer:
            return self.generate_upload_url(replace(call, caller=self.core.members[0]))

        path = f"{BASE}/generate-upload-url/"
        return {**super().operations(), path: {"POST": Operation(hand_out, public=True)}}
