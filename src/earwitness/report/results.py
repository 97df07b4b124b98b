"""results.json: what a run came to, for machines (schema: reports/schema/results.schema.json)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from earwitness.checks import Finding, weaknesses_of
from earwitness.history import Entry, Json
from earwitness.report.merge import Merged, merge
from earwitness.report.past import Past
from earwitness.report.record import LoadResult
from earwitness.report.reproduce import reproduce
from earwitness.report.words import run_verdict
from earwitness.verdict import ApiVerdict, CaseVerdict, Evidence, ItemVerdict, OperationVerdict


def results(
    run_id: str,
    command: str,
    apis: Sequence[ApiVerdict],
    histories: Mapping[str, Sequence[Entry]],
    exit_code: int,
    loads: Sequence[LoadResult] = (),
) -> dict[str, Json]:
    """The object that ``--json`` prints and results.json holds.

    One load stands under ``load``, several under ``loads``; those of which nothing was measured are left out.
    ``histories`` are by the API's name; without one, the lines to reproduce are empty. Raises ValueError when
    ``exit_code`` is not one of ``ExitCode``.
    """
    record: dict[str, Json] = {
        "run": run_id,
        "command": command,
        "verdict": run_verdict(exit_code),
        "exit_code": int(exit_code),
    }
    if apis or not loads:
        record["apis"] = [_api(api, Past.of(histories.get(api.api, ()))) for api in apis]
    measured: list[Json] = [dict(one.record) for one in loads if one.measured]
    if len(measured) == 1:
        record["load"] = measured[0]
    elif measured:
        record["loads"] = measured
    return record


def dumps(record: Mapping[str, Json]) -> str:
    """``record`` as the text of a file: ASCII only, since a server's text may hold what UTF-8 can't write."""
    return json.dumps(record, ensure_ascii=True, indent=2) + "\n"


def _api(api: ApiVerdict, past: Past) -> dict[str, Json]:
    return {
        "api": api.api,
        "title": api.title,
        "deployment": api.deployment,
        "foreign": api.foreign,
        "verdict": str(api.verdict),
        "exit_code": int(api.exit_code),
        "outcome": api.outcome,
        "reason": api.reason,
        "seed": api.seed,
        "stale": list(api.stale),
        "crashed": [{"check": one.check, "error": one.error, "case": one.case} for one in api.crashed],
        "seconds": round(api.seconds, 3),
        "waited_ms": api.waited_ms,
        "counts": dict(api.counts),
        "items": [_item(item, past) for item in api.items],
        "operations": [_operation(operation) for operation in api.operations],
        "findings": _findings(api, api.findings, past),
        "notes": _findings(api, api.notes, past),
        "known": _findings(api, api.known, past),
        "remarks": [
            {"id": one.id, "sentence": one.sentence, "operations": list(one.operations), "cwe": list(one.cwe)}
            for one in api.remarks
        ],
        "cases": [_case(case, api.api) for case in api.cases],
    }


def _item(item: ItemVerdict, past: Past) -> dict[str, Json]:
    return {
        "id": item.id,
        "section": item.section,
        "text": item.text,
        "clause": item.clause,
        "verdict": str(item.verdict),
        "reason": item.reason,
        "evidence": [_evidence(one) for one in item.evidence],
        "cases": list(item.cases),
        "reproduce": reproduce_item(item, past),
    }


def reproduce_item(item: ItemVerdict, past: Past) -> str:
    """The lines that repeat an item's evidence: that of its gravest verdict alone when it is not a pass."""
    decisive = [one for one in item.evidence if one.verdict == item.verdict] or list(item.evidence)
    return reproduce((n for one in decisive for n in one.entries), past)


def _evidence(evidence: Evidence) -> dict[str, Json]:
    return {
        "sentence": evidence.sentence,
        "verdict": str(evidence.verdict),
        "expected": evidence.expected,
        "heard": evidence.heard,
        "entries": list(evidence.entries),
        "case": evidence.case,
    }


def _operation(operation: OperationVerdict) -> dict[str, Json]:
    return {
        "id": operation.id,
        "method": operation.method,
        "path": operation.path,
        "reached": dict(operation.reached),
        "missing": list(operation.missing),
    }


def _findings(api: ApiVerdict, findings: Iterable[Finding], past: Past) -> list[Json]:
    return [_finding(one, past) for one in merge(api.api, findings)]


def _finding(merged: Merged, past: Past) -> dict[str, Json]:
    finding = merged.finding
    return {
        "id": merged.id,
        "check": finding.check,
        "cause": finding.cause,
        "basis": finding.basis,
        "severity": finding.severity,
        "weaknesses": list(weaknesses_of(finding)),
        "clause": finding.clause,
        "operation": finding.operation,
        "expected": finding.expected,
        "heard": finding.heard,
        "reproduce": reproduce(finding.evidence, past),
        "count": merged.count,
        "cases": list(merged.cases),
        "entries": list(finding.evidence),
    }


def _case(case: CaseVerdict, api: str) -> dict[str, Json]:
    return {
        "id": case.id,
        "suite": case.suite,
        "title": case.title,
        "covers": list(case.covers),
        "operations": list(case.operations),
        "verdict": str(case.verdict),
        "reason": case.reason,
        "evidence": [_evidence(one) for one in case.evidence],
        "findings": [one.id for one in merge(api, case.findings)],
        "seconds": round(case.seconds, 3),
    }
