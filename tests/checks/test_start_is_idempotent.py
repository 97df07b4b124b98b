"""Two members have one conversation: starting again, from either side, gives it (section 2.B)."""

from __future__ import annotations

from tests.shapes import Object
from tests.story import Story
from tests.tale import Tale


def test_starting_again_from_either_side_gives_the_room_there_is() -> None:
    story = Story()
    story.starts("alice", "bob", status=200), story.starts("bob", "alice", status=200)
    assert story.findings() == ()


def test_a_second_room_for_the_same_two_is_found() -> None:
    story = Story(room=False)
    first, second = story.starts("alice", "bob"), story.starts("bob", "alice", room=8)
    finding = story.the_finding("start-is-idempotent")
    assert finding.evidence == (first.n, second.n)
    assert (finding.basis, finding.clause) == ("stated", "2.B")


def test_another_pair_has_another_room() -> None:
    story = Story()
    story.starts("alice", "carol", room=8), story.starts("bob", "carol", room=9)
    assert story.findings() == ()


def test_two_who_start_at_once_get_one_room_whoever_is_told_that_it_is_new() -> None:
    story = Story(room=False)
    both = [
        story.begins(member, "startConversation", verb="open-direct", body={"receiver_id": peer})
        for member, peer in (("alice", 2), ("bob", 1))
    ]
    people = [{"id": 1, "username": "alice"}, {"id": 2, "username": "bob"}]
    for asked, peer in zip(both, ("bob", "alice"), strict=True):
        shown: Object = {
            "id": 7,
            "title": f"Chat with {peer}",
            "participants": people,
            "related_product": None,
        }
        said = "Conversation started successfully"
        story.answers(asked, 201, {"success": True, "message": said, "conversation": shown})
    assert story.findings() == ()


def test_that_another_product_is_no_reason_for_another_room_is_our_reading() -> None:
    story = Story(room=False)
    story.starts("alice", "bob", product=123), story.starts("alice", "bob", room=8, product=456)
    assert story.the_finding("start-is-idempotent").basis == "decided"


def test_the_same_product_is_none_either() -> None:
    story = Story(room=False)
    story.starts("alice", "bob", product=123), story.starts("alice", "bob", room=8, product=123)
    assert story.the_finding("start-is-idempotent").basis == "stated"


def test_rooms_that_nobody_started_are_old() -> None:
    """A server before its time may have left an account with two: only what the run starts is judged."""
    story = Story()
    people = [{"id": 1, "username": "alice"}, {"id": 2, "username": "bob"}]
    shown = {"title": "Chat with bob", "participants": people, "last_message": None, "unread_count": 0}
    story.lists_rooms("alice", {"id": 7, **shown}, {"id": 3, **shown})
    assert story.findings() == ()


UNNAMED = {"detail": "you have a talk already"}


def starts_again_unnamed(tale: Tale, member: str, peer: int) -> None:
    tale.asks(member, "startTalk", 400, dict(UNNAMED), verb="open-direct", body={"with": peer})


def test_a_refusal_that_names_the_room_there_is_gives_it() -> None:
    tale = Tale()
    tale.talks("alice", "bob"), tale.talks("bob", "alice", status=400)
    assert tale.found() == []


def test_a_refusal_that_does_not_name_the_room_there_is_is_found() -> None:
    tale = Tale()
    tale.talks("alice", "bob")
    starts_again_unnamed(tale, "bob", 1)
    assert ("start-is-idempotent", "stated") in tale.found()


def test_where_there_is_no_room_yet_a_refusal_can_name_none() -> None:
    tale = Tale()
    tale.talks("alice", "carol")
    starts_again_unnamed(tale, "bob", 1)
    assert "start-is-idempotent" not in [check for check, _ in tale.found()]


def test_whoever_is_blocked_may_be_refused_for_that_alone() -> None:
    tale = Tale()
    tale.talks("alice", "bob")
    tale.blocks("alice", "bob")
    starts_again_unnamed(tale, "bob", 1)
    assert tale.found() == []
