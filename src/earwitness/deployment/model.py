"""What a deployment is: an API that runs somewhere, who its test members are, and what may be done to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from earwitness.history import Json

TIERS: Final = ("read", "write-own", "intrusive", "load")
DEFAULT_TIERS: Final = frozenset({"read", "write-own"})
LEVERS: Final = ("mint-member", "expired-token", "move-clock", "rows")
# What a member signs in with and everybody may see; every other credential is a secret.
OPEN_CREDENTIALS: Final = frozenset({"username", "user", "login", "email", "phone"})


@dataclass(frozen=True, slots=True)
class Account:
    """A test member: the name our exercises use, its attributes, and its token or what it signs in with for one."""

    name: str
    attributes: Mapping[str, Json] = field(default_factory=dict)
    token: str = field(default="", repr=False)
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)

    def secrets(self) -> Iterator[tuple[str, str]]:
        """Every secret of the member with the placeholder that stands for it: ``$ALICE_TOKEN``, ``$ALICE_PASSWORD``."""
        if self.token:
            yield self.token, placeholder(self.name, "token")
        for key, value in self.credentials.items():
            if key not in OPEN_CREDENTIALS:
                yield value, placeholder(self.name, key)


@dataclass(frozen=True, slots=True)
class KnownFailure:
    """Something that is known to fail: ``match`` is the id of a check or checklist item, or a cause; ``expires`` is the
    last day on which it counts."""

    match: str
    reason: str
    expires: date


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that one run may cost a deployment; ``messages`` counts what members send, ``seconds`` is wall time."""

    requests: int = 20_000
    sockets: int = 200
    messages: int = 20_000
    seconds: float = 600


@dataclass(frozen=True, slots=True)
class Deployment:
    """An API running somewhere.

    ``http`` and ``ws`` are base addresses without a trailing slash. ``deadline_ms`` is how long an event may take.
    ``adopted`` names decided promises that this deployment has made its own. ``allow_hosts`` holds ``host:port``.
    ``paths`` names the spelling of paths (an entry of the binding's ``paths``). ``warnings`` is for people, told once.
    ``source`` is the file it came from, "" for our own server.
    """

    api: str
    name: str
    http: str
    ws: str
    accounts: tuple[Account, ...] = ()
    levers_url: str = ""
    levers: frozenset[str] = frozenset()
    foreign: bool = True
    deadline_ms: int = 5_000
    adopted: tuple[str, ...] = ()
    known_failures: tuple[KnownFailure, ...] = ()
    allow_hosts: frozenset[str] = frozenset()
    tiers: frozenset[str] = DEFAULT_TIERS
    budget: Budget = Budget()
    paths: str = ""
    ca_file: str | None = None
    source: str = ""
    warnings: tuple[str, ...] = ()

    def account(self, name: str) -> Account | None:
        """The member called ``name``, if there is one."""
        return next((account for account in self.accounts if account.name == name), None)

    def secrets(self) -> Iterator[tuple[str, str]]:
        """Every secret of every member, with its placeholder: what a Redactor has to know before anything is written."""
        for account in self.accounts:
            yield from account.secrets()


def placeholder(name: str, key: str) -> str:
    """What stands for the secret ``key`` of member ``name`` in everything we write: a variable of the shell."""
    return "$" + re.sub(r"[^A-Z0-9]", "_", f"{name}_{key}".upper())
