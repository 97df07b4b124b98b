"""Load profiles: how many rooms, listeners and messages, for how long, and which service levels; data, read from YAML."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator

from earwitness.content import content_root
from earwitness.errors import Problem, UsageError, nearest
from earwitness.load.pacing import Constant, Pace, Poisson, Shape, shape_of
from earwitness.load.slo import Slo, parse_slo
from earwitness.load.trace import read_trace
from earwitness.spec.source import Document, read_yaml

# More than this is a slip of the finger on one machine, or a wish for a larger engine.
MOST_MESSAGES: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Profile:
    """What a load is.

    ``room`` is what the rooms are: ``pair``, ``group``, or "" for groups where the API has them. ``senders`` is the members of each room
    that write, ``listeners`` the sockets that must hear, over all rooms, ``bystanders`` the sockets of a member who is in none of the
    rooms and must hear nothing, ``rate`` messages a second over all senders, ``seconds`` how long they are sent, ``size`` the characters
    of a text, ``send`` how they are sent: ``http``, ``socket``, or "" for what the API has. ``shape`` is when messages are due where that
    is not evenly. Every ``reconnect_every`` seconds (0: never) a ``reconnect_share`` of the sockets that must hear drop and return;
    ``reads`` is requests for lists a second, ``types`` typing notices a second.
    """

    name: str
    about: str
    rooms: int
    senders: int
    listeners: int
    bystanders: int
    rate: float
    seconds: float
    size: int
    slos: tuple[Slo, ...]
    send: str = ""
    room: str = ""
    shape: Shape | None = None
    reconnect_every: float = 0.0
    reconnect_share: float = 1.0
    reads: float = 0.0
    types: float = 0.0

    def pace(self, senders: int = 1) -> Pace:
        """When its messages are due, dealt to so many senders."""
        return Pace(self.shape or Constant(self.rate), self.seconds, senders)

    def drops(self) -> tuple[int, ...]:
        """When sockets drop, in nanoseconds since the start: not at the very end, where nothing more is due, and in the middle of a load
        that is too short for it."""
        if not self.reconnect_every:
            return ()
        every = self.reconnect_every if self.reconnect_every < self.seconds else self.seconds / 2
        times = math.ceil(round(self.seconds / every, 6)) - 1
        return tuple(round(i * every * 1e9) for i in range(1, times + 1))


def profile_names() -> tuple[str, ...]:
    """The profiles that come with Earwitness."""
    return tuple(sorted(path.stem for path in (content_root() / "load" / "profiles").glob("*.yaml")))


def load_profile(
    named: str, *, listeners: int | None = None, rate: float | None = None, seconds: float | None = None
) -> Profile:
    """The profile called ``named``, or in the file of that name, with what is given in place of what it says.

    Raises UsageError with everything that is wrong with it: where, and what was expected.
    """
    path = Path(named)
    if path.suffix not in (".yaml", ".yml"):
        if named not in profile_names():
            hint = (
                f"{nearest(named, profile_names())}; a profile of your own is named by its file, with .yaml"
            )
            raise UsageError(
                Problem(f"unknown profile {named!r}", expected=" or ".join(profile_names()), hint=hint)
            )
        path = content_root() / "load" / "profiles" / f"{named}.yaml"
    document = read_yaml(path)
    problems = [_problem(document, error) for error in _validator().iter_errors(document.value)]
    value: Any = document.value
    slos: list[Slo] = []
    if not problems:
        for i, text in enumerate(value["slo"]):
            try:
                slos.append(parse_slo(text, document.where(("slo", i))))
            except UsageError as error:
                problems += error.problems
    if problems:
        raise UsageError(*problems)
    long = float(value["seconds"] if seconds is None else seconds)
    shape = None if rate is not None or "pace" not in value else _shape(value["pace"], path, long)
    reconnect = value.get("reconnect", {})
    profile = Profile(
        name=path.stem,
        about=value["about"],
        rooms=value["rooms"],
        senders=value.get("senders", 1),
        listeners=value["listeners"] if listeners is None else listeners,
        bystanders=value.get("bystanders", 0),
        rate=float(value["rate"] if rate is None else rate) if shape is None else Pace(shape, long).rate,
        seconds=long,
        size=value.get("size", 0),
        slos=tuple(slos),
        send=value.get("send", ""),
        room=value.get("room", ""),
        shape=shape,
        reconnect_every=float(reconnect.get("every", 0)),
        reconnect_share=float(reconnect.get("share", 1)),
        reads=float(value.get("reads", 0)),
        types=float(value.get("types", 0)),
    )
    _sensible(profile)
    return profile


def _shape(value: dict[str, Any], path: Path, seconds: float) -> Shape:
    """The shape that a profile in ``path`` describes."""
    if value["kind"] == "trace":
        return read_trace(path.parent / value["file"])
    shape = shape_of(value)
    if isinstance(shape, Poisson):
        _bounded(shape.rate * seconds)  # before they are drawn
    return shape


def _bounded(messages: float) -> None:
    if messages > MOST_MESSAGES:
        raise UsageError(Problem(f"{messages:,.0f} messages", expected=f"{MOST_MESSAGES:,} at most"))


def _sensible(profile: Profile) -> None:
    places = profile.rooms * profile.senders
    if profile.listeners < places:
        what = f"{profile.listeners} listeners cannot hear {places} senders in {profile.rooms} rooms"
        raise UsageError(Problem(what, expected="one listener a room and sender at least"))
    planned = profile.pace().messages
    _bounded(planned)
    if planned < 1 or (profile.shape is None and profile.rate * profile.seconds < 1):
        raise UsageError(
            Problem(
                f"{profile.rate:g} a second for {profile.seconds:g} s is not one message",
                expected="a higher rate or a longer time",
            )
        )


def _validator() -> Draft202012Validator:
    path = content_root() / "reports" / "schema" / "profile.schema.json"
    return Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))


def _problem(document: Document, error: Any) -> Problem:
    place = list(error.absolute_path)
    if error.validator == "additionalProperties":
        known = tuple(error.schema["properties"])
        unknown = next(str(key) for key in error.instance if key not in known)
        return Problem(
            f"unknown key {unknown!r}", document.where((*place, unknown)), hint=nearest(unknown, known)
        )
    if error.validator == "oneOf":
        both = "rate" in error.instance
        return Problem(
            "'rate' and 'pace' both say when messages are due" if both else "'rate' is missing",
            document.where(("pace",) if both else ()),
            "one of rate (messages a second) and pace",
        )
    if error.validator == "required":
        missing = next(name for name in error.validator_value if name not in error.instance)
        return Problem(
            f"{missing!r} is missing",
            document.where(place),
            error.schema["properties"][missing].get("description", ""),
        )
    expected = error.schema.get("description", "")
    return Problem(
        f"{'.'.join(map(str, place)) or 'the file'}: {error.message}", document.where(place), expected
    )
