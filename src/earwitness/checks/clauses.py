"""Where an API's documents say what a check holds it to: the clauses of its verbs, events and rules, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from earwitness.binding import EVENTS, RULES, Binding, Step
from earwitness.binding.vocabulary import VIEWS, base_view
from earwitness.checks.model import Check, Judged
from earwitness.spec import Spec
from earwitness.spec.words import BASES, Basis, firmest


@dataclass(frozen=True, slots=True)
class Clause:
    """A section of an API's document, and the firmest basis of what it promises there."""

    id: str
    basis: Basis


def clauses(check: Check, spec: Spec, binding: Binding) -> tuple[Clause, ...]:
    """The clauses that ``check`` holds this API to, in the order of its document; none when there is nothing to look at."""
    needed = all(_has(binding, word) for word in check.needs)
    if not needed or not (check.needs or check.judges or any(_has(binding, word) for word in check.also)):
        return ()
    bases: dict[str, list[Basis]] = {}
    for word in (*check.needs, *check.also):
        for clause, basis in _said_of(spec, binding, word):
            bases.setdefault(clause, []).append(basis)
    for judged in check.judges:
        for clause, basis in _gone_through(spec, judged):
            bases.setdefault(clause, []).append(basis)
    ruled = [rule.basis for word in check.needs if (rule := binding.rule(word)) is not None]
    return tuple(
        # What a rule promises is no firmer where it shows.
        Clause(
            one,
            max(firmest(bases[one]), *map(_basis, ruled), key=BASES.index) if ruled else firmest(bases[one]),
        )
        for one in spec.checklist.clauses
        if one in bases
    )


def _has(binding: Binding, word: str) -> bool:
    """Whether the API has ``word``; a rule that says "none" promises nothing."""
    if word in RULES:
        rule = binding.rule(word)
        return rule is not None and rule.value != "none"
    if word in EVENTS:
        return word in binding.events
    name, _, part = word.partition(".")
    if name in VIEWS:
        return any(base_view(view) == name and part in fields for view, fields in binding.views.items())
    return any(
        not part or any(part in gives for gives in step.gives.values()) for step in _steps(binding, name)
    )


def _steps(binding: Binding, verb: str) -> Iterator[Step]:
    for form in binding.verbs.get(verb, {}).values():
        yield from form.steps


def _said_of(spec: Spec, binding: Binding, word: str) -> Iterator[tuple[str, Basis]]:
    """The clauses of what says ``word``. Those of a field are those of what shows it, which the check names as well."""
    if word in RULES:
        rule = binding.rule(word)
        if rule is not None:
            yield rule.clause, _basis(rule.basis)
        return
    event = binding.events.get(word) if word in EVENTS else None
    if event is not None:
        for channel in spec.channels.values():
            yield from ((f.clause, f.basis) for name, f in channel.hears.items() if name in event.messages)
        return
    for step in _steps(binding, word.partition(".")[0]):
        if step.operation:
            yield spec.operations[step.operation].clause, spec.operations[step.operation].basis
        for channel in spec.channels.values() if step.frame else ():
            yield from ((f.clause, f.basis) for name, f in channel.says.items() if name == step.frame)


def _gone_through(spec: Spec, judged: Judged) -> Iterator[tuple[str, Basis]]:
    for operation in spec.operations.values() if judged in ("answers", "refusals") else ():
        if judged == "answers":
            yield operation.clause, operation.basis
        else:
            yield from ((r.clause or operation.clause, r.basis) for r in operation.refusals.values())
    for channel in spec.channels.values() if judged == "handshakes" else ():
        yield channel.clause, "stated"
        yield from ((r.clause or channel.clause, r.basis) for r in channel.refusals.values())
    for channel in spec.channels.values() if judged in ("frames", "audiences") else ():
        for frame in channel.hears.values():
            if judged == "frames":
                yield frame.clause, frame.basis
            elif frame.audience is not None:
                yield frame.audience.clause or frame.clause, frame.audience.basis


def _basis(word: str) -> Basis:
    """A rule's basis, which its reader has seen to be one of the three words."""
    return "stated" if word == "stated" else "shown" if word == "shown" else "decided"
