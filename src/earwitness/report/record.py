"""A load as a report takes it: the part ``load`` of results.json, and what came of the run it was in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from earwitness.errors import ExitCode


@dataclass(frozen=True, slots=True)
class LoadResult:
    """A load. ``record`` is what results.json holds under ``load``; where nothing was measured it says ``api``, ``profile``
    and a ``reason`` and has no ``audit``. ``command`` is the line that repeats it."""

    record: Mapping[str, Any]
    code: ExitCode
    command: str

    @property
    def measured(self) -> bool:
        """Whether the load got as far as figures."""
        return "audit" in self.record

    @property
    def name(self) -> str:
        """What it is called where it stands beside others."""
        return f"load {self.record.get('profile', '')} on {self.record.get('api', '')}"
