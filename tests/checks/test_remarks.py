"""What a run shows that breaks no promise is remarked on, and costs nothing."""

from __future__ import annotations

import pytest

from earwitness.checks.remarks import remarks
from tests.shapes import REFUSED, message
from tests.story import Story


def tried(outsider: int, nobodys: int | None) -> Story:
    """Carol, who is outside, tries to list a room, and alice one that nobody has."""
    story = Story()
    outside = story.answers(story.is_listing("carol", source="refusal"), outsider, REFUSED)
    story.claims("refused", exchange=outside.exchange, relation="not-a-member")
    if nobodys is not None:
        absent = story.answers(story.is_listing("alice", room=9_999, source="refusal"), nobodys, REFUSED)
        story.claims("refused", exchange=absent.exchange, relation="absent")
    return story


@pytest.mark.parametrize(
    ("outsider", "nobodys", "told"),
    [
        (403, 404, True),
        (404, 403, True),
        (404, 404, False),
        (403, None, False),
        (429, 404, False),
        (500, 404, False),
    ],
)
def test_that_existence_is_told_is_remarked_on(outsider: int, nobodys: int | None, told: bool) -> None:
    found = remarks(tried(outsider, nobodys).ends().world())
    assert [(one.id, one.operations, one.cwe) for one in found] == (
        [("existence-is-told", ("getConversation",), ("CWE-204",))] if told else []
    )
    if told:
        assert f"{outsider} to an outsider and {nobodys} for an id that nobody has" in found[0].sentence


def test_an_outsider_who_is_served_is_no_remark_but_a_finding() -> None:
    story = Story()
    served = story.lists("carol", message(31, "hi"))
    story.claims("refused", exchange=served.exchange, relation="not-a-member")
    assert remarks(story.ends().world()) == ()
