"""What an API promises: reads ``specs/<api>/`` and judges what was heard by it."""

from earwitness.spec.load import load_spec
from earwitness.spec.model import (
    ABSENT,
    Absent,
    Audience,
    Channel,
    Checklist,
    FrameSpec,
    Item,
    NotJson,
    Operation,
    Parameter,
    Refusal,
    RequestBody,
    ResponseSpec,
    Spec,
)
from earwitness.spec.schema import Schema, Violation
from earwitness.spec.words import BASES, LISTENERS, RELATIONS, Basis, Listeners, Relation, firmest

__all__ = [
    "ABSENT",
    "BASES",
    "LISTENERS",
    "RELATIONS",
    "Absent",
    "Audience",
    "Basis",
    "Channel",
    "Checklist",
    "FrameSpec",
    "Item",
    "Listeners",
    "NotJson",
    "Operation",
    "Parameter",
    "Refusal",
    "Relation",
    "RequestBody",
    "ResponseSpec",
    "Schema",
    "Spec",
    "Violation",
    "firmest",
    "load_spec",
]
