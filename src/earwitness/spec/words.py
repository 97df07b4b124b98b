"""The words that may stand in the documents' extensions: bases, relations and audiences (design, section 4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

Basis: TypeAlias = Literal["stated", "shown", "decided"]
# From the firmest to the weakest.
BASES: Final[tuple[Basis, ...]] = ("stated", "shown", "decided")

Relation: TypeAlias = Literal[
    "anonymous",
    "not-a-member",
    "not-the-sender",
    "not-an-admin",
    "blocked",
    "other-organisation",
    "oneself",
    "absent",
    "invalid",
]
RELATIONS: Final[tuple[Relation, ...]] = (
    "anonymous",
    "not-a-member",
    "not-the-sender",
    "not-an-admin",
    "blocked",
    "other-organisation",
    "oneself",
    "absent",
    "invalid",
)

Listeners: TypeAlias = Literal["everyone", "others", "sender", "recipient", "nobody"]
LISTENERS: Final[tuple[Listeners, ...]] = ("everyone", "others", "sender", "recipient", "nobody")


def firmest(bases: Iterable[Basis]) -> Basis:
    """The basis that counts when any of several promises is broken; ``stated`` when there is none."""
    return min(bases, key=BASES.index, default="stated")
