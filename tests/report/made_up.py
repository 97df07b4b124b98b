"""Made-up runs: a history of two cases with hostile text in it, and verdicts on it, of every kind."""

from __future__ import annotations

from dataclasses import dataclass, replace

from earwitness.checks.model import Finding
from earwitness.checks.remarks import Remark
from earwitness.errors import ExitCode
from earwitness.history import (
    Body,
    CaseEnded,
    CaseStarted,
    Claimed,
    ClockMoved,
    Entry,
    FaultStruck,
    FrameHeard,
    FrameSaid,
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
from earwitness.verdict import ApiVerdict, CaseVerdict, Evidence, ItemVerdict, OperationVerdict, Verdict

# What a hostile server might say: markup, template code, terminal controls, direction marks, a lone surrogate, shell code.
HOSTILE = (
    "<script>alert(1)</script><img src=http://evil.example/x onerror=alert(2)>\" ' onclick='x' {{ 7*7 }} {% raw %}"
    " \x1b[2J\x07 \u202egnp.exe \ud800 \x00 ]]> --> </style></title></pre> $(touch /tmp/owned) `id` [red]markup[/red]"
)
AUTH = {"Authorization": "Token $ALICE_TOKEN"}
HTTP = "http://127.0.0.1:8000"
WS = "ws://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of the entries that evidence names."""

    send: int
    answer: int
    bob_heard: int
    carol_opens: int
    said: int
    refused: int


def history(text: str = HOSTILE, extra_frames: int = 0) -> tuple[tuple[Entry, ...], Numbers]:
    """A run with two cases: alice sends ``text`` by HTTP, bob hears it; then alice says it on her socket and is not answered."""
    entries: list[Entry] = []

    def add(entry: Entry) -> int:
        n = len(entries) + 1
        entries.append(replace(entry, n=n, t=1_000_000_000 + n * 3_100_000))
        return n

    add(
        RunStarted(
            run="r1", api="fe16ops", deployment="staging", http=HTTP, ws=WS, seed=7, wall_clock="2025-11-21T08:00:00Z",
            known_failures=({"match": HOSTILE, "reason": "ticket 7", "expires": "2026-01-31"},),
            settings={"only": ["checklist"], "tiers": ["read", "write-own"]}, versions={"earwitness": "0.1.0", "python": "3.11.2"},
        )
    )  # fmt: skip
    for member in ("alice", "bob", "carol"):
        add(MemberJoined(member=member, attributes={"id": member}))
    add(
        CaseStarted(
            case="c1",
            suite="scenarios.messages",
            title="a new message reaches the others",
            covers=("fe16ops:MSG-2",),
        )
    )
    for member in ("bob", "carol"):
        opening = SocketOpening(
            case="c1", socket=f"s-{member}", member=member, name="inbox", channel="messaging",
            url=f"{WS}/ws/messaging/?token=${member.upper()}_TOKEN",
        )  # fmt: skip
        carol_opens = add(opening)
        add(SocketOpened(case="c1", socket=f"s-{member}"))
    send = add(
        Request(
            case="c1", exchange="x1", member="alice", verb="send-text", operation="sendMessage", method="POST",
            url=f"{HTTP}/conversations/12/messages/", headers={**AUTH, "Content-Type": "application/json"},
            body=Body("json", {"content": text}),
        )
    )  # fmt: skip
    bob_heard = add(
        FrameHeard(
            case="c1",
            socket="s-bob",
            payload=Body("json", {"type": "new_message", "message": {"content": text}}),
        )
    )
    answer = add(
        Response(
            case="c1", exchange="x1", status=201, body=Body("json", {"message": {"id": 5, "content": text}})
        )
    )
    for number in range(extra_frames):
        add(
            FrameHeard(
                case="c1",
                socket="s-bob",
                payload=Body("json", {"type": "typing", "number": number, "pad": "x" * 3000}),
            )
        )
    add(FaultStruck(case="c1", exchange="x1", fault="slice", detail="in pieces of 1 byte", lossy=False))
    add(Claimed(case="c1", claim="heard", sentence="bob hears the message"))
    add(ClockMoved(case="c1", seconds=31))
    add(Settled(case="c1", complete=False, waited_ms=2000))
    add(SocketClosed(case="c1", socket="s-carol", code=1011, reason=text[:50], by="server"))
    add(CaseEnded(case="c1"))
    add(CaseStarted(case="c2", suite="contracts.frames", title="a frame is taken"))
    add(
        SocketOpening(
            case="c2", socket="s-alice", member="alice", name="inbox", channel="messaging",
            url=f"{WS}/ws/messaging/", headers={"Authorization": "Token $ALICE_TOKEN"},
        )
    )  # fmt: skip
    add(SocketOpened(case="c2", socket="s-alice"))
    said = add(FrameSaid(case="c2", exchange="x2", socket="s-alice", verb="send-text", frame="clientMessage",
                         payload=Body("json", {"message": text})))  # fmt: skip
    add(
        Request(
            case="c2",
            exchange="x3",
            member="bob",
            role="anonymous",
            method="GET",
            url=f"{HTTP}/conversations/",
        )
    )
    add(NoAnswer(case="c2", exchange="x3", reason="timeout", detail=text[:50]))
    opening = SocketOpening(
        case="c2",
        socket="s-bad",
        member="carol",
        role="bad-token",
        channel="messaging",
        url=f"{WS}/ws/messaging/?token=garbage",
    )
    add(opening)
    refused = add(SocketRefused(case="c2", socket="s-bad", status=418, detail=text[:50]))
    add(
        Reported(
            case="c2",
            engine="schemathesis",
            code="status",
            title="Undocumented status",
            message=text,
            exchange="x3",
        )
    )
    add(CaseEnded(case="c2", outcome="not-run", reason="no lever"))
    add(RunEnded())
    return tuple(entries), Numbers(send, answer, bob_heard, carol_opens, said, refused)


def finding(numbers: Numbers, **changes: object) -> Finding:
    """A lost event, told in hostile words."""
    base = Finding(
        check="delivery-lost",
        cause="delivery-lost:message-created:send-text/http",
        basis="stated",
        severity="high",
        clause="3",
        expected=f"carol hears message-created of {HOSTILE!s}",
        heard="nothing of it within 2000 ms, on 1 of 2 sockets that must",
        evidence=(numbers.send, numbers.carol_opens),
        case="c1",
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # tests name fields of the dataclass


def case(verdict: Verdict, number: int = 1, **changes: object) -> CaseVerdict:
    """A case that came to ``verdict``."""
    base = CaseVerdict(
        id=f"c{number}", suite="scenarios.messages", title=f"title {HOSTILE}", covers=("fe16ops:MSG-2",), operations=("sendMessage",),
        verdict=verdict, reason=f"because {HOSTILE}", evidence=(), findings=(), started=1, seconds=0.25,
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]  # tests name fields of the dataclass


def api(numbers: Numbers, **changes: object) -> ApiVerdict:
    """An API with an item and a case of every verdict, two findings of one cause, a note and a known failure."""
    proofs = tuple(
        Evidence(
            f"carol hears it {HOSTILE}",
            verdict,
            f"expected {HOSTILE}",
            f"heard {HOSTILE}",
            (numbers.send, numbers.answer),
            "c1",
        )
        for verdict in Verdict
    )
    lost = finding(numbers)
    items = tuple(
        ItemVerdict(f"MSG-{place}", f"Section {place // 5} {HOSTILE}", f"text {HOSTILE}", "5.MSG", proof.verdict,
                    f"reason {HOSTILE}", (proof,), ("c1", "c2"))
        for place, proof in enumerate(proofs)
    )  # fmt: skip
    cases = (
        case(Verdict.FAIL, 1, findings=(lost,), evidence=proofs, title="a new message reaches the others"),
        case(Verdict.NOT_RUN, 2, title="a frame is taken", reason="no lever: mint-member"),
        *(case(verdict, number) for number, verdict in enumerate(Verdict, start=3)),
    )
    base = ApiVerdict(
        api="fe16ops", title="FE-16OPS", deployment=f"staging {HOSTILE}", foreign=True, seed=7, verdict=Verdict.FAIL,
        exit_code=ExitCode.FAILED, items=items,
        operations=(
            OperationVerdict("sendMessage", "POST", "/conversations/{id}/messages/", {"201": 12, "404": 2}, ("400",)),
            OperationVerdict(HOSTILE, "GET", f"/{HOSTILE}", {}, ()),
        ),
        findings=(lost, replace(lost, case="c2", severity="critical")),
        notes=(finding(numbers, check="page-size", cause="page-size:listMessages", basis="decided", evidence=(numbers.said,)),),
        known=(finding(numbers, check=HOSTILE, cause=HOSTILE, evidence=(numbers.refused,)),),
        cases=cases, outcome="finished", reason="", waited_ms=2100, seconds=12.34, counts={"requests": 2, "frames heard": 1},
        remarks=(Remark("existence-is-told", f"ids are told {HOSTILE}", ("sendMessage", HOSTILE), ("CWE-204",)),),
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]  # tests name fields of the dataclass
