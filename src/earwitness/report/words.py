"""The words and marks in which verdicts and exit codes are shown, the same in every report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from earwitness.errors import ExitCode
from earwitness.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Word:
    """How a verdict is shown: a label, a mark and its form in ASCII, and the tone that colours it.

    ``tone`` is one of ``good``, ``bad``, ``doubt``, ``remark`` and ``quiet``; colour never stands alone.
    """

    label: str
    mark: str
    ascii: str
    tone: str


WORDS: Mapping[Verdict, Word] = {
    Verdict.PASS: Word("pass", "✓", "+", "good"),
    Verdict.FAIL: Word("fail", "✗", "x", "bad"),
    Verdict.FIXED: Word("fixed", "✗", "x", "bad"),
    Verdict.CRASHED: Word("crashed", "✗", "x", "bad"),
    Verdict.INCONCLUSIVE: Word("inconclusive", "?", "?", "doubt"),
    Verdict.KNOWN_FAIL: Word("known failure", "≈", "~", "remark"),
    Verdict.NOTE: Word("note", "i", "i", "remark"),
    Verdict.MANUAL: Word("manual", "☐", "o", "remark"),
    Verdict.NOT_RUN: Word("not run", "–", "-", "quiet"),
    Verdict.UNIMPLEMENTED: Word("not offered", "–", "-", "quiet"),
}

# The word for each exit code, in results.json and on the last line of the summary.
RUN_VERDICTS: Mapping[ExitCode, str] = {
    ExitCode.PASSED: "passed",
    ExitCode.FAILED: "failed",
    ExitCode.USAGE: "usage",
    ExitCode.COULD_NOT_TEST: "could-not-test",
    ExitCode.BREACHED: "breached",
    ExitCode.INCONCLUSIVE: "inconclusive",
    ExitCode.REFUSED: "refused",
    ExitCode.INTERRUPTED: "interrupted",
}

RUN_TONES: Mapping[ExitCode, str] = {
    ExitCode.PASSED: "good",
    ExitCode.FAILED: "bad",
    ExitCode.BREACHED: "bad",
    ExitCode.COULD_NOT_TEST: "bad",
    ExitCode.USAGE: "bad",
    ExitCode.REFUSED: "bad",
    ExitCode.INCONCLUSIVE: "doubt",
    ExitCode.INTERRUPTED: "doubt",
}

RUN_SENTENCES: Mapping[ExitCode, str] = {
    ExitCode.PASSED: "Every check that is required was run and passed.",
    ExitCode.FAILED: "A promise was not kept.",
    ExitCode.USAGE: "The command line or a file is not what it has to be.",
    ExitCode.COULD_NOT_TEST: "The deployment could not be tested, or Earwitness itself failed.",
    ExitCode.BREACHED: "A service level or the baseline was missed.",
    ExitCode.INCONCLUSIVE: "What was run is not enough for a verdict.",
    ExitCode.REFUSED: "The safety policy does not allow what was asked.",
    ExitCode.INTERRUPTED: "The run was interrupted; this report is partial.",
}


def run_verdict(exit_code: int) -> str:
    """The word for an exit code; ValueError when there is no such code."""
    return RUN_VERDICTS[ExitCode(exit_code)]


def plural(number: int, one: str, many: str = "") -> str:
    """``number`` with its noun: ``1 case``, ``2 cases``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def capital(word: str) -> str:
    """A word of a run's verdict as a heading: ``could-not-test`` gives ``Could not test``."""
    text = word.replace("-", " ")
    return text[:1].upper() + text[1:]
