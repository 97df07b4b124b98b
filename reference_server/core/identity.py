"""Members and their tokens."""

from __future__ import annotations

import re
import secrets
import sqlite3

from reference_server.core.clock import Clock
from reference_server.core.records import Member
from reference_server.core.refusals import Absent, Anonymous, Invalid
from reference_server.core.store import Store

NAME = re.compile(r"[A-Za-z0-9_.-]{1,40}")


def member_from(row: sqlite3.Row) -> Member:
    """The member in a row that has ``member_id``, ``username`` and ``email``."""
    return Member(row["member_id"], row["username"], row["email"])


class Identity:
    """Who there is, and who a token stands for."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def enrol(self, name: str) -> Member:
        """The member called ``name``, new or known. Raises Invalid for a name that is none."""
        if not NAME.fullmatch(name):
            raise Invalid(f"{name!r} can't be a member's name: expected 1 to 40 of A-Z a-z 0-9 _ . -")
        known = self._named(name)
        return known or self._create(name)

    def mint(self, name: str) -> Member:
        """A new member whose name starts with ``name``. Raises Invalid for a name that is none."""
        if not NAME.fullmatch(name):
            raise Invalid("name: expected 1 to 40 of A-Z a-z 0-9 _ . -")
        number = self._store.number("SELECT coalesce(max(id), 0) + 1 FROM members")
        while self._named(f"{name}-{number}"):
            number += 1
        return self._create(f"{name}-{number}")

    def member(self, member_id: int) -> Member:
        """Raises Absent when there is none with this id."""
        row = self._store.row("SELECT id AS member_id, username, email FROM members WHERE id = ?", member_id)
        if row is None:
            raise Absent("No such user")
        return member_from(row)

    def token_of(self, member: Member) -> str:
        """The member's lasting token: the same one every time."""
        row = self._store.row(
            "SELECT token FROM tokens WHERE member_id = ? AND expires_at IS NULL", member.id
        )
        return str(row["token"]) if row else self._issue(member, None)

    def expired_token(self, member: Member) -> str:
        """A token that was the member's until a minute ago."""
        return self._issue(member, self._clock.now().timestamp() - 60)

    def bearer(self, token: str) -> Member:
        """Whose token this is. Raises Anonymous when it is nobody's, or has expired."""
        row = self._store.row(
            """SELECT m.id AS member_id, m.username, m.email FROM tokens t JOIN members m ON m.id = t.member_id
               WHERE t.token = ? AND (t.expires_at IS NULL OR t.expires_at > ?)""",
            token,
            self._clock.now().timestamp(),
        )
        if row is None:
            raise Anonymous("Invalid token")
        return member_from(row)

    def _named(self, name: str) -> Member | None:
        row = self._store.row("SELECT id AS member_id, username, email FROM members WHERE username = ?", name)
        return member_from(row) if row else None

    def _create(self, name: str) -> Member:
        email = f"{name}@example.test"
        member_id = self._store.insert("INSERT INTO members (username, email) VALUES (?, ?)", name, email)
        return Member(member_id, name, email)

    def _issue(self, member: Member, expires_at: float | None) -> str:
        token = secrets.token_hex(20)
        self._store.insert("INSERT INTO tokens VALUES (?, ?, ?)", token, member.id, expires_at)
        return token
