"""JUnit XML: one suite an API, one test case a case, the checklist as properties; one suite a load, one test case a service level."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from xml.etree import ElementTree as ET

from earwitness.checks import weaknesses_of
from earwitness.errors import ExitCode
from earwitness.history import Entry
from earwitness.report.merge import Merged, merge
from earwitness.report.past import Past
from earwitness.report.record import LoadResult
from earwitness.report.reproduce import reproduce
from earwitness.report.words import run_verdict
from earwitness.verdict import COSTS, ApiVerdict, CaseVerdict, Evidence, Verdict

# What a document must not hold (XML 1.0, production 2), and the two code points that are no characters.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

MOST_TEXT = 8_000

FAILED = frozenset((Verdict.FAIL, Verdict.FIXED))
SKIPPED = frozenset(
    (Verdict.KNOWN_FAIL, Verdict.UNIMPLEMENTED, Verdict.NOT_RUN, Verdict.MANUAL, Verdict.INCONCLUSIVE)
)


def junit(
    run_id: str,
    apis: Sequence[ApiVerdict],
    histories: Mapping[str, Sequence[Entry]],
    loads: Sequence[LoadResult] = (),
) -> str:
    """The text of junit.xml.

    A note passes and is a property; a known failure, and what was not run, is skipped with its reason; a crash of ours
    is an error. What fails a run outside of any case has a test case of its own, so that no failing run looks green.
    """
    root = ET.Element("testsuites", name=_clean(f"earwitness {run_id}"))
    for api in apis:
        root.append(_suite(api, Past.of(histories.get(api.api, ()))))
    for load in loads:
        root.append(_load(load))
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", f"{sum(api.seconds for api in apis):.3f}")
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(api: ApiVerdict, past: Past) -> ET.Element:
    suite = ET.Element("testsuite", name=_clean(api.api))
    _properties(
        suite,
        [
            ("deployment", api.deployment),
            ("seed", str(api.seed)),
            ("verdict", str(api.verdict)),
            *(
                (f"item:{item.id}", f"{item.verdict}: {item.reason}" if item.reason else str(item.verdict))
                for item in api.items
            ),
            *((f"note:{note.id}", _told(note)) for note in merge(api.api, api.notes)),
        ],
    )
    names: set[str] = set()
    for case in api.cases:
        suite.append(_case(case, api, past, names))
    suite.extend(_outside(api, past, names))
    _count(suite)
    suite.set("time", f"{api.seconds:.3f}")
    return suite


def _load(load: LoadResult) -> ET.Element:
    """A load: a level that was missed fails, one that is undecided is skipped; what else it ended with has a case of its own."""
    suite = ET.Element("testsuite", name=_clean(load.name), time="0.000")
    _properties(
        suite, [("deployment", str(load.record.get("deployment", ""))), ("verdict", run_verdict(load.code))]
    )
    names: set[str] = set()
    told = {ExitCode.PASSED}
    for one in load.record.get("slo", ()):
        test = _test(str(one["slo"]), load.name, 0.0, names)
        if one["held"] is False:
            told.add(ExitCode.BREACHED)
            _child(test, "failure", f"measured {one['measured']}", "", type="missed")
        elif one["held"] is None:
            told.add(ExitCode.INCONCLUSIVE)
            _child(test, "skipped", f"undecided: measured {one['measured']}", "", type="undecided")
        suite.append(test)
    if capacity := load.record.get("capacity"):
        told.add(load.code)
        test = _test(f"capacity by {capacity['grows']}", load.name, 0.0, names)
        _ended(test, load.code, str(capacity["answer"]))
        suite.append(test)
    if load.code not in told or not names:
        test = _test("the load as a whole", load.name, 0.0, names)
        said = str(load.record.get("reason") or "") or f"{run_verdict(load.code)}, exit code {int(load.code)}"
        _ended(test, load.code, said)
        suite.append(test)
    _count(suite)
    return suite


def _ended(test: ET.Element, code: ExitCode, said: str) -> None:
    """Mark a case as what ended with ``code``."""
    match code:
        case ExitCode.PASSED:
            pass
        case ExitCode.FAILED | ExitCode.BREACHED:
            _child(test, "failure", said, "", type=run_verdict(code))
        case ExitCode.INCONCLUSIVE:
            _child(test, "skipped", said, "", type=run_verdict(code))
        case _:
            _child(test, "error", said, "", type=run_verdict(code))


def _count(suite: ET.Element) -> None:
    tests = suite.findall("testcase")
    suite.set("tests", str(len(tests)))
    for name, child in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(sum(test.find(child) is not None for test in tests)))


def _case(case: CaseVerdict, api: ApiVerdict, past: Past, names: set[str]) -> ET.Element:
    merged = merge(api.api, case.findings)
    test = _test(case.title or case.id, case.suite or api.api, case.seconds, names)
    properties = [("covers", one) for one in case.covers] + [("operation", one) for one in case.operations]
    if case.verdict is Verdict.NOTE:
        properties += [("note", _told(one)) for one in merged] or [("note", case.reason)]
    _properties(test, properties)
    listed = next((why for f in case.findings if (why := past.listed(f.check, f.cause))), "")
    said = case.reason or (listed if case.verdict is Verdict.KNOWN_FAIL else "")
    said = said or _first(case.evidence, case.verdict) or (_told(merged[0]) if merged else "")
    text = "\n\n".join(
        [*(_proof(e) for e in case.evidence if e.verdict in FAILED), *(_account(one, past) for one in merged)]
    )
    _outcome(test, case.verdict, said, text)
    return test


def _outcome(test: ET.Element, verdict: Verdict, said: str, text: str) -> None:
    if verdict in FAILED:
        message = (
            said
            if verdict is Verdict.FAIL
            else f"listed as a known failure, yet it passes: the list is stale. {said}"
        )
        _child(test, "failure", message.strip(), text, type=str(verdict))
    elif verdict is Verdict.CRASHED:
        _child(test, "error", said or "an error of Earwitness itself", text, type=str(verdict))
    elif verdict in SKIPPED:
        word = "known failure" if verdict is Verdict.KNOWN_FAIL else str(verdict)
        _child(test, "skipped", f"{word}: {said}" if said else word, "", type=str(verdict))


def _outside(api: ApiVerdict, past: Past, names: set[str]) -> Iterable[ET.Element]:
    """What costs the run its success and is shown by no case."""
    shown = {(f.check, f.cause) for case in api.cases if case.verdict in FAILED for f in case.findings}
    left = [f for f in api.findings if (f.check, f.cause) not in shown]
    for one in merge(api.api, left):
        test = _test(one.finding.cause, f"{api.api}.whole-run", 0.0, names)
        _child(test, "failure", _told(one), _account(one, past), type=one.finding.check)
        yield test
    for crash in api.crashed:
        test = _test(f"the check {crash.check}", f"{api.api}.whole-run", 0.0, names)
        _child(test, "error", f"it broke, which is an error of Earwitness: {crash.error}", "", type="crashed")
        yield test
    told = {_costs(case) for case in api.cases} | ({ExitCode.FAILED} if left else set())
    told |= {ExitCode.COULD_NOT_TEST} if api.crashed else set()
    if api.exit_code in (ExitCode.PASSED, *told):
        return
    test = _test("the run as a whole", f"{api.api}.whole-run", 0.0, names)
    said = api.reason or (
        f"listed as known failures, yet they did not show: {', '.join(api.stale)}; take them off the list"
        if api.verdict is Verdict.FIXED
        else f"{api.outcome}, exit code {int(api.exit_code)} ({api.exit_code.name.lower().replace('_', ' ')})"
    )
    match api.exit_code:
        case ExitCode.FAILED | ExitCode.BREACHED:
            _child(test, "failure", said, "", type=str(api.verdict))
        case ExitCode.INCONCLUSIVE:
            _child(test, "skipped", f"inconclusive: {said}", "", type="inconclusive")
        case _:
            _child(test, "error", said, "", type=api.exit_code.name.lower())
    yield test


def _costs(case: CaseVerdict) -> ExitCode:
    return COSTS.get(case.verdict, ExitCode.PASSED)


def _test(name: str, classname: str, seconds: float, names: set[str]) -> ET.Element:
    base = _clean(name)
    unique, number = base, 1
    while unique in names:
        number += 1
        unique = f"{base} ({number})"
    names.add(unique)
    return ET.Element("testcase", name=unique, classname=_clean(classname), time=f"{seconds:.3f}")


def _properties(parent: ET.Element, pairs: Iterable[tuple[str, str]]) -> None:
    found = list(pairs)
    if found:
        box = ET.SubElement(parent, "properties")
        for name, value in found:
            ET.SubElement(box, "property", name=_clean(name), value=_clean(value))


def _child(test: ET.Element, tag: str, message: str, text: str, type: str) -> None:
    child = ET.SubElement(test, tag, message=_clean(message), type=_clean(type))
    if text:
        child.text = _clean(text)


def _first(evidence: Iterable[Evidence], verdict: Verdict) -> str:
    return next((_proof(one) for one in evidence if one.verdict is verdict), "")


def _proof(evidence: Evidence) -> str:
    return f"{evidence.sentence}\n  expected: {evidence.expected}\n  heard: {evidence.heard}"


def _told(merged: Merged) -> str:
    finding = merged.finding
    return f"{finding.check}: expected {finding.expected}; heard {finding.heard}"


def _account(merged: Merged, past: Past) -> str:
    finding = merged.finding
    lines = reproduce(finding.evidence, past)
    facts = (finding.severity, finding.basis, f"clause {finding.clause or '-'}", *weaknesses_of(finding))
    return (
        f"{finding.check} ({', '.join(facts)}), finding {merged.id}\n"
        f"  cause: {finding.cause}\n  expected: {finding.expected}\n  heard: {finding.heard}"
        + (f"\n  to repeat it:\n{lines}" if lines else "")
    )


def _clean(text: str) -> str:
    cleaned = _FORBIDDEN.sub("", text[:MOST_TEXT])
    return cleaned if len(text) <= MOST_TEXT else cleaned + " [cut]"
