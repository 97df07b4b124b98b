"""The configuration that one run of Schemathesis is given, as TOML."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeAlias

Value: TypeAlias = bool | int | float | str | Sequence[str | int]

# What our own checks judge from the exchanges, for every request of a run and not only for generated ones.
OURS: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    # It compares what two members may see, and is given one.
    "object_level_authorization",
)
# What may be answered to a request that fits: its object may be gone, or it may be too much at once; failing is for
# `server-error`. Not 400: what the document's schema lets through is a good request.
ACCEPTED: Final = ("2xx", "3xx", 401, 403, 404, 409, 413, 429, "5xx")
# Methods that the document may not have on a path. Not GET, which a server may offer besides, and not POST, which makes things.
UNDECLARED: Final = ("DELETE", "PATCH", "PUT")


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is tried: examples an operation that are drawn at random, and walks along the links with their length."""

    fuzzing: int = 15
    walks: int = 12
    steps: int = 5

    def times(self, factor: float) -> Effort:
        """``factor`` times as much, and something of each; walks stay as long as they are."""
        return replace(
            self, fuzzing=max(1, round(factor * self.fuzzing)), walks=max(1, round(factor * self.walks))
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What Schemathesis is to do. ``headers`` hold ``${VARIABLE}`` instead of a secret; ``left_out`` are operation ids;
    ``patience_s`` is for one answer."""

    base_url: str
    seed: int
    hooks: Path
    events: Path = Path("events.ndjson")
    headers: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    patience_s: float = 10.0
    ca_file: str | None = None
    effort: Effort = Effort()


def config(plan: Plan) -> str:
    """``plan`` as the text of a configuration file.

    The same plan gives the same requests: seeded, derandomised, one worker, no database, and no limit in time, which would
    let Schemathesis fill the time it has.
    """
    sections: dict[str, Mapping[str, Value]] = {
        "": {
            "color": False,
            "seed": plan.seed,
            "hooks": str(plan.hooks),
            "base-url": plan.base_url,
            "workers": 1,
            "request-timeout": plan.patience_s,
            "request-retries": 0,
            "max-redirects": 0,
            "continue-on-failure": True,
            "warnings": False,
            # Our hooks leave out what is not ours to touch; how much that is says nothing about the API.
            "suppress-health-check": ("filter_too_much", "too_slow", "data_too_large", "large_base_example"),
            **({"tls-verify": plan.ca_file} if plan.ca_file else {}),
        },
        "headers": plan.headers,
        "cache": {"enabled": False},
        "generation": {
            "mode": "all",
            "max-examples": plan.effort.fuzzing,
            "deterministic": True,
            "no-shrink": True,
            "database": "none",
            # A NUL is beyond what many databases store, and no document says anything about it.
            "allow-x00": False,
        },
        "phases.examples": {"enabled": True},
        "phases.coverage": {"enabled": True, "unexpected-methods": UNDECLARED},
        "phases.fuzzing": {"enabled": True},
        "phases.stateful": {"enabled": True, "max-steps": plan.effort.steps},
        "phases.stateful.generation": {"max-examples": plan.effort.walks},
        "checks.positive_data_acceptance": {"expected-statuses": ACCEPTED},
        **{f"checks.{name}": {"enabled": False} for name in OURS},
        "reports.ndjson": {"enabled": True, "path": str(plan.events)},
    }
    lines = [line for name, values in sections.items() for line in _section(name, values)]
    for operation in plan.left_out:
        lines += ["", "[[operations]]", f"include-operation-id = {_toml(operation)}", "enabled = false"]
    return "\n".join(lines) + "\n"


def _section(name: str, values: Mapping[str, Value]) -> Iterator[str]:
    if name:
        yield from ("", f"[{name}]")
    for key, value in values.items():
        yield f"{key if key.replace('-', '').isalnum() else _toml(key)} = {_toml(value)}"


def _toml(value: Value) -> str:
    # A TOML basic string knows every escape that JSON writes, but for DEL, which JSON writes as it is.
    if isinstance(value, str | bool | int | float):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return f"[{', '.join(_toml(each) for each in value)}]"
