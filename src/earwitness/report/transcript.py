"""A case's history as people tell it: when, who, said or heard what, and what should have been heard beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from earwitness.history import (
    CaseEnded,
    Claimed,
    Entry,
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


@dataclass(frozen=True, slots=True)
class Remark:
    """What stands beside a line: what should have been, or which promise the line proves."""

    text: str
    bad: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened. ``ms`` counts from the case's start; ``way`` is ``→`` (said), ``←`` (heard) or ``·``
    (neither); ``said`` and ``answered`` are what was carried; ``remark`` is what should have been."""

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
    lines = [line for e in shown[begin : begin + keep] if (line := _line(e, start, past, told)) is not None]
    return Transcript(case, tuple(_within_bounds(lines)), begin, max(0, len(shown) - begin - keep))


def remarks_on(case: CaseVerdict) -> dict[int, Remark]:
    """What there is to say beside the entries of a case: the broken promises first, then those that were kept."""
    texts: dict[int, dict[str, None]] = {}
    for finding in case.findings:
        for n in finding.evidence[:1]:
            texts.setdefault(n, {})[
                f"expected {one_line(finding.expected)}; heard {one_line(finding.heard)}"
            ] = None
    for proof in case.evidence:
        if proof.verdict is not Verdict.PASS:
            for n in proof.entries[:1]:
                texts.setdefault(n, {})[
                    f"expected {one_line(proof.expected)}; heard {one_line(proof.heard)}"
                ] = None
    remarks = {n: Remark(" · ".join(of), True) for n, of in texts.items()}
    for proof in case.evidence:
        if proof.verdict is Verdict.PASS:
            for n in proof.entries[:1]:
                remarks.setdefault(n, Remark(f"as it should be: {one_line(proof.sentence)}", False))
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
        case Request() | FrameSaid() | FrameHeard() | SocketOpening() | Claimed() | Settled() | Reported():
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

    def row(who: str, way: str, what: str, **more: str) -> Line:
        return Line(
            entry.n, ms, printable(who), way, one_line(what), remark=remark.text, bad=remark.bad, **more
        )

    match entry:
        case Request():
            outcome, answered = _answer(past.answers.get(entry.exchange), entry.t)
            who = entry.member or "nobody"
            who += "" if entry.role in ("", "member") else f" ({entry.role})"
            what = f"{entry.method} {past.short(entry.url)}"
            return row(who, "→", what, outcome=outcome, said=_body(body_text(entry.body)), answered=answered)
        case FrameSaid():
            said = _body(body_text(entry.payload))
            return row(past.member_of(entry.socket) or "somebody", "→", entry.frame or "a frame", said=said)
        case FrameHeard():
            what = kind_of(entry.payload.value) or "a frame"
            said = _body(body_text(entry.payload))
            return row(past.member_of(entry.socket) or "somebody", "←", what, said=said)
        case SocketOpening():
            who = entry.member or "nobody"
            who += "" if entry.role in ("", "member") else f" ({entry.role})"
            return row(who, "→", f"opens {past.short(entry.url)}", outcome=_handshake(entry, past))
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
        case Claimed():
            return row("", "·", f"claim: {entry.sentence}")
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
