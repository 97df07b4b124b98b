"""Planted bug: what is uploaded need not be what was asked for."""

from __future__ import annotations

from typing import Final

from reference_server.core.files import Files

ID: Final = "fe16ops-upload-takes-any-type"
API: Final = "fe16ops"
CLAUSE: Final = "4.2"
CHECK: Final = "refusal"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A file of another type than the upload URL was asked for is taken."


class Defect(Files):
    def fits(self, filetype: str, wanted: str) -> bool:
        return True
