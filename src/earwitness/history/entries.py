"""The kinds of entry a history is made of: everything that happened in a run, one frozen record each."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import ClassVar, Literal, TypeAlias

Json: TypeAlias = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]


@dataclass(frozen=True, slots=True)
class Body:
    """What a request, response or frame carried, kept readable where it can be.

    ``form`` says how ``value`` is to be read: ``none`` (nothing was carried), ``json`` (the decoded document), ``text``
    (a string that is no JSON), ``base64`` (bytes that are no UTF-8) or ``parts`` (the parts of a multipart body).
    ``cut`` counts the bytes that were left out because the body was larger than the history keeps.
    """

    form: Literal["none", "json", "text", "base64", "parts"] = "none"
    value: Json = None
    cut: int = 0

    @staticmethod
    def of(data: bytes | str | None, keep: int = 1_000_000) -> Body:
        """The body that ``data`` makes; bytes beyond ``keep`` are cut and counted."""
        if data is None or len(data) == 0:
            return Body()
        raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        cut = max(0, len(raw) - keep)
        if cut:
            return Body("text", raw[:keep].decode("utf-8", "replace"), cut)
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            return Body("base64", base64.b64encode(raw).decode("ascii"))
        try:
            return Body("json", json.loads(text, parse_constant=_no_constant))
        except (ValueError, RecursionError):
            return Body("text", text)

    @property
    def is_json(self) -> bool:
        return self.form == "json"


def _no_constant(name: str) -> Json:
    # NaN and Infinity are no JSON (RFC 8259, section 6), though Python's parser takes them.
    raise ValueError(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What every entry has: ``n``, its place in the history; ``t``, monotonic nanoseconds; ``case``, the exercise it
    belongs to ("" outside of any)."""

    kind: ClassVar[str] = "entry"
    n: int = 0
    t: int = 0
    case: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted(Entry):
    """The head of a history: what is needed to judge it later without asking anybody.

    ``foreign`` is true unless the deployment is our own reference server; ``deadline_ms`` is how long an event may
    take; ``adopted`` names decided promises that this deployment has made its own; ``known_failures`` are listed with a
    reason and an expiry date.
    """

    kind: ClassVar[str] = "run-started"
    run: str = ""
    api: str = ""
    deployment: str = ""
    http: str = ""
    ws: str = ""
    foreign: bool = True
    deadline_ms: int = 5_000
    adopted: tuple[str, ...] = ()
    known_failures: tuple[Mapping[str, Json], ...] = ()
    seed: int = 0
    settings: Mapping[str, Json] = field(default_factory=dict)
    wall_clock: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined(Entry):
    """A test member enters the run: its name and its attributes (never its token)."""

    kind: ClassVar[str] = "member-joined"
    member: str = ""
    attributes: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStarted(Entry):
    """An exercise begins. ``covers`` names checklist items (``fe16ops:MSG-2``), ``operations`` what it reports on."""

    kind: ClassVar[str] = "case-started"
    suite: str = ""
    title: str = ""
    covers: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEnded(Entry):
    """An exercise ends: ``done`` (the claims and checks decide), ``not-run`` or ``unimplemented`` (with the reason),
    ``unreachable`` (the deployment could not be tested) or ``crashed`` (an error of ours)."""

    kind: ClassVar[str] = "case-ended"
    outcome: Literal["done", "not-run", "unimplemented", "unreachable", "crashed"] = "done"
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Entry):
    """An HTTP request leaves. ``exchange`` ties it to its answer, ``role`` is how it authenticates (``member``,
    ``anonymous``, ``bad-token``, ...), ``valid`` says whether it is meant to fit the spec, ``due`` is when it was
    planned (load only)."""

    kind: ClassVar[str] = "request"
    exchange: str = ""
    member: str = ""
    role: str = "member"
    verb: str = ""
    operation: str = ""
    method: str = ""
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Body = field(default_factory=Body)
    source: str = ""
    due: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response(Entry):
    """The answer to a request."""

    kind: ClassVar[str] = "response"
    exchange: str = ""
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Body = field(default_factory=Body)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer(Entry):
    """A request stays without an answer: what it asked for is unknown. ``reason`` is one of ``refused`` (no connection
    was made, so nothing was done), ``cut`` (the connection broke), ``timeout``, ``malformed``, or ``given-up`` (we were
    interrupted while we waited)."""

    kind: ClassVar[str] = "no-answer"
    exchange: str = ""
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketOpening(Entry):
    """A member starts to open a socket; ``room`` or ``peer`` when the channel's address names one."""

    kind: ClassVar[str] = "socket-opening"
    socket: str = ""
    member: str = ""
    role: str = "member"
    name: str = ""
    channel: str = ""
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    room: str = ""
    peer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketOpened(Entry):
    """The handshake succeeded (status 101)."""

    kind: ClassVar[str] = "socket-opened"
    socket: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketRefused(Entry):
    """The handshake failed: with an HTTP ``status``, or without any (``status`` 0, ``detail`` says why)."""

    kind: ClassVar[str] = "socket-refused"
    socket: str = ""
    status: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketClosed(Entry):
    """An open socket is over. ``by`` is ``us``, ``server`` (a close frame came) or ``nobody`` (the connection broke)."""

    kind: ClassVar[str] = "socket-closed"
    socket: str = ""
    code: int = 0
    reason: str = ""
    by: Literal["us", "server", "nobody"] = "us"


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameSaid(Entry):
    """A member says a frame. ``exchange`` names it as the cause of what others hear."""

    kind: ClassVar[str] = "frame-said"
    exchange: str = ""
    socket: str = ""
    verb: str = ""
    frame: str = ""
    payload: Body = field(default_factory=Body)
    source: str = ""
    due: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameHeard(Entry):
    """A socket hears a frame."""

    kind: ClassVar[str] = "frame-heard"
    socket: str = ""
    payload: Body = field(default_factory=Body)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockMoved(Entry):
    """The deployment's clock was moved on by ``seconds``, by a lever: what expires there does so by that clock."""

    kind: ClassVar[str] = "clock-moved"
    seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultStruck(Entry):
    """A fault of our own strikes an exchange or a socket on its way to the server: ``fault`` is what it is called, ``detail`` says
    what it does. After a ``lossy`` one, what does not arrive, or arrives late, tells nothing of the server."""

    kind: ClassVar[str] = "fault-struck"
    exchange: str = ""
    socket: str = ""
    fault: str = ""
    detail: str = ""
    lossy: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled(Entry):
    """An exercise has waited for what was due. ``complete`` is false when the deadline came first; ``waited_ms`` is the
    time that the exercise has spent waiting since its beginning, ``grace_ms`` how long it listened on after the last fence,
    some or all of it while it was judged."""

    kind: ClassVar[str] = "settled"
    complete: bool = True
    waited_ms: int = 0
    grace_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed(Entry):
    """An exercise states what must be so; the verdict is worked out from the history, not by the exercise.

    ``claim`` names the kind (see ``earwitness.checks.claims``), ``args`` its arguments, ``sentence`` says it to people.
    """

    kind: ClassVar[str] = "claimed"
    claim: str = ""
    args: Mapping[str, Json] = field(default_factory=dict)
    sentence: str = ""
    basis: str = "stated"
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported(Entry):
    """Another engine's finding (Schemathesis) enters the history, in that engine's words."""

    kind: ClassVar[str] = "reported"
    engine: str = ""
    operation: str = ""
    code: str = ""
    title: str = ""
    message: str = ""
    exchange: str = ""
    basis: str = "stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded(Entry):
    """The run is over: ``finished``, ``interrupted`` or ``died`` (the deployment did)."""

    kind: ClassVar[str] = "run-ended"
    outcome: Literal["finished", "interrupted", "died"] = "finished"
    reason: str = ""


KINDS: Mapping[str, type[Entry]] = {
    entry.kind: entry
    for entry in (
        RunStarted,
        MemberJoined,
        CaseStarted,
        CaseEnded,
        Request,
        Response,
        NoAnswer,
        SocketOpening,
        SocketOpened,
        SocketRefused,
        SocketClosed,
        FrameSaid,
        FrameHeard,
        ClockMoved,
        FaultStruck,
        Settled,
        Claimed,
        Reported,
        RunEnded,
    )
}


def to_json(entry: Entry) -> dict[str, Json]:
    """The entry as a JSON object: ``kind`` first, empty values left out where they are what is meant by nothing."""
    out: dict[str, Json] = {"kind": entry.kind}
    for spec in fields(entry):
        value = getattr(entry, spec.name)
        if isinstance(value, Body):
            if value.form != "none":
                out[spec.name] = {"form": value.form, "value": value.value} | (
                    {"cut": value.cut} if value.cut else {}
                )
        elif spec.name == "n" or value not in ("", None, (), {}) or value != _default(spec):
            out[spec.name] = value
    return out


def _default(spec: Field[object]) -> object:
    return spec.default if spec.default_factory is MISSING else spec.default_factory()


def from_json(record: Mapping[str, Json]) -> Entry:
    """The entry that ``to_json`` made ``record`` from.

    Raises ValueError when it is no object, or when the kind or a field is unknown.
    """
    if not isinstance(record, Mapping):
        raise ValueError(f"{record!r:.60} is no object")
    kind = record.get("kind")
    cls = KINDS.get(str(kind))
    if cls is None:
        raise ValueError(f"unknown kind of entry: {kind!r}")
    known = {spec.name: spec for spec in fields(cls)}
    values: dict[str, object] = {}
    for name, value in record.items():
        if name == "kind":
            continue
        if name not in known:
            raise ValueError(f"{kind} has no field {name!r}")
        if name in ("body", "payload") and isinstance(value, Mapping):
            values[name] = Body(**value)  # type: ignore[arg-type]  # the three fields are checked by the dataclass itself
        elif isinstance(value, list) and str(known[name].type).startswith("tuple"):
            values[name] = tuple(value)
        else:
            values[name] = value
    return cls(**values)  # type: ignore[arg-type]  # names were checked above; values are what to_json wrote
