"""A member has one reaction on a message: the same again takes it back (FEAT-2), another replaces it (FEAT-3)."""

from __future__ import annotations

import pytest

from tests.shapes import Object, message, reaction
from tests.story import Story


def told() -> Story:
    story = Story()
    story.sends("alice", "hi", 31)
    return story


def shown(*reactions: Object) -> Object:
    return message(31, "hi", reactions=list(reactions))


def test_adding_taking_back_and_replacing_are_shown_as_documented() -> None:
    story = told()
    story.reacts("bob", 31), story.lists("alice", shown(reaction(31, "bob")))
    story.reacts("bob", 31, reacted=False), story.lists("alice", shown())
    story.reacts("bob", 31), story.reacts("bob", 31, "❤️")
    story.lists("alice", shown(reaction(31, "bob", "❤️")))
    assert story.findings() == ()


@pytest.mark.parametrize(
    ("subject", "reactions"),
    [("missing", ()), ("never given", (reaction(31, "bob"), reaction(31, "alice", "❤️")))],
)
def test_a_reaction_that_is_missing_or_was_never_given_is_found(
    subject: str, reactions: tuple[Object, ...]
) -> None:
    story = told()
    story.reacts("bob", 31)
    listed = story.lists("alice", shown(*reactions))
    finding = story.the_finding("reactions-follow-the-rule")
    assert finding.cause == f"reactions-follow-the-rule:getConversation:{subject}"
    assert (finding.evidence, finding.basis, finding.clause) == (
        (listed.n, listed.answer),
        "stated",
        "5.FEAT",
    )


def test_a_reaction_that_was_taken_back_and_is_still_there_is_found() -> None:
    story = told()
    story.reacts("bob", 31), story.reacts("bob", 31, reacted=False)
    story.lists("alice", shown(reaction(31, "bob")))
    assert story.the_finding("reactions-follow-the-rule").cause.endswith(":still there")


def test_a_reaction_that_was_replaced_and_is_still_there_is_found() -> None:
    story = told()
    story.reacts("bob", 31), story.reacts("bob", 31, "❤️")
    story.lists("alice", shown(reaction(31, "bob"), reaction(31, "bob", "❤️")))
    assert story.the_finding("reactions-follow-the-rule").cause.endswith(":still there")


def test_an_answer_that_says_the_same_again_adds_is_found() -> None:
    story = told()
    story.reacts("bob", 31)
    again = story.reacts("bob", 31, reacted=True)
    finding = story.the_finding("reactions-follow-the-rule")
    assert (finding.cause, finding.evidence) == ("reactions-follow-the-rule:outcome", (again.n, again.answer))


def test_an_answer_that_says_the_first_time_removes_is_found() -> None:
    story = told()
    story.reacts("bob", 31, reacted=False)
    assert story.the_finding("reactions-follow-the-rule").cause.endswith(":outcome")


@pytest.mark.parametrize("first", [0, 1])
def test_the_same_reaction_from_two_devices_at_once_may_be_taken_in_either_order(first: int) -> None:
    story = told()
    both = story.is_reacting("bob", 31), story.is_reacting("bob", 31)
    story.has_reacted(both[0], reacted=first == 0), story.has_reacted(both[1], reacted=first == 1)
    story.lists("alice", shown())
    assert story.findings() == ()


@pytest.mark.parametrize("left", ["👍", "❤️"])
def test_two_reactions_from_two_devices_at_once_may_replace_each_other_either_way(left: str) -> None:
    story = told()
    both = story.is_reacting("bob", 31), story.is_reacting("bob", 31, "❤️")
    story.has_reacted(both[0]), story.has_reacted(both[1], "❤️")
    story.lists("alice", shown(reaction(31, "bob", left)))
    assert story.findings() == ()


def test_a_reaction_that_nobody_answered_may_come_later_than_the_next() -> None:
    story = told()
    story.has_no_answer(story.is_reacting("bob", 31))
    story.reacts("bob", 31)
    story.lists("alice", shown(reaction(31, "bob"))), story.lists("alice", shown())
    assert {one.check for one in story.findings()} == {"answered"}


def test_an_edit_that_is_answered_late_may_show_the_reactions_before_or_after() -> None:
    """The edit was under way all the time that bob reacted: its answer may be a look at either moment."""
    for reactions in ([], [reaction(31, "bob")]):
        story = told()
        editing = story.is_editing("alice", 31, "ho")
        story.reacts("bob", 31)
        answer = message(31, "ho", is_edited=True, reactions=reactions)
        story.answers(editing, 200, {"success": True, "message": answer})
        assert story.findings() == ()


def test_a_reaction_while_a_list_is_read_may_be_in_it_or_not() -> None:
    for reactions in ((), (reaction(31, "bob"),)):
        story = told()
        listing, reacting = story.is_listing("alice"), story.is_reacting("bob", 31)
        story.has_listed(listing, shown(*reactions))
        story.has_reacted(reacting)
        assert story.findings() == ()


@pytest.mark.parametrize(
    "reactions",
    [
        [{"emoji": "👍", "users": [2], "count": 1}],
        {"👍": [2]},
        ["👍"],
        [{"message_id": 31, "user": 2, "reaction_type": "👍"}],
    ],
)
def test_reactions_in_another_shape_can_not_be_judged(reactions: object) -> None:
    """How a reaction looks is shown nowhere (decided): what the view does not find is for the schema to judge."""
    story = told()
    story.reacts("bob", 31)
    story.lists("alice", message(31, "hi", reactions=reactions))
    assert {one.check for one in story.findings()} == {"response-schema"}


def test_reactions_that_are_listed_as_no_longer_in_force_are_not() -> None:
    story = told()
    story.reacts("bob", 31), story.reacts("bob", 31, reacted=False)
    story.lists("alice", shown(reaction(31, "bob", reacted=False)))
    assert {(one.check, one.basis) for one in story.findings()} == {("response-schema", "decided")}


def test_reactions_of_people_who_are_no_test_members_are_theirs() -> None:
    story = told()
    story.lists("alice", shown(reaction(31, "dave")))
    assert story.findings() == ()
