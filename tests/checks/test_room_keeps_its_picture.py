"""A room that was started with a picture has one, wherever it is shown; what the picture is, nobody looks at."""

from __future__ import annotations

import pytest

from earwitness.history import Json
from tests.tale import Tale

FACE: dict[str, Json] = {"picture": {"name": "face.png", "type": "image/png", "size": 4}}


@pytest.mark.parametrize("shown", [{"picture": "/media/1"}, {"picture": {"url": "/media/1"}}, {}])
def test_a_picture_of_whatever_form_is_one(shown: dict[str, Json]) -> None:
    tale = Tale()
    tale.founds("alice", "bob", sent=FACE, shown=shown)
    tale.asks("bob", "listClubs", 200, [{"id": 5, "members": [1, 2], **shown}], verb="list-rooms")
    assert tale.found() == []


@pytest.mark.parametrize("picture", [None, ""])
def test_none_is_found_in_the_answer_and_in_lists(picture: str | None) -> None:
    tale = Tale()
    tale.founds("alice", "bob", sent=FACE, shown={"picture": picture})
    assert tale.found() == [("room-keeps-its-picture", "stated")]
    tale = Tale()
    tale.founds("alice", "bob", sent=FACE, shown={"picture": "/media/1"})
    tale.asks("bob", "listClubs", 200, [{"id": 5, "members": [1, 2], "picture": picture}], verb="list-rooms")
    assert tale.found() == [("room-keeps-its-picture", "stated")]


def test_without_one_it_may_have_one_or_none() -> None:
    tale = Tale()
    tale.founds("alice", "bob", shown={"picture": None})
    tale.asks(
        "bob", "listClubs", 200, [{"id": 5, "members": [1, 2], "picture": "/media/of-all"}], verb="list-rooms"
    )
    assert tale.found() == []
