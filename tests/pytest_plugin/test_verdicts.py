"""How a test ends is what its case comes to, and what pytest shows of it."""

from __future__ import annotations

import pytest

from earwitness.errors import CouldNotTest, ExitCode, Problem, RefusedByPolicy
from earwitness.live import NotRun, Stopped, Unimplemented, Unreachable
from earwitness.pytest_plugin.cases import ending_of
from earwitness.verdict import Verdict
from tests.pytest_plugin.suites import Ran, run

ZOO = """
import pytest

from earwitness.live import NotRun, Stopped


def test_passes(alice, bob, room):
    bob.sees(alice.sends(room, "hello"), text="hello")


def test_fails_in_three_ways(alice, bob, room):
    sent = alice.sends(room, "hello")
    bob.sees(sent, text="goodbye")
    bob.lists_room(room, unread=7)
    alice.may_not("list-messages", "not-a-member", room=room)


def test_stops(alice, bob, room):
    sent = alice.sends(room, "mine")
    bob.edits(sent, "his")
    raise RuntimeError("this line is never reached")


def test_is_not_run(alice):
    raise NotRun("a thing is missing")


def test_is_skipped(alice):
    pytest.skip("for a reason of its own")


def test_is_not_offered(alice, bob):
    alice.does("block", peer=bob)


def test_goes_elsewhere(stage, alice):
    from earwitness.live import File
    stage.put(alice, "http://storage.example.test/a.txt", File("a.txt", "text/plain", b"a", "file"))


def test_crashes(alice, room):
    alice.sends(room, "before the crash")
    raise ZeroDivisionError("a fault of ours")


@pytest.fixture
def broken(alice, room):
    alice.sends(room, "before the crash")
    raise ZeroDivisionError("a fault of ours")


def test_crashes_before_it_begins(broken):
    pass


def test_claims_what_nobody_can_judge(alice, room):
    alice.sends(room, "what is claimed of it is a fault of ours")
    alice.claim("no-such-kind", "alice claims the unheard-of")


@pytest.fixture
def stopped(alice, bob, room):
    bob.edits(alice.sends(room, "mine"), "his")


def test_stops_before_it_begins(stopped):
    pass


def test_fails_and_is_not_run(alice, bob, room):
    bob.sees(alice.sends(room, "hello"), text="goodbye")
    raise NotRun("what had failed before stays failed")


def test_needs_no_stage(api):
    assert api == "fe16ops"
"""


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """One run of a test of each kind."""
    return run(tmp_path_factory.mktemp("zoo"), ZOO, "--api", "fe16ops")


def test_each_kind_has_its_verdict(zoo: Ran) -> None:
    assert {name: case.verdict for name, case in zoo.cases().items()} == {
        "test_passes": Verdict.PASS,
        "test_fails_in_three_ways": Verdict.FAIL,
        "test_stops": Verdict.FAIL,
        "test_is_not_run": Verdict.NOT_RUN,
        "test_is_skipped": Verdict.NOT_RUN,
        "test_is_not_offered": Verdict.UNIMPLEMENTED,
        "test_goes_elsewhere": Verdict.NOT_RUN,
        "test_crashes": Verdict.CRASHED,
        "test_crashes_before_it_begins": Verdict.CRASHED,
        "test_claims_what_nobody_can_judge": Verdict.CRASHED,
        "test_stops_before_it_begins": Verdict.FAIL,
        "test_fails_and_is_not_run": Verdict.FAIL,
    }


def test_pytest_shows_the_same(zoo: Ran) -> None:
    assert zoo.shown() == {
        "test_passes": "PASSED",
        "test_fails_in_three_ways": "FAILED",
        "test_stops": "FAILED",
        "test_is_not_run": "SKIPPED",
        "test_is_skipped": "SKIPPED",
        "test_is_not_offered": "SKIPPED",
        "test_goes_elsewhere": "SKIPPED",
        "test_crashes": "FAILED",
        "test_crashes_before_it_begins": "ERROR",
        "test_claims_what_nobody_can_judge": "FAILED",
        "test_stops_before_it_begins": "ERROR",
        "test_fails_and_is_not_run": "FAILED",
        "test_needs_no_stage": "PASSED",
    }
    assert zoo.code == 1


def test_a_crash_of_ours_is_no_pass_and_costs_the_run_its_verdict(zoo: Ran) -> None:
    assert zoo.verdict().exit_code is ExitCode.COULD_NOT_TEST
    for name in ("test_crashes", "test_crashes_before_it_begins"):
        assert zoo.cases()[name].reason == "ZeroDivisionError: a fault of ours"


def test_all_mismatches_are_shown_at_once(zoo: Ran) -> None:
    said = zoo.said.split("test_fails_in_three_ways", 2)[2].split("____ test_", 1)[0]
    for sentence in (
        "bob sees 'hello': text 'goodbye'",
        "bob lists the room: unread 7",
        "alice may not list-messages (not-a-member)",
    ):
        assert f"{sentence}\n    expected: " in said, said
    assert said.count("    heard:    ") == 3
    assert "Traceback" not in said


def test_a_failure_shows_who_said_and_heard_what(zoo: Ran) -> None:
    said = zoo.said.split("test_fails_in_three_ways", 2)[2].split("____ test_", 1)[0]
    assert "POST" in said
    assert "alice" in said


def test_reasons_are_told(zoo: Ran) -> None:
    reasons = {name: case.reason for name, case in zoo.cases().items()}
    assert reasons["test_is_not_run"] == "a thing is missing"
    assert reasons["test_is_skipped"] == "for a reason of its own"
    assert reasons["test_is_not_offered"] == "fe16ops does not offer block"
    assert reasons["test_goes_elsewhere"].startswith(
        "http://storage.example.test is not on the allow-list and was not contacted"
    )
    for reason in ("not-run: a thing is missing", "unimplemented: fe16ops does not offer block"):
        assert reason in zoo.said


@pytest.mark.parametrize(
    ("error", "ending"),
    [
        (None, "done"),
        (Stopped("no"), "done"),
        (NotRun("no"), "not-run"),
        (RefusedByPolicy("no"), "not-run"),
        (pytest.skip.Exception("no"), "not-run"),
        (Unimplemented("no"), "unimplemented"),
        (Unreachable("no"), "unreachable"),
        (CouldNotTest(Problem("no", expected="yes")), "unreachable"),
        (AssertionError("no"), "crashed"),
        (RuntimeError("no"), "crashed"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else None,
)
def test_an_error_has_an_ending(error: BaseException | None, ending: str) -> None:
    assert ending_of(error)[0] == ending
    assert "\n" not in ending_of(error)[1]


INTERRUPTED = """
import pytest


@pytest.fixture
def interrupted(alice):
    raise KeyboardInterrupt


def test_first(alice):
    pass


def test_second({fixture}alice):
    {line}


def test_third(alice):
    pass
"""


@pytest.mark.parametrize(
    ("fixture", "line"),
    [("", "raise KeyboardInterrupt"), ("interrupted, ", "pass")],
    ids=["in the test", "before it"],
)
def test_an_interrupt_ends_the_run(fixture: str, line: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    suite = INTERRUPTED.replace("{fixture}", fixture).replace("{line}", line)
    ran = run(tmp_path_factory.mktemp("interrupted"), suite, "--api", "fe16ops")
    assert ran.code == 2
    assert {name: case.verdict for name, case in ran.cases().items()} == {
        "test_first": Verdict.PASS,
        "test_second": Verdict.NOT_RUN,
    }
    verdict = ran.verdict()
    assert (verdict.outcome, verdict.exit_code, verdict.findings) == ("interrupted", ExitCode.INTERRUPTED, ())
