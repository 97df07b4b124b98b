"""How long the generator was kept from running is seen, whether it was busy or asleep when it was."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import load.waking as waking
from earwitness.load.ledger import Ledger
from earwitness.load.part import Part


@contextmanager
def a_core_shared_with(others: int) -> Iterator[None]:
    """This process is on one core, and so are others that never rest."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(others)]
    try:
        yield
    finally:
        for one in busy:
            one.kill()
            one.wait()
        os.sched_setaffinity(0, before)


def test_who_is_busy_and_gets_a_part_of_a_core_is_kept_from_running() -> None:
    part, until = Part(Ledger("r", {})), time.monotonic() + 2

    def works_and_is_over() -> bool:
        busy = time.monotonic() + 0.05
        while time.monotonic() < busy:
            pass
        return busy > until

    with a_core_shared_with(3):
        waking.watch_ourselves(part, 0.001, works_and_is_over)
    assert part.held > 0.25
    assert part.cpu < 0.75


def test_where_the_system_does_not_tell_nothing_is_known(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(waking, "_SCHEDULED", tmp_path / "none")
    assert waking.waited_s() == 0
    (tmp_path / "odd").write_text("0\n", encoding="ascii")
    monkeypatch.setattr(waking, "_SCHEDULED", tmp_path / "odd")
    assert waking.waited_s() == 0
    (tmp_path / "told").write_text("163998753 8389743 77\n", encoding="ascii")
    monkeypatch.setattr(waking, "_SCHEDULED", tmp_path / "told")
    assert waking.waited_s() == 0.008389743
