"""What each operation's case is told besides its exchanges."""

from __future__ import annotations

import pytest

from earwitness.generated import EngineFault, Generated, Outcome, Result
from earwitness.history import Request
from earwitness.live import NotRun, Unreachable
from tests.tale import Tale, clubs

REACHED = {"readRoom": Result("readRoom", (Request(exchange="g1"),))}


def test_an_operation_that_was_reached_is_judged_by_its_exchanges_alone() -> None:
    Generated(frozenset(), Outcome(REACHED)).tell("readRoom")


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Outcome({"block": Result("block", skipped="No examples in schema")}), "No examples in schema"),
        (Outcome({}, stopped="the budget is spent"), "the budget is spent"),
        (Outcome({}), "nothing was generated for it"),
    ],
)
def test_an_operation_that_was_not_reached_was_not_run(outcome: Outcome, reason: str) -> None:
    with pytest.raises(NotRun, match=reason):
        Generated(frozenset(), outcome).tell("block")


def test_an_operation_that_was_left_out_says_why() -> None:
    with pytest.raises(NotRun, match="nothing made for it"):
        Generated(frozenset(), Outcome(REACHED), {"block": "nothing made for it can stand at {id}"}).tell(
            "block"
        )


def test_a_deployment_that_is_gone_is_unreachable_for_every_case() -> None:
    generated = Generated(
        frozenset(), Outcome(REACHED, gone="it refuses connections"), failure=EngineFault("x")
    )
    with pytest.raises(Unreachable, match="refuses connections"):
        generated.tell("readRoom")


def test_an_error_of_ours_is_never_a_pass() -> None:
    with pytest.raises(EngineFault, match="TypeError"):
        Generated(frozenset(), Outcome(REACHED), failure=EngineFault("TypeError")).tell("readRoom")


def test_what_one_operation_sends_is_judged_with_what_another_shows() -> None:
    tale = Tale()
    tale.talks("alice", "bob")
    tale.asks("dave", "listTalkLetters", 200, [], verb="list-messages", talk=5)
    found, crashed = Generated(frozenset({"c"})).judged(tale.entries, clubs())
    assert ([(one.check, one.case) for one in found], crashed) == ([("refusal", "c")], ())
    # Not a generated case: nothing of it is judged here.
    assert Generated(frozenset({"another"})).judged(tale.entries, clubs()) == ((), ())


def test_all_that_was_generated_is_judged_once() -> None:
    tale, generated = Tale(), Generated(frozenset({"c"}))
    tale.talks("alice", "bob")
    assert generated.judged(tale.entries, clubs()) is generated.judged((), clubs())
