"""What each defect of fe16ops does to the story: the steps that it changes, and how one of them shows what its sentence says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.reference_server.story import STORY, Step


@dataclass(frozen=True, slots=True)
class Crime:
    """``steps``: all that change; ``onward``: what comes after them may change too, since ids or orders are others from then on.

    ``shows``: of the first of the steps, as it should be and as it became, whether it is what the defect says.
    """

    defect: str
    steps: tuple[str, ...]
    onward: bool
    shows: Callable[[Step, Step], bool]


def all_like(method: str, ending: str, *, of: str = "") -> tuple[str, ...]:
    """The steps that call a path which ends so and has ``of`` in it."""
    return tuple(
        name for name, _, how, path, _ in STORY if how == method and path.endswith(ending) and of in path
    )


SAID = tuple(name for name in all_like("POST", "/messages/", of="/2/") if name != "say nothing")
LISTS = tuple(
    name for name in all_like("GET", "/conversations/") if name != "nobody lists" and " lists" not in name
)
ALL_LISTS = (*LISTS, "outsider lists")
PAGES_1 = ("read back", "read the edit", "read what is left", "read what was refused")
# Of room 2: those with everything on one page, and those that come when there are two.
WHOLE = ("read the frame", "read a full page")
FIRST_OF_TWO = ("read page 1", "read both", "read the other", "read one")
PAGES_2 = (*WHOLE, *FIRST_OF_TWO, "read page 2")
STARTED = ("start", "start another", "start again", "start back", "start about")
WITH_MESSAGE = ("start", "start about")
REACTED = all_like("POST", "/react/")
EDITED = ("edit", "edit 22")
REMOVED = ("unreact", "unreact to 22")
DELETED = ("delete", "delete the newest", "delete 22")
BAD_TOKENS = ("expired lists", "tampered lists", "garbage lists")
BAD_KNOCKS = ("knock without a token", "knock expired", "knock tampered", "knock with garbage")
OUTSIDE = tuple(f"outsider {does}" for does in ("reads", "sends", "marks", "reacts", "edits", "deletes"))


def status(right: object, wrong: object) -> Callable[[Step, Step], bool]:
    return lambda was, now: (was[0], now[0]) == (right, wrong)


def unheard(was: Step, now: Step) -> bool:
    """The same answer, and nobody who hears of it where there was somebody."""
    return was[:2] == now[:2] and len(was[2]) == 1 and not any(audience for audience, _ in now[2])


def heard_by(*audience: int) -> Callable[[Step, Step], bool]:
    """The same answer and the same events, told to others."""
    return lambda was, now: (
        was[:2] == now[:2]
        and [event for _, event in was[2]] == [event for _, event in now[2]]
        and all(who == set(audience) for who, _ in now[2])
    )


def said(right: str, wrong: str) -> Callable[[Step, Step], bool]:
    """Another text, in the answer and in the event."""
    return lambda was, now: (
        was[1]["message"]["content"] == right
        and now[1]["message"]["content"] == now[2][0][1]["message"]["content"] == wrong
    )


def page(right: object, wrong: object, each: Callable[[Any], object]) -> Callable[[Step, Step], bool]:
    """What the messages of a page are, and became."""
    return lambda was, now: (
        [each(message) for message in was[1]["messages"]] == right
        and [each(message) for message in now[1]["messages"]] == wrong
    )


def ids(right: list[int], wrong: list[int]) -> Callable[[Step, Step], bool]:
    return page(right, wrong, lambda message: message["id"])


def first(field: str, right: object, wrong: object) -> Callable[[Step, Step], bool]:
    """A field of the first conversation in a list."""
    return lambda was, now: (
        was[1]["conversations"][0][field] == right and now[1]["conversations"][0][field] == wrong
    )


def reactions(step: Step, message: int = 0) -> list[tuple[str, str]]:
    """Who reacted how to a message of a page, the first one if nothing else is said."""
    return [
        (each["user"]["username"], each["reaction_type"])
        for each in step[1]["messages"][message]["reactions"]
    ]


def marked(right: int, wrong: int, receipts: int) -> Callable[[Step, Step], bool]:
    return lambda was, now: (
        f" {right} " in was[1]["message"] and f" {wrong} " in now[1]["message"] and len(now[2]) == receipts
    )


def crime(defect: str, *steps: str, shows: Callable[[Step, Step], bool], onward: bool = False) -> Crime:
    return Crime(f"fe16ops-{defect}", steps, onward, shows)
