"""What Schemathesis runs with: it touches only what the run owns, keeps its budget, and writes down every exchange.

Opened by path in Schemathesis's own process, so it imports nothing of Earwitness. ``EARWITNESS_HOOKS`` names a JSON file with
its settings (``earwitness.generated.run`` writes it), ``EARWITNESS_TOKEN`` holds the caller's token, which is in no file.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import schemathesis
from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import RequestException
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

SAFE: Final = ("GET", "HEAD", "OPTIONS", "TRACE")
_PORTS: Final = {"http": 80, "https": 443}
_CHUNK: Final = 65_536
# Beyond this much of a log, bodies are kept short: a server that answers with megabytes must not fill the disk.
_LONG_LOG: Final = 50_000_000
_SHORT: Final = 4_096


class Owned:
    """What the run made, or was told to use: the only things that generated requests may name.

    ``path`` and ``body`` say for each operation which of its parameters and properties name a thing, and of which kind;
    ``pools`` holds the things of each kind; ``learns`` where an answer shows a new one; ``removes`` which operations end one.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.pools: dict[str, list[Any]] = {kind: list(pool) for kind, pool in settings["pools"].items()}
        self.known = {kind: {_spelt(value) for value in pool} for kind, pool in self.pools.items()}
        self.path: Mapping[str, Mapping[str, str]] = settings["path"]
        self.body: Mapping[str, Mapping[str, str]] = settings["body"]
        self.learns: Mapping[str, list[Mapping[str, Any]]] = settings["learns"]
        self.removes = frozenset(settings["removes"])

    def one(self, kind: str, drawn: object) -> object:
        """The thing of ``kind`` that stands for what was drawn: always the same for the same draw."""
        pool = self.pools[kind]
        return pool[zlib.crc32(_spelt(drawn).encode("utf-8", "surrogatepass")) % len(pool)]

    def has(self, kind: str, value: object) -> bool:
        """Whether ``value`` names a thing of ours."""
        return _spelt(value) in self.known[kind]

    def may_name(self, kind: str, value: object) -> bool:
        """Whether ``value`` could name something of this kind, by its form; a lenient server takes "7" for 7."""
        return any(_alike(value, owned) for owned in self.pools[kind])

    def take(self, case: Any) -> None:
        """Put our own things where ``case`` names others, or what the run has removed. What cannot name anything stays: it is there
        to be refused; and in a sequence of calls, what was removed stays as well, since a link may have brought it."""
        operation = operation_of(case)
        linked = case.meta is not None and case.meta.phase.name is TestPhase.STATEFUL
        path = {
            name: self.one(kind, case.path_parameters[name])
            for name, kind in self.path.get(operation, {}).items()
            if name in case.path_parameters and self._must_go(kind, case.path_parameters[name], linked)
        }
        if path:
            case.path_parameters = {**case.path_parameters, **path}
        if isinstance(case.body, dict):
            body = {
                name: self.one(kind, case.body[name])
                for name, kind in self.body.get(operation, {}).items()
                if name in case.body and self._must_go(kind, case.body[name], linked)
            }
            if body:
                # Schemathesis looks at a changed body again, so one that fits now is no longer expected to be refused.
                case.body = {**case.body, **body}

    def _must_go(self, kind: str, value: object, linked: bool) -> bool:
        stays = self.known[kind] if linked else {_spelt(one) for one in self.pools[kind]}
        return _spelt(value) not in stays and self.may_name(kind, value)

    def learn(self, operation: str, status: int, answer: object) -> None:
        """Keep what an answer says was made."""
        for lesson in self.learns.get(operation, ()):
            if lesson["status"] not in (status, 0) or not 200 <= status < 300:
                continue
            found = _at(answer, lesson["at"])
            if (
                isinstance(found, str | int)
                and not isinstance(found, bool)
                and not self.has(lesson["kind"], found)
            ):
                self.known[lesson["kind"]].add(_spelt(found))
                self.pools[lesson["kind"]].append(found)

    def forget(self, operation: str, case: Any) -> None:
        """Do not draw any more what a successful ``case`` has removed; the last of a kind stays, to be refused."""
        for name, kind in self.path.get(operation, {}).items():
            gone = _spelt(case.path_parameters.get(name))
            left = [value for value in self.pools[kind] if _spelt(value) != gone]
            if operation in self.removes and left:
                self.pools[kind] = left


class Log:
    """Every exchange as a line of JSON, without the token, with a bound on their number and their size."""

    def __init__(self, settings: Mapping[str, Any], token: str) -> None:
        self._file = Path(settings["log"]).open("a", encoding="utf-8", buffering=1)  # noqa: SIM115  # open until the process ends
        self._lock = threading.Lock()
        self._hide = [(token, settings["placeholder"])] if token else []
        self._host: str = settings["host"]
        self._limit: int = settings["limit"]
        self.keep: int = settings["keep"]
        self.patience_s: float = settings["patience_s"]
        self._written = 0
        self._sent = 0
        self.facts: dict[str, dict[str, Any]] = {}

    def permit(self, request: Any) -> int:
        """Count a request that is about to leave; returns its number. Raises when it must not."""
        place = urlsplit(request.url)
        at = f"{(place.hostname or '').lower()}:{place.port or _PORTS.get(place.scheme, 0)}"
        if at != self._host:
            raise RuntimeError(f"{at} is not {self._host}, and was not contacted")
        with self._lock:
            self._sent += 1
            number = self._sent
        over = number - self._limit
        if over == 1:
            self.write({"stopped": f"the budget of {self._limit} generated requests is spent"})
            os.kill(os.getpid(), signal.SIGINT)
        if over >= 1:
            raise NoConnection("the budget is spent")
        return number

    def write(self, record: Mapping[str, Any]) -> None:
        line = json.dumps(record, ensure_ascii=True)
        for secret, placeholder in self._hide:
            line = line.replace(secret, placeholder)
        with self._lock:
            self._file.write(line + "\n")
            self._written += len(line)
            if self._written > _LONG_LOG:
                self.keep = min(self.keep, _SHORT)

    def data(self, value: object) -> tuple[str, int]:
        """A body as base64, without the token, and how many of its bytes were left out."""
        raw = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        if not isinstance(raw, bytes | bytearray):
            return "", 0
        for secret, placeholder in self._hide:
            raw = bytes(raw).replace(secret.encode(), placeholder.encode())
        return base64.b64encode(raw[: self.keep]).decode("ascii"), max(0, len(raw) - self.keep)


def operation_of(case: Any) -> str:
    """The id of the operation that a case belongs to."""
    raw = case.operation.definition.raw
    return str(raw.get("operationId", "")) if isinstance(raw, Mapping) else ""


def _spelt(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, sort_keys=True) if isinstance(value, list | dict) else str(value)


def _alike(value: object, owned: object) -> bool:
    if isinstance(owned, list):
        return isinstance(value, list) and any(_alike(one, other) for one in value for other in owned)
    if isinstance(value, list | dict | bool) or value is None:
        return False
    text = _spelt(value).strip()
    if isinstance(owned, int):
        # Ids are whole numbers from 1 that a database can hold.
        return text.isdecimal() and len(text) < 40 and 0 < int(text) < 2**63
    if _is_uuid(str(owned)):
        return _is_uuid(text)
    return bool(text)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _at(value: object, tokens: list[str]) -> object:
    for token in tokens:
        if isinstance(value, Mapping):
            value = value.get(token)
        elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        else:
            return None
    return value


def is_declared(case: Any) -> bool:
    """Whether the document has the case's method on its path; coverage tries others, too."""
    return str(case.method).upper() == str(case.operation.method).upper()


def _settings() -> Mapping[str, Any]:
    settings: Mapping[str, Any] = json.loads(Path(os.environ["EARWITNESS_HOOKS"]).read_text(encoding="utf-8"))
    return settings


OWNED: Final = Owned(_settings())
LOG: Final = Log(_settings(), os.environ.get("EARWITNESS_TOKEN", ""))


# -- what is sent -------------------------------------------------------------------------------------------------------


@schemathesis.hook
def filter_case(context: Any, case: Any) -> bool:
    """Leave out what could harm something that is not ours. Schemathesis asks before ``map_case``."""
    if str(case.method).upper() in SAFE:
        return True
    if not is_declared(case) and not case.path_parameters:
        return False  # a server that knows the method could do anything with a collection
    return not (_is_negative(case) and any(not harmless(value) for value in case.path_parameters.values()))


def _is_negative(case: Any) -> bool:
    return case.meta is not None and bool(case.meta.is_negative_at(ParameterLocation.PATH))


def harmless(value: object) -> bool:
    """Whether a path parameter certainly names nothing, however leniently it is read, and stays one segment."""
    text = str(value)
    return not any(ch.isdigit() for ch in text) and text.strip(". ") != "" and not set(text) & set("/\\?#%")


@schemathesis.hook
def map_case(context: Any, case: Any) -> Any:
    """Let it name what is ours."""
    OWNED.take(case)
    return case


@schemathesis.hook
def before_add_examples(context: Any, examples: list[Any]) -> None:
    """The document's own examples name other people's things; the two hooks above do not see them."""
    for case in examples:
        OWNED.take(case)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """The last gate, in every phase; and note what the log cannot see."""
    if str(case.method).upper() not in SAFE:
        OWNED.take(case)
    meta = case.meta
    LOG.facts[case.id] = {
        "operation": operation_of(case),
        "declared": is_declared(case),
        "phase": meta.phase.name.value if meta else "",
        "mode": meta.generation.mode.value if meta else "",
    }


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Own what the run makes; stop drawing what it removed."""
    operation = operation_of(case)
    if not is_declared(case):
        return
    try:
        answer = json.loads(response.content)
    except (ValueError, RecursionError):
        answer = None
    OWNED.learn(operation, response.status_code, answer)
    if 200 <= response.status_code < 300:
        OWNED.forget(operation, case)


# -- what is written down -----------------------------------------------------------------------------------------------
# Below Schemathesis, so that its start-up probes and those of `ignored_auth`, which no hook sees, are seen as well.

_send = HTTPAdapter.send


def send(self: Any, request: Any, **options: Any) -> Any:
    """Send ``request`` and write down what came of it: a line when it leaves, and one when that is known."""
    number = LOG.permit(request)
    # A small compressed answer could become a large one.
    request.headers["Accept-Encoding"] = "identity"
    case = request.headers.get("X-Schemathesis-TestCaseId", "")
    body, cut = LOG.data(request.body)
    LOG.write(
        {
            "n": number,
            "case": case,
            **LOG.facts.get(case, {}),
            "method": request.method,
            "url": request.url,
            "headers": list(_lines(request.headers)),
            "body": body,
            "cut": cut,
            "begun": time.monotonic_ns(),
        }
    )
    try:
        response = _send(self, request, **{**options, "stream": True})
        more = _read(response)
    except RequestException as error:
        LOG.write(
            {
                "n": number,
                "done": time.monotonic_ns(),
                "error": type(error).__name__,
                "detail": str(error)[:300],
            }
        )
        raise
    done = time.monotonic_ns()
    answer, left_out = LOG.data(response.content)
    LOG.write(
        {
            "n": number,
            "done": done,
            "status": response.status_code,
            "answer_headers": list(_lines(response.headers)),
            "answer": answer,
            "answer_cut": left_out + more,
        }
    )
    return response


def _read(response: Any) -> int:
    """Read at most ``keep`` bytes of an answer, for as long as one may take; returns how many more there are, as far as that
    is known."""
    content = bytearray()
    end = time.monotonic() + LOG.patience_s
    try:
        while len(content) <= LOG.keep and (chunk := response.raw.read1(_CHUNK)):
            content += chunk
            if time.monotonic() > end:
                # A server that sends byte after byte never meets the limit for one of them.
                raise TimeoutError(f"Read timed out. (read timeout={LOG.patience_s})")
    except Exception as error:
        raise NoConnection(error) from error  # as requests does with what breaks in mid-answer
    more = max(0, len(content) - LOG.keep)
    response._content = bytes(content[: LOG.keep])
    response._content_consumed = True
    response.raw.close() if more else response.raw.release_conn()
    return more


def _lines(headers: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    for name, value in headers.items():
        if str(name).lower() != "x-schemathesis-testcaseid":
            yield str(name), value.decode("latin-1") if isinstance(value, bytes) else str(value)


HTTPAdapter.send = send  # type: ignore[method-assign,assignment]  # it stands in for every caller
