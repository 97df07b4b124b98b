"""The object store behind signed, one-time upload addresses."""

from __future__ import annotations

import hashlib
import hmac
import re
import uuid
from dataclasses import dataclass

from reference_server.core.clock import Clock
from reference_server.core.records import Member
from reference_server.core.refusals import BadTicket
from reference_server.core.store import Store

TICKET_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Ticket:
    """Leave to store one file under ``key``, until ``expires`` (seconds since 1970)."""

    key: str
    expires: int
    signature: str


class Files:
    """Tickets go out, files come in: one file a ticket."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def ticket(self, member: Member, filename: str, filetype: str) -> Ticket:
        """Leave for ``member`` to upload a file of this media type; its key keeps what is harmless of its name."""
        key = self.key(filename)
        self._store.run(
            "INSERT INTO files (key, member_id, filetype) VALUES (?, ?, ?)", key, member.id, filetype
        )
        expires = self.expiry()
        return Ticket(key, expires, self._sign(key, str(expires)))

    def put(self, key: str, expires: str, signature: str, filetype: str, content: bytes) -> None:
        """Store a file. Raises BadTicket unless the ticket is signed, not expired, not used, and for this media type."""
        if not self.signed(key, expires, signature):
            raise BadTicket("The signature does not match")
        if self._clock.now().timestamp() >= int(expires):
            raise BadTicket("The address has expired")
        row = self._store.row("SELECT filetype, stored_at FROM files WHERE key = ?", key)
        if row is None or self.spent(row["stored_at"]):
            raise BadTicket("The address has been used")
        if not self.fits(filetype, row["filetype"]):
            raise BadTicket("Content-Type is not the file type the address was asked for")
        self._store.run(
            "UPDATE files SET content = ?, stored_at = ? WHERE key = ?", content, self._clock.stamp(), key
        )

    def key(self, filename: str) -> str:
        """``uploads/<name>-<uuid>.<ext>``, as the sample of fe16ops has it, whatever the file is called."""
        name, extension = parts_of(filename)
        return f"uploads/{name}-{uuid.uuid4()}{extension}"

    def expiry(self) -> int:
        """Until when a ticket handed out now is good, in seconds since 1970."""
        return int(self._clock.now().timestamp()) + TICKET_SECONDS

    def signed(self, key: str, expires: str, signature: str) -> bool:
        """Whether this is the signature of a ticket."""
        return hmac.compare_digest(self._sign(key, expires).encode(), signature.encode())

    def spent(self, stored_at: str | None) -> bool:
        """Whether a ticket whose file was stored at ``stored_at``, if ever, is not good any more."""
        return stored_at is not None

    def fits(self, filetype: str, wanted: str) -> bool:
        """Whether a file of type ``filetype`` may come with a ticket asked for ``wanted``."""
        return filetype == wanted

    def _sign(self, key: str, expires: str) -> str:
        return hmac.new(self._store.secret(), f"PUT\n{key}\n{expires}".encode(), hashlib.sha256).hexdigest()


def parts_of(filename: str) -> tuple[str, str]:
    """What is harmless in the name of a file: its stem, never empty, and its extension, with its dot."""
    stem, _, extension = re.split(r"[/\\]", filename)[-1].rpartition(".")
    if not stem:
        stem, extension = extension, ""
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-")[:60] or "file"
    extension = re.sub(r"[^A-Za-z0-9]+", "", extension)[:16]
    return stem, f".{extension}" if extension else ""
