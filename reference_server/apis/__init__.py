"""The API modules, one file each, found by name: what they serve, and how they refuse."""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from starlette.datastructures import Headers

from earwitness.errors import UsageError, nearest
from reference_server.core.assembly import Core
from reference_server.core.records import Member
from reference_server.core.refusals import Refusal
from reference_server.core.settings import PLAIN, Settings
from reference_server.web import Answer, Channel, Operation


class Api(ABC):
    """Routes and shapes of one documented API; what happens behind them is the core's."""

    name: ClassVar[str]
    settings: ClassVar[Settings] = PLAIN
    # Other addresses that the document gives the same operations; --paths chooses one of these sets.
    path_sets: ClassVar[tuple[str, ...]] = ()

    def __init__(self, core: Core, paths: str | None = None) -> None:
        self.core = core
        self.paths = paths

    @abstractmethod
    def operations(self) -> Mapping[str, Mapping[str, Operation]]:
        """Path template, then method, to operation."""

    @abstractmethod
    def authenticate(self, headers: Headers) -> Member:
        """Who calls. Raises Anonymous."""

    @abstractmethod
    def refuse(self, refusal: Refusal) -> Answer:
        """A refusal, with this API's status and body."""

    @abstractmethod
    def channels(self) -> Mapping[str, Channel]:
        """Path template to what happens on the sockets that are opened there."""

    @abstractmethod
    def attributes(self, member: Member) -> Mapping[str, object]:
        """What this API lets others know a member by."""

    def credentials(self, member: Member) -> Mapping[str, str]:
        """What the member signs in with, where the API has an operation for that."""
        return {}


def names() -> list[str]:
    """The APIs there are: one for each module in this package."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def find(name: str) -> type[Api]:
    """The API called ``name``. Raises UsageError with the nearest one."""
    if name not in names():
        raise UsageError(f"there is no API {name!r}; {nearest(name, names())}")
    api: type[Api] = importlib.import_module(f"{__name__}.{name}").API
    return api
