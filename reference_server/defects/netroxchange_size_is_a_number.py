"""Planted bug: the size is shown as it is stored."""

from __future__ import annotations

from typing import Final

from reference_server.apis.netroxchange import Netroxchange
from reference_server.core.records import Attachment

ID: Final = "netroxchange-size-is-a-number"
API: Final = "netroxchange"
CLAUSE: Final = "2"
CHECK: Final = "response-schema"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "attached_file_size of a file is a number of bytes, not a size in words."


class Defect(Netroxchange):
    def size_of(self, file: Attachment) -> object:
        return file.size
