"""Which arguments the verbs of an API can do without."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.binding import Step
from earwitness.binding.expressions import names
from earwitness.documents import Documents
from earwitness.spec import Operation


def may_omit(documents: Documents, verb: str, argument: str) -> bool:
    """Whether ``verb`` takes ``argument``, and each operation that carries it is documented to do without."""
    places = [*_places(documents, verb, argument)]
    operations = documents.spec.operations
    return bool(places) and not any(
        step.operation and _is_required(operations[step.operation], place) for step, place in places
    )


def _places(documents: Documents, verb: str, argument: str) -> Iterator[tuple[Step, str]]:
    """The steps of ``verb`` that carry ``argument``, and the name under which they do."""
    for form in documents.binding.verbs.get(verb, {}).values():
        for step in form.steps:
            yield from ((step, place) for place, line in step.arguments.items() if argument in names(line))


def _is_required(operation: Operation, place: str) -> bool:
    if any(one.name == place for one in operation.parameters):
        return any(one.name == place and one.required for one in operation.parameters)
    schemas = operation.request.content.values() if operation.request else ()
    return any(schema.requires(place) for schema in schemas)
