"""Planted bug: an upload URL is not used up."""

from __future__ import annotations

from typing import Final

from reference_server.core.files import Files

ID: Final = "fe16ops-upload-url-works-twice"
API: Final = "fe16ops"
CLAUSE: Final = "4.1"
CHECK: Final = "refusal"
ITEMS: Final = ("FILE-2",)
SENTENCE: Final = "A second file can be put to an upload URL, and takes the first one's place."


class Defect(Files):
    def spent(self, stored_at: str | None) -> bool:
        return False
