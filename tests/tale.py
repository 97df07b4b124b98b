"""A tale: a history of Clubs, a made-up API whose rooms change, made up entry by entry without any I/O.

Clubs has talks of two and clubs, numbered apart, halls that anybody may enter, roles, blocks and organisations; its documents
are in ``tests/world/clubs``. Every entry is a millisecond after the one before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from earwitness.binding import load_binding
from earwitness.checks import Finding, all_findings
from earwitness.documents import Documents
from earwitness.history import (
    Body,
    CaseStarted,
    Claimed,
    Entry,
    FrameHeard,
    FrameSaid,
    Json,
    MemberJoined,
    Request,
    Response,
    RunEnded,
    RunStarted,
    SocketClosed,
    SocketOpened,
    SocketOpening,
    SocketRefused,
)
from earwitness.spec import load_spec
from earwitness.world import World

MS = 1_000_000
DEADLINE_MS = 1_000
IDS = {"alice": 1, "bob": 2, "carol": 3, "dave": 4}
REFUSED: Mapping[str, Json] = {"detail": "no"}


@cache
def clubs() -> Documents:
    """The documents of the made-up API."""
    spec = load_spec(Path(__file__).parent / "world" / "clubs")
    return Documents(spec, load_binding(spec))


@dataclass(frozen=True, slots=True)
class Told:
    """A request, or a frame that was said: its exchange, and the numbers of its entry and of its answer's."""

    exchange: str
    n: int
    answer: int = 0


class Tale:
    """A history that is being made up; ``elsewhere`` are members of another organisation."""

    api = "clubs"

    def __init__(self, *, foreign: bool = False, elsewhere: tuple[str, ...] = ()) -> None:
        self.entries: list[Entry] = []
        self._now = 0
        self._exchanges = 0
        self.add(RunStarted(api=self.api, deployment="told", foreign=foreign, deadline_ms=DEADLINE_MS))
        for name in IDS:
            self.add(MemberJoined(member=name, attributes=self.attributes(name, name in elsewhere)))
        self.add(CaseStarted(suite="told", title="c", case="c"))

    def documents(self) -> Documents:
        """What it is judged by."""
        return clubs()

    def attributes(self, name: str, elsewhere: bool) -> dict[str, Json]:
        """What is known of a member."""
        return {"id": IDS[name], "username": name, "organisation": "elsewhere" if elsewhere else "here"}

    def add(self, entry: Entry) -> int:
        """Append ``entry`` with its number, time and case; returns the number."""
        self._now += 1
        n = len(self.entries) + 1
        case = "" if isinstance(entry, RunStarted | MemberJoined) else "c"
        self.entries.append(replace(entry, n=n, t=self._now * MS, case=case))
        return n

    def waits(self, ms: int = DEADLINE_MS + 1) -> Tale:
        self._now += ms
        return self

    # -- hands

    def asks(
        self,
        member: str,
        operation: str,
        status: int = 200,
        answer: Json = None,
        *,
        verb: str = "",
        body: Json = None,
        query: Mapping[str, object] | None = None,
        source: str = "",
        **path: object,
    ) -> Told:
        """A request and its answer."""
        return self.is_told(
            self.is_asking(member, operation, verb=verb, body=body, query=query, source=source, **path),
            status,
            answer,
        )

    def is_asking(
        self,
        member: str,
        operation: str,
        *,
        verb: str = "",
        body: Json = None,
        query: Mapping[str, object] | None = None,
        source: str = "",
        **path: object,
    ) -> Told:
        """A request, whose answer is still to come."""
        described = self.documents().spec.operations[operation]
        self._exchanges += 1
        where = described.path.format(**path) + (f"?{urlencode(query)}" if query else "")
        request = Request(
            exchange=f"x{self._exchanges}",
            member=member,
            verb=verb,
            operation=operation,
            method=described.method,
            url=f"http://told.test{where}",
            body=Body() if body is None else Body("json", body),
            source=source,
        )
        return Told(request.exchange, self.add(request))

    def is_told(self, told: Told, status: int, answer: Json = None) -> Told:
        headers = {} if answer is None else {"Content-Type": "application/json"}
        carried = Body() if answer is None else Body("json", answer)
        n = self.add(Response(exchange=told.exchange, status=status, headers=headers, body=carried))
        return replace(told, answer=n)

    def talks(self, member: str, peer: str, talk: int = 5, status: int = 201, text: str = "") -> Told:
        """A talk of two is started, or found."""
        both = [IDS[member], IDS[peer]]
        answer: Json = {"id": talk, "members": both} if status == 201 else {"talk": talk}
        body: dict[str, Json] = {"with": IDS[peer]} | ({"text": text} if text else {})
        verb = "start-direct" if text else "open-direct"
        return self.asks(member, "startTalk", status, answer, verb=verb, body=body)

    def founds(
        self, member: str, *others: str, club: int = 5, text: str = "", **more: Mapping[str, Json]
    ) -> Told:
        """A club is started with others; ``sent`` and ``shown`` are what else is said, and answered."""
        body: dict[str, Json] = {"name": "us", "members": [IDS[one] for one in others]}
        body |= ({"text": text} if text else {}) | dict(more.get("sent", {}))
        answer: Json = {
            "id": club,
            "members": [IDS[one] for one in (member, *others)],
            **more.get("shown", {}),
        }
        return self.asks(member, "startClub", 201, answer, verb="start-group", body=body)

    def adds(self, member: str, other: str, club: int = 5, status: int = 200) -> Told:
        body: Json = {"members": [IDS[other]]}
        return self.asks(member, "addMembers", status, REFUSED, verb="add-member", body=body, club=club)

    def removes(self, member: str, other: str, club: int = 5, status: int = 200) -> Told:
        query = {"member": IDS[other]}
        verb = "leave" if member == other else "remove-member"
        return self.asks(member, "removeMember", status, REFUSED, verb=verb, query=query, club=club)

    def writes(
        self,
        member: str,
        text: str,
        letter: int,
        *,
        club: int = 0,
        talk: int = 0,
        status: int = 201,
        **more: Json,
    ) -> Told:
        """A letter by HTTP; ``more`` is what the request says besides."""
        operation = "writeToClub" if club else "writeToTalk"
        shown: dict[str, Json] = {"id": letter, "by": IDS[member], "text": text, **more}
        answer: Json = shown if status == 201 else REFUSED
        verb = "reply" if more.get("reply_to") else "send-text"
        return self.asks(
            member, operation, status, answer, verb=verb, body={"text": text, **more}, club=club, talk=talk
        )

    def blocks(self, member: str, whom: str, block: int = 8) -> Told:
        answer: Json = {"id": block, "whom": IDS[whom]}
        return self.asks(member, "block", 201, answer, verb="block", body={"whom": IDS[whom]})

    def lists(
        self, member: str, operation: str, *rooms: int, query: Mapping[str, object] | None = None
    ) -> Told:
        """A list of rooms that shows ids alone."""
        verb = "search-rooms" if query else "list-rooms"
        return self.asks(member, operation, 200, [{"id": one} for one in rooms], verb=verb, query=query)

    # -- ears

    def opens(self, member: str, name: str, place: int, socket: str = "", refused: int = 0) -> str:
        """A socket opens: of a room by its id, of a peer by the member's; returns what it is called."""
        called = socket or f"{member}-{name}-{place}"
        path = {"talk": "talks", "club": "clubs", "hall": "halls", "peer": "with"}[name]
        self.add(
            SocketOpening(
                socket=called,
                member=member,
                name=name,
                channel=name,
                url=f"ws://told.test/ws/{path}/{place}/?token=x",
                room="" if name == "peer" else str(place),
            )
        )
        self.add(SocketRefused(socket=called, status=refused) if refused else SocketOpened(socket=called))
        return called

    def closes(self, socket: str, **how: Any) -> int:
        return self.add(SocketClosed(socket=socket, **how))

    def says(self, socket: str, verb: str, **frame: Json) -> Told:
        self._exchanges += 1
        said = FrameSaid(
            exchange=f"x{self._exchanges}",
            socket=socket,
            verb=verb,
            frame=str(frame["type"]),
            payload=Body("json", frame),
        )
        return Told(said.exchange, self.add(said))

    def hears(self, socket: str, **frame: Json) -> int:
        return self.add(FrameHeard(socket=socket, payload=Body("json", frame)))

    def hears_letter(self, socket: str, member: str, text: str, letter: int) -> int:
        return self.hears(socket, type="letter", letter={"id": letter, "by": IDS[member], "text": text})

    def claims(self, claim: str, **args: Json) -> Claimed:
        n = self.add(Claimed(claim=claim, args=args, sentence=claim))
        made = self.entries[n - 1]
        assert isinstance(made, Claimed)
        return made

    # -- what is to be said of it

    def world(self) -> World:
        return self.documents().world(self.entries)

    def findings(self) -> tuple[Finding, ...]:
        """What every check finds in it, once it has ended."""
        self.waits().add(RunEnded())
        return all_findings(self.world())

    def found(self) -> list[tuple[str, str]]:
        """Each finding's check and basis."""
        return [(one.check, one.basis) for one in self.findings()]
