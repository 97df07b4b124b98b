"""Runs the bundled reference server in the foreground."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from earwitness.content import content_root, spec_folder
from earwitness.deployment.reference import search_path


def serve_api(api: str, port: int, database: Path | None, defects: Sequence[str], paths: str = "") -> int:
    """Serve ``api`` (at the set of ``paths``) until Ctrl-C; returns the server's exit code. Raises UsageError for an unknown API."""
    spec_folder(api)
    command = [sys.executable, "-P", "-m", "reference_server", api, "--port", str(port)]
    command += ["--db", str(database)] if database else []
    command += ["--paths", paths] if paths else []
    command += [word for defect in defects for word in ("--defect", defect)]
    environment = {**os.environ, "PYTHONPATH": search_path(content_root())}
    process = subprocess.Popen(command, env=environment)
    # A termination is the server's to answer; Ctrl-C reaches it from the terminal by itself.
    before = signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue
    finally:
        signal.signal(signal.SIGTERM, before)
        if process.poll() is None:
            process.kill()
