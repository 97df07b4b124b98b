"""Planted bug: whether there is a next page is off by one."""

from __future__ import annotations

from typing import Final

from reference_server.apis.fe16ops import PAGE_SIZE, Fe16ops

ID: Final = "fe16ops-next-after-the-last"
API: Final = "fe16ops"
CLAUSE: Final = "2.C"
CHECK: Final = "pages-partition"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "Where the last page is full, next names a page that is not there."


class Defect(Fe16ops):
    def is_followed(self, number: int, count: int) -> bool:
        return number * PAGE_SIZE <= count
