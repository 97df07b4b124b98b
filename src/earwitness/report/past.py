"""A history, indexed by what a report asks of it: an entry by number, an answer by exchange, a socket by id, a case's entries."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from earwitness.history import (
    Entry,
    FaultStruck,
    FrameSaid,
    MemberJoined,
    NoAnswer,
    Reported,
    Request,
    Response,
    RunEnded,
    RunStarted,
    SocketClosed,
    SocketOpened,
    SocketOpening,
    SocketRefused,
)


@dataclass(frozen=True, slots=True)
class Past:
    """A history and its indexes. ``openings`` says how the handshake of each socket came out."""

    entries: tuple[Entry, ...]
    by_number: Mapping[int, Entry]
    sent: Mapping[str, Request | FrameSaid]
    answers: Mapping[str, Response | NoAnswer]
    sockets: Mapping[str, SocketOpening]
    openings: Mapping[str, SocketOpened | SocketRefused]
    cases: Mapping[str, tuple[Entry, ...]]
    members: tuple[str, ...]
    run: RunStarted
    ended: RunEnded | None

    @staticmethod
    def of(history: Sequence[Entry]) -> Past:
        """The index of ``history``; an empty one when nothing happened."""
        sent: dict[str, Request | FrameSaid] = {}
        answers: dict[str, Response | NoAnswer] = {}
        sockets: dict[str, SocketOpening] = {}
        openings: dict[str, SocketOpened | SocketRefused] = {}
        cases: dict[str, list[Entry]] = {}
        members: dict[str, None] = {}
        run, ended = RunStarted(), None
        for entry in history:
            if entry.case:
                cases.setdefault(entry.case, []).append(entry)
            match entry:
                case Request() | FrameSaid():
                    sent[entry.exchange] = entry
                case Response() | NoAnswer():
                    answers[entry.exchange] = entry
                case SocketOpening():
                    sockets[entry.socket] = entry
                case SocketOpened() | SocketRefused():
                    openings[entry.socket] = entry
                case MemberJoined():
                    members.setdefault(entry.member)
                case RunStarted():
                    run = entry
                case RunEnded():
                    ended = entry
                case _:
                    pass
        for one in (*sent.values(), *sockets.values()):
            members.setdefault(one.member if not isinstance(one, FrameSaid) else "")
        return Past(
            entries=tuple(history),
            by_number={entry.n: entry for entry in history},
            sent=sent,
            answers=answers,
            sockets=sockets,
            openings=openings,
            # Other engines' logs come in late: their entries carry the time at which things happened.
            cases={case: tuple(sorted(of, key=lambda e: (e.t, e.n))) for case, of in cases.items()},
            members=tuple(name for name in members if name),
            run=run,
            ended=ended,
        )

    def act(self, n: int) -> Request | FrameSaid | SocketOpening | None:
        """What we did that entry ``n`` tells of: the request of an answer, the opening of a socket that heard."""
        entry = self.by_number.get(n)
        if isinstance(entry, Request | FrameSaid | SocketOpening):
            return entry
        if isinstance(entry, Response | NoAnswer | Reported) or (
            isinstance(entry, FaultStruck) and entry.exchange
        ):
            return self.sent.get(entry.exchange)
        socket = getattr(entry, "socket", "")
        return self.sockets.get(socket) if socket else None

    def member_of(self, socket: str) -> str:
        """Whose socket this is; "" when the history does not tell."""
        opening = self.sockets.get(socket)
        return opening.member if opening else ""

    def whose(self, struck: FaultStruck) -> str:
        """Whose exchange or socket a fault has struck; "" when the history does not tell."""
        sent = self.sent.get(struck.exchange)
        return sent.member if isinstance(sent, Request) else self.member_of(struck.socket)

    def short(self, url: str) -> str:
        """``url`` without the deployment's own address in front of it."""
        for base in (self.run.http, self.run.ws):
            if base and url.startswith(base):
                return url[len(base) :] or "/"
        return url

    def listed(self, *names: str) -> str:
        """Why the deployment file lists what goes by one of ``names`` as a known failure, and until when; "" when it
        does not."""
        for known in self.run.known_failures:
            if known.get("match") in names:
                return f"{known.get('reason', '')} (until {known.get('expires', 'further notice')})"
        return ""

    def closed_by_us(self, entry: SocketClosed) -> bool:
        """Whether the end of a socket is nothing to tell: we closed it, in good order."""
        return entry.by == "us" and entry.code in (0, 1000, 1001, 1005)


def variable(member: str) -> str:
    """The front of the shell variables that stand for a member's secrets, as the redaction spells them: ``alice`` gives
    ``ALICE``."""
    return re.sub(r"[^A-Z0-9]", "_", member.upper())
