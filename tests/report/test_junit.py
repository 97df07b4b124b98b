from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree as ET

import pytest

from earwitness.checks import Crash
from earwitness.errors import ExitCode
from earwitness.report import junit
from earwitness.verdict import ApiVerdict, Verdict
from tests.report.made_up import HOSTILE, api, case, finding, history

ENTRIES, NUMBERS = history()


def parsed(*apis: ApiVerdict) -> ET.Element:
    return ET.fromstring(junit("r1", apis, {"fe16ops": ENTRIES}).encode("utf-8"))


def bare(**changes: object) -> ApiVerdict:
    """An API without findings, so that only what a test puts in shows."""
    quiet: dict[str, object] = {
        "findings": (),
        "notes": (),
        "known": (),
        "cases": (),
        "exit_code": ExitCode.PASSED,
    }
    return api(NUMBERS, **(quiet | changes))


@pytest.mark.parametrize(
    "verdict, child",
    [
        (Verdict.PASS, None),
        (Verdict.NOTE, None),
        (Verdict.FAIL, "failure"),
        (Verdict.FIXED, "failure"),
        (Verdict.CRASHED, "error"),
        (Verdict.KNOWN_FAIL, "skipped"),
        (Verdict.UNIMPLEMENTED, "skipped"),
        (Verdict.NOT_RUN, "skipped"),
        (Verdict.MANUAL, "skipped"),
        (Verdict.INCONCLUSIVE, "skipped"),
    ],
)
def test_every_verdict_has_its_place(verdict: Verdict, child: str | None) -> None:
    test = parsed(bare(cases=(case(verdict, reason="the reason"),))).find(".//testcase")
    assert test is not None
    outcomes = [one for one in test if one.tag != "properties"]
    assert [one.tag for one in outcomes] == ([child] if child else [])
    if child:
        assert "the reason" in outcomes[0].get("message", "")


def test_the_cases_above_are_all_verdicts() -> None:
    suite = parsed(bare(cases=tuple(case(v, n) for n, v in enumerate(Verdict))))
    assert len(suite.findall(".//testcase")) == len(Verdict)


def test_a_known_failure_says_so_and_a_note_is_a_property() -> None:
    root = parsed(
        bare(cases=(case(Verdict.KNOWN_FAIL, reason="ticket 7"), case(Verdict.NOTE, 2, reason="ours")))
    )
    skipped = root.find(".//skipped")
    assert skipped is not None
    assert skipped.get("message") == "known failure: ticket 7"
    assert any(p.get("name") == "note" for p in root.findall(".//testcase/properties/property"))


def test_a_known_failure_shows_why_it_is_listed() -> None:
    listed = finding(NUMBERS, check=HOSTILE)
    skipped = parsed(bare(cases=(case(Verdict.KNOWN_FAIL, reason="", findings=(listed,)),))).find(
        ".//skipped"
    )
    assert skipped is not None
    assert skipped.get("message") == "known failure: ticket 7 (until 2026-01-31)"


def test_names_are_unique_also_beside_names_that_look_numbered() -> None:
    titles = ["same", "same (2)", "same", "same", "same\x00"]
    root = parsed(bare(cases=tuple(case(Verdict.PASS, n, title=t) for n, t in enumerate(titles))))
    names = [test.get("name") for test in root.findall(".//testcase")]
    assert len(set(names)) == len(titles)


def test_counts_are_those_of_the_children() -> None:
    for root in (parsed(api(NUMBERS)), parsed(api(NUMBERS), bare(api="other"))):
        for element in (root, *root.findall("testsuite")):
            found = Counter(
                child.tag for test in element.iter("testcase") for child in test if child.tag != "properties"
            )
            assert int(element.get("tests", "-1")) == len(list(element.iter("testcase")))
            assert int(element.get("failures", "-1")) == found["failure"]
            assert int(element.get("errors", "-1")) == found["error"]
            assert int(element.get("skipped", "-1")) == found["skipped"]


def test_hostile_text_makes_no_markup_and_no_forbidden_character() -> None:
    text = junit("r1\x00\ud800\uffff", [api(NUMBERS)], {"fe16ops": ENTRIES})
    root = ET.fromstring(text.encode("utf-8"))
    allowed = {"testsuites", "testsuite", "testcase", "properties", "property", "failure", "error", "skipped"}
    assert {element.tag for element in root.iter()} == allowed
    assert not any(c in text for c in "\x00\x07\x1b\ud800\uffff")


def test_checklist_items_are_properties_of_their_suite() -> None:
    root = parsed(api(NUMBERS))
    properties = {p.get("name"): p.get("value", "") for p in root.findall("testsuite/properties/property")}
    for item in api(NUMBERS).items:
        assert properties[f"item:{item.id}"].startswith(str(item.verdict))


def test_a_finding_of_no_case_fails_a_test_case_of_its_own() -> None:
    root = parsed(
        bare(cases=(case(Verdict.PASS),), findings=(finding(NUMBERS, case=""),), exit_code=ExitCode.FAILED)
    )
    failures = root.findall(".//failure")
    assert len(failures) == 1
    assert "delivery-lost" in (failures[0].text or "")
    assert "curl" in (failures[0].text or "")


def test_a_check_that_broke_is_an_error_of_its_own() -> None:
    crash = Crash("delivery-lost", "KeyError: 'id'")
    root = parsed(bare(cases=(case(Verdict.PASS),), crashed=(crash,), exit_code=ExitCode.COULD_NOT_TEST))
    (error,) = root.findall(".//error")
    assert error.get("message") == "it broke, which is an error of Earwitness: KeyError: 'id'"
    assert [test.get("name") for test in root.iter("testcase") if test.find("error") is not None] == [
        "the check delivery-lost"
    ]


@pytest.mark.parametrize("code", [code for code in ExitCode if code is not ExitCode.PASSED])
def test_no_run_that_fails_looks_green(code: ExitCode) -> None:
    root = parsed(bare(cases=(case(Verdict.PASS),), exit_code=code, reason="why"))
    shown = [
        child
        for test in root.iter("testcase")
        for child in test
        if child.tag in ("failure", "error", "skipped")
    ]
    assert len(shown) == 1
    assert "why" in shown[0].get("message", "")


def test_a_passing_run_has_nothing_but_passes() -> None:
    root = parsed(bare(cases=(case(Verdict.PASS), case(Verdict.NOTE, 2))))
    assert (root.get("failures"), root.get("errors"), root.get("skipped"), root.get("tests")) == (
        "0",
        "0",
        "0",
        "2",
    )


def test_a_finding_is_told_with_its_severity_and_its_weaknesses() -> None:
    long = finding(NUMBERS, check="page-size", cause="page-size:listMessages", severity="low", case="")
    failure = parsed(bare(findings=(long,), exit_code=ExitCode.FAILED)).find(".//failure")
    assert failure is not None
    assert (failure.text or "").startswith("page-size (low, stated, clause 3, CWE-770, API4:2023), finding ")
