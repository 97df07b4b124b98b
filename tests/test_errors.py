"""Errors are for people, and each fixes an exit code (design, section 11)."""

from __future__ import annotations

import itertools

import pytest

from earwitness.errors import (
    PRECEDENCE,
    CouldNotTest,
    EarwitnessError,
    ExitCode,
    Problem,
    RefusedByPolicy,
    SpecError,
    UsageError,
    Where,
    nearest,
    worst,
)


def test_exit_codes_are_those_of_the_design() -> None:
    assert {code.name: int(code) for code in ExitCode} == {
        "PASSED": 0,
        "FAILED": 1,
        "USAGE": 2,
        "COULD_NOT_TEST": 3,
        "BREACHED": 4,
        "INCONCLUSIVE": 5,
        "REFUSED": 6,
        "INTERRUPTED": 130,
    }


def test_where_several_apply_the_design_says_which() -> None:
    order = [130, 6, 2, 3, 1, 4, 5, 0]
    assert [int(code) for code in PRECEDENCE] == order
    for one, other in itertools.combinations(order, 2):
        assert worst([ExitCode(other), ExitCode(one)]) == one
    assert worst([]) is ExitCode.PASSED


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError, ExitCode.USAGE),
        (SpecError, ExitCode.USAGE),
        (CouldNotTest, ExitCode.COULD_NOT_TEST),
        (RefusedByPolicy, ExitCode.REFUSED),
        (EarwitnessError, ExitCode.COULD_NOT_TEST),
    ],
)
def test_every_error_fixes_an_exit_code(error: type[EarwitnessError], code: ExitCode) -> None:
    assert error("wrong").exit_code is code
    assert isinstance(error("wrong"), EarwitnessError)


def test_an_error_holds_all_that_was_found_and_says_it() -> None:
    error = UsageError(
        Problem("no such key", Where("d.yaml", 7), "one of a, b", "did you mean 'a'?"), "and this"
    )
    assert error.problems[1] == Problem("and this")
    assert str(error) == "d.yaml:7: no such key\n    expected: one of a, b\n    did you mean 'a'?\nand this"


def test_a_place_without_a_line_is_a_file() -> None:
    assert (str(Where("d.yaml")), str(Where("d.yaml", 3, "key"))) == ("d.yaml", "d.yaml:3")


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("tokn", ["token", "http"], "did you mean 'token'?"),
        ("xyz", ["token", "http"], "known: http, token"),
        ("xyz", [], ""),
    ],
)
def test_the_nearest_word_is_named_or_all_of_them(word: str, known: list[str], hint: str) -> None:
    assert nearest(word, known) == hint
