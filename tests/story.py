"""A story: a history of FE-16OPS made up entry by entry, without any I/O, in the shapes that its documents give.

Every entry is a millisecond after the one before; ``at`` and ``waits`` move the clock. What is said here keeps the documents
unless a story says otherwise, so that a test shows the one thing that is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlencode

from earwitness.checks import Finding, all_findings
from earwitness.history import (
    Body,
    CaseEnded,
    CaseStarted,
    Claimed,
    Entry,
    FaultStruck,
    FrameHeard,
    FrameSaid,
    Json,
    MemberJoined,
    NoAnswer,
    Reported,
    Request,
    Response,
    RunEnded,
    RunStarted,
    Settled,
    SocketClosed,
    SocketOpened,
    SocketOpening,
    SocketRefused,
)
from earwitness.verdict import ApiVerdict
from earwitness.world import World
from tests.shapes import IDS, ROOM, Object, conversation, documents, message

MS = 1_000_000
DEADLINE_MS = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, or a frame that was said, by its exchange and the number of its entry; ``answer`` is that of its answer."""

    exchange: str
    n: int
    answer: int = 0


class Story:
    """A history that is being made up."""

    def __init__(
        self,
        *,
        foreign: bool = False,
        adopted: tuple[str, ...] = (),
        known: tuple[str, ...] = (),
        members: tuple[str, ...] = ("alice", "bob", "carol"),
        case: str = "c",
        covers: tuple[str, ...] = (),
        suite: str = "told",
        room: bool = True,
    ) -> None:
        self.entries: list[Entry] = []
        self._now = 0
        self._case = ""
        self._exchanges = 0
        self._askers: dict[str, str] = {}
        self._pairs: dict[int, tuple[str, str]] = {}
        listed = tuple({"match": one, "reason": "known", "expires": "2026-01-31"} for one in known)
        self.add(
            RunStarted(
                api="fe16ops",
                deployment="told",
                foreign=foreign,
                deadline_ms=DEADLINE_MS,
                adopted=adopted,
                known_failures=listed,
            )
        )
        for name in members:
            self.member(name)
        self.case(case, covers=covers, suite=suite)
        if room:
            self.starts("alice", "bob")

    # -- the frame of it

    def at(self, ms: int) -> Story:
        """Let the next entry be ``ms`` milliseconds after the beginning."""
        self._now = ms - 1
        return self

    def waits(self, ms: int = DEADLINE_MS + 1) -> Story:
        """Let ``ms`` milliseconds pass; by default longer than an event may take."""
        self._now += ms
        return self

    def add(self, entry: Entry) -> int:
        """Append ``entry`` with its number, time and case; returns the number."""
        self._now += 1
        n = len(self.entries) + 1
        self.entries.append(replace(entry, n=n, t=self._now * MS, case=entry.case or self._case))
        return n

    def member(self, name: str, member_id: Json = None) -> Story:
        given = IDS[name] if member_id is None else member_id
        self.add(MemberJoined(member=name, attributes={"id": given, "username": name}))
        return self

    def case(self, case: str, covers: tuple[str, ...] = (), suite: str = "told") -> Story:
        """Begin another exercise."""
        self._case = case
        self.add(CaseStarted(suite=suite, title=case, covers=covers))
        return self

    def outside(self) -> Story:
        """Let what follows belong to no exercise."""
        self._case = ""
        return self

    def case_ends(
        self,
        outcome: Literal["done", "not-run", "unimplemented", "unreachable", "crashed"] = "done",
        reason: str = "",
    ) -> Story:
        self.add(CaseEnded(outcome=outcome, reason=reason))
        return self

    def settles(self, complete: bool = True) -> int:
        return self.add(Settled(complete=complete, waited_ms=1))

    def claims(self, claim: str, *, basis: str = "stated", clause: str = "", **args: Json) -> int:
        return self.add(
            Claimed(claim=claim, args=args, sentence=f"{claim} {args}", basis=basis, clause=clause)
        )

    def reports(self, operation: str, code: str, exchange: str = "", basis: str = "stated") -> int:
        return self.add(
            Reported(
                engine="schemathesis",
                operation=operation,
                code=code,
                title=code,
                message="so it says",
                exchange=exchange,
                basis=basis,
            )
        )

    def ends(
        self, outcome: Literal["finished", "interrupted", "died"] = "finished", reason: str = ""
    ) -> Story:
        """End the run, once everything that is due has had its time."""
        self.waits().outside()
        self.add(RunEnded(outcome=outcome, reason=reason))
        return self

    # -- hands

    def begins(
        self,
        member: str,
        operation: str,
        *,
        verb: str = "",
        role: str = "member",
        source: str = "",
        body: Json = None,
        query: Mapping[str, object] | None = None,
        **path: object,
    ) -> Asked:
        """A request leaves, and its answer is still to come; ``path`` fills the path."""
        described = documents().spec.operations[operation]
        self._exchanges += 1
        exchange = f"x{self._exchanges}"
        where = described.path.format(**path) + (f"?{urlencode(query)}" if query else "")
        n = self.add(
            Request(
                exchange=exchange,
                member=member,
                role=role,
                verb=verb,
                operation=operation,
                method=described.method,
                url=f"http://told.test{where}",
                body=Body() if body is None else Body("json", body),
                source=source,
            )
        )
        self._askers[exchange] = member
        return Asked(exchange, n)

    def answers(self, asked: Asked, status: int, body: Json = None) -> Asked:
        """The answer to what ``begins`` asked."""
        headers = {} if body is None else {"Content-Type": "application/json"}
        headers |= {"WWW-Authenticate": "Token"} if status == 401 else {}
        carried = Body() if body is None else Body("json", body)
        n = self.add(Response(exchange=asked.exchange, status=status, headers=headers, body=carried))
        return replace(asked, answer=n)

    def has_no_answer(self, asked: Asked, reason: str = "timeout") -> Asked:
        return replace(
            asked, answer=self.add(NoAnswer(exchange=asked.exchange, reason=reason, detail="told"))
        )

    def starts(
        self,
        member: str,
        peer: str,
        *,
        room: int = ROOM,
        status: int = 201,
        text: str = "",
        product: int | None = None,
    ) -> Asked:
        body: Object = {"receiver_id": IDS[peer]} | ({"message": text} if text else {})
        body |= {"product_id": product} if product is not None else {}
        asked = self.begins(
            member, "startConversation", verb="start-direct" if text else "open-direct", body=body
        )
        self._pairs.setdefault(room, (member, peer))
        said = "Conversation started successfully" if status == 201 else "Conversation already exists"
        shown = conversation(room, (member, peer)) | {"related_product": product}
        return self.answers(asked, status, {"success": True, "message": said, "conversation": shown})

    def is_sending(self, member: str, text: str, *, room: int = ROOM, **how: Any) -> Asked:
        """A text leaves; ``is_sent`` answers it."""
        body = {"content": text}
        return self.begins(
            member, "sendMessage", **({"verb": "send-text", "body": body} | how), conversation_id=room
        )

    def is_sent(self, asked: Asked, shown: Object, status: int = 201) -> Asked:
        return self.answers(asked, status, {"success": True, "message": shown})

    def sends(self, member: str, text: str, message_id: int, *, room: int = ROOM, **more: Any) -> Asked:
        """A text leaves and is sent as ``message_id``; ``more`` is what the answer shows instead of what is so."""
        shown = message(message_id, text, member, **({"conversation_id": room} | more))
        return self.is_sent(self.is_sending(member, text, room=room), shown)

    def is_editing(self, member: str, message_id: int, text: str, **how: Any) -> Asked:
        body = {"content": text}
        return self.begins(
            member, "editMessage", **({"verb": "edit-message", "body": body} | how), message_id=message_id
        )

    def edits(self, member: str, message_id: int, text: str, **more: Any) -> Asked:
        asked = self.is_editing(member, message_id, text)
        shown = message(message_id, text, member, **({"is_edited": True} | more))
        return self.answers(asked, 200, {"success": True, "message": shown})

    def is_deleting(self, member: str, message_id: int, **how: Any) -> Asked:
        return self.begins(
            member, "deleteMessage", **({"verb": "delete-message"} | how), message_id=message_id
        )

    def deletes(self, member: str, message_id: int) -> Asked:
        asked = self.is_deleting(member, message_id)
        return self.answers(asked, 200, {"success": True, "message": "Message deleted"})

    def is_reacting(self, member: str, message_id: int, emoji: str = "👍", **how: Any) -> Asked:
        body = {"reaction_type": emoji}
        return self.begins(
            member, "reactToMessage", **({"verb": "react", "body": body} | how), message_id=message_id
        )

    def has_reacted(self, asked: Asked, emoji: str = "👍", reacted: bool = True) -> Asked:
        said = "Reaction added" if reacted else "Reaction removed"
        answer: Object = {"success": True, "message": said, "reacted": reacted, "reaction_type": emoji}
        return self.answers(asked, 200, answer)

    def reacts(self, member: str, message_id: int, emoji: str = "👍", reacted: bool = True) -> Asked:
        return self.has_reacted(self.is_reacting(member, message_id, emoji), emoji, reacted)

    def is_marking(self, member: str, room: int = ROOM) -> Asked:
        return self.begins(member, "markRead", verb="mark-room-read", conversation_id=room)

    def has_marked(self, asked: Asked, number: int) -> Asked:
        return self.answers(asked, 200, {"success": True, "message": f"Marked {number} messages as read"})

    def marks(self, member: str, number: int, room: int = ROOM) -> Asked:
        """The member marks the room as read; ``number`` messages were not."""
        return self.has_marked(self.is_marking(member, room), number)

    def is_listing(self, member: str, room: int = ROOM, page: int = 1, **how: Any) -> Asked:
        query = {"page": page} if page > 1 else None
        return self.begins(
            member,
            "getConversation",
            **({"verb": "list-messages"} | how),
            query=query,
            conversation_id=room,
        )

    def has_listed(
        self, asked: Asked, *shown: Object, room: int = ROOM, count: int | None = None, more: bool = False
    ) -> Asked:
        """A page of ``shown`` messages, the newest first; ``more`` when another one follows."""
        following = f"http://told.test/api/messaging/conversations/{room}/?page=2" if more else None
        answer: Object = {
            "count": len(shown) if count is None else count,
            "next": following,
            "previous": None,
            "success": True,
            "conversation": {"id": room, "title": f"Chat with {self._peer(asked, room)}"},
            "messages": list(shown),
        }
        return self.answers(asked, 200, answer)

    def _peer(self, asked: Asked, room: int) -> str:
        """Whom whoever asked talks to in ``room``."""
        one, other = self._pairs.get(room, ("alice", "bob"))
        return other if self._askers[asked.exchange] == one else one

    def lists(
        self,
        member: str,
        *shown: Object,
        room: int = ROOM,
        count: int | None = None,
        more: bool = False,
        page: int = 1,
    ) -> Asked:
        return self.has_listed(self.is_listing(member, room, page), *shown, room=room, count=count, more=more)

    def lists_rooms(self, member: str, *shown: Object) -> Asked:
        """The list as ``member`` is shown it: a room that is a chat with somebody is one with the other member."""
        asked = self.begins(member, "listConversations", verb="list-rooms")
        titled = [self._titled(member, one) for one in shown]
        return self.answers(asked, 200, {"success": True, "conversations": titled})

    def _titled(self, viewer: str, shown: Object) -> Object:
        others = [one["username"] for one in shown["participants"] if one["username"] != viewer]
        given = str(shown["title"])
        return shown | {
            "title": f"Chat with {', '.join(others)}" if given.startswith("Chat with ") else given
        }

    # -- ears

    def is_opening(self, member: str, socket: str = "", role: str = "member") -> str:
        name = socket or f"s-{member}"
        self.add(
            SocketOpening(
                socket=name,
                member=member,
                role=role,
                name="inbox",
                channel="messaging",
                url="ws://told.test/ws/messaging/",
            )
        )
        return name

    def is_open(self, socket: str) -> int:
        return self.add(SocketOpened(socket=socket))

    def is_turned_away(self, socket: str, status: int) -> int:
        return self.add(SocketRefused(socket=socket, status=status, detail="told"))

    def listens(self, member: str, socket: str = "", role: str = "member") -> str:
        """A socket opens; returns its name, ``s-<member>`` unless it is given another."""
        name = self.is_opening(member, socket, role)
        self.is_open(name)
        return name

    def closes(self, socket: str, by: Literal["us", "server", "nobody"] = "us", code: int = 1000) -> int:
        return self.add(SocketClosed(socket=socket, by=by, code=code))

    def strikes(self, asked: Asked | None = None, socket: str = "", *, lossy: bool = True) -> int:
        """A fault of ours strikes an exchange, or a socket."""
        fault = "cut" if lossy else "slice"
        return self.add(
            FaultStruck(exchange=asked.exchange if asked else "", socket=socket, fault=fault, lossy=lossy)
        )

    def says(self, member: str, text: str, *, room: int = ROOM, socket: str = "") -> Asked:
        """The member says a text on a socket (section 3)."""
        self._exchanges += 1
        exchange = f"x{self._exchanges}"
        n = self.add(
            FrameSaid(
                exchange=exchange,
                socket=socket or f"s-{member}",
                verb="send-text",
                frame="clientMessage",
                payload=Body("json", {"message": text, "conversation_id": room}),
            )
        )
        return Asked(exchange, n)

    def hears(self, member: str, frame: Json | Body, socket: str = "") -> int:
        """A socket hears a frame; returns the number of that entry."""
        body = frame if isinstance(frame, Body) else Body("json", frame)
        return self.add(FrameHeard(socket=socket or f"s-{member}", payload=body))

    # -- what is to be said of it

    def world(self) -> World:
        return documents().world(self.entries)

    def verdict(self) -> ApiVerdict:
        return documents().judge(self.entries)

    def findings(self) -> tuple[Finding, ...]:
        """What every check finds in it; it is ended first, unless it has an end."""
        if not any(isinstance(entry, RunEnded) for entry in self.entries):
            self.ends()
        return all_findings(self.world())

    def the_finding(self, check: str) -> Finding:
        """The only finding there is, which is ``check``'s."""
        found = self.findings()
        assert [one.check for one in found] == [check], found
        return found[0]
