"""A line of the server's code is found in an error of whatever language, and nothing that only looks a little like one."""

from __future__ import annotations

import pytest

from earwitness.history import Body, Json, Response
from tests.story import Story

PYTHON = 'Traceback (most recent call last):\n  File "/srv/chat/views.py", line 12, in send\n    raise ValueError\n'


def found(said: Json, *, sent: str = "hi", status: int = 400) -> list[tuple[str, str]]:
    """What this check finds in an error that says ``said``: the cause and what was heard."""
    story = Story()
    asked = story.is_sending("alice", sent, verb="", source="generated")
    body = Body("text", said) if isinstance(said, str) else Body("json", said)
    story.add(
        Response(
            exchange=asked.exchange, status=status, headers={"Content-Type": "application/json"}, body=body
        )
    )
    findings = [one for one in story.findings() if one.check == "errors-show-no-internals"]
    assert {(one.basis, one.clause) for one in findings} <= {("decided", "2.D")}
    return [(one.cause, one.heard) for one in findings]


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (PYTHON, 'views.py", line 12'),
        (
            "<pre>File &quot;/srv/chat/views.py&quot;, line 12, in send</pre>",
            "views.py&quot;, line 12",
        ),
        ("IllegalStateException: no\n\tat org.chat.Rooms.send(Rooms.java:12)\n", "Rooms.java:12"),
        ("Error: no\n    at Object.<anonymous> (/srv/chat/index.js:10:15)\n", "index.js:10"),
        ("Error: no\n    at async send (/srv/chat/dist/send.mjs:3:9)\n", "send.mjs:3"),
        ("no\n   at Rooms.Send(String text) in C:\\chat\\My Rooms.cs:line 12\n", "Rooms.cs:line 12"),
        ("app/models/room.rb:12:in `send'", "room.rb:12"),
        ("Stack trace:\n#0 /srv/chat/index.php(12): send()\n", "index.php(12"),
        ("goroutine 7 [running]:\nmain.main()\n\t/srv/chat/main.go:12 +0x1d\n", "main.go:12"),
    ],
)
@pytest.mark.parametrize("status", [400, 500])
def test_a_line_of_code_is_found_in_an_error(said: str, heard: str, status: int) -> None:
    told = [("errors-show-no-internals:sendMessage:line", heard)]
    assert found(said, status=status) == told
    assert found({"success": False, "errors": [{"message": said}]}, status=status) == told


@pytest.mark.parametrize(
    "said",
    [
        "Message content is required",
        "content: look at line 12, in the body (it has no text)",
        "The upload has expired at 12:30 (UTC)",
        "no answer from chat.example.com:8080, nor from example.com.py:8080",
        "views.py, rooms.rb and index.php are no names of images",
        "node.js 20 or newer",
        "",
    ],
)
def test_the_words_of_an_error_are_no_line_of_code(said: str) -> None:
    assert found({"success": False, "message": said}) == []


def test_what_was_sent_may_be_quoted() -> None:
    assert found({"success": False, "message": f"not allowed: {PYTHON}"}, sent=PYTHON) == []
    story = Story()
    asked = story.begins("alice", "getConversation", query={"page": PYTHON}, conversation_id=7)
    story.answers(asked, 404, {"success": False, "message": f"no page {PYTHON}"})
    assert story.findings() == ()


def test_what_members_tell_each_other_is_theirs() -> None:
    story = Story()
    story.sends("alice", PYTHON, 31)
    assert story.findings() == ()


def test_it_is_a_note_on_somebody_elses_deployment() -> None:
    for foreign in (False, True):
        story = Story(foreign=foreign)
        asked = story.is_sending("alice", "hi", verb="", source="generated")
        story.answers(asked, 400, {"success": False, "message": PYTHON})
        verdict = story.case_ends().ends().verdict()
        told = [one.check for one in (verdict.notes if foreign else verdict.findings)]
        assert told == ["errors-show-no-internals"]
