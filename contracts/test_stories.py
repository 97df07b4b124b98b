"""Stories that nobody thought of: several members do at random what members do, and everybody must see and hear what follows from it."""

from __future__ import annotations

import pytest

from earwitness.live import Stage
from earwitness.stories import Story, perform


@pytest.mark.needs("send-text", "list-messages")
def test_a_story_goes_as_it_must(stage: Stage, story: Story) -> None:
    perform(story, stage)
