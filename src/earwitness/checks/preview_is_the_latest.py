"""Wherever a room is shown with its latest message, that is the latest there was, as it was last written, by who wrote it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from earwitness.binding import Seen
from earwitness.checks.meaning import field_basis, is_described
from earwitness.checks.model import Check, Finding
from earwitness.checks.rooms import room_finding, shown_rooms
from earwitness.history import FrameSaid, Request
from earwitness.world import NEVER, Exchange, Message, Room, World, weakest

CHECK = Check(
    id="preview-is-the-latest",
    sentence="A room that is shown with its latest message shows the latest there is, as it was last written, and who wrote it.",
    severity="medium",
    needs=("room.last_text",),
    also=("list-rooms", "read-room", "search-rooms", "start-direct", "open-direct", "edit-message"),
)

# After these a room may show a notice that is nobody's message, and may be without a text.
_NOTICED = ("add-member", "remove-member", "leave", "change-role", "rename-room")
# From the first sign of markup to the last: a server may show nothing of that.
_MARKUP = re.compile("<.*>", re.DOTALL)
_READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class _Latest:
    """What a room may show as its latest message to who looks between two moments: ``messages``, the first sent first, whether
    they are there or deleted, and ``sure`` when one of them was certainly there, so that nothing older can be meant."""

    messages: tuple[Message, ...]
    sure: bool
    begun: float
    done: float

    @property
    def since(self) -> float:
        """From when on what happened in the room may show; ``begun`` where nothing was said."""
        return min((message.begun for message in self.messages), default=self.begun)

    def seen_since(self, room: Room) -> float:
        """From when on a member has to be in the room to be shown all of them: who is started with comes in with the first."""
        return min(
            (m.done + 1 if m.cause in room.started_by else m.begun for m in self.messages), default=self.begun
        )

    def texts_of(self, message: Message) -> tuple[str, ...]:
        return message.text.possible(self.begun, self.done)

    def meant_by(self, preview: str) -> list[Message]:
        """The messages that ``preview`` may show, whole or cut."""
        return [m for m in self.messages if any(_may_show(preview, text) for text in self.texts_of(m))]

    def leaves_no_blank(self) -> bool:
        """Whether one was certainly there, and whichever is the latest is a text that nobody has tried to delete."""
        return self.sure and all(
            all(_bare(_MARKUP.sub("", text)) for text in self.texts_of(one))
            and not any(
                w.begun <= self.done and w.begun >= one.begun and not w.value for w in one.exists.writes
            )
            for one in self.messages
        )


@dataclass(slots=True)
class _Run:
    """What the run has written, by its text; the answers that have shown a preview, by operation, status and kind of room; and
    the exchanges after which a room may show what is no message of the run's."""

    world: World
    written: dict[str, list[Message]] = field(default_factory=dict)
    showing: set[tuple[str, int, str]] = field(default_factory=set)
    unread: list[tuple[Exchange, float]] = field(default_factory=list)
    noticed: list[tuple[Exchange, str]] = field(default_factory=list)

    @property
    def deadline(self) -> int:
        """How long an event may take, in nanoseconds."""
        return self.world.line.run.deadline_ms * 1_000_000

    @classmethod
    def of(cls, world: World) -> _Run:
        run = cls(world)
        for message in world.state.all_messages():
            for text in {write.value for write in message.text.writes}:
                run.written.setdefault(text, []).append(message)
        run.showing = {
            _kind_of(exchange, room) for exchange, seen, room in shown_rooms(world) if seen.text("last_text")
        }
        for exchange in world.line.exchanges.values():
            if _may_have_said_anything(exchange):
                # A frame that is answered by nothing has been taken in by the time that an event may take.
                run.unread.append(
                    (exchange, exchange.done if exchange.by_http else exchange.begun + run.deadline)
                )
            for reading in exchange.readings:
                if reading.verb in _NOTICED:
                    run.noticed.append((exchange, reading.argument("room")))
        return run

    def latest(self, room: Room, begun: float, done: float) -> _Latest:
        """A message is certainly not the latest when another one that was certainly there began after it was done."""
        sent = [message for message in self.world.state.in_room(room.id) if message.begun <= done]
        there = [message for message in sent if message.exists.certain(begun, done) is True]
        newest = max((message.begun for message in there), default=-NEVER)
        return _Latest(tuple(m for m in sent if m.done >= newest), bool(there), begun, done)

    def tells(self, viewer: str, room: Room, latest: _Latest) -> bool:
        """Whether the run knows all that ``viewer`` may be shown of the room's latest message: nothing older can be meant, the
        viewer was in the room all the while, nobody was blocked, nothing was said that nobody can read, and no file, of which
        anything may be shown."""
        since, done = latest.since, latest.done
        others = [other for other in room.members if other != viewer]
        return (
            (latest.sure or room.fresh_since <= latest.begun)
            and room.has(viewer, min(latest.seen_since(room), done), done) is True
            and not any(message.has_file for message in latest.messages)
            and not any(
                self.world.state.blocks.holds(*pair, since, done) is not False
                for other in others
                for pair in ((viewer, other), (other, viewer))
            )
            and not any(
                one.member in room.members and one.begun <= done and until >= since
                for one, until in self.unread
            )
        )

    def may_have_a_notice(self, room: Room, latest: _Latest) -> bool:
        return any(
            place == room.id and exchange.begun <= latest.done and exchange.done >= latest.since
            for exchange, place in self.noticed
        )

    def of_another(self, preview: str, done: float) -> list[Message]:
        """The messages of the run that say, or said, exactly what is shown."""
        return [
            message
            for message in self.written.get(preview, ())
            if any(write.value == preview and write.begun <= done for write in message.text.writes)
        ]


@dataclass(frozen=True, slots=True)
class _Miss:
    """What is wrong with a preview: in a word, in words, and whether it rests on our reading alone."""

    subject: str
    heard: str
    decided: bool = False


def find(world: World) -> Iterator[Finding]:
    if not any("last_text" in view for view in world.binding.views.values()):
        return
    run = _Run.of(world)
    for exchange, seen, room in shown_rooms(world):
        if not room.ours or exchange.response is None:
            continue
        latest = run.latest(room, exchange.begun, exchange.response.t)
        miss = (
            _missed(run, exchange, seen, room, latest) if run.tells(exchange.member, room, latest) else None
        )
        if miss is None:
            continue
        # No document says that a preview changes at once; and what only an event has told of may be stored later.
        before = run.latest(room, exchange.begun - run.deadline, exchange.response.t)
        lags = _missed(run, exchange, seen, room, before) is None
        decided = miss.decided or lags or any(message.learnt for message in latest.messages)
        wanted = f"room {room.id} with its latest message, {_in_words(latest)}"
        yield room_finding(
            CHECK, exchange, "decided" if decided else _basis(world, exchange), wanted, f"{exchange.member} was shown {miss.heard}",
            subject=miss.subject, before=_sent(world, latest),
        )  # fmt: skip


def _missed(run: _Run, exchange: Exchange, seen: Seen, room: Room, latest: _Latest) -> _Miss | None:
    """What is certainly wrong with the preview in ``seen``; None when nothing is, or nobody can tell."""
    preview = seen.get("last_text")
    if preview is None or preview == "":
        blank = latest.leaves_no_blank() and not run.may_have_a_notice(room, latest)
        return _Miss("nothing", "none") if blank and _kind_of(exchange, room) in run.showing else None
    if not isinstance(preview, str):
        return None
    meant = latest.meant_by(preview)
    if meant:
        return _by_another(run, seen, preview, latest, meant)
    known = run.of_another(preview, latest.done)
    if any(message in latest.messages for message in known):
        # That an edit changes the preview as well is said by no document.
        return _Miss("edited", f"{preview!r:.80}, from before an edit", decided=True)
    if any(message.room == room.id for message in known):
        return _Miss("earlier", f"{preview!r:.80}, an earlier one")
    return _Miss("elsewhere", f"{preview!r:.80}, of another room") if known else None


def _by_another(
    run: _Run, seen: Seen, preview: str, latest: _Latest, meant: list[Message]
) -> _Miss | None:  # fmt: skip
    """A preview that is said to be by a test member who wrote none of what it may show, where its text is one's whole text."""
    author = run.world.line.member_with_id(seen.text("last_author"))
    whole = any(preview in latest.texts_of(message) for message in meant)
    if not whole or not author or any(message.author == author for message in meant):
        return None
    return _Miss("author", f"{preview!r:.80} by {author}")


def _may_have_said_anything(exchange: Exchange) -> bool:
    """Whether what was said or asked may have been taken for a message, and cannot be read as anything that a member does."""
    entry = exchange.entry
    if exchange.readings or not isinstance(entry, Request | FrameSaid):
        return False
    return not isinstance(entry, Request) or (
        entry.method not in _READING and (exchange.succeeded or exchange.uncertain)
    )


def _may_show(preview: str, text: str) -> bool:
    """Whether ``preview`` may be how a server shows ``text``: whole, cut with an ellipsis or without, without its markup, in other
    spaces, or as a part of it."""
    cut = preview.rstrip(" .…")
    return text.startswith(cut) or bool(_bare(cut) and _bare(cut) in _bare(text))


def _bare(text: str) -> str:
    """The letters and digits of ``text``, large or small, which survive wherever it is shown."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if letter.isalnum()).casefold()


def _kind_of(exchange: Exchange, room: Room) -> tuple[str, int, str]:
    return exchange.operation.id if exchange.operation else "", exchange.status, room.kind


def _basis(world: World, exchange: Exchange) -> str:
    """What it rests on that the answer shows a room's latest message; where its schema has none, on our reading."""
    names = ("room", "rooms")
    if not any(is_described(world, exchange, name, "last_text") for name in names):
        return "decided"
    return weakest(*(field_basis(world, exchange, name, ("last_text",)) for name in names))


def _in_words(latest: _Latest) -> str:
    told = [f"{text!r:.80} by {m.author}" for m in latest.messages for text in latest.texts_of(m)]
    return " or ".join(dict.fromkeys(told)) or "of which there is none"


def _sent(world: World, latest: _Latest) -> tuple[int, ...]:
    """The requests that sent what may be shown, the latest alone where there are many."""
    return tuple(world.line.exchanges[message.cause].entry.n for message in latest.messages[-1:])
