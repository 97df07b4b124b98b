"""Reads the extensions that say who is refused and who hears what."""

from __future__ import annotations

from earwitness.errors import nearest
from earwitness.spec.model import Audience, Refusal
from earwitness.spec.reading import Reader
from earwitness.spec.refs import Node
from earwitness.spec.wording import shorten
from earwitness.spec.words import LISTENERS, RELATIONS


def read_refusals(
    reader: Reader, owner: Node, clause: str, statuses: range | tuple[range, ...]
) -> dict[str, Refusal]:
    """The ``x-refusals`` of an operation or channel, by relation; ``statuses`` are those that can refuse it."""
    refusals: dict[str, Refusal] = {}
    for name, node in reader.entries(owner, "x-refusals", "a map of relation to {status, basis, clause}"):
        relation = next((each for each in RELATIONS if each == name), None)
        if relation is None:
            reader.wrong(node, f"unknown relation {name!r} in x-refusals", hint=nearest(name, RELATIONS))
            continue
        entry = reader.object(node, name, "a map such as {status: 404, basis: stated}")
        if entry is None:
            continue
        reader.known_keys(entry, ("status", "basis", "clause"), f"the refusal {name}")
        status = _status(reader, entry, name, (statuses,) if isinstance(statuses, range) else statuses)
        basis = reader.basis(entry, key="basis")
        own_clause = reader.clause(entry, clause, key="clause")
        if status is not None:
            refusals[name] = Refusal(relation, status, basis, own_clause)
    return refusals


def require_anonymous(reader: Reader, owner: Node, name: str) -> None:
    """Reports that ``owner``, which needs a credential, does not say how it refuses who has none."""
    refusals = owner.get("x-refusals")
    if refusals is None or refusals.get("anonymous") is None:
        what = f"{name} needs a credential and does not say how it refuses who has none"
        reader.wrong(owner, what, "anonymous: {status: …} in x-refusals")


def read_audience(reader: Reader, message: Node, clause: str) -> Audience | None:
    """The ``x-audience`` of a message; None when it has none or a broken one."""
    node = message.get("x-audience")
    entry = (
        None
        if node is None
        else reader.object(node, "x-audience", "a map such as {must: others, may: sender}")
    )
    if entry is None:
        return None
    reader.known_keys(entry, ("must", "may", "basis", "clause"), "x-audience")
    must = reader.word(entry, "must", LISTENERS, required=True)
    may = reader.word(entry, "may", LISTENERS)
    basis = reader.basis(entry, key="basis")
    own_clause = reader.clause(entry, clause, key="clause")
    return None if must is None else Audience(must, may or "nobody", basis, own_clause)


def _status(reader: Reader, entry: Node, name: str, statuses: tuple[range, ...]) -> int | None:
    expected = f"a number from {' or '.join(f'{each.start} to {each.stop - 1}' for each in statuses)}"
    node = entry.get("status")
    if node is None:
        reader.wrong(entry, f"the refusal {name} has no status", expected)
        return None
    status = node.value
    if (
        not isinstance(status, int)
        or isinstance(status, bool)
        or not any(status in each for each in statuses)
    ):
        reader.wrong(node, f"status is {shorten(status, 40)}", expected)
        return None
    return status
