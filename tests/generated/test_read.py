"""What a run left is read as entries, by operation, with nothing lost and nothing told twice."""

from __future__ import annotations

import base64
import json
from itertools import count
from typing import Any

import pytest

from earwitness.generated.config import OURS
from earwitness.generated.read import Caller, Outcome, basis, read, why
from earwitness.history import Entry, NoAnswer, Reported, Request, Response
from earwitness.spec import Spec

CALLER = Caller("alice", {"Authorization": "Token $ALICE_TOKEN"})
BASE = "http://127.0.0.1:1"
END = {"EngineFinished": {"stop_reason": "completed"}}


def coded(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


_numbers = count(1)


def record(**changes: object) -> dict[str, object]:
    return {
        "n": next(_numbers),
        "case": "c1",
        "operation": "writeNote",
        "declared": True,
        "phase": "coverage",
        "mode": "positive",
        "method": "POST",
        "url": f"{BASE}/rooms/7/notes/",
        "headers": [["Authorization", "Token $ALICE_TOKEN"], ["Content-Type", "application/json"]],
        "body": coded(b'{"text": "hello"}'),
        "cut": 0,
        "begun": 1_000,
        "done": 2_000,
        "status": 201,
        "answer_headers": [["content-type", "application/json"]],
        "answer": coded(b'{"id": 1}'),
        "answer_cut": 0,
        **changes,
    }


def unanswered(error: str, detail: str) -> dict[str, object]:
    whole = record(error=error, detail=detail)
    return {key: value for key, value in whole.items() if key != "status" and not key.startswith("answer")}


def scenario(label: str, **recorder: Any) -> dict[str, Any]:
    skip = recorder.pop("skip_reason", None)
    told = {"phase": "coverage", "status": "success", "recorder": {"label": label, **recorder}}
    return {"ScenarioFinished": told | ({"skip_reason": skip} if skip else {})}


def failure(name: str, case_id: str | None = None) -> dict[str, Any]:
    info = {
        "failure": {
            "type": "T",
            "code": "ST1",
            "title": "A title",
            "message": "A message",
            "case_id": case_id,
        }
    }
    return {"name": name, "status": "failure", "failure_info": info}


def outcome(spec: Spec, log: list[dict[str, object]], *events: dict[str, Any], late: str = "") -> Outcome:
    return read(
        [json.dumps(event) for event in (*events, END)],
        [json.dumps(one) for one in log],
        spec,
        CALLER,
        base_url=BASE,
        late=late,
    )


def entries(spec: Spec, *log: dict[str, object]) -> tuple[Entry, ...]:
    return outcome(spec, list(log)).results["writeNote"].entries


def test_an_exchange_is_a_request_and_its_response(spec: Spec) -> None:
    request, response = entries(spec, record())
    assert isinstance(request, Request)
    assert isinstance(response, Response)
    assert (request.member, request.role, request.operation, request.t) == (
        "alice",
        "member",
        "writeNote",
        1_000,
    )
    assert request.body.value == {"text": "hello"}
    assert request.source == "generated coverage positive"
    assert (response.exchange, response.status, response.t) == (request.exchange, 201, 2_000)
    assert response.headers == {"content-type": "application/json"}
    assert response.body.value == {"id": 1}


def test_a_request_and_its_answer_may_stand_on_two_lines(spec: Spec) -> None:
    whole, other = record(), record()
    later = {
        key: value
        for key, value in whole.items()
        if key in ("n", "done") or key.startswith(("status", "answer"))
    }
    first = {key: value for key, value in whole.items() if key == "n" or key not in later}
    request, response, *_ = entries(spec, first, other, later)
    assert isinstance(request, Request)
    assert isinstance(response, Response)
    assert (response.exchange, response.t) == (request.exchange, 2_000)


def test_a_request_under_way_when_the_run_was_stopped_is_unknown(spec: Spec) -> None:
    under_way = {
        key: value
        for key, value in record().items()
        if key not in ("done", "status") and not key.startswith("answer")
    }
    found = entries(spec, under_way)
    assert [type(entry) for entry in found] == [Request]


def test_exchanges_have_ids_of_their_own(spec: Spec) -> None:
    requests = [e for e in entries(spec, record(case="a"), record(case="b")) if isinstance(e, Request)]
    assert len({request.exchange for request in requests}) == 2


@pytest.mark.parametrize(
    ("headers", "role"),
    [
        ([["authorization", "Token $ALICE_TOKEN"]], "member"),
        ([["Authorization", "Token other"]], "bad-token"),
        ([["Authorization", "$ALICE_TOKEN"]], "bad-token"),
        ([["Accept", "*/*"]], "anonymous"),
        ([], "anonymous"),
    ],
)
def test_who_asks_is_told_by_the_headers(spec: Spec, headers: list[list[str]], role: str) -> None:
    request, _ = entries(spec, record(headers=headers))
    assert isinstance(request, Request)
    assert request.role == role


@pytest.mark.parametrize(
    ("change", "operation"),
    [
        ({}, "writeNote"),
        ({"declared": False, "method": "PATCH"}, "-"),
        # An id that makes the path another one is for nobody, or for another operation.
        ({"url": f"{BASE}/rooms//notes/"}, "-"),
        ({"url": f"{BASE}/elsewhere/"}, "-"),
    ],
)
def test_only_the_operation_itself_is_judged_by_its_answers(
    spec: Spec, change: dict[str, object], operation: str
) -> None:
    request, _ = entries(spec, record(**change))
    assert isinstance(request, Request)
    assert request.operation == operation


def test_a_path_below_the_deployments_own_is_known(spec: Spec) -> None:
    log = [json.dumps(record(url=f"{BASE}/v1/rooms/7/notes/"))]
    result = read([json.dumps(END)], log, spec, CALLER, base_url=f"{BASE}/v1").results["writeNote"]
    assert isinstance(result.entries[0], Request)
    assert result.entries[0].operation == "writeNote"


def test_whatever_a_server_answers_can_be_kept(spec: Spec) -> None:
    deep = b"[" * 5_000 + b"]" * 5_000
    answers = (b"", b"\x00\xff\xfe", b"NaN", b'{"a":', deep, "\ud800".encode("utf-8", "surrogatepass"))
    found = entries(spec, *(record(answer=coded(answer)) for answer in answers))
    forms = [entry.body.form for entry in found if isinstance(entry, Response)]
    assert forms == ["none", "base64", "text", "text", "text", "base64"]


def test_what_was_cut_is_counted(spec: Spec) -> None:
    _, response = entries(spec, record(answer=coded(b'{"a": 1}'), answer_cut=12))
    assert isinstance(response, Response)
    assert (response.body.form, response.body.cut) == ("text", 12)


@pytest.mark.parametrize(
    ("error", "detail", "reason"),
    [
        ("ConnectionError", "NewConnectionError: [Errno 111] Connection refused", "refused"),
        ("ConnectTimeout", "timed out", "refused"),
        ("ReadTimeout", "Read timed out. (read timeout=5.0)", "timeout"),
        ("ConnectionError", "HTTPConnectionPool: Read timed out.", "timeout"),
        ("ConnectionError", "('Connection aborted.', RemoteDisconnected('…'))", "cut"),
        ("ChunkedEncodingError", "IncompleteRead(3 bytes read)", "cut"),
        ("ConnectionError", "('Connection aborted.', BadStatusLine('nonsense'))", "malformed"),
        ("ContentDecodingError", "not gzip", "malformed"),
    ],
)
def test_why_there_is_no_answer(spec: Spec, error: str, detail: str, reason: str) -> None:
    assert why(error, detail) == reason
    _, answer = entries(spec, unanswered(error, detail))
    assert isinstance(answer, NoAnswer)
    assert answer.reason == reason


def test_a_probe_belongs_to_the_operation_it_was_derived_from(spec: Spec) -> None:
    probe = {
        key: value
        for key, value in record(case="p").items()
        if key not in ("operation", "declared", "phase", "mode")
    }
    cases = {
        "c1": {"value": {"method": "POST", "path": "/rooms/{room}/notes/"}},
        "p": {"value": {"method": "?", "path": "?"}, "parent_id": "c1"},
    }
    found = outcome(spec, [probe], scenario("Stateful tests", cases=cases))
    request = found.results["writeNote"].entries[0]
    assert isinstance(request, Request)
    assert request.operation == "writeNote"


def test_a_request_of_no_case_is_kept_apart(spec: Spec) -> None:
    start_up = {key: value for key, value in record(case="").items() if key != "operation"}
    found = outcome(spec, [start_up])
    assert len(found.rest) == 2
    assert not any(result.entries for result in found.results.values())


def test_a_finding_of_the_engine_is_reported_with_its_exchange(spec: Spec) -> None:
    checks = {"c1": [failure("negative_data_rejection"), {"name": "ignored_auth", "status": "success"}]}
    found = outcome(spec, [record()], scenario("POST /rooms/{room}/notes/", checks=checks))
    request, _, report = found.results["writeNote"].entries
    assert isinstance(request, Request)
    assert isinstance(report, Reported)
    assert (report.engine, report.operation, report.code) == (
        "schemathesis",
        "writeNote",
        "negative_data_rejection",
    )
    assert (report.title, report.message, report.basis) == ("A title", "A message", "shown")
    assert (report.exchange, report.t) == (request.exchange, 2_000)


def test_the_exchange_of_a_finding_is_that_of_its_probe(spec: Spec) -> None:
    checks = {"c1": [failure("ignored_auth", case_id="p")]}
    found = outcome(spec, [record(), record(case="p")], scenario("POST /rooms/{room}/notes/", checks=checks))
    requests = [e for e in found.results["writeNote"].entries if isinstance(e, Request)]
    reports = [e for e in found.results["writeNote"].entries if isinstance(e, Reported)]
    assert [report.exchange for report in reports] == [requests[1].exchange]


@pytest.mark.parametrize("check", OURS)
def test_what_our_checks_find_is_not_told_twice(spec: Spec, check: str) -> None:
    found = outcome(spec, [record()], scenario("POST /rooms/{room}/notes/", checks={"c1": [failure(check)]}))
    assert not any(isinstance(entry, Reported) for entry in found.results["writeNote"].entries)


@pytest.mark.parametrize(("headers", "told"), [([], 0), ([["Authorization", "Token $ALICE_TOKEN"]], 1)])
def test_a_missing_credential_is_left_to_the_refusals(
    spec: Spec, headers: list[list[str]], told: int
) -> None:
    checks = {"c1": [failure("missing_required_header")]}
    found = outcome(spec, [record(headers=headers)], scenario("POST /rooms/{room}/notes/", checks=checks))
    assert sum(isinstance(entry, Reported) for entry in found.results["writeNote"].entries) == told


@pytest.mark.parametrize(
    ("check", "operation", "expected"),
    [
        ("negative_data_rejection", "writeNote", "shown"),
        ("negative_data_rejection", "readRoom", "decided"),
        ("ignored_auth", "readRoom", "stated"),
        ("use_after_free", "deleteRoom", "shown"),
        ("unsupported_method", "writeNote", "decided"),
        ("ensure_resource_availability", "writeNote", "stated"),
        ("one_that_comes_with_the_next_version", "writeNote", "decided"),
    ],
)
def test_what_a_finding_rests_on(spec: Spec, check: str, operation: str, expected: str) -> None:
    assert basis(check, spec.operations[operation]) == expected


def test_an_operation_without_exchanges_has_the_engines_reason(spec: Spec) -> None:
    found = outcome(spec, [], scenario("GET /rooms/{room}/", skip_reason="No examples in schema"))
    assert found.results["readRoom"].skipped == "No examples in schema"


def error_of(kind: str, message: str = "it broke") -> dict[str, Any]:
    return {
        "NonFatalError": {
            "value": {"type": kind, "message": message},
            "phase": "fuzzing",
            "label": "GET /rooms/{room}/",
        }
    }


def test_an_error_of_the_engine_is_a_fault(spec: Spec) -> None:
    found = outcome(spec, [record()], error_of("TypeError"), error_of("HookExecutionError"))
    assert found.faults == (
        "TypeError: it broke (fuzzing, GET /rooms/{room}/)",
        "HookExecutionError: it broke (fuzzing, GET /rooms/{room}/)",
    )


def test_an_error_of_the_network_is_the_deployments(spec: Spec) -> None:
    found = outcome(
        spec, [unanswered("ConnectionError", "RemoteDisconnected"), record()], error_of("ConnectionError")
    )
    assert not found.faults
    assert not found.gone


def test_a_run_without_an_end_is_a_fault_unless_it_was_stopped(spec: Spec) -> None:
    log = [json.dumps(record())]
    assert read([], log, spec, CALLER).faults == ("it did not come to its end",)
    assert not read([], log, spec, CALLER, late="the time was over").faults


def test_a_deployment_that_refuses_at_the_end_is_gone(spec: Spec) -> None:
    found = outcome(spec, [record(), unanswered("ConnectionError", "[Errno 111] Connection refused")])
    assert found.gone == "it refuses connections"


def test_a_server_that_the_engine_gave_up_is_gone(spec: Spec) -> None:
    events = [json.dumps({"EngineFinished": {"stop_reason": "server_unavailable"}})]
    assert read(events, [json.dumps(record())], spec, CALLER).gone


def test_a_spent_budget_is_no_outage(spec: Spec) -> None:
    events = [json.dumps({"EngineFinished": {"stop_reason": "server_unavailable"}})]
    log = [json.dumps(record()), json.dumps({"stopped": "the budget is spent"})]
    found = read(events, log, spec, CALLER)
    assert (found.stopped, found.gone, found.faults) == ("the budget is spent", "", ())


def test_lines_that_were_cut_short_are_left_out(spec: Spec) -> None:
    found = read([json.dumps(END), '{"Scen'], [json.dumps(record()), '{"case": "c2", "me', ""], spec, CALLER)
    assert len(found.results["writeNote"].entries) == 2


def test_a_second_run_keeps_the_exchanges_of_the_first(spec: Spec) -> None:
    first = outcome(spec, [record()], error_of("SystemError"))
    both = first.followed_by(outcome(spec, [record()]))
    assert len(both.results["writeNote"].entries) == 4
    assert not both.faults
