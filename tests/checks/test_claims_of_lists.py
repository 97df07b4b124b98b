"""Claims of whole lists: how long their pages are, what they hold once, in order or side by side, and what they count."""

from __future__ import annotations

import pytest

from earwitness.history import Json
from tests.checks.claiming import judged
from tests.shapes import REFUSED, Object, conversation, message
from tests.story import Asked, Story


def page(*ids: int) -> list[Object]:
    return [message(one, f"number {one}") for one in ids]


def listed(*pages: list[Object], count: int | None = None) -> tuple[Story, list[Json]]:
    """A story in which bob asks for all ``pages``, and the exchanges."""
    story = Story()
    asked = [
        story.lists("bob", *shown, page=at, more=at < len(pages), count=count)
        for at, shown in enumerate(pages, start=1)
    ]
    return story, [one.exchange for one in asked]


@pytest.mark.parametrize(
    ("pages", "size", "held"),
    [
        ([page(9, 8), page(7, 6), page(5)], 2, True),
        ([page(9, 8), page(7, 6)], 2, True),
        ([page(9)], 2, True),
        ([[]], 2, True),
        ([page(9), page(8, 7)], 2, False),
        ([page(9, 8, 7), page(6, 5)], 2, False),
        ([page(9, 8), page(7, 6, 5)], 2, False),
    ],
)
def test_pages_are_as_long_as_is_claimed(pages: list[list[Object]], size: int, held: bool) -> None:
    story, exchanges = listed(*pages)
    outcome, finding = judged(story, "pages", exchanges=exchanges, name="messages", size=size)
    assert outcome.held is held
    assert (finding.check if finding else None) == (None if held else "page-size")


@pytest.mark.parametrize(
    ("ids", "how", "held"),
    [
        (["7", "9"], {}, True),
        (["9", "7"], {"in_order": True}, True),
        (["7", "9"], {"in_order": True}, False),
        (["8", "7"], {"next_to": True}, True),
        (["7", "8"], {"next_to": True}, True),
        (["9", "7"], {"next_to": True}, False),
        (["9", "4"], {}, False),
        (["9", "5"], {}, False),
    ],
)
def test_a_list_holds_what_is_claimed_once(ids: list[Json], how: dict[str, Json], held: bool) -> None:
    """Message 4 is in no page, and 5 on two of them."""
    story, exchanges = listed(page(9, 8, 7), page(6, 5), page(5))
    outcome, finding = judged(story, "holds", exchanges=exchanges, name="messages", ids=ids, **how)
    assert outcome.held is held
    assert (finding.check if finding else None) == (None if held else "pages-partition")


def test_what_is_missing_and_what_is_there_twice_is_said() -> None:
    story, exchanges = listed(page(9, 5), page(5))
    outcome, _ = judged(story, "holds", exchanges=exchanges, name="messages", ids=["4", "5", "9"])
    assert outcome.heard == "4 missing; 5 twice"


@pytest.mark.parametrize(("count", "held"), [(3, True), (4, False), (2, False)])
def test_a_count_is_of_what_is_listed(count: int, held: bool) -> None:
    story, exchanges = listed(page(9, 8), page(7), count=count)
    outcome, finding = judged(story, "counts", exchanges=exchanges, name="messages", basis="decided")
    assert outcome.held is held
    assert (finding.basis if finding else None) == (None if held else "decided")


@pytest.mark.parametrize("claim", ["pages", "holds", "counts"])
def test_a_page_that_is_refused_breaks_every_claim_of_the_list(claim: str) -> None:
    story, exchanges = listed(page(9, 8))
    refused = story.answers(story.is_listing("bob", page=2), 404, REFUSED)
    args: dict[str, Json] = {
        "exchanges": [*exchanges, refused.exchange],
        "name": "messages",
        "size": 2,
        "ids": ["9"],
    }
    assert judged(story, claim, **args)[0].held is False


@pytest.mark.parametrize("claim", ["pages", "holds", "counts"])
@pytest.mark.parametrize("told", ["nothing", "later", "never asked"])
def test_without_all_pages_nobody_can_tell(claim: str, told: str) -> None:
    story, exchanges = listed(page(9, 8))
    asked = Asked("x99", 0) if told == "never asked" else story.is_listing("bob", page=2)
    if told == "nothing":
        story.has_no_answer(asked)
    elif told == "later":
        story.answers(asked, 429, REFUSED)
    args: dict[str, Json] = {
        "exchanges": [*exchanges, asked.exchange],
        "name": "messages",
        "size": 1,
        "ids": ["4"],
    }
    assert judged(story, claim, **args)[0].held is None


# -- what a room shows of its messages, and whether it is new ---------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "value", "held", "basis"),
    [
        (201, True, True, ""),
        (200, None, True, ""),
        (201, None, False, "decided"),
        (200, True, False, "decided"),
    ],
)
def test_a_start_says_whether_the_room_is_new(status: int, value: Json, held: bool, basis: str) -> None:
    """That an existing conversation is answered with 200, and a new one with 201, is our reading of that document."""
    story = Story(room=False)
    asked = story.starts("alice", "bob", status=status)
    args: dict[str, Json] = {"exchange": asked.exchange, "name": "created"} | (
        {} if value is None else {"value": value}
    )
    outcome, finding = judged(story, "gives", **args)
    assert outcome.held is held
    assert (finding.basis if finding else "") == basis


def test_what_was_not_answered_gave_nothing_that_anybody_knows() -> None:
    story = Story()
    asked = story.has_no_answer(story.is_listing("bob"))
    assert judged(story, "gives", exchange=asked.exchange, name="count", value=3)[0].held is None


@pytest.mark.parametrize(("shown", "held"), [("2025-10-22T14:00:05Z", True), ("", False), (None, False)])
def test_something_is_anything_that_is_there(shown: Json, held: bool) -> None:
    story, exchanges = listed([message(9, "number 9", created_at=shown)])
    fields: Json = {"sent_at": {"something": True}}
    assert judged(story, "shows", exchanges=exchanges, name="messages", id="9", fields=fields)[0].held is held


def test_rooms_are_held_by_a_list_of_rooms() -> None:
    story = Story()
    asked = story.lists_rooms("bob", conversation())
    args: dict[str, Json] = {"exchanges": [asked.exchange], "name": "rooms"}
    assert judged(story, "holds", ids=["7"], **args)[0].held is True
