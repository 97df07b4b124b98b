"""What other clients are made of, fetched once into build/ by the package managers that are here; who cannot be had is left out, with the reason."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

# Neither is something that Earwitness needs; pinned, so that figures of two days can be compared.
UVLOOP: Final = "0.22.1"
# The last one that runs on Node.js 20.
ARTILLERY: Final = "2.0.21"
NODE: Final = 18
_LIMIT_S: Final = 600.0


class NotHere(Exception):
    """Something cannot be had on this machine; the text says why."""


def uvloop(build: Path, fetch: bool) -> Path:
    """The folder that holds uvloop; ``fetch`` says whether it may be installed there. Raises NotHere."""
    folder = build / f"uvloop-{UVLOOP}"
    words = (
        *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:"),
        *("--target", str(folder), f"uvloop=={UVLOOP}"),
    )
    _install(folder, words, f"uvloop {UVLOOP}", "pip", fetch)
    return folder


def artillery(build: Path, fetch: bool) -> tuple[str, Path]:
    """The node to run Artillery with, and the folder of its modules. Raises NotHere."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise NotHere("no Node.js with npm here")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    if not said.startswith("v") or int(said[1:].split(".")[0]) < NODE:
        raise NotHere(f"needs Node.js {NODE} or newer; here is {said or 'one that does not say'}")
    folder = build / f"artillery-{ARTILLERY}"
    words = (
        *(npm, "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"),
        *("--omit", "optional", f"artillery@{ARTILLERY}"),
    )  # fmt: skip
    _install(folder, words, f"Artillery {ARTILLERY}", "npm", fetch)
    return node, folder / "node_modules"


def _install(folder: Path, words: Sequence[str], what: str, manager: str, fetch: bool) -> None:
    """Fill ``folder`` with a command, unless that was done before: a mark is left when it came to its end."""
    mark = folder / ".whole"
    if mark.exists():
        return
    if not fetch:
        raise NotHere(f"{what} was not fetched: --fetch")
    # What an attempt before has left may be half of it.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, timeout=_LIMIT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        raise NotHere(f"{manager} could not install {what}: it did not come to its end") from None
    if done.returncode:
        raise NotHere(f"{manager} could not install {what}, perhaps for want of a network")
    mark.touch()
