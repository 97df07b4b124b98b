"""Runs in the process of a reference server, before it: writes down which functions of it are called. Copied as sitecustomize.py."""

from __future__ import annotations

import atexit
import json
import os
import sys
from pathlib import Path
from types import FrameType

_HERE = f"{Path(__file__).resolve().parent / 'reference_server'}{os.sep}"
_SEEN: set[tuple[str, str]] = set()


def _look(frame: FrameType, event: str, argument: object) -> None:
    code = frame.f_code
    if code.co_filename.startswith(_HERE):
        _SEEN.add((code.co_filename, code.co_qualname))


def _write() -> None:
    sys.settrace(None)
    called = sorted({(Path(file).relative_to(_HERE).as_posix(), _plain(name)) for file, name in _SEEN})
    Path(__file__).with_name("called.json").write_text(json.dumps(called), encoding="utf-8")


def _plain(name: str) -> str:
    """A qualified name without what the interpreter puts between: `<locals>`, `<listcomp>`."""
    return ".".join(part for part in name.split(".") if not part.startswith("<"))


if Path(__file__).name == "sitecustomize.py":
    atexit.register(_write)
    sys.settrace(_look)
