from __future__ import annotations

from earwitness.history import Body, FrameHeard, Request, Response
from earwitness.report import Past, Remark, remarks_on, transcript
from earwitness.report.text import BODY_KEPT
from earwitness.report.transcript import MOST_LINES, TEXT_KEPT, kind_of
from earwitness.verdict import Verdict
from tests.report.made_up import HOSTILE, case, finding, history


def test_a_case_is_told_in_order_with_who_said_and_who_heard() -> None:
    entries, numbers = history("hello")
    told = transcript("c1", Past.of(entries))
    request = next(line for line in told.lines if line.n == numbers.send)
    heard = next(line for line in told.lines if line.n == numbers.bob_heard)
    assert (request.who, request.way, request.what) == ("alice", "→", "POST /conversations/12/messages/")
    assert request.outcome == "201 in 6.2 ms"
    assert (heard.who, heard.way, heard.what) == ("bob", "←", "new_message")
    assert [line.ms for line in told.lines] == sorted(line.ms for line in told.lines)
    # The case starts four entries before, one every 3.1 ms: two openings with their answers.
    assert request.ms == 5 * 3.1
    assert "  alice → POST /conversations/12/messages/  " in str(request)


def test_only_what_is_of_the_case_is_told() -> None:
    entries, numbers = history()
    past = Past.of(entries)
    assert numbers.send not in [line.n for line in transcript("c2", past).lines]
    assert transcript("no such case", past).lines == ()


def test_what_went_wrong_stands_beside_its_line_and_an_answers_remark_at_its_request() -> None:
    entries, numbers = history("hello")
    told = transcript("c1", Past.of(entries), {numbers.answer: Remark("expected 404", bad=True)})
    marked = [line for line in told.lines if line.remark]
    assert [(line.n, line.remark, line.bad) for line in marked] == [(numbers.send, "expected 404", True)]
    assert "expected 404" in str(told)


def test_remarks_tell_of_failures_before_what_was_kept() -> None:
    _, numbers = history()
    judged = case(Verdict.FAIL, findings=(finding(numbers, expected="X", heard="Y"),))
    assert remarks_on(judged) == {numbers.send: Remark("expected X; heard Y", bad=True, sides=(("X", "Y"),))}


def test_a_long_case_is_cut_around_what_went_wrong() -> None:
    entries, _ = history("hello", extra_frames=900)
    frames = [entry.n for entry in entries if isinstance(entry, FrameHeard)]
    wrong = frames[500]
    told = transcript("c1", Past.of(entries), {wrong: Remark("too late", bad=True)})
    assert len(told.lines) == MOST_LINES
    assert wrong in [line.n for line in told.lines]
    assert told.before > 0
    assert told.after > 0
    whole = told.before + told.after + len(told.lines)
    assert (
        whole
        == transcript("c1", Past.of(entries)).before + transcript("c1", Past.of(entries)).after + MOST_LINES
    )
    assert f"… {told.before} lines before" in str(told)


def test_bodies_and_the_whole_are_bounded() -> None:
    entries, _ = history("z" * 100_000, extra_frames=900)
    lines = transcript("c1", Past.of(entries)).lines
    assert all(len(line.said) < BODY_KEPT + 60 and len(line.answered) < BODY_KEPT + 60 for line in lines)
    assert (
        sum(len(line.said) + len(line.answered) for line in lines)
        < TEXT_KEPT + MOST_LINES * 250 + 2 * BODY_KEPT
    )
    assert any("[cut: " in line.said for line in lines)


def test_no_line_is_more_than_a_line_however_hostile_the_server() -> None:
    entries, _ = history(HOSTILE)
    past = Past.of(entries)
    for told in (transcript("c1", past), transcript("c2", past)):
        for line in told.lines:
            assert str(line).splitlines() == [str(line)]
            str(line).encode("utf-8")
            assert "\x1b" not in str(line)


def test_what_nobody_answered_says_so() -> None:
    entries, _ = history("hello")
    lines = transcript("c2", Past.of(entries)).lines
    assert any(
        line.outcome.startswith("no answer (timeout)") and line.who == "bob (anonymous)" for line in lines
    )
    assert any(line.outcome.startswith("refused 418") for line in lines)
    assert any(line.what == "not-run: no lever" for line in lines)


def test_entries_that_came_in_late_stand_at_their_time() -> None:
    late = Request(n=3, t=10, case="c", exchange="x", member="a", method="GET", url="/")
    first = Request(n=1, t=20, case="c", exchange="y", member="a", method="GET", url="/")
    answer = Response(n=2, t=30, case="c", exchange="y", status=200, body=Body())
    assert [line.n for line in transcript("c", Past.of([first, answer, late])).lines] == [3, 1]


def test_a_frames_kind_is_read_from_the_common_names() -> None:
    assert kind_of({"type": "typing"}) == "typing"
    assert kind_of({"action": "chat_message", "x": 1}) == "chat_message"
    assert kind_of({"type": 3}) == ""
    assert kind_of([1]) == ""
