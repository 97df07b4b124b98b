"""HTTP and sockets as the API modules see them: a call comes in, an answer goes out; a knock, and a seat is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from starlette.datastructures import Headers, QueryParams
from werkzeug.http import parse_options_header

from reference_server.core.records import Member
from reference_server.core.refusals import Absent, Anonymous, Refusal
from reference_server.fields import LARGEST_ID, UUID, Fields, form_of, parse_object

MIB = 1024 * 1024
# Only the one way to write a number, so that one object has one address.
NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: ``body`` is sent as JSON, bytes as they are; None sends no body at all."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """A request, its body read. ``origin`` is the server's address as the client wrote it, ``query`` is as it was sent."""

    caller: Member | None
    path: Mapping[str, str]
    query: str
    headers: Headers
    body: bytes
    origin: str

    @property
    def member(self) -> Member:
        assert self.caller is not None, "only a public operation has no caller"
        return self.caller

    @property
    def parameters(self) -> QueryParams:
        return QueryParams(self.query)

    def id(self, name: str) -> int:
        """A path parameter that is an id. Raises Absent for anything that is not: nothing lives there."""
        return id_in(self.path, name)

    def uuid(self, name: str) -> str:
        """A path parameter that is a UUID. Raises Absent for anything that is not: nothing lives there."""
        return uuid_in(self.path, name)

    def page(self) -> int:
        """The query parameter `page`, 1 without it. Raises Absent for anything but one positive integer."""
        return self._positive("page", 1)

    def page_size(self, usual: int, most: int) -> int:
        """The query parameter `page_size`, ``usual`` without it, never more than ``most``. Raises Absent like ``page``."""
        return min(self._positive("page_size", usual), most)

    def _positive(self, name: str, usual: int) -> int:
        given = self.parameters.getlist(name) or [str(usual)]
        if len(given) > 1 or not NUMBER.fullmatch(given[0]) or not 1 <= int(given[0]) <= LARGEST_ID:
            raise Absent(f"Invalid {name}")
        return int(given[0])

    def neighbours(self, path: str, number: int, *, followed: bool) -> dict[str, object]:
        """`next` and `previous` of page ``number``; ``followed``: it is not the last one."""
        return {
            "next": self.page_link(path, number + 1) if followed else None,
            "previous": self.page_link(path, number - 1) if number > 1 else None,
        }

    def page_link(self, path: str, page: int) -> str:
        """The address of another page of ``path``; the other query parameters stay as they were sent."""
        others = [part for part in self.query.split("&") if part and "page" not in QueryParams(part)]
        return f"{self.origin}{path}?{'&'.join([*others, f'page={page}'])}"

    def json(self) -> Fields:
        """The body as a JSON object. Raises Invalid."""
        return Fields(parse_object(self.body))

    def fields(self) -> Fields:
        """The body as a multipart form, where it says that it is one, else as a JSON object. Raises Invalid."""
        media_type, options = parse_options_header(self.headers.get("content-type"))
        if media_type != "multipart/form-data":
            return self.json()
        return form_of(self.body, options.get("boundary", ""))


@dataclass(frozen=True, slots=True)
class Operation:
    """What a method on a path does. ``public``: for callers without a token. ``limit``: of the body, in bytes."""

    run: Callable[[Call], Answer]
    public: bool = False
    limit: int = MIB


def _nothing(_seat: Seat) -> None:
    """What most channels do when a socket has opened, or has closed."""


def _silence(_refusal: Refusal) -> None:
    """How most channels answer a frame that they refuse."""


@dataclass(frozen=True, slots=True)
class Channel:
    """What happens on the sockets that are opened at one path; each of the five is a transaction of its own, if any.

    ``admit``: who may open one, and for which room; raises a Refusal. ``hear``: a text frame; raises a Refusal for one that is to have no
    effect. ``answer``: the frame that such a Refusal is answered with, on this socket alone; None: with nothing. ``joined``: the
    socket is open, and hears. ``left``: it is closed, and hears nothing any more.
    """

    admit: Callable[[Knock], Seat]
    hear: Callable[[Seat, str], None]
    answer: Callable[[Refusal], Mapping[str, object] | None] = _silence
    joined: Callable[[Seat], None] = _nothing
    left: Callable[[Seat], None] = _nothing


@dataclass(frozen=True, slots=True)
class Knock:
    """A socket that asks to be opened: its path parameters, query and headers, and the client's address."""

    path: Mapping[str, str]
    query: QueryParams
    headers: Headers
    ip_address: str

    def id(self, name: str) -> int:
        """A path parameter that is an id. Raises Absent for anything that is not: nothing lives there."""
        return id_in(self.path, name)

    def uuid(self, name: str) -> str:
        """A path parameter that is a UUID. Raises Absent for anything that is not: nothing lives there."""
        return uuid_in(self.path, name)

    def seat(self, member: Member, room_id: int | None = None) -> Seat:
        """Leave for ``member`` to hear what is said in that room, or, for None, in the member's inbox."""
        return Seat(member, room_id, str(uuid4()), self.headers.get("user-agent", ""), self.ip_address)


@dataclass(frozen=True, slots=True)
class Seat:
    """A socket that may be opened: whose, for which room, and a ``key`` (a UUID) that no other one has."""

    member: Member
    room_id: int | None
    key: str
    user_agent: str
    ip_address: str


def id_in(path: Mapping[str, str], name: str) -> int:
    """The id at ``name``. Raises Absent for anything that is none."""
    text = path[name]
    if not NUMBER.fullmatch(text) or int(text) > LARGEST_ID:
        raise Absent("Not found")
    return int(text)


def uuid_in(path: Mapping[str, str], name: str) -> str:
    """The UUID at ``name``, in small letters. Raises Absent for anything that is none."""
    text = path[name].lower()
    if not UUID.fullmatch(text):
        raise Absent("Not found")
    return text


def token_in_header(headers: Headers, scheme: str) -> str:
    """The token in the one `Authorization` header. Raises Anonymous."""
    given = headers.getlist("authorization")
    named, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if named != scheme or not token.strip(" "):
        raise Anonymous(f"No credentials: expected one header 'Authorization: {scheme} ...'")
    return token.strip(" ")


def token_in_query(query: QueryParams) -> str:
    """The one token in the query. Raises Anonymous."""
    tokens = query.getlist("token")
    if len(tokens) != 1:
        raise Anonymous("No credentials: expected one ?token=...")
    return tokens[0]
