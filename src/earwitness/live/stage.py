"""A stage: the members, rooms and sockets of one exercise on one deployment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from earwitness.binding import Seen, pair_key
from earwitness.binding.expressions import Pointer
from earwitness.checks import Crash, Finding, findings_and_crashes
from earwitness.deployment import Account
from earwitness.errors import CouldNotTest
from earwitness.history import (
    ClockMoved,
    Entry,
    FrameHeard,
    Journal,
    Json,
    MemberJoined,
    Settled,
    SocketClosed,
)
from earwitness.live.fence import Fence
from earwitness.live.handles import Done, MessageHandle, RoomHandle
from earwitness.live.member import LiveMember
from earwitness.live.offer import Offer
from earwitness.live.outcomes import NotRun, Stopped, Unreachable
from earwitness.live.relations import Situation, nobody_has, try_relation
from earwitness.live.rooms import start_room
from earwitness.live.uploads import expiry_of
from earwitness.live.ways import Way
from earwitness.member import File, FrameToSay, HttpRequest, SocketAddress
from earwitness.world import World, what_it_gave

if TYPE_CHECKING:
    from earwitness.live.session import Session
    from earwitness.wire import Answer, Ear

T = TypeVar("T")


class Stage(Offer):
    """One exercise's part of a session. Members are minted for it where the deployment can; else they are its accounts."""

    # A list of more pages than this is not walked to its end: a broken `next` must not keep us forever.
    most_pages = 50

    def __init__(self, session: Session, case: str) -> None:
        super().__init__(session)
        self.case = case
        self.members: dict[str, LiveMember] = {}
        self._ears: list[Ear] = []
        self._ways: list[Way] = []
        # Said on sockets, where nothing acknowledges it, and not looked for yet.
        self._on_their_way: list[MessageHandle] = []
        self._rooms: dict[str, str] = {}
        self._fence = Fence(self)
        self._waited_before = session.waited_ns
        self._known: World | None = None

    @property
    def journal(self) -> Journal:
        return self.session.journal

    # -- the cast ---------------------------------------------------------------------------------------------------

    def cast(self, name: str) -> LiveMember:
        """The member ``name``: minted for this exercise, or the deployment's account of that name.

        Raises NotRun when the deployment has no such account and no lever to mint one.
        """
        if name not in self.members:
            self.members[name] = LiveMember(self, self._account(name))
        return self.members[name]

    def foreigner(self, attribute: str, native: LiveMember) -> LiveMember:
        """A member, minted for this exercise, whose ``attribute`` (its organisation) is another than ``native``'s.

        Raises NotRun when members have no such attribute here, or no lever mints one.
        """
        known = native.arguments.get(attribute)
        if attribute not in self.session.documents.binding.attributes or known is None:
            raise NotRun(f"members of this deployment have no {attribute}")
        name = f"foreigner-by-{attribute}"
        if name not in self.members:
            account = self.session.mint(name, **{attribute: nobody_has(known)})
            self.journal.append(MemberJoined(member=name, attributes=account.attributes))
            self.members[name] = LiveMember(self, account)
        return self.members[name]

    def _account(self, name: str) -> Account:
        if self.fresh_cast:
            account = self.session.mint(name)
        else:
            found = next((a for a in self.session.deployment.accounts if a.name == name), None)
            if found is None:
                raise NotRun(f"this deployment has no member {name!r} and no lever to mint one")
            account = self.session.signed_in(found)
        self.journal.append(MemberJoined(member=name, attributes=account.attributes))
        return account

    # -- what members do --------------------------------------------------------------------------------------------

    def send(self, member: LiveMember, request: HttpRequest, *, verb: str = "", source: str = "") -> Answer:
        """Send ``request``; Unreachable when no connection can be made any more."""
        way = member.way
        wire = way.wire if way else None
        answer = self.session.send(request, member=member.name, verb=verb, source=source, wire=wire)
        refused = answer.detail if answer.reason == "refused" else way.unreachable if way else ""
        if refused and not answer.answered:
            raise Unreachable(f"{self.session.deployment.http} refuses connections: {refused}")
        return answer

    def say(self, ear: Ear, frame: FrameToSay, *, verb: str = "", source: str = "") -> str:
        """Say ``frame`` on ``ear``; returns the exchange that it is the cause of."""
        return self.session.say(ear, frame.payload, frame=frame.frame, verb=verb, source=source)

    def open(self, member: LiveMember, address: SocketAddress, room: str = "") -> Ear:
        """Open a socket for ``member`` that hears of ``room``, where it hears of one; it is closed when the exercise ends."""
        wire = member.way.wire if member.way else None
        ear = self.session.open(address, member=member.name, wire=wire)
        self._ears.append(ear)
        self._rooms[ear.id] = "" if self.hears_every_room(ear) else address.room or room
        return ear

    def room_of(self, ear: Ear) -> str:
        """The id of the room that a socket hears of; "" when it hears of all of its member's, or nobody knows."""
        return self._rooms.get(ear.id, "")

    def hears_every_room(self, ear: Ear) -> bool:
        """Whether a socket hears of all of its member's rooms."""
        return self.session.documents.binding.sockets[ear.name].per == "member"

    def way(self, member: LiveMember, *, narrow: bool = False) -> Way:
        """A way of ``member``'s own, which everything it does from now on takes; see ``Way``, also for what is raised."""
        way = Way(self.session, next(self.session.ways), narrow=narrow)
        self._ways.append(way)
        member.way = way
        return way

    def put(self, member: LiveMember, url: str, file: File, *, role: str = "member") -> str:
        """Put ``file`` to a presigned URL; returns the exchange. No token ever goes there."""
        request = HttpRequest(
            "PUT", url, headers={"Content-Type": file.type}, content=file.content, content_type=file.type,
            operation=self.session.presigned_operation, role=role,
        )  # fmt: skip
        return self.send(member, request, source="put").exchange

    # -- handles ----------------------------------------------------------------------------------------------------

    def start(self, kind: str, owner: LiveMember, *others: LiveMember) -> RoomHandle:
        """A room of ``kind`` that ``owner`` starts with ``others``, see ``start_room``."""
        return start_room(kind, owner, *others)

    def room(
        self, done: Done, members: tuple[LiveMember, ...], text: str | None = None, kind: str = ""
    ) -> RoomHandle:
        """The room that ``done`` started, of ``kind`` where its answer does not tell. Raises Stopped when it names none."""
        given = done.gave.get("room")
        room_id = given.get("id") if isinstance(given, Seen) else given
        if room_id is None or room_id == "":
            members[0].is_given(done, "room", "id")
            raise Stopped(f"the answer to {done.verb} names no room")
        kinds = self.session.documents.binding.rooms
        told = given.text("kind") if isinstance(given, Seen) else ""
        pairs = [name for name, described in kinds.items() if described.pair]
        by_start = pairs[0] if len(pairs) == 1 and done.verb in ("start-direct", "open-direct") else ""
        kind = told or kind or by_start or (next(iter(kinds)) if len(kinds) == 1 else "")
        expression = self.expression(done, "room", "id")
        raw = self.session.raw(done.exchange, expression, room_id)
        room = RoomHandle(str(room_id), raw, kind, members, done, expression)
        if text is None:
            return room
        first = self._first(done, room, members[0], text)
        return RoomHandle(room.id, raw, kind, members, done, expression, first)

    def room_with(self, member: LiveMember, peer: LiveMember, text: str | None) -> RoomHandle:
        """The room of two that is addressed by the peer: nothing starts it. What was said there before is looked at first, so that
        its past is known."""
        kind = next(iter(self.session.documents.binding.rooms))
        key = pair_key(member.id, peer.id)
        asked = RoomHandle(key, None, kind, (member, peer), Done.nothing(member))
        room = replace(asked, done=member.does("list-messages", room=asked))
        return room if text is None else replace(room, first=member.sends(room, text))

    def _first(self, done: Done, room: RoomHandle, author: LiveMember, text: str) -> MessageHandle:
        message = MessageHandle("", text, room, author, done)
        found = done.gave.get("message")
        message_id = found.text("id") if isinstance(found, Seen) else ""
        return MessageHandle(message_id, text, room, author, done) if message_id else message

    def message(self, done: Done, room: RoomHandle, author: LiveMember, text: str) -> MessageHandle:
        """The message that ``done`` sent; its id is "" until somebody learns it."""
        given = done.gave.get("message")
        message_id = given.text("id") if isinstance(given, Seen) else "" if given is None else str(given)
        message = MessageHandle(message_id, text, room, author, done)
        if not done.status:
            self._on_their_way.append(message)
        return message

    def learn_id(self, exchanges: tuple[str, ...], message: MessageHandle) -> str:
        """The id of the message with this text among what ``exchanges`` show; "" when it is not there."""
        found = next(
            (one for one in self.shown(exchanges, "messages") if one.text("text") == message.text), None
        )
        return found.text("id") if found else "-"

    def latest_exchange(self, event: str, message: MessageHandle) -> str:
        """The exchange that last caused ``event`` about ``message``."""
        world, causes = (
            self.world(),
            {cause.verb for cause in self.session.documents.binding.events[event].after},
        )
        latest = ""
        for due in world.delivery.dues:
            about = (
                due.shows.get("message") == message.id
                if message.id
                else due.shows.get("text") == message.text
            )
            if due.event == event and due.verb in causes and about:
                latest = due.exchange.id
        return latest

    def shown(self, exchanges: tuple[str, ...], name: str) -> list[Seen]:
        """The objects that the answers to ``exchanges`` show under ``name``."""
        world, found = self.world(), []
        for one in exchanges:
            exchange = world.line.exchanges.get(one)
            for reading in exchange.readings if exchange else ():
                gave = what_it_gave(world.binding, exchange, reading) if exchange else None
                value = (gave or {}).get(name)
                found += [s for s in (value if isinstance(value, tuple) else (value,)) if isinstance(s, Seen)]
        return found

    def expression(self, done: Done, name: str, field: str = "") -> str:
        """The runtime expression at which ``done``'s last answer shows ``name`` (and ``field`` of it, by its view)."""
        gives = done.form.steps[len(done.exchanges) - 1].gives
        shown = gives.get(done.status or 0, gives.get(0, {})).get(name)
        if shown is None or not isinstance(shown.at, Pointer):
            return "$response.body"
        tokens = list(shown.at.tokens)
        if field and shown.view:
            tokens += self.session.documents.binding.views[shown.view][field].tokens
        return "$response.body#" + "".join("/" + t.replace("~", "~0").replace("/", "~1") for t in tokens)

    def try_relation(self, operation: str, relation: str, *, room: RoomHandle, message: MessageHandle, owner: LiveMember,
                     peer: LiveMember, outsider: LiveMember) -> None:  # fmt: skip
        """Call ``operation`` as somebody in ``relation``, and claim that it is refused as its spec says."""
        described = self.session.documents.spec.operations[operation]
        try_relation(self, described, relation, Situation(room, message, owner, peer, outsider))

    # -- waiting ----------------------------------------------------------------------------------------------------

    def entries(self) -> tuple[Entry, ...]:
        """This exercise's slice of the history, with what belongs to the whole run."""
        return self.journal.of("", self.case)

    def world(self) -> World:
        """What this exercise's slice implies; worked out anew only when something was added to it."""
        entries = self.entries()
        known = self._known
        if known is None or len(known.history) != len(entries):
            known = self._known = self.session.documents.world(entries)
        return known

    def found(self, world: World) -> tuple[tuple[Finding, ...], tuple[Crash, ...]]:
        """What the checks find in this exercise's slice, whose ``world`` this is, and the checks that broke over it."""
        return findings_and_crashes(world)

    def let_arrive(self) -> None:
        """Wait until what was said on sockets has arrived, as far as that can be seen: nothing answers a frame, and who asks over
        HTTP at once may be faster. What somebody must hear has arrived when it is heard; anything else, when it is listed."""
        waiting, self._on_their_way = self._on_their_way, []
        if not waiting:
            return
        self.settle_dues()
        heard = {due.exchange.id for due in self.world().delivery.dues if due.heard}
        for message in waiting:
            if message.done.exchange not in heard and self.offers("list-messages"):
                self._look_for(message)

    def _look_for(self, message: MessageHandle) -> None:
        self.until(lambda: self._is_listed(message) or None)

    def _is_listed(self, message: MessageHandle) -> bool:
        exchanges = message.author.lists_messages(message.room, at_once=True)
        return any(one.text("text") == message.text for one in self.shown(exchanges, "messages"))

    def settle_dues(self) -> bool:
        """Wait until everything that is due was heard, or its time is over; returns whether it was heard."""
        outstanding = self.world().delivery.outstanding()
        if not outstanding:
            return True
        # What was given up before is not waited for again.
        exchanges = [due.exchange for due in outstanding]
        since = max(one.response.t if one.response else one.begun for one in exchanges)
        left_s = (since - self.session.now()) / 1e9 + self.session.deployment.deadline_ms / 1000
        return self.session.wait(lambda: not self.world().delivery.outstanding(), max(0.0, left_s))

    def settle(self) -> None:
        """Wait until nothing more is to be expected: what is due, then a fence for every open ear, then a grace. How long the
        exercise has waited in all goes into the history."""
        self.settle_while(lambda: None)

    def settle_while(self, judge: Callable[[], T]) -> T:
        """What ``judge`` says when nothing more is to be expected. It is asked as soon as the fence is through, so that the grace
        is over by the time that it has judged, or nearly so; and once more where something was heard meanwhile."""
        if not self.settle_dues():
            self._has_settled(complete=False)
            return judge()
        grace_ms = self._fence.raise_for([ear for ear in self._ears if ear.is_open])
        over, known = self.session.now() + grace_ms * 1_000_000, len(self.entries())
        judged = judge()
        self.session.rest(max(0, over - self.session.now()) / 1e9)
        heard = any(isinstance(entry, FrameHeard | SocketClosed) for entry in self.entries()[known:])
        self._has_settled(complete=True, grace_ms=grace_ms)
        return judge() if heard else judged

    def _has_settled(self, *, complete: bool, grace_ms: int = 0) -> None:
        waited = (self.session.waited_ns - self._waited_before) // 1_000_000
        self.journal.append(Settled(complete=complete, waited_ms=waited, grace_ms=grace_ms))

    def mark(self) -> int:
        """The number of the history's latest entry: what is heard after it is heard later."""
        return len(self.journal)

    def lets_sink_in(self) -> None:
        """Wait as at the end, in the midst of an exercise: until what is due was heard, then a fence and a grace. What was said on
        a socket and had to be refused silently has had its time then."""
        self.settle_dues()
        self.session.rest(self._fence.raise_for([ear for ear in self._ears if ear.is_open]) / 1000)

    def until(self, holds: Callable[[], T | None]) -> T | None:
        """Ask ``holds`` again and again, until it gives something or an event would have had its time; what nothing answers may
        take a while to be done."""
        end, pause_s = self.session.now() + self.session.deployment.deadline_ms * 1_000_000, 0.01
        while (found := holds()) is None and self.session.now() < end:
            self.session.rest(pause_s)
            pause_s = min(2 * pause_s, 0.5)
        return found

    def lever(self, name: str, **arguments: Json) -> object:
        """Pull the deployment's lever ``name``. Raises NotRun when it has none of that name."""
        told = self.session.pull(name, **arguments)
        seconds = arguments.get("seconds")
        if name == "move-clock" and isinstance(seconds, int) and seconds > 0:
            self.journal.append(ClockMoved(seconds=seconds))
        return told

    def outlives(self, upload: Done) -> None:
        """Move the deployment's clock to when the URL that ``upload`` gave is no longer good, by its own word.

        Raises NotRun when there is no lever for that, or no such word; CouldNotTest when the lever does not say what time it is.
        """
        given = self.lever("move-clock", seconds=0)
        until = expiry_of(str(upload.gave.get("upload_url", "")))
        if until is None:
            raise NotRun("this upload URL does not say until when it is good")
        try:
            now = datetime.fromisoformat(str(given["now"] if isinstance(given, dict) else given))
        except (KeyError, ValueError) as error:
            raise CouldNotTest("the lever move-clock did not say what time it is") from error
        self.lever("move-clock", seconds=max(0, until - int(now.timestamp()) + 1))

    def close(self) -> None:
        """Close every socket that the exercise opened, and every way that it went."""
        # A socket that is held by a fault would say its goodbye in vain.
        for way in self._ways:
            way.lets_go()
        for ear in self._ears:
            self.session.close_ear(ear)
        for way in self._ways:
            way.close()
