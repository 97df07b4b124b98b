"""A room is shown with its latest message, as it was last written, by who wrote it; and with more than that where nobody can tell."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from earwitness.checks import Finding
from earwitness.history import Body, FrameSaid, Json
from tests.shapes import ROOM, Object, conversation, message, new_message
from tests.story import Story

CHECK = "preview-is-the-latest"
Found = list[tuple[str, str]]


def of(findings: tuple[Finding, ...]) -> Found:
    """The last word of each cause of this check, with its basis."""
    return [(one.cause.rpartition(":")[2], one.basis) for one in findings if one.check == CHECK]


def said(text: Json, author: str = "alice") -> Object:
    """What a list shows as the last message."""
    return message(31, "", author, content=text)


def looks(story: Story, last: Object | None, other: str = "bob", room: int = ROOM) -> int:
    """``other`` looks at the room with alice; the number of the request."""
    return story.lists_rooms(other, conversation(room, ("alice", other), last=last)).n


def shown(story: Story, last: Object | None) -> Found:
    """What is found when the room is shown with ``last``, after time enough for whatever was done."""
    looks(story.waits(), last)
    return of(story.findings())


def told(*texts: str, foreign: bool = False, status: int = 201) -> Story:
    """A story in which alice says ``texts``, which are 31, 32, ..., to bob. Lists are seen to show last messages: that of her
    room with carol."""
    story = Story(foreign=foreign, room=False)
    story.starts("alice", "bob", status=status), story.starts("alice", "carol", room=8)
    story.sends("alice", "to carol", 30, room=8)
    looks(story, said("to carol"), "carol", 8)
    for number, text in enumerate(texts, 31):
        story.sends("alice", text, number)
    return story


# -- what is found ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("preview", "expected"),
    [
        (said("second"), []),
        (said("first"), [("earlier", "stated")]),
        (said("to carol"), [("elsewhere", "stated")]),
        (said("second", "bob"), [("author", "stated")]),
        (None, [("nothing", "stated")]),
        (said(""), [("nothing", "stated")]),
    ],
)
def test_the_latest_message_is_shown_and_nothing_else(preview: Object | None, expected: Found) -> None:
    assert shown(told("first", "second"), preview) == expected


def test_a_finding_says_what_there_was_and_what_was_shown() -> None:
    story = told("first")
    latest = story.sends("alice", "second", 32)
    seen = looks(story.waits(), said("first"))
    (finding,) = (one for one in story.findings() if one.check == CHECK)
    assert (finding.evidence, finding.clause) == ((latest.n, seen), "2.A")
    assert finding.expected == "room 7 with its latest message, 'second' by alice"
    assert finding.heard == "bob was shown 'first', an earlier one"


def test_a_text_from_before_an_edit_is_only_against_our_reading() -> None:
    story = told("helo")
    story.edits("alice", 31, "hallo")
    assert shown(story, said("helo")) == [("edited", "decided")]


def test_a_deleted_message_that_was_not_the_latest_is_found() -> None:
    story = told("first", "second")
    story.deletes("alice", 31)
    assert shown(story, said("first")) == [("earlier", "stated")]


def test_a_new_room_in_which_nothing_was_said_shows_nothing() -> None:
    assert shown(told(), said("to carol")) == [("elsewhere", "stated")]
    assert shown(told(), None) == []


def test_that_a_preview_changes_at_once_is_our_reading() -> None:
    story = told("first").waits()
    story.sends("alice", "second", 32)
    looks(story, said("first"))
    assert of(story.findings()) == [("earlier", "decided")]


def test_what_was_no_longer_the_latest_long_ago_is_no_delay() -> None:
    story = told("first", "second").waits()
    story.sends("alice", "third", 33)
    looks(story, said("first"))
    assert of(story.findings()) == [("earlier", "stated")]


def test_a_first_message_that_is_not_shown_at_once_is_a_delay() -> None:
    story = told().waits()
    story.sends("alice", "first", 31)
    looks(story, None)
    assert of(story.findings()) == [("nothing", "decided")]


# -- how a message may be shown -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "preview",
    [
        "**It is** late",
        "**It is**...",
        "**It is** la…",
        "It is late",
        "IT IS LATE",
        "**It  is** late and dark",
        "…",
        "dark",
    ],
)
def test_a_preview_may_be_cut_and_bare_of_markup(preview: str) -> None:
    """Each of these was said before as well, by itself."""
    assert shown(told(preview, "**It is** late\nand dark"), said(preview)) == []


def test_a_letter_may_be_spelt_otherwise_in_unicode() -> None:
    story = told("Jos\u00e9 is late", "*Jose\u0301 is late*")
    assert shown(story, said("Jos\u00e9 is late")) == []


def test_what_nobody_has_said_is_a_notice_or_a_placeholder() -> None:
    for preview in ("bob has joined", "This message was deleted", 5, {"text": "first"}):
        assert shown(told("first"), said(preview)) == []


@pytest.mark.parametrize("text", ["\N{THUMBS UP SIGN}", "<script>alert(1)</script>"])
def test_of_a_text_without_words_there_may_be_nothing_to_show(text: str) -> None:
    assert shown(told(text), None) == []


def test_of_messages_with_the_same_text_any_may_be_meant() -> None:
    assert shown(told("same", "other", "same"), said("same")) == []
    story = told()
    one, another = story.is_sending("bob", "same"), story.is_sending("alice", "same")
    story.is_sent(one, message(31, "same", "bob")), story.is_sent(another, message(32, "same"))
    assert shown(story, said("same", "bob")) == []


def test_an_author_whom_nobody_knows_or_of_a_part_of_a_text_is_not_judged() -> None:
    for preview in (said("second", "dave"), said("sec…", "bob")):
        assert shown(told("first", "second"), preview) == []


def test_of_a_message_of_a_file_anything_may_be_shown() -> None:
    for preview in (None, said(""), said("first"), said("cat.jpg")):
        story = told("first")
        body: Json = {"content": "uploads/cat.jpg", "message_type": "image"}
        sent = story.is_sending("alice", "", verb="send-file", body=body)
        story.is_sent(sent, message(32, "uploads/cat.jpg", message_type="image"))
        assert shown(story, preview) == []


# -- what may be the latest ---------------------------------------------------------------------------------------------


def under_way(do: Callable[[Story], object]) -> Story:
    story = told("first", "second")
    do(story)
    return story


@pytest.mark.parametrize(
    ("do", "previews"),
    [
        (lambda story: story.is_sending("alice", "third"), ["second", "third"]),
        (lambda story: story.has_no_answer(story.is_sending("alice", "third")), ["second", "third"]),
        (lambda story: story.is_editing("alice", 32, "2nd"), ["second", "2nd"]),
        (lambda story: story.has_no_answer(story.is_editing("alice", 32, "2nd")), ["second", "2nd"]),
        (lambda story: story.is_deleting("alice", 32), ["first", "second", "", None]),
        (lambda story: story.has_no_answer(story.is_deleting("alice", 32)), ["first", "second", "", None]),
        # That a deleted text is shown another check finds; in its place there may be anything, or nothing.
        (lambda story: story.deletes("alice", 32), ["first", "second", "", None]),
    ],
)  # fmt: skip
def test_what_overlaps_may_be_shown_or_not(do: Callable[[Story], object], previews: list[str | None]) -> None:
    for preview in previews:
        assert shown(under_way(do), None if preview is None else said(preview)) == []
    assert shown(under_way(do), said("to carol")) == [("elsewhere", "stated")]


def test_two_that_are_sent_at_the_same_time_have_no_order() -> None:
    for preview, author in (("one", "alice"), ("another", "bob")):
        story = told("first")
        one, another = story.is_sending("alice", "one"), story.is_sending("bob", "another")
        story.is_sent(one, message(32, "one")), story.is_sent(another, message(33, "another", "bob"))
        assert shown(story, said(preview, author)) == []


def test_whoever_looks_while_something_is_sent_may_see_it_or_not() -> None:
    for preview in ("first", "second"):
        story = told("first")
        asked = story.begins("bob", "listConversations", verb="list-rooms")
        story.sends("alice", "second", 32)
        listed: Json = [conversation(last=said(preview)) | {"title": "Chat with alice"}]
        story.answers(asked, 200, {"success": True, "conversations": listed})
        assert of(story.findings()) == []


def test_in_a_room_that_is_older_than_the_run_something_older_may_be_the_latest() -> None:
    assert shown(told(foreign=True, status=200), said("to carol")) == []
    story = told("first", foreign=True, status=200)
    story.deletes("alice", 31)
    assert shown(story, said("to carol")) == []
    assert shown(told("first", foreign=True, status=200), said("to carol")) == [("elsewhere", "stated")]


def test_a_frame_that_nobody_can_read_may_have_been_taken_for_a_message() -> None:
    story = told("first")
    story.listens("alice")
    odd = FrameSaid(exchange="odd", socket="s-alice", payload=Body("json", {"message": "to carol"}))
    story.add(odd)
    looks(story, said("to carol"))
    assert of(story.findings()) == []


def test_a_request_that_nobody_can_read_may_have_sent_something_as_well() -> None:
    for status, expected in ((201, []), (400, [("elsewhere", "decided")])):
        story = told("first")
        asked = story.begins("alice", "sendMessage", body={"contents": "to carol"}, conversation_id=ROOM)
        story.answers(asked, status, {})
        looks(story, said("to carol"))
        assert [word for word, _ in of(story.findings())] == [word for word, _ in expected]


def test_what_comes_later_explains_nothing() -> None:
    story = told("first", "second")
    looks(story.waits(), said("said later"))
    looks(story, said("first"))
    story.sends("alice", "said later", 33, room=8)
    body: Json = {"content": "uploads/cat.jpg", "message_type": "image"}
    sent = story.is_sending("alice", "", verb="send-file", body=body)
    story.is_sent(sent, message(34, "uploads/cat.jpg", message_type="image"))
    assert of(story.findings()) == [("earlier", "stated")]


def test_what_was_said_after_it_is_the_latest_again() -> None:
    story = told("first")
    story.listens("alice")
    story.add(FrameSaid(exchange="odd", socket="s-alice", payload=Body("json", {"message": "to carol"})))
    story.waits().sends("alice", "second", 32)
    assert shown(story, said("to carol")) == [("elsewhere", "stated")]


def test_that_what_was_told_is_stored_as_well_is_our_reading() -> None:
    story = told("first")
    story.listens("alice"), story.listens("bob")
    story.says("alice", "second")
    story.hears("bob", new_message(message(32, "second")))
    assert shown(story, said("first")) == [("earlier", "decided")]


# -- where none is shown ------------------------------------------------------------------------------------------------


def test_an_operation_that_never_shows_a_last_message_need_not() -> None:
    story = Story()
    story.sends("alice", "first", 31)
    assert shown(story, None) == []
