"""The API modules, one file each, found by name: what they serve, and how they refuse."""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from starlette.datastructures import Headers, QueryParams

from earwitness.errors import UsageError, nearest
from reference_server.core.assembly import Core
from reference_server.core.records import Member
from reference_server.core.refusals import Refusal
from reference_server.web import Answer, Operation


class Api(ABC):
    """Routes and shapes of one documented API; what happens behind them is the core's."""

    name: ClassVar[str]

    def __init__(self, core: Core) -> None:
        self.core = core

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
    def socket_path(self) -> str:
        """Where its sockets are opened."""

    @abstractmethod
    def admit(self, query: QueryParams) -> Member:
        """Who opens a socket. Raises Anonymous."""

    @abstractmethod
    def hear(self, member: Member, frame: str) -> None:
        """A text frame that ``member`` sent. Raises a Refusal for one that is to have no effect."""

    @abstractmethod
    def attributes(self, member: Member) -> Mapping[str, object]:
        """What this API lets others know a member by."""


def names() -> list[str]:
    """The APIs there are: one for each module in this package."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def find(name: str) -> type[Api]:
    """The API called ``name``. Raises UsageError with the nearest one."""
    if name not in names():
        raise UsageError(f"there is no API {name!r}; {nearest(name, names())}")
    api: type[Api] = importlib.import_module(f"{__name__}.{name}").API
    return api
