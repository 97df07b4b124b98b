"""Levers: what a test needs and no API offers, under /__reference__; also the greeting that names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from earwitness.errors import nearest
from reference_server.apis import Api
from reference_server.core.identity import FIRST_ORGANISATION
from reference_server.core.records import Member
from reference_server.core.refusals import Absent, Invalid
from reference_server.core.store import Value
from reference_server.fields import Fields
from reference_server.web import Answer, Call, Operation

BASE: Final = "/__reference__"
NAMES: Final = ("mint-member", "expired-token", "move-clock", "rows")
# What a test may look into: not the tokens and passwords, and not the secret that signs uploads.
TABLES: Final = (
    "members",
    "rooms",
    "standings",
    "messages",
    "reactions",
    "message_reads",
    "attachments",
    "blocks",
    "typing",
    "sessions",
    "files",
)
MOST_ROWS: Final = 10_000


def greeting(api: Api, address: str, defects: Sequence[str]) -> Mapping[str, object]:
    """What the server says of itself at the start and at /__reference__/hello. ``address``: host and port."""
    with api.core.request():
        members = [_credentials(api, member) for member in api.core.members]
    return {
        "api": api.name,
        "http": f"http://{address}",
        "ws": f"ws://{address}",
        "members": members,
        "levers": {"url": f"http://{address}{BASE}", "names": list(NAMES)},
        "paths": api.paths or "",
        "defects": list(defects),
        "allow_hosts": [address],
    }


class Levers:
    """The levers as operations anybody may call: the server listens to this machine only, and its data is made up."""

    def __init__(self, api: Api, hello: Mapping[str, object]) -> None:
        self._api = api
        self._core = api.core
        self._hello = hello

    def operations(self) -> Mapping[str, Mapping[str, Operation]]:
        runs = (self.mint_member, self.expired_token, self.move_clock, self.rows)
        levers = {
            f"{BASE}/{name}": {"POST": Operation(run, public=True)}
            for name, run in zip(NAMES, runs, strict=True)
        }
        return {f"{BASE}/hello": {"GET": Operation(self.hello, public=True)}, **levers}

    def hello(self, _call: Call) -> Answer:
        return Answer(200, self._hello)

    def mint_member(self, call: Call) -> Answer:
        """`{"name": "alice", "organisation": 2}`: a new member, called after that name and a number nobody has."""
        body = call.json()
        organisation = body.optional_integer("organisation")
        if organisation is not None and organisation < 1:
            raise Invalid("organisation: expected a number from 1")
        member = self._core.identity.mint(body.text("name"), organisation or FIRST_ORGANISATION)
        return Answer(200, _credentials(self._api, member))

    def expired_token(self, call: Call) -> Answer:
        """`{"member_id": 1}`: a token that was the member's, and has expired. The id is a number or a UUID, as the API has it."""
        body = call.json()
        member_id = body.values.get("member_id")
        try:
            if isinstance(member_id, str):
                member = self._core.identity.member_of_uuid(member_id)
            else:
                member = self._core.identity.member(body.integer("member_id"))
        except Absent:
            raise Invalid(f"member_id: there is no member {member_id}") from None
        return Answer(200, {"token": self._core.identity.expired_token(member)})

    def move_clock(self, call: Call) -> Answer:
        """`{"seconds": 31}`: the server's clock goes forward."""
        seconds = call.json().values.get("seconds")
        if not isinstance(seconds, int | float) or isinstance(seconds, bool):
            raise Invalid("seconds: expected a number")
        self._core.clock.move(seconds)
        return Answer(200, {"now": self._core.clock.stamp()})

    def rows(self, call: Call) -> Answer:
        """`{"table": "message_reads", "where": {"member_id": 1}}`: the rows, as they lie in the database.

        The content of a file is given by its size, in bytes.
        """
        body = call.json()
        table = body.text("table")
        if table not in TABLES:
            raise Invalid(f"table: no table {table!r}; {nearest(table, TABLES)}")
        where = body.values.get("where", {})
        if not isinstance(where, dict):
            raise Invalid("where: expected an object, column to value")
        columns = [
            row["name"] for row in self._core.store.rows("SELECT name FROM pragma_table_info(?)", table)
        ]
        for column, value in where.items():
            if column not in columns:
                raise Invalid(f"where: {table} has no column {column!r}; {nearest(column, columns)}")
            if not isinstance(value, Value):
                raise Invalid(f"where: {column}: expected a string, a number or null")
            if isinstance(value, int):
                Fields(where).integer(column)  # the database has no larger ones
        # Names come from the schema, values are bound; IS is = that also finds NULL.
        condition = " AND ".join(f"{column} IS ?" for column in where) or "TRUE"
        found = self._core.store.rows(
            f"SELECT * FROM {table} WHERE {condition} ORDER BY rowid LIMIT {MOST_ROWS + 1}", *where.values()
        )
        if len(found) > MOST_ROWS:
            raise Invalid(f"where: more than {MOST_ROWS} rows; ask for fewer")
        return Answer(200, {"rows": [{key: _shown(row[key]) for key in columns} for row in found]})


def _credentials(api: Api, member: Member) -> dict[str, object]:
    token = api.core.identity.token_of(member)
    facts: dict[str, object] = {"name": member.username, "attributes": api.attributes(member), "token": token}
    credentials = api.credentials(member)
    return {**facts, "credentials": credentials} if credentials else facts


def _shown(value: object) -> object:
    return len(value) if isinstance(value, bytes) else value
