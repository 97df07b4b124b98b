"""An event tells who did what to which message, where it tells it at all."""

from __future__ import annotations

import pytest

from tests.shapes import Object, message, reaction, reaction_updated, read_receipt
from tests.story import Story


def told(shown: Object, emoji: str = "👍", reacted: bool = True) -> tuple[Story, int, int]:
    story = Story()
    story.sends("alice", "hi", 31)
    story.listens("alice")
    if not reacted:
        story.reacts("bob", 31), story.hears("alice", reaction_updated(reaction(31, "bob")))
    asked = story.reacts("bob", 31, emoji, reacted)
    return story, asked.n, story.hears("alice", reaction_updated(shown))


@pytest.mark.parametrize("reacted", [True, False])
def test_an_event_that_tells_what_was_done_is_fine(reacted: bool) -> None:
    assert told(reaction(31, "bob", reacted=reacted), reacted=reacted)[0].findings() == ()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("member", reaction(31, "alice")),
        ("emoji", reaction(31, "bob", "❤️")),
        ("in_force", reaction(31, "bob", reacted=False)),
    ],
)
def test_another_member_emoji_or_outcome_is_found(name: str, shown: Object) -> None:
    story, cause, heard = told(shown)
    finding = story.the_finding("event-content")
    assert (finding.cause, finding.evidence) == (f"event-content:reaction-changed:{name}", (cause, heard))
    assert (finding.basis, finding.clause) == ("stated", "5.FEAT")


def test_a_receipt_of_somebody_else_is_found_and_only_decided() -> None:
    story = Story()
    story.sends("alice", "hi", 31)
    story.listens("alice")
    asked = story.marks("bob", 1)
    heard = story.hears("alice", read_receipt("carol", 31))
    finding = story.the_finding("event-content")
    assert (finding.evidence, finding.basis) == ((asked.n, heard), "decided")


def test_two_who_react_at_once_are_told_apart_by_who_they_are() -> None:
    story = Story()
    story.sends("alice", "hi", 31)
    story.listens("alice"), story.listens("bob")
    one, other = story.is_reacting("alice", 31), story.is_reacting("bob", 31)
    for member in ("alice", "bob"):
        story.hears(member, reaction_updated(reaction(31, "bob")))
        story.hears(member, reaction_updated(reaction(31, "alice")))
    story.has_reacted(one), story.has_reacted(other)
    assert story.findings() == ()


def test_an_event_in_another_shape_is_for_its_schema_to_judge() -> None:
    """The document names the reaction object and shows nothing of it: its shape is ours."""
    story, _, heard = told({"on": 31, "by": 2, "emoji": "👍"})
    assert {(one.check, one.basis, one.evidence) for one in story.findings()} == {
        ("frame-schema", "decided", (heard,))
    }


def test_ids_that_are_text_are_the_same() -> None:
    story, _, _ = told(reaction(31, "bob") | {"message_id": "31", "user": {"id": "2", "username": "bob"}})
    assert {one.check for one in story.findings()} == {"frame-schema"}


def test_the_name_of_a_member_is_not_compared() -> None:
    story, _, _ = told(reaction(31, "bob") | {"user": {"id": 2, "username": "Bob B."}})
    assert story.findings() == ()


def test_an_outcome_that_is_not_known_can_not_be_wrong() -> None:
    story = Story()
    story.sends("alice", message(31, "hi")["content"], 31)
    story.listens("alice")
    story.has_no_answer(story.is_reacting("bob", 31))
    story.hears("alice", reaction_updated(reaction(31, "bob", reacted=False)))
    assert {one.check for one in story.findings()} == {"answered"}
