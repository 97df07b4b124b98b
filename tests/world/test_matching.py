"""The index finds the dues that comparing a frame with each of them would find, in their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pytest

from earwitness.world import Due, Heard, matching
from earwitness.world.matching import Index, same_subject
from tests.shapes import message, new_message
from tests.story import Story

EVENTS = ("message-created", "reaction-changed", "typing")
VALUES = {
    "message": ("31", "32"),
    "text": ("hi", " hi", "ho"),
    "member": ("1", "2"),
    "room": ("7", "8"),
    "emoji": ("👍",),
}


def example() -> tuple[Due, Heard]:
    """A due and a frame, to be shown otherwise."""
    story = Story()
    story.listens("bob")
    story.sends("alice", "hi", 31)
    story.hears("bob", new_message(message(31, "hi")))
    delivery = story.world().delivery
    return delivery.dues[0], delivery.heard[0]


def some(chance: Random) -> Mapping[str, str]:
    return {name: chance.choice(values) for name, values in VALUES.items() if chance.random() < 0.5}


@pytest.mark.parametrize("seed", range(20))
def test_the_index_finds_what_a_look_at_everything_finds(seed: int) -> None:
    chance = Random(seed)
    due, heard = example()
    dues = [replace(due, event=chance.choice(EVENTS), shows=some(chance)) for _ in range(60)]
    index = Index(dues)
    for _ in range(60):
        frame = replace(heard, event=chance.choice(EVENTS), shows=some(chance))
        everything = [
            one for one in dues if one.event == frame.event and same_subject(one.shows, frame.shows)
        ]
        assert list(map(id, index.about(frame))) == list(map(id, everything))


def test_a_long_talk_is_not_compared_with_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each frame is held against what has its message or its text, not against everything that was ever due."""
    compared = 0

    def counted(due: Mapping[str, str], heard: Mapping[str, str]) -> bool:
        nonlocal compared
        compared += 1
        return same_subject(due, heard)

    monkeypatch.setattr(matching, "same_subject", counted)
    story = Story()
    for member in ("alice", "bob"):
        story.listens(member)
    for n in range(100):
        story.sends("alice", f"message {n}", 100 + n)
        for member in ("alice", "bob"):
            story.hears(member, new_message(message(100 + n, f"message {n}")))
    assert {one.match for one in story.world().delivery.heard} == {"due"}
    assert 200 <= compared <= 400
