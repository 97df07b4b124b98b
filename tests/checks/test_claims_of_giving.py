"""Claims of what answers tell by the binding's names: a value, and a list that grew."""

from __future__ import annotations

import pytest

from earwitness.history import Json
from tests.checks.claiming import judged
from tests.shapes import conversation
from tests.story import Story


@pytest.mark.parametrize(("value", "held"), [(2, True), (3, False), (True, False), ("2", False)])
def test_an_answer_gives_a_value_under_a_name(value: Json, held: bool) -> None:
    story = Story()
    asked = story.marks("bob", 2)
    outcome, finding = judged(
        story, "gives", exchange=asked.exchange, name="count", value=value, check="unread-count"
    )
    assert outcome.held is held
    assert outcome.entries == (asked.n, asked.answer)
    assert (finding.check if finding else "") == ("" if held else "unread-count")


@pytest.mark.parametrize(("name", "value", "held"), [("outcome", False, True), ("count", False, False)])
def test_that_false_is_told_is_not_that_nothing_is(name: str, value: bool, held: bool) -> None:
    story = Story()
    story.sends("alice", "hi", 31)
    asked = story.reacts("bob", 31, reacted=False)
    assert judged(story, "gives", exchange=asked.exchange, name=name, value=value)[0].held is held


def test_what_was_never_answered_tells_nothing() -> None:
    story = Story()
    asked = story.has_no_answer(story.is_marking("bob"))
    assert judged(story, "gives", exchange=asked.exchange, name="count", value=2)[0].held is None


@pytest.mark.parametrize(
    ("after", "by", "held"), [((7, 8), 1, True), ((7, 8), 0, False), ((7, 7), 0, True), ((7,), 1, False)]
)
def test_a_list_grows_by_so_many_things(after: tuple[int, ...], by: int, held: bool) -> None:
    """What is listed twice is one thing."""
    story = Story()
    before = story.lists_rooms("alice", conversation(7, ("alice", "bob")))
    later = story.lists_rooms("alice", *(conversation(room, ("alice", "bob")) for room in after))
    outcome, finding = judged(
        story,
        "grows",
        exchanges=[later.exchange],
        before=[before.exchange],
        name="rooms",
        by=by,
        check="rooms-listed",
    )
    assert outcome.held is held
    assert (finding is None) is held
    assert outcome.entries == (before.answer, later.answer)


def test_a_list_that_was_refused_has_neither_grown_nor_not() -> None:
    story = Story()
    before = story.lists_rooms("alice", conversation(7, ("alice", "bob")))
    refused = story.answers(story.begins("alice", "listConversations", verb="list-rooms"), 401)
    outcome, finding = judged(
        story, "grows", exchanges=[refused.exchange], before=[before.exchange], name="rooms", by=0
    )
    assert (outcome.held, finding) == (None, None)
