"""The command ``earwitness``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from earwitness.errors import ExitCode

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code. Nothing that a user can cause ends in a traceback."""
    try:
        # It takes long enough to be interrupted.
        from earwitness.cli.app import main as run

        return run(arguments)
    except KeyboardInterrupt:
        sys.stderr.write("earwitness: interrupted\n")
        return int(ExitCode.INTERRUPTED)
