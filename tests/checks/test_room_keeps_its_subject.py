"""A conversation that was started about a product is about that product (section 2.B); that the first one stays is our reading."""

from __future__ import annotations

import pytest

from tests.shapes import Object, conversation
from tests.story import Story


def shown_as(subject: object, *, product: int | None = 42, status: int = 201) -> Story:
    story = Story(room=False)
    story.starts("alice", "bob", product=product, status=status)
    story.lists_rooms("alice", conversation() | {"related_product": subject})
    return story


@pytest.mark.parametrize("product", [42, None])
def test_the_product_it_was_started_about_is_fine(product: int | None) -> None:
    assert shown_as(product, product=product).findings() == ()


@pytest.mark.parametrize(("product", "subject"), [(42, None), (42, 43), (None, 42)])
def test_another_product_is_found(product: int | None, subject: object) -> None:
    finding = shown_as(subject, product=product).the_finding("room-keeps-its-subject")
    assert (finding.basis, finding.clause) == ("decided", "2.B")


def test_the_answer_to_the_start_itself_must_show_it() -> None:
    story = Story(room=False)
    asked = story.begins(
        "alice", "startConversation", verb="open-direct", body={"receiver_id": 2, "product_id": 42}
    )
    said = "Conversation started successfully"
    story.answers(asked, 201, {"success": True, "message": said, "conversation": conversation()})
    assert story.the_finding("room-keeps-its-subject").heard == "about None"


def test_starting_again_about_something_else_changes_nothing() -> None:
    story = Story(room=False)
    story.starts("alice", "bob", product=42)
    again = story.begins(
        "bob", "startConversation", verb="open-direct", body={"receiver_id": 1, "product_id": 43}
    )
    kept = conversation(members=("bob", "alice")) | {"related_product": 42}
    story.answers(
        again, 200, {"success": True, "message": "Conversation already exists", "conversation": kept}
    )
    story.lists_rooms("alice", conversation() | {"related_product": 42})
    assert story.findings() == ()


def test_an_old_room_may_be_about_anything() -> None:
    assert shown_as(7, status=200).findings() == ()


def test_of_two_starts_at_once_nobody_knows_which_was_first() -> None:
    story = Story(room=False)
    one = story.begins(
        "alice", "startConversation", verb="open-direct", body={"receiver_id": 2, "product_id": 42}
    )
    other = story.begins(
        "bob", "startConversation", verb="open-direct", body={"receiver_id": 1, "product_id": 43}
    )
    shown: Object = {"related_product": 43}
    said: Object = {"success": True, "message": "Conversation started successfully"}
    story.answers(other, 201, said | {"conversation": conversation(members=("bob", "alice")) | shown})
    story.answers(
        one, 200, said | {"message": "Conversation already exists", "conversation": conversation() | shown}
    )
    assert story.findings() == ()
