"""Which expression fills which place of an operation: what a verb says there, else what others say at the same place."""

from __future__ import annotations

from collections.abc import Mapping

from earwitness.binding import Binding
from earwitness.binding.expressions import Expression
from earwitness.spec import Operation, Spec


def fillings(spec: Spec, binding: Binding, operation: str) -> Mapping[str, Expression]:
    """What the binding's first step with ``operation`` puts where. An operation that no verb says is about what others name in
    the path that it shares with them."""
    told = _of_a_step(binding, operation)
    if told is not None:
        return told
    described = spec.operations[operation]
    places = [parameter.name for parameter in described.parameters if parameter.location == "path"]
    found = {name: _at_the_same_place(spec, binding, described, name) for name in places}
    return {name: expression for name, expression in found.items() if expression is not None}


def _of_a_step(binding: Binding, operation: str) -> Mapping[str, Expression] | None:
    steps = (step for form in binding.forms() for step in form.steps)
    return next((step.arguments for step in steps if step.operation == operation), None)


def _at_the_same_place(spec: Spec, binding: Binding, operation: Operation, name: str) -> Expression | None:
    before = _before(operation, name)
    others = (one for one in spec.operations.values() if _before(one, name) == before)
    said = (_of_a_step(binding, one.id) or {} for one in others)
    return next((arguments[name] for arguments in said if name in arguments), None)


def _before(operation: Operation, name: str) -> str:
    """The path up to the place ``name``; all of it where there is none."""
    return operation.path.partition(f"{{{name}}}")[0]
