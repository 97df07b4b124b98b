"""Who must, may and must not hear what, and who did: every event that was due, matched with every frame that was heard.

An event is due once its cause was done. A socket *must* hear it when its member is in the must-audience and it was open
from before the cause until the event was heard or the deadline passed; it *may* when its member is in either audience and it
was open at any time since. Every other socket must not. What was refused is due to nobody; what nobody answered may be
heard, and need not be.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from earwitness.binding import Binding, EventBinding, Seen, Sources, only_kind, room_key, show
from earwitness.binding.expressions import MISSING
from earwitness.history import FrameHeard, FrameSaid
from earwitness.spec import FrameSpec, Spec
from earwitness.world.audience import Ears, audience_of, may_hear
from earwitness.world.dues import Due, all_dues
from earwitness.world.matching import Index, match, match_left_over
from earwitness.world.state import State
from earwitness.world.timeline import Socket, Timeline

# What a frame shows of what was due, so that dues which look the same cannot be told apart.
_Looks = tuple[str, str, tuple[tuple[str, str], ...]]


@dataclass(slots=True)
class Heard:
    """A frame as a socket heard it: the message it is, the event it tells of and what it shows of it."""

    entry: FrameHeard
    socket: Socket
    frame: FrameSpec | None = None
    event: str = ""
    shows: Mapping[str, str] = field(default_factory=dict)
    seen: Seen | None = None
    due: Due | None = None
    match: Literal["due", "again", "refused", "none"] = "none"


@dataclass(slots=True)
class Delivery:
    """All that was due and all that was heard."""

    dues: list[Due] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)

    def outstanding(self) -> list[Due]:
        """What was due for certain and not heard yet by all who must."""
        return [due for due in self.dues if due.standing == "certain" and due.missing]

    def latencies(self) -> list[float]:
        """How long each delivery took, in nanoseconds: since the latest cause that can have brought it, because one notice that
        somebody came looks like the next, and which cause it was counted for says nothing of how fast it was."""
        began: dict[_Looks, list[float]] = {}
        for due in self.dues:
            began.setdefault(_looks(due), []).append(due.exchange.begun)
        for moments in began.values():
            moments.sort()
        return [
            one.entry.t - moments[max(bisect_right(moments, one.entry.t), 1) - 1]
            for one in self.heard
            if one.due is not None and one.match == "due" and (moments := began[_looks(one.due)])
        ]

    def told(self, socket: str) -> bool:
        """Whether a socket heard of anything that happened; being told that it is refused is not that."""
        return any(one.socket.id == socket and one.event not in ("", "error") for one in self.heard)


def deliver(line: Timeline, state: State, spec: Spec, binding: Binding) -> Delivery:
    """The delivery of the history that ``line`` and ``state`` come from."""
    dues = all_dues(line, state, spec, binding)
    heard = [
        _heard(entry, socket, spec, binding) for socket in line.sockets.values() for entry in socket.heard
    ]
    heard.sort(key=lambda one: (one.entry.t, one.entry.n))
    index = Index(dues)
    for one in heard:
        if one.event:
            named = [due for due in index.about(one) if _same_message(due, one.shows, state, binding)]
            match(one, named, lambda due, socket: may_hear(due, socket, state, binding, spec))
    deadline = line.run.deadline_ms * 1_000_000
    of_event: dict[str, list[Due]] = {}
    for due in dues:
        of_event.setdefault(due.event, []).append(due)
    for one in heard:
        if one.match == "none" and _is_ours_to_explain(one, line, state, deadline):
            match_left_over(
                one,
                of_event.get(one.event, ()),
                lambda due, socket: may_hear(due, socket, state, binding, spec),
                deadline,
            )
    ears = Ears(line, state)
    for due in dues:
        due.must, due.may = audience_of(due, ears.near(due), state, binding, spec, deadline)
    return Delivery(dues, heard)


def _looks(due: Due) -> _Looks:
    return due.event, due.room, tuple(sorted(due.shows.items()))


# -- what was heard ---------------------------------------------------------------------------------------------------


def _heard(entry: FrameHeard, socket: Socket, spec: Spec, binding: Binding) -> Heard:
    channel = spec.channels.get(socket.entry.channel)
    payload = entry.payload.value if entry.payload.is_json else None
    frame = channel.recognise(payload) if channel is not None and entry.payload.is_json else None
    heard = Heard(entry, socket, frame)
    for event in binding.events.values() if frame is not None else ():
        if frame is not None and frame.name in event.messages:
            heard.event = event.name
            heard.shows, heard.seen = _shown(event, payload, binding)
            if heard.shows.get("room"):
                kinds = (
                    binding.sockets[socket.entry.name].kinds if socket.entry.name in binding.sockets else ()
                )
                room = room_key(binding, only_kind(binding, kinds), heard.shows["room"])
                heard.shows = {**heard.shows, "room": room}
    return heard


def _shown(event: EventBinding, payload: object, binding: Binding) -> tuple[dict[str, str], Seen | None]:
    shows: dict[str, str] = {}
    main: Seen | None = None
    for name, shown in event.gives.items():
        value = show(binding, shown, Sources(arguments={}, message=payload))
        if value is MISSING or value is None:
            continue
        if not isinstance(value, Seen):
            shows[name] = str(value)
            continue
        main = value
        for key, inner in value.fields.items():
            if isinstance(inner, str | int | bool):
                shows["message" if key == "id" and name == "message" else key] = str(inner)
    return shows, main


def _is_ours_to_explain(one: Heard, line: Timeline, state: State, deadline: int) -> bool:
    """Whether an event that names a member and no message can only come of what the run's members did, and the run knows what that
    was: of a frame that fits no document a server may make what it likes."""
    if not one.shows.get("member") or "message" in one.shows or "text" in one.shows:
        return False
    room, member = state.rooms.get(one.socket.room), line.member_with_id(one.shows["member"])
    if not (room.ours if room is not None else member):
        return False
    return not any(
        isinstance(exchange.entry, FrameSaid)
        and not exchange.readings
        and exchange.member == member
        and exchange.begun <= one.entry.t <= exchange.begun + deadline
        for exchange in line.exchanges.values()
    )


def _same_message(due: Due, heard: Mapping[str, str], state: State, binding: Binding) -> bool:
    """Whether an event may be of a due whose message has no known id: not when it names a message, or a room, that the run
    knows as another one."""
    if "message" in due.shows or "text" not in due.shows:
        return True
    room, other = state.rooms.get(due.room), state.rooms.get(heard.get("room", ""))
    if heard.get("message") in state.messages:
        return False
    kind = binding.rooms.get(room.kind) if room else None
    # A room that is addressed by the peer is called differently by each of its members.
    return room is None or other is None or other is room or (kind is not None and kind.address == "peer")
