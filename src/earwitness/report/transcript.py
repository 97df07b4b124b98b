"""A case's history as people tell it: when, who, said or heard what, and what should have been heard beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from earwitness.history import (
    CaseEnded,
    Claimed,
    ClockMoved,
    Entry,
    FaultStruck,
    FrameHeard,
    FrameSaid,
    Json,
    NoAnswer,
    Reported,
    Request,
    Response,
    Settled,
    SocketClosed,
    SocketOpening,
    SocketRefused,
)
from earwitness.report.past import Past
from earwitness.report.text import BODY_KEPT, block, body_text, clip, one_line, printable
from earwitness.verdict import CaseVerdict, Verdict

MOST_LINES = 200
# A transcript as a whole: beyond it bodies are cut to a line's worth.
TEXT_KEPT = 60_000
SHORT_BODY = 160

CLAIM: Final = "claim: "
KEPT: Final = "as it should be: "

# What no member does.
_NOBODYS: Final = Claimed | Settled | Reported | CaseEnded | ClockMoved


@dataclass(frozen=True, slots=True)
class Remark:
    """What stands beside a line: what should have been, or which promise the line proves."""

    text: str
    bad: bool
    # What was expected, and what was heard instead, for each promise that was broken here.
    sides: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. ``ms`` counts from the case's start; ``way`` is ``→`` (said), ``←`` (heard) or ``·``
    (neither); ``said`` and ``answered`` are what was carried; ``remark`` is what should have been. ``lane`` is the member
    without a role, ``socket`` names one of several that a member has; both are empty where there is none."""

    n: int
    ms: float
    who: str
    way: str
    what: str
    outcome: str = ""
    said: str = ""
    answered: str = ""
    remark: str = ""
    bad: bool = False
    sides: tuple[tuple[str, str], ...] = ()
    lane: str = ""
    role: str = ""
    socket: str = ""

    def __str__(self) -> str:
        head = f"{self.ms:9.1f} ms  {self.who or '-'} {self.way} {self.what}"
        tail = "  ".join(part for part in (self.said, self.outcome, self.answered) if part)
        text = f"{head}  {tail}" if tail else head
        return f"{text}\n{'':14}{self.remark}" if self.remark else text


@dataclass(frozen=True, slots=True)
class Transcript:
    """The lines of a case, and how many were left out before and after them."""

    case: str
    lines: tuple[Line, ...]
    before: int = 0
    after: int = 0

    def __str__(self) -> str:
        rows = [str(line) for line in self.lines]
        if self.before:
            rows.insert(0, f"… {self.before} lines before")
        if self.after:
            rows.append(f"… {self.after} lines after")
        return "\n".join(rows)


def transcript(
    case: str, past: Past, remarks: Mapping[int, Remark] | None = None, keep: int = MOST_LINES
) -> Transcript:
    """What happened in ``case``: at most ``keep`` lines, chosen around the first one that went wrong.

    ``remarks`` are by the number of the entry they are about; an answer's remark stands at its request.
    """
    entries = past.cases.get(case, ())
    told = _at_their_request(remarks or {}, past)
    start = entries[0].t if entries else 0
    shown = [e for e in entries if _is_told(e, past)]
    first = next((place for place, e in enumerate(shown) if e.n in told and told[e.n].bad), 0)
    begin = max(0, min(first - keep // 4, len(shown) - keep))
    names = _socket_names(entries, past)
    lines = [
        replace(line, socket=names.get(getattr(e, "socket", ""), ""))
        for e in shown[begin : begin + keep]
        if (line := _line(e, start, past, told)) is not None
    ]
    return Transcript(case, tuple(_within_bounds(lines)), begin, max(0, len(shown) - begin - keep))


def _socket_names(entries: Iterable[Entry], past: Past) -> dict[str, str]:
    """A name for each socket of a member who has several in these entries."""
    by_member: dict[str, dict[str, None]] = {}
    for entry in entries:
        socket = getattr(entry, "socket", "")
        if socket:
            by_member.setdefault(past.member_of(socket), {})[socket] = None
    return {
        socket: f"socket {place}"
        for sockets in by_member.values()
        if len(sockets) > 1
        for place, socket in enumerate(sockets, start=1)
    }


def remarks_on(case: CaseVerdict) -> dict[int, Remark]:
    """What there is to say beside the entries of a case: the broken promises first, then those that were kept."""
    broken: dict[int, dict[tuple[str, str], None]] = {}
    for finding in case.findings:
        for n in finding.evidence[:1]:
            broken.setdefault(n, {})[one_line(finding.expected), one_line(finding.heard)] = None
    for proof in case.evidence:
        if proof.verdict is not Verdict.PASS:
            for n in proof.entries[:1]:
                broken.setdefault(n, {})[one_line(proof.expected), one_line(proof.heard)] = None
    remarks = {
        n: Remark(
            " · ".join(f"expected {expected}; heard {heard}" for expected, heard in of), True, tuple(of)
        )
        for n, of in broken.items()
    }
    for proof in case.evidence:
        if proof.verdict is Verdict.PASS:
            for n in proof.entries[:1]:
                remarks.setdefault(n, Remark(KEPT + one_line(proof.sentence), False))
    return remarks


def _at_their_request(remarks: Mapping[int, Remark], past: Past) -> dict[int, Remark]:
    told: dict[int, Remark] = {}
    for n, remark in remarks.items():
        entry = past.by_number.get(n)
        request = past.sent.get(entry.exchange) if isinstance(entry, Response | NoAnswer) else None
        told.setdefault(request.n if request else n, remark)
    return told


def _is_told(entry: Entry, past: Past) -> bool:
    match entry:
        case (
            Request()
            | FrameSaid()
            | FrameHeard()
            | FaultStruck()
            | SocketOpening()
            | Claimed()
            | Settled()
            | Reported()
            | ClockMoved()
        ):
            return True
        case SocketClosed():
            return not past.closed_by_us(entry)
        case CaseEnded():
            return bool(entry.reason)
        case _:
            return False  # answers and openings stand with what they answer


def _line(entry: Entry, start: int, past: Past, told: Mapping[int, Remark]) -> Line | None:
    ms = (entry.t - start) / 1e6
    remark = told.get(entry.n, Remark("", False))

    def row(
        member: str,
        way: str,
        what: str,
        role: str = "",
        outcome: str = "",
        said: str = "",
        answered: str = "",
    ) -> Line:
        who, role = printable(member), "" if role in ("", "member") else printable(role)
        lane = "" if isinstance(entry, _NOBODYS) else who
        return Line(
            entry.n, ms, f"{who} ({role})" if role else who, way, one_line(what), outcome, said, answered,
            remark.text, remark.bad, remark.sides, lane, role,
        )  # fmt: skip

    match entry:
        case Request():
            outcome, answered = _answer(past.answers.get(entry.exchange), entry.t)
            who, what = entry.member or "nobody", f"{entry.method} {past.short(entry.url)}"
            said = _body(body_text(entry.body))
            return row(who, "→", what, entry.role, outcome=outcome, said=said, answered=answered)
        case FrameSaid():
            said = _body(body_text(entry.payload))
            return row(past.member_of(entry.socket) or "somebody", "→", entry.frame or "a frame", said=said)
        case FrameHeard():
            what = kind_of(entry.payload.value) or "a frame"
            said = _body(body_text(entry.payload))
            return row(past.member_of(entry.socket) or "somebody", "←", what, said=said)
        case SocketOpening():
            what = f"opens {past.short(entry.url)}"
            return row(entry.member or "nobody", "→", what, entry.role, outcome=_handshake(entry, past))
        case SocketClosed():
            by = {"us": "we closed", "server": "the server closed", "nobody": "the connection broke"}[
                entry.by
            ]
            code = f"{entry.code} {entry.reason}".strip() if entry.code else ""
            return row(
                past.member_of(entry.socket),
                "·",
                f"{by} the socket" if entry.by != "nobody" else by,
                outcome=one_line(code),
            )
        case FaultStruck():
            return row(past.whose(entry), "·", f"a fault on the way: {entry.detail or entry.fault}")
        case Claimed():
            return row("", "·", CLAIM + entry.sentence)
        case ClockMoved():
            return row("", "·", f"the deployment's clock was moved on by {entry.seconds} s")
        case Settled():
            how = "all that was due had come" if entry.complete else "not all that was due had come"
            return row("", "·", f"waited {entry.waited_ms} ms: {how}")
        case Reported():
            return row(entry.engine, "·", f"{entry.title}: {entry.message}")
        case CaseEnded():
            return row("", "·", f"{entry.outcome}: {entry.reason}")
        case _:
            return None


def _answer(answer: Response | NoAnswer | None, since: int) -> tuple[str, str]:
    match answer:
        case Response():
            return f"{answer.status} in {(answer.t - since) / 1e6:.1f} ms", _body(body_text(answer.body))
        case NoAnswer():
            return one_line(f"no answer ({answer.reason}) {answer.detail}".strip()), ""
        case _:
            return "no answer yet", ""


def _handshake(opening: SocketOpening, past: Past) -> str:
    came = past.openings.get(opening.socket)
    if came is None:
        return "never opened"
    if isinstance(came, SocketRefused):
        return one_line(f"refused {came.status or ''} {came.detail}".strip())
    return f"open in {(came.t - opening.t) / 1e6:.1f} ms"


def kind_of(payload: Json) -> str:
    """What a frame calls itself, by the names under which frames commonly do; "" when it does not say."""
    if not isinstance(payload, Mapping):
        return ""
    return next(
        (
            str(payload[name])
            for name in ("type", "event", "action", "entity")
            if isinstance(payload.get(name), str)
        ),
        "",
    )


def _body(text: str) -> str:
    return block(text, BODY_KEPT, stay="")


def _within_bounds(lines: Sequence[Line]) -> Iterable[Line]:
    spent = 0
    for line in lines:
        spent += len(line.said) + len(line.answered)
        if spent > TEXT_KEPT and not line.bad:
            line = replace(line, said=clip(line.said, SHORT_BODY), answered=clip(line.answered, SHORT_BODY))
        yield line
