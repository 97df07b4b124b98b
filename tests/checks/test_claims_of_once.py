"""Claims that a message whose sender was never answered is there once and whole, or not at all."""

from __future__ import annotations

import pytest

from tests.checks.claiming import judged
from tests.shapes import message
from tests.story import Story

TEXT = "what was never answered, and long enough"


@pytest.mark.parametrize(
    ("shown", "once", "whole"),
    [
        ((), True, True),
        ((TEXT,), True, True),
        ((TEXT, TEXT), False, True),
        ((TEXT[:-1],), True, False),
        ((TEXT, TEXT[:20]), True, False),
        (("something else", TEXT + " and more"), True, True),
    ],
)
def test_a_message_is_there_once_and_whole_or_not_at_all(
    shown: tuple[str, ...], once: bool, whole: bool
) -> None:
    for claim, held, check in (
        ("at-most-once", once, "pages-partition"),
        ("whole", whole, "text-comes-back"),
    ):
        story = Story()
        asked = story.lists("bob", *(message(31 + n, text, "alice") for n, text in enumerate(shown)))
        outcome, finding = judged(story, claim, exchanges=[asked.exchange], name="messages", text=TEXT)
        assert outcome.held is held
        assert (finding.check if finding else None) == (None if held else check)


def test_a_list_that_was_not_given_tells_nothing_of_it() -> None:
    story = Story()
    asked = story.answers(story.is_listing("bob"), 404, {"success": False, "message": "Not found"})
    outcome, _ = judged(story, "at-most-once", exchanges=[asked.exchange], name="messages", text=TEXT)
    assert outcome.held is None
