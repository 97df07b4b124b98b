"""Verdicts: what a run came to, by its claims, its findings and how it ended (design, sections 5 and 11)."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from earwitness.checks import Check, Crash, Finding, Registered, catalogue
from earwitness.documents import split_runs
from earwitness.errors import ExitCode
from earwitness.history import Journal, read_history
from earwitness.verdict import COSTS, GRAVITY, ApiVerdict, ItemVerdict, Verdict, gravest
from earwitness.world import World
from tests.shapes import REFUSED, documents, message, read_receipt
from tests.story import Story

MSG1, MSG2 = "fe16ops:MSG-1", "fe16ops:MSG-2"


def item(verdict: ApiVerdict, item_id: str) -> ItemVerdict:
    return next(one for one in verdict.items if one.id == item_id)


def shown(story: Story, text: str = "hi", wanted: str = "hi") -> Story:
    """Alice's text is listed, and claimed to be ``wanted``."""
    story.sends("alice", text, 31)
    listed = story.lists("bob", message(31, text))
    story.claims("shows", exchanges=[listed.exchange], name="messages", id="31", fields={"text": wanted})
    return story


def decided(**how: bool | tuple[str, ...] | str) -> Story:
    """A story in which only something that we decided is broken: a receipt comes twice."""
    story = Story(**how)  # type: ignore[arg-type]  # the settings of a story
    story.sends("alice", "hi", 31)
    story.listens("alice")
    for number in (1, 0):
        story.marks("bob", number), story.hears("alice", read_receipt("bob", 31))
    return story.case_ends()


# -- which verdict ------------------------------------------------------------------------------------------------------


def test_the_gravest_stands_for_several() -> None:
    for one, other in itertools.combinations(GRAVITY, 2):
        assert gravest([other, one]) is one
    assert gravest([]) is Verdict.NOT_RUN
    assert GRAVITY[0] is Verdict.FAIL and GRAVITY[-1] is Verdict.PASS


def test_what_a_verdict_costs() -> None:
    """Skipped costs nothing, but inconclusive costs the run its success (design, section 5)."""
    assert COSTS == {
        Verdict.FAIL: ExitCode.FAILED,
        Verdict.FIXED: ExitCode.FAILED,
        Verdict.CRASHED: ExitCode.COULD_NOT_TEST,
        Verdict.INCONCLUSIVE: ExitCode.INCONCLUSIVE,
    }


def test_a_run_that_keeps_every_promise_passes() -> None:
    verdict = shown(Story(covers=(MSG1,))).case_ends().ends().verdict()
    assert (verdict.verdict, verdict.exit_code, verdict.outcome) == (
        Verdict.PASS,
        ExitCode.PASSED,
        "finished",
    )
    assert item(verdict, "MSG-1").verdict is Verdict.PASS
    assert [one.verdict for one in item(verdict, "MSG-1").evidence] == [Verdict.PASS]
    assert (verdict.findings, verdict.notes, verdict.known) == ((), (), ())


def test_a_broken_claim_fails_its_case_its_item_and_the_run() -> None:
    verdict = shown(Story(covers=(MSG1,)), wanted="ho").case_ends().ends().verdict()
    assert (verdict.verdict, verdict.exit_code) == (Verdict.FAIL, ExitCode.FAILED)
    assert item(verdict, "MSG-1").verdict is Verdict.FAIL
    assert [one.check for one in verdict.findings] == ["text-comes-back"]
    assert [case.verdict for case in verdict.cases] == [Verdict.FAIL]


def test_what_a_check_finds_fails_the_case_and_the_run_but_no_item_that_claims_something_else() -> None:
    story = shown(Story(covers=(MSG1,)))
    story.answers(story.is_reacting("bob", 31), 500)
    verdict = story.case_ends().ends().verdict()
    assert (verdict.cases[0].verdict, verdict.exit_code) == (Verdict.FAIL, ExitCode.FAILED)
    assert item(verdict, "MSG-1").verdict is Verdict.PASS


def test_what_is_found_outside_of_any_case_fails_the_run() -> None:
    story = shown(Story()).case_ends().outside()
    story.answers(story.is_reacting("bob", 31), 500)
    verdict = story.ends().verdict()
    assert (verdict.cases[0].verdict, verdict.verdict, verdict.exit_code) == (
        Verdict.PASS,
        Verdict.FAIL,
        ExitCode.FAILED,
    )


def test_an_item_that_nothing_claims_is_inconclusive_and_one_that_nothing_covers_is_not_run() -> None:
    story = Story(covers=(MSG1,))
    story.sends("alice", "hi", 31)
    verdict = story.case_ends().ends().verdict()
    assert item(verdict, "MSG-1").verdict is Verdict.INCONCLUSIVE
    assert (item(verdict, "MSG-2").verdict, item(verdict, "MSG-2").reason) == (
        Verdict.NOT_RUN,
        "no exercise that covers it was run",
    )
    assert len(verdict.items) == 23


def test_the_gravest_of_the_cases_that_cover_an_item_decides() -> None:
    story = shown(Story(covers=(MSG1,))).case_ends().case("d", covers=(MSG1,))
    listed = story.lists("alice", message(31, "hi"))
    story.claims("lacks", exchanges=[listed.exchange], name="messages", id="31")
    verdict = story.case_ends().ends().verdict()
    assert (item(verdict, "MSG-1").verdict, item(verdict, "MSG-1").cases) == (Verdict.FAIL, ("c", "d"))


# -- what was decided ---------------------------------------------------------------------------------------------------


def test_on_the_reference_server_what_was_decided_counts_like_all_else() -> None:
    verdict = decided().ends().verdict()
    assert (verdict.verdict, verdict.exit_code, verdict.notes) == (Verdict.FAIL, ExitCode.FAILED, ())


def test_on_a_foreign_deployment_it_is_a_note_and_the_run_passes() -> None:
    verdict = decided(foreign=True).ends().verdict()
    assert (verdict.verdict, verdict.exit_code, verdict.findings) == (Verdict.NOTE, ExitCode.PASSED, ())
    assert [one.check for one in verdict.notes] == ["delivery-duplicate"]
    assert verdict.cases[0].verdict is Verdict.NOTE


@pytest.mark.parametrize(
    ("adopted", "fails"),
    [
        ("delivery-duplicate", True),
        ("delivery-duplicate:message-read:mark-room-read/http", True),
        ("all", True),
        ("delivery-lost", False),
        ("delivery", False),
    ],
)
def test_what_a_deployment_adopts_it_must_keep(adopted: str, fails: bool) -> None:
    verdict = decided(foreign=True, adopted=(adopted,)).ends().verdict()
    assert verdict.exit_code == (ExitCode.FAILED if fails else ExitCode.PASSED)
    assert bool(verdict.findings) is fails


def test_what_is_stated_or_shown_fails_anywhere() -> None:
    story = Story(foreign=True)
    story.sends("alice", "one", 31), story.sends("alice", "two", 32)
    story.lists("bob", message(31, "one"), message(32, "two"))
    verdict = story.case_ends().ends().verdict()
    assert [(one.basis, one.check) for one in verdict.findings] == [("shown", "message-order")]
    assert verdict.exit_code is ExitCode.FAILED


def test_a_claim_about_something_decided_is_a_note_as_well() -> None:
    story = Story(foreign=True, covers=(MSG2,))
    story.listens("alice"), story.listens("bob")
    said = story.says("alice", "hi")
    story.claims("hears", member="bob", event="message-created", exchange=said.exchange, text="hi")
    verdict = story.case_ends().ends().verdict()
    assert (item(verdict, "MSG-2").verdict, verdict.exit_code) == (Verdict.NOTE, ExitCode.PASSED)


# -- known failures -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("match", ["text-comes-back", "text-comes-back:getConversation", "MSG-1", MSG1])
def test_a_known_failure_is_listed_by_its_check_its_cause_or_its_item(match: str) -> None:
    verdict = shown(Story(known=(match,), covers=(MSG1,)), wanted="ho").case_ends().ends().verdict()
    assert (verdict.verdict, verdict.exit_code) == (Verdict.KNOWN_FAIL, ExitCode.PASSED)
    assert item(verdict, "MSG-1").verdict is Verdict.KNOWN_FAIL
    assert ([one.check for one in verdict.known], verdict.findings) == (["text-comes-back"], ())


def test_another_failure_is_not_known() -> None:
    story = shown(Story(known=("text-comes-back",)), wanted="ho")
    story.answers(story.is_reacting("bob", 31), 500)
    verdict = story.case_ends().ends().verdict()
    assert (verdict.verdict, [one.check for one in verdict.findings]) == (Verdict.FAIL, ["server-error"])


@pytest.mark.parametrize(
    ("match", "suite", "fixed"),
    [
        ("MSG-1", "scenarios", True),
        ("MSG-2", "scenarios", False),
        ("server-error", "contracts", True),
        ("server-error", "scenarios", False),
    ],
)
def test_what_is_listed_and_passes_makes_the_list_stale(match: str, suite: str, fixed: bool) -> None:
    """An item that nothing covered, and a check whose contracts were left out, may fail still."""
    verdict = shown(Story(known=(match,), covers=(MSG1,), suite=suite)).case_ends().ends().verdict()
    assert verdict.verdict is (Verdict.FIXED if fixed else Verdict.PASS)
    assert verdict.exit_code is (ExitCode.FAILED if fixed else ExitCode.PASSED)


def test_a_run_that_was_broken_off_makes_no_list_stale() -> None:
    story = shown(Story(known=("server-error",), suite="contracts")).case_ends()
    assert story.ends("interrupted").verdict().verdict is Verdict.INCONCLUSIVE


# -- what was not tested ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "verdict", "code"),
    [
        ("not-run", Verdict.NOT_RUN, ExitCode.INCONCLUSIVE),
        ("unimplemented", Verdict.UNIMPLEMENTED, ExitCode.INCONCLUSIVE),
        ("crashed", Verdict.CRASHED, ExitCode.COULD_NOT_TEST),
        ("unreachable", Verdict.INCONCLUSIVE, ExitCode.COULD_NOT_TEST),
    ],
)
def test_a_run_in_which_nothing_ran_is_no_success(
    outcome: Literal["not-run", "unimplemented", "crashed", "unreachable"], verdict: Verdict, code: ExitCode
) -> None:
    judged = Story(covers=(MSG1,)).case_ends(outcome, "because").ends().verdict()
    assert (judged.verdict, judged.exit_code) == (verdict, code)
    assert (judged.cases[0].reason, item(judged, "MSG-1").verdict) == ("because", verdict)


def test_no_case_at_all_is_no_success() -> None:
    story = Story(room=False)
    story.entries = [entry for entry in story.entries if entry.kind != "case-started"]
    verdict = story.ends().verdict()
    assert (verdict.verdict, verdict.exit_code) == (Verdict.NOT_RUN, ExitCode.INCONCLUSIVE)


def test_no_entry_at_all_is_no_success() -> None:
    verdict = documents().judge(())
    assert verdict.exit_code is ExitCode.INTERRUPTED
    assert verdict.verdict is not Verdict.PASS


@pytest.mark.parametrize("outcome", ["not-run", "unimplemented"])
def test_what_is_skipped_costs_a_run_nothing_in_which_something_ran(
    outcome: Literal["not-run", "unimplemented"],
) -> None:
    story = shown(Story()).case_ends().case("d").case_ends(outcome, "no lever")
    verdict = story.ends().verdict()
    assert (verdict.verdict, verdict.exit_code) == (Verdict.PASS, ExitCode.PASSED)


def test_a_crash_costs_a_run_its_success_however_much_passed() -> None:
    verdict = shown(Story()).case_ends().case("d").case_ends("crashed", "ValueError").ends().verdict()
    assert (verdict.verdict, verdict.exit_code) == (Verdict.CRASHED, ExitCode.COULD_NOT_TEST)


def test_what_failed_before_a_crash_or_a_skip_stays_failed() -> None:
    for outcome, code in (("crashed", ExitCode.COULD_NOT_TEST), ("not-run", ExitCode.FAILED)):
        story = shown(Story(covers=(MSG1,)), wanted="ho").case_ends(outcome)  # type: ignore[arg-type]  # both are outcomes
        verdict = story.ends().verdict()
        assert (verdict.verdict, verdict.exit_code) == (Verdict.FAIL, code)
        assert item(verdict, "MSG-1").verdict is Verdict.FAIL


def test_a_claim_that_nobody_can_judge_is_inconclusive_and_costs_the_success() -> None:
    story = Story(covers=(MSG1,))
    asked = story.has_no_answer(story.is_sending("alice", "hi", source="refusal"), "refused")
    story.claims("succeeds", exchange=asked.exchange)
    verdict = story.case_ends().ends().verdict()
    assert (verdict.verdict, verdict.exit_code) == (Verdict.INCONCLUSIVE, ExitCode.INCONCLUSIVE)
    assert item(verdict, "MSG-1").verdict is Verdict.INCONCLUSIVE


def test_a_case_that_did_not_end_is_inconclusive() -> None:
    verdict = shown(Story(covers=(MSG1,))).ends().verdict()
    assert (verdict.cases[0].verdict, verdict.cases[0].reason) == (Verdict.INCONCLUSIVE, "it did not end")
    assert (verdict.exit_code, item(verdict, "MSG-1").verdict) == (
        ExitCode.INCONCLUSIVE,
        Verdict.INCONCLUSIVE,
    )


@pytest.mark.parametrize(
    ("outcome", "code"), [("died", ExitCode.COULD_NOT_TEST), ("interrupted", ExitCode.INTERRUPTED)]
)
def test_a_run_that_was_broken_off_does_not_pass(
    outcome: Literal["died", "interrupted"], code: ExitCode
) -> None:
    verdict = shown(Story()).case_ends().ends(outcome, "it went away").verdict()
    assert (verdict.verdict, verdict.exit_code) == (Verdict.INCONCLUSIVE, code)
    assert (verdict.outcome, verdict.reason) == (outcome, "it went away")


def test_a_history_without_an_end_was_interrupted() -> None:
    verdict = shown(Story()).case_ends().verdict()
    assert (verdict.outcome, verdict.exit_code) == ("interrupted", ExitCode.INTERRUPTED)
    assert verdict.verdict is Verdict.INCONCLUSIVE


def test_a_server_that_dies_of_our_input_is_a_finding_and_could_not_be_tested() -> None:
    """Design, section 5: it is both, and where several exit codes apply 3 comes before 1."""
    story = shown(Story())
    story.has_no_answer(story.is_reacting("bob", 31), "cut")
    verdict = story.case_ends("unreachable", "it does not answer").ends("died").verdict()
    assert (verdict.verdict, verdict.exit_code) == (Verdict.FAIL, ExitCode.COULD_NOT_TEST)
    assert [one.check for one in verdict.findings] == ["answered"]


# -- the rest of it -----------------------------------------------------------------------------------------------------


def test_operations_say_which_of_their_statuses_were_reached() -> None:
    story = shown(Story())
    story.answers(story.is_sending("carol", "from outside"), 404, REFUSED)
    story.sends("alice", "again", 32)
    (sending,) = (one for one in story.case_ends().ends().verdict().operations if one.id == "sendMessage")
    assert (dict(sending.reached), sending.missing) == ({"201": 2, "404": 1}, ("400", "401"))


def test_a_run_is_counted() -> None:
    story = shown(Story())
    story.listens("alice"), story.says("alice", "said")
    story.settles()
    verdict = story.case_ends().ends().verdict()
    assert dict(verdict.counts) == {"requests": 3, "frames said": 1, "frames heard": 0, "sockets": 1}
    assert verdict.waited_ms == 1
    assert verdict.seconds == pytest.approx((story.entries[-1].t - story.entries[0].t) / 1e9)


def test_the_same_history_gives_the_same_verdict_when_it_is_read_back(tmp_path: Path) -> None:
    story = shown(Story(known=("server-error",), covers=(MSG1,)), wanted="ho")
    story.answers(story.is_reacting("bob", 31), 500)
    story.case_ends().ends()
    journal = Journal(tmp_path / "history.jsonl")
    for entry in story.entries:
        journal.append(entry)
    journal.close()
    assert documents().judge(read_history(tmp_path / "history.jsonl")) == story.verdict()


def test_a_history_of_several_runs_is_split_at_their_heads() -> None:
    one, other = Story(room=False).ends(), Story().ends()
    parts = list(split_runs([*one.entries, *other.entries]))
    assert [len(part) for part in parts] == [len(one.entries), len(other.entries)]
    assert list(split_runs([])) == []
    assert json.dumps([part[0].kind for part in parts]) == '["run-started", "run-started"]'


# -- a check that breaks --------------------------------------------------------------------------------------------------


def breaking(world: World) -> Iterator[Finding]:
    """A check with a bug in it, after it has found something."""
    yield Finding("server-error", "server-error:first", "stated", "high", "", "an answer", "500", (1,))
    raise KeyError("id\nand more")


def test_a_check_that_breaks_is_named_and_the_others_still_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = {
        "breaks": Registered(Check("breaks", "It works.", "low"), breaking),
        "server-error": catalogue()["server-error"],
    }
    monkeypatch.setattr("earwitness.checks.catalogue", lambda: broken)
    story = shown(Story(covers=(MSG1,)))
    story.answers(story.is_reacting("bob", 31), 500)
    verdict = story.case_ends().ends().verdict()
    assert verdict.crashed == (Crash("breaks", "KeyError: 'id\\nand more'"),)
    assert len(verdict.findings) == 2, "what it found before, and what the next one finds"
    assert verdict.exit_code is ExitCode.COULD_NOT_TEST
    assert item(verdict, "MSG-1").verdict is Verdict.PASS


def test_a_run_in_which_only_a_check_broke_has_not_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(world: World) -> Iterator[Finding]:
        raise RuntimeError("first line\nsecond line")
        yield  # a generator, as checks are

    monkeypatch.setattr(
        "earwitness.checks.catalogue",
        lambda: {"breaks": Registered(Check("breaks", "It works.", "low"), fails)},
    )
    verdict = shown(Story(covers=(MSG1,))).case_ends().ends().verdict()
    assert (verdict.verdict, verdict.exit_code) == (Verdict.CRASHED, ExitCode.COULD_NOT_TEST)
    assert [crash.error for crash in verdict.crashed] == ["RuntimeError: first line"]


def test_a_claim_that_cannot_be_judged_crashes_its_case_alone() -> None:
    story = shown(Story(covers=(MSG1,)))
    story.claims("no-such-kind")
    story.case_ends()
    verdict = story.ends().verdict()
    assert [(crash.check, crash.case) for crash in verdict.crashed] == [("no-such-kind", verdict.cases[0].id)]
    assert [one.verdict for one in verdict.cases[0].evidence] == [Verdict.PASS, Verdict.CRASHED]
    assert (verdict.cases[0].verdict, verdict.exit_code) == (Verdict.CRASHED, ExitCode.COULD_NOT_TEST)
    assert item(verdict, "MSG-1").verdict is Verdict.CRASHED


def test_a_known_failure_of_a_check_that_broke_is_not_called_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(world: World) -> Iterator[Finding]:
        raise RuntimeError("it broke")
        yield  # a generator, as checks are

    monkeypatch.setattr(
        "earwitness.checks.catalogue",
        lambda: {"server-error": Registered(Check("server-error", "It works.", "low"), fails)},
    )
    verdict = shown(Story(known=("server-error",), suite="contracts")).case_ends().ends().verdict()
    assert (verdict.stale, verdict.exit_code) == ((), ExitCode.COULD_NOT_TEST)


# -- a known failure that names an item -----------------------------------------------------------------------------------


def test_a_known_item_sets_aside_its_claims_and_nothing_else_in_its_cases() -> None:
    story = shown(Story(known=("MSG-1",), covers=(MSG1,)), wanted="ho")
    story.answers(story.is_reacting("bob", 31), 500)
    verdict = story.case_ends().ends().verdict()
    assert [one.check for one in verdict.known] == ["text-comes-back"]
    assert "server-error" in [one.check for one in verdict.findings]
    assert verdict.exit_code is ExitCode.FAILED


def test_a_known_item_whose_claims_hold_is_stale_whatever_else_is_found() -> None:
    story = shown(Story(known=("MSG-1",), covers=(MSG1,)))
    story.answers(story.is_reacting("bob", 31), 500)
    assert story.case_ends().ends().verdict().stale == ("MSG-1",)
