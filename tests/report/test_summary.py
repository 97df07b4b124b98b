from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from earwitness.errors import ExitCode
from earwitness.report import show_summary, summary
from earwitness.report.words import RUN_SENTENCES, RUN_TONES, RUN_VERDICTS, WORDS
from earwitness.verdict import Verdict
from tests.report.made_up import HOSTILE, api, case, finding, history

ENTRIES, NUMBERS = history()
HISTORIES = {"fe16ops": ENTRIES}


def shown(console: Console) -> str:
    show_summary(console, [api(NUMBERS)], HISTORIES, 1, "runs/r1")
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def test_every_item_has_its_mark_and_every_verdict_but_a_pass_its_word() -> None:
    lines = summary([api(NUMBERS)], HISTORIES, 1)
    for item in api(NUMBERS).items:
        line = next(line for line in lines if f" {item.id} " in line)
        assert line.strip().startswith(WORDS[item.verdict].mark)
        assert line.endswith(f"[{WORDS[item.verdict].label}]") is (item.verdict is not Verdict.PASS)


def test_nothing_a_server_says_steers_the_terminal() -> None:
    for line in summary([api(NUMBERS)], HISTORIES, 1, folder=HOSTILE):
        assert line == "" or line.splitlines() == [line]
        assert not any(c in line for c in "\x1b\x07\x00\u202e")
        line.encode("utf-8")


def test_a_finding_shows_what_was_expected_what_was_heard_and_how_to_repeat_it() -> None:
    text = "\n".join(
        summary([api(NUMBERS, findings=(finding(NUMBERS, expected="THIS", heard="THAT"),))], HISTORIES, 1)
    )
    assert "expected  THIS" in text
    assert "heard     THAT" in text
    assert "$ curl -i -X POST" in text


def test_a_remark_is_told_with_the_operations_that_show_it() -> None:
    lines = summary([api(NUMBERS)], HISTORIES, 1)
    at = next(number for number, line in enumerate(lines) if line.startswith("  Remark: ids are told"))
    assert lines[at + 1].strip().startswith("sendMessage, ")


def test_a_known_failure_shows_its_reason_and_its_expiry() -> None:
    assert "      listed    ticket 7 (until 2026-01-31)" in summary([api(NUMBERS)], HISTORIES, 1)


def test_what_was_not_run_is_grouped_by_its_reason() -> None:
    cases = [case(Verdict.NOT_RUN, n, reason="no lever") for n in range(3)] + [case(Verdict.PASS, 9)]
    text = "\n".join(summary([api(NUMBERS, cases=tuple(cases))], HISTORIES, 1))
    assert "3 cases not run: no lever" in text


@pytest.mark.parametrize("code", list(ExitCode))
def test_the_last_line_is_the_verdict(code: ExitCode) -> None:
    last = summary([api(NUMBERS)], HISTORIES, code)[-1]
    assert last.startswith(RUN_VERDICTS[code].replace("-", " ").upper() + ":")
    assert last.endswith(f"exit {int(code)}")
    assert "seed 7" in last
    assert "12.3 s" in last
    assert summary([], {}, code)[-1].startswith(RUN_VERDICTS[code].replace("-", " ").upper())


def test_many_findings_are_bounded() -> None:
    many = tuple(finding(NUMBERS, cause=f"cause-{n}") for n in range(500))
    lines = summary([api(NUMBERS, findings=many)], HISTORIES, 1)
    assert len(lines) < 400
    assert "    and 480 more, in index.html" in lines


def test_every_verdict_and_every_exit_code_has_its_words() -> None:
    assert set(WORDS) == set(Verdict)
    assert all(word.ascii.isascii() and word.label for word in WORDS.values())
    for table in (RUN_VERDICTS, RUN_TONES, RUN_SENTENCES):
        assert set(table) == set(ExitCode)


def test_rich_shows_the_same_lines_and_reads_no_markup() -> None:
    console = Console(file=io.StringIO(), force_terminal=False, width=80, legacy_windows=False)
    plain = "\n".join(summary([api(NUMBERS)], HISTORIES, 1, "runs/r1")) + "\n"
    assert "[red]markup[/red]" in plain
    assert shown(console) == plain


def test_colour_only_when_it_is_wanted() -> None:
    coloured = Console(file=io.StringIO(), force_terminal=True, color_system="standard", width=80)
    bare = Console(file=io.StringIO(), force_terminal=True, no_color=True, width=80)
    assert "\x1b[32m" in shown(coloured)
    assert "\x1b[32m" not in shown(bare)


def test_a_terminal_without_utf8_gets_ascii() -> None:
    class Latin(io.StringIO):
        encoding = "latin-1"

    assert shown(Console(file=Latin(), width=80)).isascii()


def test_a_reason_of_the_run_is_said() -> None:
    text = "\n".join(
        summary([replace(api(NUMBERS), outcome="died", reason="it stopped answering")], HISTORIES, 3)
    )
    assert "died: it stopped answering" in text


def test_a_finding_is_told_with_its_severity_and_its_weaknesses() -> None:
    long = finding(NUMBERS, check="page-size", cause="page-size:listMessages", severity="low")
    lines = summary([api(NUMBERS, findings=(long,))], HISTORIES, 1)
    assert "      page-size (low, stated, clause 3, CWE-770, API4:2023)" in lines
