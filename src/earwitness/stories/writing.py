"""Writes a story down as a test file that repeats it."""

from __future__ import annotations

from earwitness.stories.telling import Story

_WORDS = ("PHOTO", "at_once", "known", "replied")


def as_test(story: Story, api: str, went_wrong: str) -> str:
    """A pytest file, for the plugin of this package, that does what ``story`` does; ``went_wrong`` says what that showed."""
    told = "\n".join(story.lines)
    words = [word for word in _WORDS if word in told]
    imports = ["import pytest", "", "from earwitness.live import LiveMember"]
    imports += ["from earwitness.live.handles import thing_id"] if "thing_id(" in told else []
    imports += [f"from earwitness.stories import {', '.join(words)}"] if words else []
    cast = ", ".join(f"{who}: LiveMember" for who in story.cast)
    said = (
        "\n".join(line.rstrip() for line in went_wrong.splitlines())
        .replace("\\", "\\\\")
        .replace('"""', "'''")
    )
    body = "\n".join(f"    {line}" for line in story.lines)
    return f'''"""A story that went wrong on {api}; the shortest one that was found.

{said}

Repeat it: python -m pytest -p earwitness.pytest_plugin --api {api} FILE
"""

from __future__ import annotations

{chr(10).join(imports)}


@pytest.mark.needs("send-text")
def test_a_story_that_went_wrong({cast}) -> None:
{body}
'''
