"""The conductor's place in Locust: what it says and hears travels as Locust's messages, and its end is Locust's end."""

from __future__ import annotations

import json
import os
import shlex
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeVar

import gevent
from gevent.os import make_nonblocking, nb_write
from locust.runners import STATE_MISSING, MasterRunner
from locust.stats import CSV_STATS_INTERVAL_SEC

from earwitness.errors import CouldNotTest, EarwitnessError, ExitCode, Problem, RefusedByPolicy, UsageError
from earwitness.load.part import Part
from earwitness.load.profile import Profile, load_profile, profile_names
from earwitness.load.standing import stood
from earwitness.load.words import summary
from earwitness.redact import Redactor
from load.audit_page import AuditPage
from load.conductor import Conductor
from load.ground import Ground
from load.players import Troupe

# Locust misses a process after some five seconds, and hears of it again if the machine was only too busy for it.
_SILENCE_S: Final = 5.0
# What Locust's writing itself takes, at most.
_A_TURN_S: Final = 0.5
# What went wrong in another process comes as its exit code.
_ERRORS: Final = {ExitCode.REFUSED: RefusedByPolicy, ExitCode.USAGE: UsageError}

Number = TypeVar("Number", int, float)


class Direction:
    """Begins a load for each of Locust's runs, passes on what conductor and processes say to one another, and writes what came of it."""

    def __init__(self, environment: Any, runner: Any) -> None:
        self.environment, self.runner = environment, runner
        self.options = options = environment.parsed_options
        options.seconds, options.run_time = options.seconds or options.run_time, None
        # Whoever reaches Locust's page may change any option; what is read and written, and where to, is none of theirs.
        self.given = Namespace(**vars(options))
        try:
            self.profile = self._profile()
            self.ground = Ground.find(options.api, options.url, options.deployment, tuple(options.defect))
        except EarwitnessError as error:
            _leave(error)
        self.conductor: Conductor | None = None
        self.stops: Conductor | None = None
        self.written = self.ending = False
        self.runs = 0
        # What the run came to, as the audit's page shows it.
        self.came_to: dict[str, Any] | None = None
        hear = {
            "claim": lambda who, data: self.current.claim(
                who, data["user"], data["machine"], data["process"], data["said_at"]
            ),
            "ready": lambda who, data: self.current.ready(who, data["user"], data),
            "sent": lambda who, data: self.current.has_sent(data["user"], data["sent"]),
            "done": lambda who, data: self.current.done(
                who, data["user"], data["part"], data["drained"], data
            ),
            "stopped": lambda who, data: self.current.report(who, data["part"]),
            "failed": lambda who, data: self.current.failed(
                _ERRORS.get(ExitCode(data["code"]), CouldNotTest)(data["reason"])
            ),
        }
        for name, take in hear.items():
            runner.register_message(
                f"earwitness-{name}", lambda msg, take=take, **_: take(msg.node_id, msg.data)
            )
        environment.events.test_start.add_listener(self.begin)
        environment.events.test_stopping.add_listener(self.stopping)
        environment.events.test_stop.add_listener(self.stopped)
        environment.events.worker_report.add_listener(self.hear_report)
        environment.events.quitting.add_listener(self.end)
        if environment.web_ui is not None:
            AuditPage(self.standing).add_to(environment.web_ui, options.web_base_path or "")

    @property
    def current(self) -> Conductor:
        """The load that is under way."""
        assert self.conductor is not None
        return self.conductor

    def _profile(self) -> Profile:
        """The profile as the command line, or Locust's page, asks for it. Raises UsageError."""
        options = self.options
        wanted = options.load_profile
        if wanted not in (self.given.load_profile, *profile_names()):
            raise UsageError(
                Problem(
                    f"{wanted!r} is no profile of ours, and Locust's page may name no others",
                    expected=", ".join(profile_names()),
                )
            )
        # Locust would end the run before it has drained; the time is ours to keep.
        seconds, options.run_time = options.run_time or options.seconds, None
        if self.environment.web_ui is not None:
            self.environment.web_ui._cancel_run_time_timer()
        return load_profile(
            wanted,
            listeners=_number("listeners", options.listeners, int),
            rate=_number("rate", options.rate, float),
            seconds=_number("seconds", seconds, float),
        )

    def begin(self, **_: Any) -> None:
        self.written, self.came_to, self.runs = False, None, self.runs + 1
        fault: EarwitnessError | None = None
        try:
            self.profile = self._profile()
        except EarwitnessError as error:
            fault = error
        conductor = Conductor(
            self.profile, self.ground, self.given.members, self._tell, lambda: self._over(conductor)
        )
        self.conductor = conductor
        try:
            if fault is not None:
                raise fault
            users = self.options.num_users or self.runner.target_user_count or 1
            conductor.prepare(users, users / (self.options.spawn_rate or 1))
        except EarwitnessError as error:
            conductor.failed(error)
        if self.given.secrets is not None:
            _tell_all(self.given.secrets, json.dumps(conductor.secrets).encode())
        if isinstance(self.runner, MasterRunner):
            gevent.spawn(self._watch, conductor)
        if self.given.progress is not None:
            gevent.spawn(self._tell_progress, conductor)

    def _is_on(self, conductor: Conductor) -> bool:
        """Whether this is the load that is under way."""
        return self.conductor is conductor and not (self.ending or self.written or conductor.finished)

    def _watch(self, conductor: Conductor) -> None:
        """Tell the conductor when a process that was there is not any more; Locust would deal with it by going on without."""
        heard: dict[str, float] = {}
        while self._is_on(conductor):
            now = time.monotonic()
            heard |= {one.id: now for one in self.runner.clients.all if one.state != STATE_MISSING}
            for name in [name for name, at in heard.items() if at < now - _SILENCE_S]:
                conductor.gone(name)
            gevent.sleep(0.5)

    def _tell_progress(self, conductor: Conductor) -> None:
        make_nonblocking(self.given.progress)
        while self._is_on(conductor):
            with suppress(OSError):  # nobody reads any more, or not as fast
                nb_write(self.given.progress, f"{conductor.progress(self._local).dump()}\n".encode())
            gevent.sleep(1)

    @property
    def _local(self) -> Part | None:
        """What has been seen here, if this is the only process."""
        troupe: Troupe | None = self.environment.earwitness_troupe
        return None if troupe is None or isinstance(self.runner, MasterRunner) else troupe.part

    def standing(self) -> tuple[dict[str, Any], Redactor]:
        """How the load stands now, or what it came to, and what keeps secrets out of that; for the audit's page."""
        about = {
            "api": self.ground.deployment.api,
            "deployment": self.ground.deployment.name,
            "profile": self.profile.name,
            "at": time.strftime("%H:%M:%S"),
        }
        if self.conductor is None:
            return {**about, "phase": "waiting"}, Redactor()
        now = self.came_to or self.conductor.standing(self._local)
        return {**about, "run": self.conductor.run, **now}, self.conductor.redactor

    def _tell(self, what: str, data: dict[str, Any], client: str | None) -> None:
        self.runner.send_message(what, data, client_id=client)

    def hear_report(self, client_id: str, data: dict[str, Any], **_: Any) -> None:
        if self.conductor is not None and (part := data.pop("earwitness", None)) is not None:
            self.conductor.report(client_id, part)

    def _over(self, conductor: Conductor) -> None:
        if self.given.headless:
            self.runner.quit()
        elif self.conductor is conductor and not self.written:
            # Before it is said to be over, Locust is ready for the next; with workers that takes a second.
            self.runner.stop()
            if self.conductor is conductor:
                self.write()
            # Locust quits when its time is over; the time is ours, and so is this.
            if self.given.autostart and self.given.autoquit != -1 and self.runs == 1:
                gevent.spawn_later(self.given.autoquit, self._quit)

    def _quit(self) -> None:
        self.runner.quit()
        self.environment.web_ui.stop()

    def stopping(self, **_: Any) -> None:
        """Locust begins to stop the users of a load."""
        self.stops = self.conductor

    def stopped(self, **_: Any) -> None:
        """Locust has stopped the users; if somebody asked for that on its page, this is all that there will be. One that was begun
        meanwhile is another."""
        if self.stops is self.conductor and not (self.given.headless or self.ending):
            self.write()

    def end(self, **_: Any) -> None:
        """Locust is about to end, for whatever reason: gather what there is, and judge it."""
        self.ending = True
        if isinstance(self.runner, MasterRunner) and not (self.conductor and self.conductor.finished):
            self.runner.quit()  # the workers' last reports come in now
        try:
            self.write()
            if self.given.csv_prefix:
                # Locust writes its files once a second and not at the end: without another turn, what came last would be missing there.
                gevent.sleep(CSV_STATS_INTERVAL_SEC + _A_TURN_S)
        finally:
            self.ground.close()

    def write(self) -> None:
        """Judge the load, and say and write what it came to; once."""
        if self.written or self.conductor is None:
            if self.conductor is None:
                self.environment.process_exit_code = int(ExitCode.INTERRUPTED)
            return
        self.written = True
        live = self.conductor.standing(self._local)
        if self._local is not None:
            self.conductor.report("local", self._local.dump())
        code, record = self.conductor.outcome(shlex.join(["locust", *sys.argv[1:]]))
        # Names and numbers are ours; what a server says when it closes a socket, or refuses, may hold anything.
        redact = self.conductor.redactor.redact
        lines, where = [*summary(record), f"exit {int(code)}"], ""
        if self.given.results:
            path = Path(self.given.results)
            if self.runs > 1:
                # Started again from Locust's page: what the run before came to stays.
                path = path.with_stem(f"{path.stem}-{self.runs}")
            text = redact(json.dumps({"exit_code": int(code), "load": record}))
            try:
                path.write_text(text, encoding="utf-8")
                where = str(path.absolute())
            except OSError as error:
                code = ExitCode.COULD_NOT_TEST
                sys.stderr.write(f"earwitness: {path} cannot be written: {error.strerror}\n")
        self.environment.process_exit_code = int(code)
        self.came_to = {**live, **stood(record, int(code), lines), "results": where}
        if not where:
            sys.stderr.write(redact("\n".join([*lines, ""])))


def _number(name: str, value: Any, kind: Callable[[Any], Number]) -> Number | None:
    """``value`` as Locust has it from its command line, or as text from its page. Raises UsageError."""
    try:
        return None if value in (None, "") else kind(value)
    except ValueError:
        raise UsageError(Problem(f"{name}: {value!r} is no number")) from None


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
