"""Planted bug: an upload URL is built without the storage's address."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.web import Answer, Call

ID: Final = "fe16ops-upload-url-has-no-host"
API: Final = "fe16ops"
CLAUSE: Final = "5.FILE"
CHECK: Final = "response-schema"
ITEMS: Final = ("FILE-1",)
SENTENCE: Final = "upload_url is a path, not a URL."


class Defect(Fe16ops):
    def generate_upload_url(self, call: Call) -> Answer:
        return super().generate_upload_url(replace(call, origin=""))
