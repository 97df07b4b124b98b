"""Members, their passwords and their tokens, which are opaque or JWTs."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import sqlite3
import uuid

import jwt

from reference_server.core.clock import FURTHEST, Clock
from reference_server.core.records import Member
from reference_server.core.refusals import Absent, Anonymous, Invalid
from reference_server.core.settings import PLAIN, Settings
from reference_server.core.store import Store

NAME = re.compile(r"[A-Za-z0-9_.-]{1,40}")
ALGORITHM = "HS256"
# A JWT has to say when it expires; the lasting ones do after the clock has stopped.
LASTING_SECONDS = 2 * FURTHEST.total_seconds()
FIRST_ORGANISATION = 1


def columns_of(alias: str) -> str:
    """The columns of a member for ``member_from``, from the table ``members`` under this alias."""
    names = ("username", "email", "uuid", "first_name", "last_name", "organisation")
    return ", ".join(
        [f"{alias}.id AS member_id", *(f"{alias}.{name} AS member_{name}" for name in names)],
    )


def member_from(row: sqlite3.Row) -> Member:
    """The member in a row that has ``columns_of`` the members."""
    return Member(
        id=row["member_id"],
        username=row["member_username"],
        email=row["member_email"],
        uuid=row["member_uuid"],
        first_name=row["member_first_name"],
        last_name=row["member_last_name"],
        organisation=row["member_organisation"],
    )


class Identity:
    """Who there is, and who a token stands for. A defect overrides one of these methods."""

    def __init__(self, store: Store, clock: Clock, settings: Settings = PLAIN) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings

    def enrol(self, name: str) -> Member:
        """The member called ``name``, new or known. Raises Invalid for a name that is none."""
        if not NAME.fullmatch(name):
            raise Invalid(f"{name!r} can't be a member's name: expected 1 to 40 of A-Z a-z 0-9 _ . -")
        known = self._one("m.username = ?", name)
        return known or self._create(name, FIRST_ORGANISATION)

    def mint(self, name: str, organisation: int = FIRST_ORGANISATION) -> Member:
        """A new member whose name starts with ``name``. Raises Invalid for a name that is none."""
        if not NAME.fullmatch(name):
            raise Invalid("name: expected 1 to 40 of A-Z a-z 0-9 _ . -")
        number = self._store.number("SELECT coalesce(max(id), 0) + 1 FROM members")
        while self._one("m.username = ?", f"{name}-{number}"):
            number += 1
        return self._create(f"{name}-{number}", organisation)

    def member(self, member_id: int) -> Member:
        """Raises Absent when there is none with this id."""
        return self._known(self._one("m.id = ?", member_id))

    def member_of_uuid(self, known_as: str) -> Member:
        """Raises Absent when there is none with this UUID."""
        return self._known(self._one("m.uuid = ?", known_as))

    # Signing in

    def password_of(self, member: Member) -> str:
        row = self._store.row("SELECT password FROM passwords WHERE member_id = ?", member.id)
        assert row is not None, "written with the member"
        return str(row["password"])

    def sign_in(self, username: str, password: str) -> Member:
        """Who has this name and this password. Raises Anonymous, which does not say which of the two is wrong."""
        member = self._one("m.username = ?", username)
        if member is None or not self.is_password(member, password):
            raise Anonymous("No active account found with the given credentials")
        return member

    def is_password(self, member: Member, password: str) -> bool:
        return hmac.compare_digest(self.password_of(member).encode(), password.encode())

    # Tokens

    def token_of(self, member: Member) -> str:
        """The member's lasting token: the same one every time."""
        row = self._store.row(
            "SELECT token FROM tokens WHERE member_id = ? AND expires_at IS NULL", member.id
        )
        return str(row["token"]) if row else self._issue(member, None)

    def expired_token(self, member: Member) -> str:
        """A token that was the member's until a minute ago."""
        return self._issue(member, self._clock.now().timestamp() - 60)

    def refresh_token(self, member: Member) -> str:
        """A JWT that belongs to the member, and opens nothing."""
        return self._jwt(member, self._clock.now().timestamp() + LASTING_SECONDS, "refresh")

    def bearer(self, token: str) -> Member:
        """Whose token this is. Raises Anonymous when it is nobody's, or has expired."""
        member = self.bearer_of_jwt(token) if self._settings.jwt else self.bearer_of_opaque(token)
        if member is None:
            raise Anonymous("Invalid token")
        return member

    def bearer_of_opaque(self, token: str) -> Member | None:
        row = self._store.row(
            f"""SELECT {columns_of("m")} FROM tokens t JOIN members m ON m.id = t.member_id
               WHERE t.token = ? AND (t.expires_at IS NULL OR t.expires_at > ?)""",
            token,
            self._clock.now().timestamp(),
        )
        return member_from(row) if row else None

    def bearer_of_jwt(self, token: str) -> Member | None:
        try:
            claims = self.verified(token)
        except jwt.PyJWTError:
            return None
        expires, purpose, subject = claims.get("exp"), claims.get("token_type"), claims.get("sub")
        if not isinstance(expires, int) or self.is_over(expires) or purpose != "access":
            return None
        return self._one("m.uuid = ?", subject) if isinstance(subject, str) else None

    def verified(self, token: str) -> dict[str, object]:
        """The claims of a JWT that was signed here. Raises PyJWTError.

        Its expiry is left to us: PyJWT would ask another clock than ours.
        """
        claims: dict[str, object] = jwt.decode(
            token,
            self._key(),
            algorithms=[ALGORITHM],
            options={"verify_exp": False, "verify_iat": False, "require": ["exp", "sub"]},
        )
        return claims

    def is_over(self, expires: int) -> bool:
        """Whether a JWT that says it expires then, in seconds since 1970, has done so."""
        return expires <= self._clock.now().timestamp()

    def _issue(self, member: Member, expires_at: float | None) -> str:
        if self._settings.jwt:
            lasting = self._clock.now().timestamp() + LASTING_SECONDS
            token = self._jwt(member, lasting if expires_at is None else expires_at, "access")
        else:
            token = secrets.token_hex(20)
        self._store.insert("INSERT INTO tokens VALUES (?, ?, ?)", token, member.id, expires_at)
        return token

    def _jwt(self, member: Member, expires_at: float, purpose: str) -> str:
        # The id of its own keeps two tokens of one second apart.
        claims = {"sub": member.uuid, "exp": int(expires_at), "token_type": purpose, "jti": str(uuid.uuid4())}
        return jwt.encode(claims, self._key(), algorithm=ALGORITHM)

    def _key(self) -> bytes:
        # Derived, so that no token is ever a valid signature of an upload address.
        return hmac.new(self._store.secret(), b"JWT", hashlib.sha256).digest()

    # Accounts

    def _one(self, where: str, value: str | int) -> Member | None:
        row = self._store.row(f"SELECT {columns_of('m')} FROM members m WHERE {where}", value)
        return member_from(row) if row else None

    def _known(self, member: Member | None) -> Member:
        if member is None:
            raise Absent("No such user")
        return member

    def _create(self, name: str, organisation: int) -> Member:
        first, _, number = name.partition("-")
        member_id = self._store.insert(
            """INSERT INTO members (username, email, uuid, first_name, last_name, organisation)
               VALUES (?, ?, ?, ?, ?, ?)""",
            *(name, f"{name}@example.test", str(uuid.uuid4())),
            *(first.capitalize(), number or "Example", organisation),
        )
        password = secrets.token_urlsafe(12)
        self._store.run("INSERT INTO passwords VALUES (?, ?)", member_id, password)
        return self.member(member_id)
