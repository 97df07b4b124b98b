"""Pairs the entries of a history: requests with answers, sockets with their frames, cases with what belongs to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from earwitness.binding import Binding, Reading, read_frame, read_request
from earwitness.history import (
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
from earwitness.spec import ABSENT, FrameSpec, NotJson, Operation, Spec
from earwitness.world.addresses import peer_of_socket, room_of_socket, spelt_otherwise
from earwitness.world.forms import fields_of
from earwitness.world.register import NEVER


@dataclass(slots=True)
class Exchange:
    """A request with its answer, a frame that was said, or a socket that opened or closed: the cause of what others then hear.
    ``took`` is when what happened to a socket had happened. ``struck`` is the lossy fault of ours because of which nobody can tell
    whether it arrived, or its answer."""

    id: str
    entry: Request | FrameSaid | SocketOpening | SocketClosed
    member: str
    operation: Operation | None = None
    sent: Mapping[str, object] = field(default_factory=dict)
    readings: tuple[Reading, ...] = ()
    response: Response | None = None
    no_answer: NoAnswer | None = None
    struck: FaultStruck | None = None
    # What the answer gave to each step that it may be, once that was looked up; see ``state.what_it_gave``.
    given: dict[int, dict[str, object] | None] = field(default_factory=dict, repr=False, compare=False)
    took: int = 0

    @property
    def begun(self) -> int:
        return self.entry.t

    @property
    def done(self) -> float:
        """When it had certainly taken effect: at the answer; never, as far as anybody can tell, without one that says so."""
        return self.response.t if self.response is not None and not self.uncertain else NEVER

    @property
    def status(self) -> int:
        return self.response.status if self.response else 0

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300

    @property
    def uncertain(self) -> bool:
        """Whether nobody can tell if it was done: no answer (but a connection was there), the server failed in it, or it
        only pointed elsewhere."""
        if not self.by_http:
            return True
        if self.no_answer is not None:
            return self.no_answer.reason != "refused"
        return self.response is None or self.status >= 500 or 300 <= self.status < 400

    @property
    def by_http(self) -> bool:
        return isinstance(self.entry, Request)

    @property
    def as_member(self) -> bool:
        """Whether it carried the member's own, valid token."""
        return not isinstance(self.entry, Request | SocketOpening) or self.entry.role == "member"

    @property
    def source(self) -> str:
        """What made it, besides a member's verb; "" for nothing else."""
        return self.entry.source if isinstance(self.entry, Request | FrameSaid) else ""

    @property
    def since(self) -> float:
        """The moment from which what it causes is due."""
        return self.done if self.by_http else max(self.begun, self.took)

    @property
    def form(self) -> str:
        return "http" if self.by_http else "socket"

    def answer(self) -> object:
        """The answer's body: decoded, ``ABSENT`` when there was none, ``NotJson`` when it is something else."""
        if self.response is None or self.response.body.form == "none":
            return ABSENT
        if self.response.body.is_json:
            return self.response.body.value
        return NotJson(str(self.response.body.value))


@dataclass(slots=True)
class Socket:
    """A socket's life: opening, opened or refused, what it heard, closed; ``member`` as in ``Timeline.members``. ``room`` and
    ``peer`` are what its address names: what the room is called in the run, and a member. From ``struck`` on, a lossy fault of
    ours, it need not hear anything any more."""

    entry: SocketOpening
    member: str = ""
    room: str = ""
    peer: str = ""
    opened: SocketOpened | None = None
    refused: SocketRefused | None = None
    closed: SocketClosed | None = None
    struck: FaultStruck | None = None
    heard: list[FrameHeard] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.entry.socket

    def open_throughout(self, begun: float, done: float) -> bool:
        """Whether the socket was open all the time between two moments, and no fault of ours was in its way."""
        if (
            self.opened is None
            or self.opened.t > begun
            or (self.struck is not None and self.struck.t <= done)
        ):
            return False
        return self.closed is None or self.closed.t > done

    def was_cut_short(self, line: Timeline) -> bool:
        """Whether it was ended, not by us, within the time in which a refusal may come as a close after the handshake."""
        if self.opened is None or self.closed is None or self.closed.by == "us":
            return False
        return self.closed.t < self.opened.t + line.run.deadline_ms * 1_000_000

    def open_during(self, begun: float, done: float) -> bool:
        """Whether the socket may have been open at some moment between two."""
        if self.entry.t > done or self.refused is not None:
            return False
        return self.closed is None or self.closed.t >= begun


@dataclass(slots=True)
class Case:
    """An exercise: its head, its end and what it claimed."""

    entry: CaseStarted
    ended: CaseEnded | None = None
    claims: list[Claimed] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.entry.case


@dataclass(slots=True)
class Timeline:
    """A history, put together.

    Members are told apart by their ids: where members are minted, each exercise has an alice of its own, and where accounts
    are fixed it is the same one every time. The first of a name keeps it, others are ``alice/2``, ``alice/3``, ...
    """

    run: RunStarted = field(default_factory=RunStarted)
    ended: RunEnded | None = None
    members: dict[str, Mapping[str, object]] = field(default_factory=dict)
    exchanges: dict[str, Exchange] = field(default_factory=dict)
    sockets: dict[str, Socket] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    reported: list[Reported] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    moved: list[ClockMoved] = field(default_factory=list)
    last: int = 0
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    by_id: dict[str, str] = field(default_factory=dict)

    def join(self, entry: MemberJoined) -> None:
        """Take in a member under a name of its own, or under the one it has already."""
        given = entry.attributes.get("id")
        # Without an id there is only the name to tell members by.
        member_id = f"name:{entry.member}" if given is None else str(given)
        if member_id not in self.by_id:
            taken = sum(1 for key in self.members if plain_name(key) == entry.member)
            self.by_id[member_id] = f"{entry.member}/{taken + 1}" if taken else entry.member
        key = self.by_id[member_id]
        self.members[key] = entry.attributes
        self.names[entry.case, entry.member] = key

    def who(self, case: str, name: str) -> str:
        """The member that ``name`` means in ``case``."""
        return self.names.get((case, name), self.names.get(("", name), name))

    def member_with_id(self, member_id: str) -> str:
        """The test member whose id this is; "" for somebody else."""
        return self.by_id.get(member_id, "")

    def taken_by(self, exchange: Exchange) -> float:
        """The moment by which the server has taken in what was asked or said, if it ever does: a frame on a socket that stayed open
        after as long as an event may take; never, as far as anybody can tell, without either."""
        entry = exchange.entry
        if not isinstance(entry, FrameSaid):
            return exchange.done
        socket, until = self.sockets.get(entry.socket), entry.t + self.run.deadline_ms * 1_000_000
        return until if socket is not None and socket.open_throughout(entry.t, until) else NEVER

    def by_their_clock(self, moment: float) -> float:
        """``moment``, in nanoseconds, as the deployment's clock counts it, which levers move on."""
        return moment + sum(one.seconds for one in self.moved if one.t <= moment) * 1_000_000_000

    def id_of(self, member: str) -> str:
        """A test member's id as text."""
        return str(self.members.get(member, {}).get("id", ""))


def plain_name(member: str) -> str:
    """A member's name as people gave it."""
    return member.partition("/")[0]


def put_together(history: Iterable[Entry], spec: Spec, binding: Binding) -> Timeline:
    """The timeline of ``history``. Entries are taken in the order of their times: other engines' logs come in late."""
    line = Timeline()
    for entry in sorted(history, key=lambda e: (e.t, e.n)):
        line.last = max(line.last, entry.t)
        match entry:
            case RunStarted():
                line.run = entry
            case RunEnded():
                line.ended = entry
            case MemberJoined():
                line.join(entry)
            case CaseStarted():
                line.cases[entry.case] = Case(entry)
            case CaseEnded() if entry.case in line.cases:
                line.cases[entry.case].ended = entry
            case Claimed() if entry.case in line.cases:
                line.cases[entry.case].claims.append(entry)
            case Settled():
                line.settled.append(entry)
                if entry.case in line.cases:
                    line.cases[entry.case].settled.append(entry)
            case Reported():
                line.reported.append(entry)
            case ClockMoved():
                line.moved.append(entry)
            case Request():
                line.exchanges[entry.exchange] = _requested(entry, line, spec, binding)
            case FrameSaid():
                line.exchanges[entry.exchange] = _said(entry, line, spec, binding)
            case Response() if entry.exchange in line.exchanges:
                line.exchanges[entry.exchange].response = entry
            case NoAnswer() if entry.exchange in line.exchanges:
                line.exchanges[entry.exchange].no_answer = entry
            case FaultStruck() if entry.lossy:
                _strike(line, entry)
            case _:
                _socket(line, entry, spec, binding)
    return line


def _strike(line: Timeline, entry: FaultStruck) -> None:
    if exchange := line.exchanges.get(entry.exchange):
        exchange.struck = entry
    if socket := line.sockets.get(entry.socket):
        socket.struck = socket.struck or entry
        # What was said shortly before may still have been on its way.
        since = entry.t - line.run.deadline_ms * 1_000_000
        for said in line.exchanges.values():
            if isinstance(said.entry, FrameSaid) and said.entry.socket == socket.id and said.begun >= since:
                said.struck = entry


def _socket(line: Timeline, entry: Entry, spec: Spec, binding: Binding) -> None:
    match entry:
        case SocketOpening():
            line.sockets[entry.socket] = Socket(
                entry,
                line.who(entry.case, entry.member),
                room_of_socket(entry, spec, binding),
                line.who(entry.case, peer_of_socket(entry, spec, binding, line.members)),
            )
        case SocketOpened() if entry.socket in line.sockets:
            line.sockets[entry.socket].opened = entry
        case SocketRefused() if entry.socket in line.sockets:
            line.sockets[entry.socket].refused = entry
        case SocketClosed() if entry.socket in line.sockets:
            line.sockets[entry.socket].closed = entry
        case FrameHeard() if entry.socket in line.sockets:
            line.sockets[entry.socket].heard.append(entry)
        case _:
            pass


def _requested(entry: Request, line: Timeline, spec: Spec, binding: Binding) -> Exchange:
    url = urlsplit(entry.url)
    operation = spec.operations.get(entry.operation)
    path: dict[str, str] = {}
    # A deployment may live below a path of its host: the spec's paths begin after it.
    below = url.path.removeprefix(urlsplit(line.run.http).path.rstrip("/"))
    if entry.operation != "-" and (found := spec.match(entry.method, below)) is not None:
        operation, path = (
            (found[0], found[1]) if operation is None or operation is found[0] else (operation, {})
        )
    if operation is not None and not path:
        path = spelt_otherwise(binding, operation, below)
    sent: dict[str, object] = {name: unquote(value) for name, value in path.items()}
    sent.update(parse_qsl(url.query, keep_blank_values=True))
    if entry.body.form in ("json", "parts") and isinstance(entry.body.value, Mapping):
        sent = {**entry.body.value, **sent}
    sent = {**fields_of(entry.body, entry.headers), **sent}
    member = line.who(entry.case, entry.member)
    me = line.members.get(member)
    readings = read_request(binding, operation.id, sent, entry.verb, me) if operation else ()
    return Exchange(entry.exchange, entry, member, operation, sent, readings)


def _said(entry: FrameSaid, line: Timeline, spec: Spec, binding: Binding) -> Exchange:
    socket = line.sockets.get(entry.socket)
    member = socket.member if socket else ""
    payload = entry.payload.value if entry.payload.is_json else None
    sent: dict[str, object] = dict(payload) if isinstance(payload, Mapping) else {}
    readings: tuple[Reading, ...] = ()
    frame = said_frame(spec, socket, payload)
    if frame is not None and not frame.schema.check(payload):
        readings = read_frame(binding, frame.name, sent, entry.verb, line.members.get(member))
        if socket is not None:
            # A frame that is said on sockets of several kinds is the step of this one's.
            readings = tuple(r for r in readings if r.step.on == socket.entry.name) or readings
    struck = socket.struck if socket else None
    return Exchange(entry.exchange, entry, member, None, sent, readings, struck=struck)


def said_frame(spec: Spec, socket: Socket | None, payload: object) -> FrameSpec | None:
    """The message that a client's frame is: the first of its channel's that it fits."""
    if socket is None or socket.entry.channel not in spec.channels:
        return None
    fitting = [f for f in spec.channels[socket.entry.channel].says.values() if not f.schema.check(payload)]
    return fitting[0] if fitting else None
