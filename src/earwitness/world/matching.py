"""Finds what a frame tells of: of all that was due, the one that agrees with it most."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from earwitness.world.timeline import Socket

if TYPE_CHECKING:
    from earwitness.world.delivery import Heard
    from earwitness.world.dues import Due

_Key = tuple[str, ...]


class Index:
    """What was due, found by what a frame shows: to compare every frame with everything takes the square of a long run."""

    def __init__(self, dues: Sequence[Due]) -> None:
        self._dues = dues
        self._places: dict[_Key, list[int]] = {}
        for place, due in enumerate(dues):
            for key in _filed(due.event, due.shows):
                self._places.setdefault(key, []).append(place)

    def about(self, heard: Heard) -> list[Due]:
        """The dues of ``heard``'s event that have its subject, in the order of their causes."""
        places = {place for key in _asked(heard.event, heard.shows) for place in self._places.get(key, ())}
        found = (self._dues[place] for place in sorted(places))
        return [due for due in found if same_subject(due.shows, heard.shows)]


def _filed(event: str, shows: Mapping[str, str]) -> Iterator[_Key]:
    """The keys that a due is filed under."""
    message, text, member = shows.get("message"), shows.get("text"), shows.get("member")
    yield (event,)
    yield (event, "message", message) if message is not None else (event, "no message")
    yield (event, "text", text.strip()) if text is not None else (event, "no text")
    yield (event, "member", member) if member is not None else (event, "no member")
    if message is None:
        yield (event, "only text", text.strip()) if text is not None else (event, "neither")


def _asked(event: str, shows: Mapping[str, str]) -> Iterator[_Key]:
    """The keys under which every due stands that has a frame's subject, by the rule of ``same_subject``."""
    message, text, member = shows.get("message"), shows.get("text"), shows.get("member")
    if message is not None:
        yield event, "message", message
        if text is None:
            yield event, "no message"
        else:
            yield event, "only text", text.strip()
            yield event, "neither"
    elif text is not None:
        yield event, "text", text.strip()
        yield event, "no text"
    elif member is not None:
        yield event, "member", member
        yield event, "no member"
    else:
        yield (event,)


def same_subject(due: Mapping[str, str], heard: Mapping[str, str]) -> bool:
    """Whether what was due and what was heard are about the same: by the message where both name it, else by the text."""
    if "message" in due and "message" in heard:
        return due["message"] == heard["message"]
    if "text" in due and "text" in heard:
        # Whether a text is trimmed is for `text-comes-back` to say.
        return due["text"].strip() == heard["text"].strip()
    return all(due[name] == heard[name] for name in ("member", "room") if name in due and name in heard)


def match(heard: Heard, dues: Sequence[Due], may_hear: Callable[[Due, Socket], bool]) -> None:
    """Find the due that ``heard`` fulfils, of those with its subject: the one that agrees in most, among those the socket has
    not heard yet.

    An event that names its message, or shows its text, is known by that, whoever hears it. One that names nothing can only be
    taken for something that this socket may hear.
    """
    fitting = [
        due
        for due in dues
        if due.earliest <= heard.entry.t
        and (_names_subject(due.shows, heard.shows) or may_hear(due, heard.socket))
        and (due.standing != "refused" or not _contradicts(due.shows, heard.shows))
    ]
    # Of two that agree alike: the one that this socket may hear (another of the same text is none of its business), and what must
    # be heard before what may.
    if len(fitting) > 1:
        fitting.sort(
            key=lambda due: (
                due.standing == "refused", -_agreement(due.shows, heard.shows), not may_hear(due, heard.socket),
                _came_before(due, heard.socket),
                due.standing == "unknown", due.exchange.begun,
            )
        )  # fmt: skip
    for due in fitting:
        if heard.socket.id not in due.heard:
            heard.due, heard.match = due, "refused" if due.standing == "refused" else "due"
            due.heard[heard.socket.id] = [heard]
            return
    if fitting:
        heard.due, heard.match = fitting[0], "refused" if fitting[0].standing == "refused" else "again"
        fitting[0].heard[heard.socket.id].append(heard)


def match_left_over(
    heard: Heard, dues: Sequence[Due], may_hear: Callable[[Due, Socket], bool], deadline: int
) -> None:
    """Find which of ``dues`` (all of its event) ``heard`` tells of, though nothing that its socket may hear explains it: the same of
    somewhere else, or what this very socket was due, of somebody else. It happened no longer ago than ``deadline`` nanoseconds."""
    lately = [
        due
        for due in dues
        if heard.socket.id not in due.heard
        and not due.is_end_of(heard.socket.id)
        and due.earliest <= heard.entry.t <= max(due.exchange.begun, due.exchange.took) + deadline
    ]
    same = [due for due in lately if same_subject(due.shows, heard.shows)]
    refused = [due for due in same if due.standing == "refused" and due.room == heard.socket.room]
    elsewhere = [due for due in same if due.standing != "refused"]
    meant = [due for due in lately if due.standing == "certain" and may_hear(due, heard.socket)]
    for due in (*reversed(refused), *reversed(elsewhere), *reversed(meant)):
        heard.due, heard.match = due, "refused" if due.standing == "refused" else "due"
        due.heard[heard.socket.id] = [heard]
        return


def _came_before(due: Due, socket: Socket) -> bool:
    """Whether the cause was done before the socket was open: what came later, and is told alike, is more likely meant."""
    return socket.opened is not None and due.exchange.begun < socket.opened.t


def _contradicts(due: Mapping[str, str], heard: Mapping[str, str]) -> bool:
    return any(
        name in due and name in heard and due[name] != heard[name] for name in ("member", "emoji", "text")
    )


def _names_subject(due: Mapping[str, str], heard: Mapping[str, str]) -> bool:
    return any(name in due and name in heard for name in ("message", "text"))


def _agreement(due: Mapping[str, str], heard: Mapping[str, str]) -> int:
    return sum(1 if heard[name] == value else -1 for name, value in due.items() if name in heard)
