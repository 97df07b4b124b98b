"""Planted bug: an upload URL is signed, and nobody looks at the signature."""

from __future__ import annotations

from typing import Final

from reference_server.core.files import Files

ID: Final = "fe16ops-upload-url-is-not-checked"
API: Final = "fe16ops"
CLAUSE: Final = "4.1"
CHECK: Final = "refusal"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A file can be put to an upload URL whose signature or expiry was changed."


class Defect(Files):
    def signed(self, key: str, expires: str, signature: str) -> bool:
        return expires.isdigit()
