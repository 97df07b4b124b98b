"""Shows what Earwitness does: a small load on every API and then its checks, in one run with one report."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from earwitness.cli.check import new_folder, run_checks, write_report
from earwitness.cli.choose import Choice
from earwitness.cli.load import LoadChoice, run_load
from earwitness.cli.sweep import write_swept
from earwitness.content import api_names
from earwitness.errors import ExitCode
from earwitness.redact import Redactor
from earwitness.report import LoadResult

# Enough to see all of it; five APIs and their checks are to take less than five minutes.
_LISTENERS, _RATE, _SECONDS = 20, 10.0, 3.0


def demo_apis(out: Path | None, command: str) -> ExitCode:
    """Load and check every API there is on the reference server, and write one report of all; returns the exit code."""
    console = Console(stderr=True)
    folder = new_folder(out, "demo")
    loads: list[LoadResult] = []
    redactor = Redactor()

    def report(codes: list[ExitCode]) -> ExitCode:
        return write_swept(
            lambda each, told: write_report(folder, list(codes), console, False, told, each), loads, command, folder, redactor
        )  # fmt: skip

    for api in api_names():
        choice = LoadChoice("fan-out", api, listeners=_LISTENERS, rate=_RATE, seconds=_SECONDS)
        again = f"earwitness load fan-out --api {api} --listeners {_LISTENERS} --rate {_RATE:g} --seconds {_SECONDS:g}"
        loads.append(run_load(choice, folder, console, again, redactor))
        if loads[-1].code is ExitCode.INTERRUPTED:
            # Who interrupts a demo means all of it.
            return report([ExitCode.INTERRUPTED])
    return report(run_checks(Choice(api_names()), "", folder, console))
