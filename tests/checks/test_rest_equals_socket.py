"""What a socket heard of a message is what HTTP then returns."""

from __future__ import annotations

from typing import Any

import pytest

from tests.shapes import Object, message, new_message
from tests.story import Story


def told(heard: Object, listed: Object) -> Story:
    story = Story()
    story.listens("bob")
    story.sends("alice", "hi", 31)
    story.hears("bob", new_message(heard))
    story.lists("bob", listed)
    return story


def test_the_same_everywhere_is_fine() -> None:
    assert told(message(31, "hi"), message(31, "hi")).findings() == ()


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [("kind", "message_type", "image"), ("sent_at", "created_at", "2025-10-22T15:14:31Z"), ("room", "conversation_id", 8)],
)  # fmt: skip
def test_another_value_in_a_list_is_found(name: str, field: str, value: Any) -> None:
    story = told(message(31, "hi"), message(31, "hi", **{field: value}))
    finding = story.the_finding("rest-equals-socket")
    assert finding.cause == f"rest-equals-socket:getConversation:{name}"
    assert (finding.evidence, finding.basis, finding.clause) == (
        (len(story.entries) - 2, len(story.entries) - 1),
        "stated",
        "2.C",
    )


def test_another_value_in_an_event_is_found() -> None:
    story = told(message(31, "hi", message_type="file"), message(31, "hi"))
    assert story.the_finding("rest-equals-socket").cause.startswith("rest-equals-socket:message-created:")


@pytest.mark.parametrize(
    "sent_at",
    ["2025-10-22T14:00:31.000Z", "2025-10-22T14:00:31.123456+00:00", "2025-10-22T16:00:31+02:00"],
)
def test_the_same_moment_may_be_written_otherwise(sent_at: str) -> None:
    """HTTP and the socket are often serialised by different code: another zone, or more digits of the second."""
    assert told(message(31, "hi"), message(31, "hi", created_at=sent_at)).findings() == ()


@pytest.mark.parametrize("sent_at", ["2025-10-22T14:00:32Z", "2025-10-22T14:00:31+02:00"])
def test_another_moment_is_another(sent_at: str) -> None:
    told(message(31, "hi"), message(31, "hi", created_at=sent_at)).the_finding("rest-equals-socket")


def test_a_field_that_is_left_out_is_for_the_schema_to_judge() -> None:
    shown = message(31, "hi")
    for name in ("conversation_id", "message_type", "is_deleted"):
        del shown[name]
    assert told(message(31, "hi"), shown).findings() == ()


def test_ids_that_are_text_are_the_same() -> None:
    story = told(message(31, "hi"), message(31, "hi", id="31", conversation_id="7"))
    assert {one.check for one in story.findings()} == {"response-schema"}


def test_what_may_change_is_not_compared() -> None:
    story = told(message(31, "hi"), message(31, "hi"))
    story.edits("alice", 31, "ho", conversation_id=7)
    assert {one.check for one in story.findings()} == {"delivery-lost"}
