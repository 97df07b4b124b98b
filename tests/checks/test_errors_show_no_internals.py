"""A line of the server's code in an error is found; what there may be in its place, and how it is written, is tried next door."""

from __future__ import annotations

from tests.story import Story


def test_a_line_of_code_in_an_error_is_found() -> None:
    story = Story()
    said = 'Traceback (most recent call last):\n  File "/srv/chat/views.py", line 12, in send'
    story.answers(story.is_sending("alice", "hi", verb=""), 400, {"success": False, "message": said})
    assert story.the_finding("errors-show-no-internals").heard == 'views.py", line 12'
