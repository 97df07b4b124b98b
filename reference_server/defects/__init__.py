"""The planted bugs, one file each, found by name: how a check is shown to catch what it is there for.

A defect module says ID, API, CLAUSE (of the API's document), CHECK (the check that must catch it), ITEMS (the checklist items it turns
red), SENTENCE, LOAD_ONLY where no short run can be expected to show it, and MISSED_BECAUSE where the check is known to miss it. It holds one class `Defect`: a subclass of what it damages
(the API's class or a part of the core) that overrides one method.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

from earwitness.errors import UsageError, nearest
from reference_server.core.assembly import Parts
from reference_server.core.chat import Chat
from reference_server.core.files import Files
from reference_server.core.hub import Hub
from reference_server.core.identity import Identity

Target = TypeVar("Target")


@dataclass(frozen=True, slots=True)
class DefectInfo:
    """One planted bug: which promise it breaks, which check must notice, and the class that does the damage."""

    id: str
    api: str
    clause: str
    check: str
    items: tuple[str, ...]
    sentence: str
    damage: type
    load_only: bool = False
    missed_because: str = ""

    def facts(self) -> dict[str, object]:
        """What there is to say about it, for --list-defects."""
        names = ("id", "api", "clause", "check", "items", "sentence", "load_only", "missed_because")
        return {name: getattr(self, name) for name in names}


def catalogue(api: str | None = None) -> tuple[DefectInfo, ...]:
    """All defects, or those of one API, by id."""
    modules = [
        importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
    ]
    known = (
        DefectInfo(
            m.ID,
            m.API,
            m.CLAUSE,
            m.CHECK,
            m.ITEMS,
            m.SENTENCE,
            m.Defect,
            getattr(m, "LOAD_ONLY", False),
            getattr(m, "MISSED_BECAUSE", ""),
        )
        for m in modules
    )
    return tuple(sorted((each for each in known if api in (None, each.api)), key=lambda each: each.id))


def choose(api: str, ids: Sequence[str]) -> tuple[DefectInfo, ...]:
    """The defects of ``api`` with these ids. Raises UsageError with the nearest one."""
    known = {each.id: each for each in catalogue(api)}
    for wanted in ids:
        if wanted not in known:
            raise UsageError(f"{api} has no defect {wanted!r}; {nearest(wanted, known)}")
    return tuple(known[wanted] for wanted in dict.fromkeys(ids))


def damaged(target: type[Target], defects: Sequence[DefectInfo]) -> type[Target]:
    """``target`` with those of ``defects`` that override one of its methods; ``target`` itself when none does."""
    damages = tuple(each.damage for each in defects if issubclass(each.damage, target))
    return (
        cast(type[Target], type(f"Damaged{target.__name__}", (*damages, target), {})) if damages else target
    )


def parts(defects: Sequence[DefectInfo]) -> Parts:
    """The classes of the core, those of them damaged that one of ``defects`` overrides a method of."""
    return Parts(
        identity=damaged(Identity, defects),
        chat=damaged(Chat, defects),
        files=damaged(Files, defects),
        hub=damaged(Hub, defects),
    )
