"""A load of messages over an API's verbs and events: ``locust -f load/locustfile.py``, or ``earwitness load``, which starts the same."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import gevent
from gevent.os import make_nonblocking, nb_read
from locust import events
from locust.runners import MasterRunner, WorkerRunner

# Locust puts this file's folder on the path; what it imports is named from the folder above.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from earwitness.errors import EarwitnessError, ExitCode
from load.direction import Direction
from load.players import Troupe
from load.rows import Rows
from load.users import Participant

__all__ = ["Participant"]

# What the web page may choose for a run. Where a load goes, and what is read and written, is said on the command line alone.
_CHANGEABLE = ("--load-profile", "--listeners", "--rate", "--seconds")
_PATIENCE_S = 15.0


def add_options(parser: Any) -> None:
    """The options of a load, beside Locust's own; and nothing of Locust listens on other interfaces unless it is told to."""
    parser.set_defaults(web_host="127.0.0.1", master_bind_host="127.0.0.1")
    group = parser.add_argument_group("Earwitness", "What is loaded, and how")

    def add(name: str, **how: Any) -> None:
        made = group.add_argument(name, env_var=f"EARWITNESS_{name[2:].upper().replace('-', '_')}", **how)
        # A group's options are not on Locust's page unless they say so.
        made.include_in_web_ui = name in _CHANGEABLE

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
    environment.earwitness_troupe = None

    def enter(**_: Any) -> None:
        """Every run has a troupe of its own, the second from Locust's page as well."""
        if environment.earwitness_troupe is not None:
            environment.earwitness_troupe.close()
            gc.unfreeze()
        environment.earwitness_troupe = Troupe(
            say=runner.send_message,
            note=lambda kind, name, ms, error: environment.events.request.fire(
                request_type=kind, name=name, response_time=ms, response_length=0, exception=error, context={}
            ),
        )
        environment.earwitness_rows = Rows(environment.stats)

    environment.events.test_start.add_listener(enter)
    if not isinstance(runner, MasterRunner):
        _take_part(environment, runner)
    if not isinstance(runner, WorkerRunner):
        Direction(environment, runner)


def _take_part(environment: Any, runner: Any) -> None:
    """What a process does that has users: it does what the conductor says, and tells what it has seen."""

    def troupe() -> Troupe:
        found: Troupe = environment.earwitness_troupe
        return found

    def show_deliveries(**_: Any) -> None:
        if environment.earwitness_troupe is not None and (part := troupe().part) is not None:
            environment.earwitness_rows.show(part.times["delivery"])

    def show_on() -> None:
        while True:
            gevent.sleep(1)
            show_deliveries()

    def report(client_id: str, data: dict[str, Any]) -> None:
        if environment.earwitness_troupe is not None and troupe().part is not None:
            data["earwitness"] = troupe().report()

    def stopping(**_: Any) -> None:
        if environment.earwitness_troupe is not None:
            troupe().is_ending = True

    def stop(**_: Any) -> None:
        show_deliveries()
        # Locust's next report may come after the master has judged a run that was stopped from its page.
        if isinstance(runner, WorkerRunner) and environment.earwitness_troupe is not None and troupe().part:
            runner.send_message("earwitness-stopped", {"part": troupe().report()})

    runner.register_message("earwitness-job", lambda msg, **_: troupe().take_job(msg.data))
    runner.register_message("earwitness-go", lambda msg, **_: troupe().go(**msg.data))
    runner.register_message("earwitness-drain", lambda msg, **_: troupe().drain(**msg.data))
    environment.events.report_to_master.add_listener(report)
    environment.events.test_stopping.add_listener(stopping)
    environment.events.test_stop.add_listener(stop)
    gevent.spawn(show_on)


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
