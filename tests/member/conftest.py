"""Two APIs for the member to talk to: a real one, and a made-up one with everything odd at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from earwitness.binding import Binding, load_binding
from earwitness.content import spec_folder
from earwitness.member import Plan
from earwitness.spec import Spec, load_spec


@dataclass(frozen=True, slots=True)
class Api:
    """An API's documents and its binding."""

    spec: Spec
    binding: Binding

    @staticmethod
    def of(folder: Path) -> Api:
        spec = load_spec(folder)
        return Api(spec, load_binding(spec))

    def plan(
        self,
        verb: str,
        form: str = "http",
        *,
        kind: str = "",
        paths: str = "",
        role: str = "member",
        **arguments: object,
    ) -> Plan:
        """A plan for ``verb`` as Alice does it, with the token ``secret-of-alice``."""
        arguments.setdefault("me", {"id": 1, "username": "alice"})
        bound = self.binding.verbs[verb][form]
        return Plan(
            self.spec,
            self.binding,
            bound,
            arguments,
            kind=kind,
            paths=paths,
            role=role,
            token="secret-of-alice",
        )


@pytest.fixture(scope="session")
def fe16ops() -> Api:
    return Api.of(spec_folder("fe16ops"))


@pytest.fixture(scope="session")
def letters() -> Api:
    return Api.of(Path(__file__).with_name("letters"))
