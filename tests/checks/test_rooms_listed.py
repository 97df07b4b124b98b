"""A list of rooms holds every room that the member is in (CONV-1), and none that it is not in."""

from __future__ import annotations

from tests.shapes import IDS, conversation
from tests.story import Story

OURS = conversation()


def test_the_members_room_in_the_members_lists_is_fine() -> None:
    story = Story()
    story.lists_rooms("alice", OURS), story.lists_rooms("bob", OURS), story.lists_rooms("carol")
    assert story.findings() == ()


def test_a_room_that_is_missing_is_found() -> None:
    story = Story()
    listed = story.lists_rooms("bob")
    finding = story.the_finding("rooms-listed")
    assert (finding.cause, finding.evidence) == ("rooms-listed:missing", (listed.n,))
    assert (finding.basis, finding.clause) == ("stated", "2.A")


def test_a_room_of_others_is_found() -> None:
    story = Story()
    listed = story.lists_rooms("carol", OURS)
    finding = story.the_finding("rooms-listed")
    assert (finding.cause, finding.evidence, finding.severity) == (
        "rooms-listed:foreign",
        (listed.n,),
        "critical",
    )


def test_a_room_that_is_being_started_may_be_listed_or_not() -> None:
    for shown in ((), (OURS,)):
        story = Story(room=False)
        listing = story.begins("bob", "listConversations", verb="list-rooms")
        story.starts("alice", "bob")
        titled = [one | {"title": "Chat with alice"} for one in shown]
        story.answers(listing, 200, {"success": True, "conversations": titled})
        assert story.findings() == ()


def test_old_rooms_of_a_real_account_may_be_listed() -> None:
    story = Story()
    old = conversation(3) | {
        "participants": [{"id": IDS["alice"], "username": "alice"}, {"id": 900, "username": "x"}]
    }
    story.lists_rooms("alice", OURS, old)
    assert story.findings() == ()


def test_a_room_that_an_answer_shows_without_the_caller_is_still_its_own() -> None:
    story = Story(room=False)
    alone = conversation(3) | {"participants": [{"id": 900, "username": "x"}]}
    story.lists_rooms("alice", alone)
    assert {one.check for one in story.findings()} == {"response-schema"}


def test_ids_that_are_text_are_the_same() -> None:
    story = Story()
    story.lists_rooms("bob", OURS | {"id": "7"})
    assert {one.check for one in story.findings()} == {"response-schema"}


def test_a_list_that_was_refused_holds_nothing_and_lacks_nothing() -> None:
    story = Story()
    story.answers(story.begins("bob", "listConversations", verb="list-rooms"), 429, {})
    assert story.findings() == ()
