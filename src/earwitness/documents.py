"""An API's documents, read together: what a history has to be judged by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from earwitness.binding import Binding, load_binding
from earwitness.content import spec_folder
from earwitness.history import Entry, RunStarted
from earwitness.spec import Spec, load_spec
from earwitness.verdict import ApiVerdict, judge
from earwitness.world import World


@dataclass(frozen=True, slots=True)
class Documents:
    """The spec and the binding of one API."""

    spec: Spec
    binding: Binding

    @property
    def api(self) -> str:
        return self.spec.name

    def world(self, history: Iterable[Entry]) -> World:
        """The world that ``history`` implies over these documents."""
        return World.of(history, self.spec, self.binding)

    def judge(self, history: Iterable[Entry]) -> ApiVerdict:
        """The verdict on ``history`` by these documents."""
        return judge(history, self.world)


def load_documents(api: str) -> Documents:
    """The documents of ``api``, out of ``specs/``.

    Raises UsageError when there is no such API, SpecError when its documents do not hold together.
    """
    spec = load_spec(spec_folder(api))
    return Documents(spec, load_binding(spec))


def split_runs(history: Iterable[Entry]) -> Iterator[tuple[Entry, ...]]:
    """The parts of a history file, one an API: each begins with its ``RunStarted``."""
    part: list[Entry] = []
    for entry in history:
        if isinstance(entry, RunStarted) and part:
            yield tuple(part)
            part = []
        part.append(entry)
    if part:
        yield tuple(part)
