"""A's list says "Chat with B" (section 2.A): the other one's name, as we know it, is in the title."""

from __future__ import annotations

import pytest

from tests.shapes import Object, conversation
from tests.story import Story


def titled(title: str) -> Story:
    story = Story()
    listed(story, conversation() | {"title": title})
    return story


def listed(story: Story, *shown: Object) -> None:
    asked = story.begins("alice", "listConversations", verb="list-rooms")
    story.answers(asked, 200, {"success": True, "conversations": list(shown)})


@pytest.mark.parametrize("title", ["Chat with bob", "Chat with alice and bob", "Chat with BOB (bob)"])
def test_a_title_that_names_the_other_one_is_fine(title: str) -> None:
    assert titled(title).findings() == ()


def test_a_title_that_names_the_viewer_is_found_and_rests_on_a_sample() -> None:
    finding = titled("Chat with alice").the_finding("room-is-named-after-the-peer")
    assert (finding.basis, finding.clause) == ("shown", "2.A")
    assert finding.heard == "'Chat with alice'"


def test_a_title_that_names_nobody_we_know_is_against_our_reading_only() -> None:
    """It may be a name of the other one's that no attribute holds."""
    assert titled("Chat with Robert").the_finding("room-is-named-after-the-peer").basis == "decided"


def test_a_title_may_be_left_out_by_the_schema_but_not_be_judged() -> None:
    story = Story()
    shown = conversation()
    del shown["title"]
    listed(story, shown)
    assert {one.check for one in story.findings()} == {"response-schema"}


def test_a_room_with_somebody_we_do_not_know_may_be_called_anything() -> None:
    story = Story()
    people = [{"id": 1, "username": "alice"}, {"id": 900, "username": "x"}]
    listed(story, conversation(), conversation(3) | {"participants": people, "title": "Chat with Mrs X"})
    assert story.findings() == ()
