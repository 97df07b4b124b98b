"""Planted bug: the storage's clock is behind the server's."""

from __future__ import annotations

from typing import Final

from reference_server.core.files import Files

ID: Final = "fe16ops-upload-url-is-born-expired"
API: Final = "fe16ops"
CLAUSE: Final = "5.FILE"
CHECK: Final = "members-are-served"
ITEMS: Final = ("FILE-1", "FILE-2", "FILE-3", "FILE-4")
SENTENCE: Final = "An upload URL has expired when it is given out."


class Defect(Files):
    def expiry(self) -> int:
        return int(self._clock.now().timestamp()) - 1
