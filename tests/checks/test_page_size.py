"""A page holds twenty messages (decided), and is full when another one follows."""

from __future__ import annotations

import pytest

from tests.shapes import Object, message
from tests.story import Story


def page(first: int, number: int) -> list[Object]:
    return [message(first + number - index, "said long ago") for index in range(number)]


@pytest.mark.parametrize(("number", "more"), [(20, True), (20, False), (3, False), (0, False)])
def test_a_full_page_or_the_last_one_is_fine(number: int, more: bool) -> None:
    story = Story()
    story.lists("alice", *page(100, number), more=more, count=number + 20 * more)
    assert "page-size" not in {one.check for one in story.findings()}


@pytest.mark.parametrize(("number", "more"), [(19, True), (0, True), (21, False), (21, True)])
def test_a_page_that_is_too_short_or_too_long_is_found(number: int, more: bool) -> None:
    story = Story()
    listed = story.lists("alice", *page(100, number), more=more, count=60)
    finding = next(one for one in story.findings() if one.check == "page-size")
    assert (finding.evidence, finding.basis, finding.clause) == ((listed.n,), "decided", "2.C")


def test_an_answer_that_does_not_say_whether_more_follows_is_not_taken_for_one_that_does() -> None:
    story = Story()
    answer = {"count": 55, "previous": None, "success": True, "messages": page(100, 3)}
    story.answers(
        story.is_listing("alice"), 200, answer | {"conversation": {"id": 7, "title": "Chat with bob"}}
    )
    assert {one.check for one in story.findings()} == {"response-schema"}


def test_a_list_of_rooms_has_no_pages() -> None:
    story = Story(room=False)
    story.lists_rooms("alice")
    assert story.findings() == ()
