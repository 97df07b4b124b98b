"""A real run against a server in this process: it keeps to what is owned, to its budget and its time, and tells no secret."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from earwitness.content import content_root
from earwitness.generated.config import Effort, Plan
from earwitness.generated.read import Caller, Outcome, read
from earwitness.generated.run import TOKEN, Run, run
from earwitness.history import Reported, Request, Response
from earwitness.spec import Spec

SECRET = "s3cr3t-0123456789abcdef"
OWN_ROOMS, OWN_PEER, MADE = (70, 90), 50, 95


@dataclass
class Seen:
    """What the server was asked: method, path, body."""

    requests: list[tuple[str, str, bytes]] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    """Takes any note, says the token back, answers reads with more than is kept, and knows nothing of Allow."""

    protocol_version = "HTTP/1.1"
    seen: Seen

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _asked(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.seen.requests.append((self.command, self.path, body))
        if self.headers.get("Authorization") != f"Token {SECRET}":
            self._answer(401, b"{}")
        elif self.command == "POST" and self.path.endswith("/notes/"):
            self._answer(201, json.dumps({"said": SECRET, "room": MADE}).encode())
        elif self.command == "GET" and re.fullmatch(r"/rooms/\d+/", self.path):
            self._answer(200, b'{"filler": "' + b"x" * 50_000 + b'"}')
        elif self.command == "DELETE" and re.fullmatch(r"/rooms/\d+/", self.path):
            self._answer(200, b"")
        else:
            self._answer(405 if self.command in ("PUT", "PATCH") else 404, b"{}")

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = _asked

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[tuple[str, Seen]]:
    """A server: its address, and what it was asked."""
    seen = Seen()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Here", (Handler,), {"seen": seen}))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, Seen]]:
    """The server of the one long run."""
    with serving() as server:
        yield server


@pytest.fixture
def unasked() -> Iterator[tuple[str, Seen]]:
    """A server that nothing else talks to."""
    with serving() as server:
        yield server


def settings(url: str, **changes: Any) -> dict[str, Any]:
    return {
        "pools": {"room": list(OWN_ROOMS), "peer.id": [OWN_PEER]},
        "path": {name: {"room": "room"} for name in ("readRoom", "deleteRoom", "writeNote")},
        "body": {"writeNote": {"to": "peer.id"}},
        "learns": {"writeNote": [{"status": 201, "at": ["room"], "kind": "room"}]},
        "removes": ["deleteRoom"],
        "host": url.removeprefix("http://"),
        "limit": 1_000,
        "patience_s": 10,
        "keep": 10_000,
        "placeholder": "$ALICE_TOKEN",
        **changes,
    }


def plan(url: str) -> Plan:
    return Plan(
        base_url=url,
        seed=1,
        hooks=content_root() / "contracts" / "schemathesis_hooks.py",
        headers={"Authorization": f"Token ${{{TOKEN}}}"},
        effort=Effort(fuzzing=3, walks=1, steps=2),
    )


@pytest.fixture(scope="module")
def done(served: tuple[str, Seen], spec: Spec) -> Run:
    """One run, with time enough."""
    url, _ = served
    return run(spec.folder / "openapi.yaml", plan(url), settings(url), SECRET, 60)


@pytest.fixture(scope="module")
def outcome(done: Run, served: tuple[str, Seen], spec: Spec) -> Outcome:
    """The same, read."""
    caller = Caller("alice", {"Authorization": "Token $ALICE_TOKEN"})
    return read(done.events, done.log, spec, caller, base_url=served[0])


def requests_of(outcome: Outcome, operation: str) -> list[Request]:
    return [entry for entry in outcome.results[operation].entries if isinstance(entry, Request)]


def test_the_run_comes_to_its_end(done: Run, outcome: Outcome) -> None:
    assert done.code in (0, 1), done.words
    assert not done.late
    assert (outcome.faults, outcome.gone, outcome.stopped) == ((), "", "")


def test_every_operation_is_reached_in_several_ways(outcome: Outcome) -> None:
    for operation in ("readRoom", "deleteRoom", "writeNote"):
        sources = {request.source for request in requests_of(outcome, operation)}
        assert {"generated coverage positive", "generated fuzzing positive"} <= sources
    assert "generated examples positive" in {request.source for request in requests_of(outcome, "writeNote")}


def test_everything_the_server_saw_is_in_the_log(outcome: Outcome, served: tuple[str, Seen]) -> None:
    every = [entry for result in outcome.results.values() for entry in result.entries] + list(outcome.rest)
    assert sum(isinstance(entry, Request) for entry in every) == len(served[1].requests)
    # Schemathesis's own probes without a valid token are seen by no hook of its own.
    assert {entry.role for entry in every if isinstance(entry, Request)} == {
        "member",
        "anonymous",
        "bad-token",
    }


def test_unsafe_methods_reach_only_what_is_owned(served: tuple[str, Seen], done: Run) -> None:
    unsafe = [
        (path, body) for method, path, body in served[1].requests if method not in ("GET", "HEAD", "OPTIONS")
    ]
    assert len(unsafe) > 10
    for path, body in unsafe:
        room = path.split("/")[2]
        assert not any(character.isdigit() for character in room) or int(room) in (*OWN_ROOMS, MADE), path
        if b'"to"' in body:
            to = json.loads(body).get("to")
            assert not isinstance(to, int) or isinstance(to, bool) or to == OWN_PEER or not 0 < to < 2**63


def test_what_the_run_makes_it_may_use(served: tuple[str, Seen], done: Run) -> None:
    assert any(f"/rooms/{MADE}/" in path for _, path, _ in served[1].requests)


def test_the_token_is_nowhere(done: Run) -> None:
    log = "\n".join(done.log)
    assert "Token $ALICE_TOKEN" in log
    answers = [json.loads(line).get("answer", "") for line in done.log if line]
    assert any(b"$ALICE_TOKEN" in base64.b64decode(answer) for answer in answers)
    everything = [
        log,
        "\n".join(done.events),
        done.words,
        *(base64.b64decode(a).decode("latin-1") for a in answers),
    ]
    assert not any(SECRET in text for text in everything)


def test_long_answers_are_cut_and_counted(outcome: Outcome) -> None:
    long = [e for e in outcome.results["readRoom"].entries if isinstance(e, Response) and e.status == 200]
    assert long
    for response in long:
        assert len(str(response.body.value)) == 10_000
        assert response.body.cut > 0


def test_the_engine_tells_what_only_it_can(outcome: Outcome) -> None:
    codes = {e.code for result in outcome.results.values() for e in result.entries if isinstance(e, Reported)}
    assert {"negative_data_rejection", "unsupported_method"} <= codes


def test_a_run_that_takes_too_long_is_ended(spec: Spec, unasked: tuple[str, Seen]) -> None:
    url, _ = unasked
    late = run(spec.folder / "openapi.yaml", plan(url), settings(url), SECRET, 0.05)
    assert late.late
    assert late.code != 0


def test_no_request_leaves_beyond_the_budget(spec: Spec, unasked: tuple[str, Seen]) -> None:
    url, seen = unasked
    spent = run(spec.folder / "openapi.yaml", plan(url), settings(url, limit=5), SECRET, 60)
    assert len(seen.requests) == 5
    found = read(spent.events, spent.log, spec, Caller("alice", {}), base_url=url)
    assert (found.stopped, found.gone, found.faults) == (
        "the budget of 5 generated requests is spent",
        "",
        (),
    )


def test_another_host_is_not_contacted(spec: Spec, unasked: tuple[str, Seen]) -> None:
    url, seen = unasked
    other = run(spec.folder / "openapi.yaml", plan(url), settings(url, host="127.0.0.1:1"), SECRET, 60)
    assert seen.requests == []
    assert read(other.events, other.log, spec, Caller("alice", {}), base_url=url).faults
