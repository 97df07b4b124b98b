"""Reads what a run of Schemathesis left: every exchange, and what its own checks say, as entries of a history."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlsplit

from earwitness.generated.config import OURS
from earwitness.history import Body, Entry, NoAnswer, Reported, Request, Response
from earwitness.spec import Operation, Schema, Spec
from earwitness.wire.bodies import kept
from earwitness.world.forms import fields_of

ENGINE: Final = "schemathesis"
_KEEP: Final = 1_000_000

# What a finding of the engine rests on: the refusal whose basis counts ("" for none of them), else the basis itself.
# What is not here is decided: the document does not know the engine's rules.
_BASIS: Final[Mapping[str, tuple[str, str]]] = {
    # The document says that what does not fit is refused, or else we do.
    "negative_data_rejection": ("invalid", "decided"),
    "missing_required_header": ("invalid", "decided"),
    # No document says that every value of a schema is taken; most bounds in the schemas are ours.
    "positive_data_acceptance": ("", "decided"),
    # RFC 9110, sections 15.5.6 and 10.2.1, which no document repeats.
    "unsupported_method": ("", "decided"),
    "allow_header_conformance": ("", "decided"),
    # Headers are described where we decided to.
    "response_headers_conformance": ("", "decided"),
    "use_after_free": ("absent", "decided"),
    # An answer that tells of a new thing says itself that it is there.
    "ensure_resource_availability": ("", "stated"),
    "ignored_auth": ("anonymous", "decided"),
}
# Errors of the engine that are the deployment's doing; their exchange is in the log without an answer.
_NETWORK: Final = frozenset(
    (
        "ServerUnavailable UnhealthyAPIError UnresponsiveOperationError ConnectionError ConnectTimeout ReadTimeout Timeout "
        "ChunkedEncodingError ContentDecodingError InvalidHeader SSLError TooManyRedirects ProtocolError"
    ).split()
)
# CPython 3.11 has a rare fault of its own, in compiling; it says nothing about anything, and the next run does without it.
SPURIOUS: Final = "AST constructor recursion depth mismatch"

# What the engine says of a request in which it knows of nothing wrong.
_NOTHING_WRONG: Final = "Invalid component: positive test case"

# The keywords of a schema that the engine says it has broken.
_VIOLATED: Final = re.compile(r"violates `(\w+)`")


@dataclass(frozen=True, slots=True)
class Result:
    """What a run did with one operation; ``skipped`` is the engine's reason for having done nothing."""

    operation: str
    entries: tuple[Entry, ...] = ()
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run, read: a result an operation, the exchanges that belong to none, why it was ``stopped`` early, whether the
    deployment is ``gone``, and the engine's own ``faults``."""

    results: Mapping[str, Result] = field(default_factory=dict)
    rest: tuple[Entry, ...] = ()
    stopped: str = ""
    gone: str = ""
    faults: tuple[str, ...] = ()

    def followed_by(self, later: Outcome) -> Outcome:
        """This run and the one that was made after it: all exchanges of both, and the end of the later one."""
        results = dict(later.results)
        for operation, before in self.results.items():
            after = results.get(operation, Result(operation))
            results[operation] = replace(after, entries=(*before.entries, *after.entries))
        return replace(later, results=results, rest=(*self.rest, *later.rest))


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asked: the member's name and the headers that authenticate it, with placeholders."""

    member: str
    headers: Mapping[str, str]

    def role(self, headers: Mapping[str, str]) -> str:
        """How a request with ``headers`` presents itself."""
        given = {name.lower(): value for name, value in headers.items()}
        shown = [given.get(name.lower()) for name in self.headers]
        if shown == list(self.headers.values()):
            return "member"
        return "bad-token" if any(shown) else "anonymous"


def read(
    events: Iterable[str],
    log: Iterable[str],
    spec: Spec,
    caller: Caller,
    *,
    base_url: str = "",
    prefix: str = "g",
    late: str = "",
) -> Outcome:
    """What ``events`` (the engine's ndjson) and ``log`` (our hooks' exchanges) come to, by the operations of ``spec``.

    Lines that were cut short are left out: a run may have been killed. ``prefix`` keeps the ids of exchanges apart from
    others of the same history; ``late`` says why the run was stopped from outside, if it was.
    """
    told = _Told(spec, tuple(_objects(events)))
    records = tuple(_objects(log))
    exchanges = _together(records)
    entries: dict[str, list[Entry]] = {operation: [] for operation in spec.operations}
    rest: list[Entry] = []
    by_case: dict[str, tuple[str, str, int]] = {}
    requests: dict[str, Request] = {}
    for number, record in enumerate(exchanges, start=1):
        owner = str(record.get("operation") or told.owner(str(record.get("case", ""))))
        request = _request(record, owner, spec, caller, urlsplit(base_url).path, f"{prefix}{number}")
        requests[request.exchange] = request
        answer = _answer(record, request.exchange)
        # Without either, the run was stopped while the request was under way: what it did is unknown, which is no finding.
        entries.get(owner, rest).extend((request, answer) if answer else (request,))
        by_case[str(record.get("case", ""))] = (
            request.exchange,
            request.role,
            answer.t if answer else request.t,
        )
    for report in told.reports(by_case, requests):
        entries.get(report.operation, rest).append(report)
    results = {
        operation: Result(operation, tuple(found), "" if found else told.skipped.get(operation, ""))
        for operation, found in entries.items()
    }
    stopped = next((str(record["stopped"]) for record in records if "stopped" in record), late)
    gone = "" if stopped else _gone(exchanges, told)
    return Outcome(results, tuple(rest), stopped, gone, told.faults(bool(stopped)))


def _objects(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            yield found


def _together(records: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each request with what came of it: the log has a line when one leaves, and another when that is known."""
    found: dict[object, dict[str, Any]] = {}
    for record in records:
        if "method" in record:
            found[record.get("n")] = record
        elif record.get("n") in found:
            found[record["n"]] = {**found[record["n"]], **record}
    return list(found.values())


# -- exchanges ----------------------------------------------------------------------------------------------------------


def _request(
    record: Mapping[str, Any], owner: str, spec: Spec, caller: Caller, base: str, exchange: str
) -> Request:
    headers = _headers(record.get("headers"))
    method, url = str(record["method"]), str(record.get("url", ""))
    return Request(
        exchange=exchange,
        member=caller.member,
        role=caller.role(headers),
        operation=_operation(record, owner, spec, base, method, url),
        method=method,
        url=url,
        headers=headers,
        body=_body(record.get("body"), record.get("cut")),
        source=" ".join(("generated", str(record.get("phase", "")), str(record.get("mode", "")))).strip(),
        t=int(record.get("begun", 0)),
    )


def _answer(record: Mapping[str, Any], exchange: str) -> Response | NoAnswer | None:
    done = int(record.get("done", 0))
    if "status" in record:
        body = _body(record.get("answer"), record.get("answer_cut"))
        status, headers = int(record["status"]), _headers(record.get("answer_headers"))
        return Response(exchange=exchange, status=status, headers=headers, body=body, t=done)
    if "error" in record:
        error, detail = str(record["error"]), str(record.get("detail", ""))
        return NoAnswer(exchange=exchange, reason=why(error, detail), detail=f"{error}: {detail}", t=done)
    return None


def _operation(record: Mapping[str, Any], owner: str, spec: Spec, base: str, method: str, url: str) -> str:
    """The operation that answers are judged by: "-" for a method or a path that the document does not have."""
    if owner not in spec.operations or not record.get("declared", True):
        return "-"
    found = spec.match(method, urlsplit(url).path.removeprefix(base))
    return owner if found is not None and found[0].id == owner else "-"


def _headers(lines: object) -> dict[str, str]:
    pairs = lines if isinstance(lines, list) else []
    return {str(pair[0]): str(pair[1]) for pair in pairs if isinstance(pair, list) and len(pair) == 2}


def _body(data: object, cut: object) -> Body:
    raw = base64.b64decode(data) if isinstance(data, str) else b""
    return kept(raw, _KEEP, cut if isinstance(cut, int) else 0)


def why(error: str, detail: str) -> str:
    """The reason of a ``NoAnswer``, by what requests raised; see there."""
    if ("Timeout" in error and error != "ConnectTimeout") or "Read timed out" in detail:
        return "timeout"
    if error == "ConnectTimeout" or "NewConnectionError" in detail or "refused" in detail.lower():
        return "refused"
    if (
        error in ("InvalidHeader", "ContentDecodingError")
        or "BadStatusLine" in detail
        or "LineTooLong" in detail
    ):
        return "malformed"
    return "cut"


def _gone(exchanges: list[dict[str, Any]], told: _Told) -> str:
    """Why the deployment cannot be asked any more; "" when it can."""
    last = exchanges[-1] if exchanges else {}
    if "error" in last and why(str(last["error"]), str(last.get("detail", ""))) == "refused":
        return "it refuses connections"
    return "it stopped answering" if told.end == "server_unavailable" else ""


# -- what the engine says -----------------------------------------------------------------------------------------------


class _Told:
    """The engine's events."""

    def __init__(self, spec: Spec, events: tuple[dict[str, Any], ...]) -> None:
        self._spec = spec
        self._labels = {f"{o.method.upper()} {o.path}": o.id for o in spec.operations.values()}
        self._scenarios = [event["ScenarioFinished"] for event in events if "ScenarioFinished" in event]
        self._errors = [event["NonFatalError"] for event in events if "NonFatalError" in event]
        self._fatal = [event["FatalError"] for event in events if "FatalError" in event]
        ends = [event["EngineFinished"] for event in events if "EngineFinished" in event]
        self.end = str(ends[-1].get("stop_reason", "")) if ends else ""
        self.skipped = {
            self._labels[scenario["recorder"]["label"]]: str(scenario["skip_reason"])
            for scenario in self._scenarios
            if scenario.get("skip_reason") and scenario["recorder"]["label"] in self._labels
        }
        self._cases = {
            case: known
            for scenario in self._scenarios
            for case, known in scenario["recorder"].get("cases", {}).items()
        }

    def owner(self, case: str) -> str:
        """The operation of a case: its own, or that of the case it was derived from."""
        for _ in range(len(self._cases)):
            known = self._cases.get(case)
            if known is None:
                return ""
            label = f"{str(known['value'].get('method', '')).upper()} {known['value'].get('path', '')}"
            if label in self._labels:
                return self._labels[label]
            case = str(known.get("parent_id") or "")
        return ""

    def reports(
        self, exchanges: Mapping[str, tuple[str, str, int]], requests: Mapping[str, Request]
    ) -> Iterator[Reported]:
        """The findings that are the engine's alone: ``exchanges`` by the case, ``requests`` by the exchange."""
        for scenario in self._scenarios:
            scenario_owner = self._labels.get(scenario["recorder"]["label"], "")
            for case, checks in scenario["recorder"].get("checks", {}).items():
                for check in checks:
                    failure = (check.get("failure_info") or {}).get("failure") or {}
                    if check.get("status") != "failure" or check["name"] in OURS:
                        continue
                    exchange, role, t = exchanges.get(str(failure.get("case_id") or case)) or exchanges.get(
                        case, ("", "", 0)
                    )
                    if check["name"] == "missing_required_header" and role != "member":
                        continue  # a caller without its credentials: `refusal` judges how it is turned away
                    owner = scenario_owner or self.owner(case)
                    operation = self._spec.operations.get(owner)
                    if _is_fine_as_a_form(check["name"], failure, operation, requests.get(exchange)):
                        continue
                    yield Reported(
                        engine=ENGINE,
                        operation=owner,
                        code=check["name"],
                        title=str(failure.get("title", "")),
                        message=str(failure.get("message", "")),
                        exchange=exchange,
                        basis=basis(check["name"], operation),
                        t=t,
                    )

    def faults(self, stopped: bool) -> tuple[str, ...]:
        """What went wrong in the engine itself, or in our hooks."""
        found = [
            _fault(error) for error in self._errors if error.get("value", {}).get("type") not in _NETWORK
        ]
        found += [f"it broke down: {json.dumps(error)[:500]}" for error in self._fatal]
        if not self.end and not stopped:
            found.append("it did not come to its end")
        return tuple(found)


def _fault(error: Mapping[str, Any]) -> str:
    value = error.get("value", {})
    return (
        f"{value.get('type')}: {str(value.get('message'))[:500]} ({error.get('phase')}, {error.get('label')})"
    )


def _is_fine_as_a_form(
    check: str, failure: Mapping[str, Any], operation: Operation | None, sent: Request | None
) -> bool:
    """Whether a form is blamed for a value of another type, for nothing that the engine can name, or for a field that one
    of several alternatives requires while it has what another does: on the way everything in a form becomes a text, and what was made
    wrong may be none any more. The engine looks again only at bodies of JSON."""
    if check != "negative_data_rejection" or operation is None or operation.request is None:
        return False
    form = operation.request.content.get("multipart/form-data")
    if form is None:
        return False
    said = str(failure.get("message", ""))
    broken = set(_VIOLATED.findall(said))
    if broken == {"required"} and sent is not None:
        return _keeps_an_alternative(form, fields_of(sent.body, sent.headers))
    return broken == {"type"} or (_NOTHING_WRONG in said and not broken)


def _keeps_an_alternative(form: Schema, fields: Mapping[str, object]) -> bool:
    """Whether ``fields`` has all that one of the alternatives of ``form`` requires, and none of that is an empty text."""
    said = {name for name, value in fields.items() if value != ""}
    required = [
        set(one["required"])
        for word in ("anyOf", "oneOf")
        for one in (form.raw.get(word, ()) if isinstance(form.raw, Mapping) else ())
        if "required" in one
    ]
    return any(names <= said for names in required)


def basis(check: str, operation: Operation | None) -> str:
    """What a finding of the engine's ``check`` about ``operation`` rests on."""
    relation, otherwise = _BASIS.get(check, ("", "decided"))
    refusal = operation.refusals.get(relation) if operation and relation else None
    return str(refusal.basis) if refusal else otherwise
