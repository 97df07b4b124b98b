"""A load of messages over an API's verbs and events: ``locust -f load/locustfile.py``, or ``earwitness load``, which starts the same."""

from __future__ import annotations

import json
import os
import shlex
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import gevent
from gevent.os import make_nonblocking, nb_read, nb_write
from locust import events
from locust.runners import STATE_MISSING, MasterRunner, WorkerRunner
from locust.stats import StatsEntry

# Locust puts this file's folder on the path; what it imports is named from the folder above.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from earwitness.errors import CouldNotTest, EarwitnessError, ExitCode, RefusedByPolicy, UsageError
from earwitness.load.profile import load_profile
from earwitness.load.words import summary
from load.conductor import Conductor
from load.ground import Ground
from load.players import Troupe
from load.users import Participant

__all__ = ["Participant"]

_PATIENCE_S = 15.0
# Locust misses a process after some five seconds, and hears of it again if the machine was only too busy for it.
_SILENCE_S = 5.0
# What went wrong in another process comes as its exit code.
_ERRORS = {ExitCode.REFUSED: RefusedByPolicy, ExitCode.USAGE: UsageError}


def add_options(parser: Any) -> None:
    """The options of a load, beside Locust's own; and nothing of Locust listens on other interfaces unless it is told to."""
    parser.set_defaults(web_host="127.0.0.1", master_bind_host="127.0.0.1")
    group = parser.add_argument_group("Earwitness", "What is loaded, and how")

    def add(name: str, **how: Any) -> None:
        group.add_argument(name, env_var=f"EARWITNESS_{name[2:].upper().replace('-', '_')}", **how)

    add("--load-profile", default="smoke", metavar="NAME", help="a profile of load/profiles, or a .yaml file")
    add("--api", default="fe16ops", metavar="API", help="the API that is loaded, as in specs/")
    add("--listeners", type=int, metavar="N", help="sockets that must hear, in place of the profile's")
    add("--rate", type=float, metavar="R", help="messages a second, in place of the profile's")
    add("--seconds", type=float, metavar="S", help="how long messages are sent; --run-time says the same")
    add("--url", default="", metavar="URL", help="a reference server that is running")
    add("--deployment", default="", metavar="FILE", help="a deployment file that allows load")
    add(
        "--members",
        default="",
        metavar="CSV",
        help="members, a line each: token and the attributes of the API",
    )
    add(
        "--defect",
        default=[],
        action="append",
        metavar="ID",
        help="a bug for the reference server that is started",
    )
    add("--results", default="", metavar="FILE", help="write what the load came to there, as JSON")
    add(
        "--progress",
        type=int,
        metavar="FD",
        help="tell there once a second how far it is; for `earwitness load`",
    )
    add(
        "--secrets",
        type=int,
        metavar="FD",
        help="tell there what must stand in no file; for `earwitness load`",
    )
    add("--lifeline", type=int, metavar="FD", help="end when this pipe closes; `earwitness load` uses it")


def set_up(environment: Any, runner: Any, **_: Any) -> None:
    """Every process has a troupe; the master, or the only process, has the conductor as well."""
    options = environment.parsed_options
    hub = gevent.get_hub()
    # An interrupt is for the main greenlet. As Python does it, it ends whatever runs at that moment, which may be a listener with a frame that
    # it has read and not written down; and a shell that runs us in the background has interrupts ignored.
    gevent.signal_handler(signal.SIGINT, hub.parent.throw, KeyboardInterrupt)
    if options.lifeline is not None:
        gevent.spawn(_end_with_parent, options.lifeline)
    # What we raise ourselves is told where it is waited for; gevent would show a traceback as well.
    hub.NOT_ERROR = (*hub.NOT_ERROR, EarwitnessError)
    environment.earwitness_troupe = troupe = Troupe(
        say=runner.send_message,
        note=lambda kind, name, ms, error: environment.events.request.fire(
            request_type=kind, name=name, response_time=ms, response_length=0, exception=error, context={}
        ),
    )
    if not isinstance(runner, MasterRunner):
        runner.register_message("earwitness-job", lambda msg, **_: troupe.take_job(msg.data))
        runner.register_message("earwitness-go", lambda msg, **_: troupe.go(**msg.data))
        runner.register_message("earwitness-drain", lambda msg, **_: troupe.drain(**msg.data))
        gevent.spawn(_show_deliveries, environment, troupe)

        def report(client_id: str, data: dict[str, Any]) -> None:
            if troupe.part is not None:
                data["earwitness"] = troupe.report()

        environment.events.report_to_master.add_listener(report)

    if not isinstance(runner, WorkerRunner):
        Direction(environment, runner, troupe)


class Direction:
    """The conductor's place in Locust: what it says and hears travels as Locust's messages, and its end is Locust's end."""

    def __init__(self, environment: Any, runner: Any, troupe: Troupe) -> None:
        self.environment, self.runner, self.troupe = environment, runner, troupe
        self.options = options = environment.parsed_options
        # Locust would end the run before it has drained; the time is ours to keep.
        seconds, options.run_time = options.seconds or options.run_time, None
        try:
            self.profile = load_profile(
                options.load_profile, listeners=options.listeners, rate=options.rate, seconds=seconds
            )
            self.ground = Ground.find(options.api, options.url, options.deployment, tuple(options.defect))
        except EarwitnessError as error:
            _leave(error)
        self.conductor: Conductor | None = None
        self.written = self.ending = False
        hear = {
            "claim": lambda who, data: self.current.claim(
                who, data["user"], data["machine"], data["process"], data["said_at"]
            ),
            "ready": lambda who, data: self.current.ready(who, data["user"], data),
            "sent": lambda who, data: self.current.has_sent(data["user"], data["sent"]),
            "done": lambda who, data: self.current.done(
                who, data["user"], data["part"], data["drained"], data
            ),
            "failed": lambda who, data: self.current.failed(
                _ERRORS.get(ExitCode(data["code"]), CouldNotTest)(data["reason"])
            ),
        }
        for name, take in hear.items():
            runner.register_message(
                f"earwitness-{name}", lambda msg, take=take, **_: take(msg.node_id, msg.data)
            )
        environment.events.test_start.add_listener(self.begin)
        environment.events.worker_report.add_listener(self.hear_report)
        environment.events.quitting.add_listener(self.end)

    @property
    def current(self) -> Conductor:
        """The load that is under way."""
        assert self.conductor is not None
        return self.conductor

    def begin(self, **_: Any) -> None:
        self.conductor = Conductor(self.profile, self.ground, self.options.members, self._tell, self._over)
        try:
            self.conductor.prepare(self.options.num_users or self.runner.target_user_count or 1)
        except EarwitnessError as error:
            self.conductor.failed(error)
        if self.options.secrets is not None:
            _tell_all(self.options.secrets, json.dumps(self.conductor.secrets).encode())
        if isinstance(self.runner, MasterRunner):
            gevent.spawn(self._watch)
        if self.options.progress is not None:
            gevent.spawn(self._tell_progress)

    def _watch(self) -> None:
        """Tell the conductor when a process that was there is not any more; Locust would deal with it by going on without."""
        heard: dict[str, float] = {}
        while not (self.ending or self.current.finished):
            now = time.monotonic()
            heard |= {one.id: now for one in self.runner.clients.all if one.state != STATE_MISSING}
            for name in [name for name, at in heard.items() if at < now - _SILENCE_S]:
                self.current.gone(name)
            gevent.sleep(0.5)

    def _tell_progress(self) -> None:
        make_nonblocking(self.options.progress)
        while not (self.ending or self.current.finished):
            local = None if isinstance(self.runner, MasterRunner) else self.troupe.part
            with suppress(OSError):  # nobody reads any more, or not as fast
                nb_write(self.options.progress, f"{self.current.progress(local).dump()}\n".encode())
            gevent.sleep(1)

    def _tell(self, what: str, data: dict[str, Any], client: str | None) -> None:
        self.runner.send_message(what, data, client_id=client)

    def hear_report(self, client_id: str, data: dict[str, Any], **_: Any) -> None:
        if self.conductor is not None and (part := data.pop("earwitness", None)) is not None:
            self.conductor.report(client_id, part)

    def _over(self) -> None:
        if self.options.headless:
            self.runner.quit()
        else:
            self.write()
            self.runner.stop()

    def end(self, **_: Any) -> None:
        """Locust is about to end, for whatever reason: gather what there is, and judge it."""
        self.ending = True
        if isinstance(self.runner, MasterRunner) and not (self.conductor and self.conductor.finished):
            self.runner.quit()  # the workers' last reports come in now
        try:
            self.write()
        finally:
            self.ground.close()

    def write(self) -> None:
        """Judge the load, and say and write what it came to; once."""
        if self.written or self.conductor is None:
            if self.conductor is None:
                self.environment.process_exit_code = int(ExitCode.INTERRUPTED)
            return
        self.written = self.options.headless
        if not isinstance(self.runner, MasterRunner) and self.troupe.part is not None:
            self.conductor.report("local", self.troupe.part.dump())
        code, record = self.conductor.outcome(shlex.join(["locust", *sys.argv[1:]]))
        self.environment.process_exit_code = int(code)
        # Names and numbers are ours; what a server says when it closes a socket, or refuses, may hold anything.
        redact = self.conductor.redactor.redact
        if self.options.results:
            text = json.dumps({"exit_code": int(code), "load": record})
            try:
                Path(self.options.results).write_text(redact(text), encoding="utf-8")
                return
            except OSError as error:
                self.environment.process_exit_code = code = ExitCode.COULD_NOT_TEST
                sys.stderr.write(f"earwitness: {self.options.results} cannot be written: {error.strerror}\n")
        sys.stderr.write(redact("\n".join([*summary(record), f"exit {int(code)}", ""])))


def _tell_all(pipe: int, data: bytes) -> None:
    """Write ``data`` to ``pipe`` and close it; who reads it may not be as fast as we are."""
    make_nonblocking(pipe)
    with suppress(OSError):  # nobody reads any more
        while data:
            data = data[nb_write(pipe, data) :]
    os.close(pipe)


def _leave(error: EarwitnessError) -> None:
    for problem in error.problems:
        sys.stderr.write(f"earwitness: {problem}\n")
    sys.exit(int(error.exit_code))


def _show_deliveries(environment: Any, troupe: Troupe) -> None:
    """Once a second, add what was heard to Locust's own statistics, so that its pages show deliveries; never an event a frame."""
    while True:
        gevent.sleep(1)
        fresh = troupe.take_fresh()
        for entry in (
            (environment.stats.get("message-created", "HEAR"), environment.stats.total) if fresh else ()
        ):
            _add(entry, fresh)


def _add(entry: StatsEntry, fresh: dict[int, int]) -> None:
    now, times = time.time(), sum(fresh.values())
    entry.num_requests += times
    entry.num_reqs_per_sec[int(now)] += times
    entry.last_request_timestamp = now
    for milliseconds, count in fresh.items():
        entry.total_response_time += milliseconds * count
        entry.response_times[milliseconds] += count
    entry.min_response_time = min(
        *fresh, *([] if entry.min_response_time is None else [entry.min_response_time]), max(fresh)
    )
    entry.max_response_time = max(entry.max_response_time, *fresh)


def _end_with_parent(pipe: int) -> None:
    """End this process when the other end of ``pipe`` closes: politely, then for good."""
    make_nonblocking(pipe)
    with suppress(OSError):
        while nb_read(pipe, 1024):
            pass
    # Who read our output is gone as well, and writing to them would break the end off.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.dup2(nowhere, sys.stderr.fileno())
    os.kill(os.getpid(), signal.SIGINT)
    gevent.sleep(_PATIENCE_S)
    os._exit(int(ExitCode.INTERRUPTED))


_events: Any = events
_events.init_command_line_parser.add_listener(add_options)
_events.init.add_listener(set_up)
