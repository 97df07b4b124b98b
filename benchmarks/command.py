"""Runs the command line of a benchmark: what interrupts do to it, and how its errors are told."""

from __future__ import annotations

import signal
import sys

import typer

from earwitness.errors import EarwitnessError


def run(app: typer.Typer, name: str) -> None:
    """Run ``app`` to its end; ``name`` is what errors are told under."""
    # Also where a shell that has put us into the background has them ignored, and for whoever only asks politely.
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, signal.default_int_handler)
    try:
        app()
    except EarwitnessError as error:
        print(f"{name}: {error}", file=sys.stderr)
        sys.exit(int(error.exit_code))
