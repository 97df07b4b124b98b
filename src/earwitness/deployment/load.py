"""Reads a deployment file and tells, with file and line, everything in it that is no good."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from earwitness.deployment import policy
from earwitness.deployment.model import (
    DEFAULT_TIERS,
    LEVERS,
    OPEN_CREDENTIALS,
    TIERS,
    Account,
    Budget,
    Deployment,
    KnownFailure,
    placeholder,
)
from earwitness.deployment.reading import Place, Reader, name_of
from earwitness.errors import Problem, SpecError, UsageError, nearest
from earwitness.history import Json
from earwitness.spec.source import Document, read_yaml

# Every key, by the section it stands in; docs/deployment-files.md has a line for each.
KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "": (
        *("api", "name", "http", "ws", "members", "allow", "deadline", "adopt", "known-failures", "levers", "paths"),
        *("ca-file", "budget"),
    ),
    "members.NAME": ("attributes", "token", "token-file", "credentials"),
    "allow": ("hosts", "tiers"),
    "known-failures[]": ("match", "reason", "expires"),
    "levers": ("url", "names"),
    "budget": ("requests", "sockets", "messages", "seconds"),
}  # fmt: skip

_LONGEST_DEADLINE: Final = 3_600
_LONGEST_RUN: Final = 7 * 24 * 3_600
_SIGN_INS: Final = ("token", "token-file", "credentials")


def load_deployment(
    path: Path,
    environ: Mapping[str, str],
    needs: Collection[str] = (),
    *,
    apis: Collection[str] = (),
    today: date | None = None,
) -> Deployment:
    """The deployment that the file at ``path`` describes.

    ``needs`` names the attributes that the API's binding asks of every member, ``apis`` the APIs there are (none: any
    name will do), ``today`` decides which known failures have expired.

    Raises UsageError with all problems: each with its line, what was expected, and the nearest word for a wrong one.
    """
    document = _document(path)
    reader = _File(Reader(document.where, environ, path.parent), needs, apis, today or date.today())
    deployment = reader.deployment(document.value, path)
    if reader.read.problems:
        raise UsageError(
            *sorted(reader.read.problems, key=lambda problem: problem.where.line if problem.where else 0)
        )
    return deployment


def declared_api(path: Path) -> str:
    """The ``api`` that the file at ``path`` names, before anything else of it is judged. Raises UsageError for none."""
    document = _document(path)
    api = document.value.get("api") if isinstance(document.value, Mapping) else None
    if not isinstance(api, str) or not api:
        raise UsageError(
            Problem("the file names no API", document.where(("api",)), "api: and the name of one")
        )
    return api


def _document(path: Path) -> Document:
    try:
        return read_yaml(path)
    except SpecError as error:
        raise UsageError(*(_with_advice(problem, path) for problem in error.problems)) from error


def _with_advice(problem: Problem, path: Path) -> Problem:
    # In {a: ${B}} the brace of the reference ends the map, and YAML's own words about that help nobody.
    if problem.where and problem.where.line and not problem.hint:
        line = path.read_text(encoding="utf-8", errors="replace").splitlines()[problem.where.line - 1 :][:1]
        if line and "${" in line[0]:
            return replace(problem, hint='between { and } a reference needs quotes: "${NAME}"')
    return problem


class _File:
    """Walks the sections."""

    def __init__(self, read: Reader, needs: Collection[str], apis: Collection[str], today: date) -> None:
        self.read = read
        self.needs = tuple(needs)
        self.apis = apis
        self.today = today
        self.warnings: list[str] = []

    def deployment(self, value: object, path: Path) -> Deployment:
        top = self.read.mapping(value, (), KEYS[""])
        http = self.read.address(top.get("http"), ("http",), ("http", "https"))
        ws = http.replace("http", "ws", 1)
        if "ws" in top:
            ws = self.read.address(top["ws"], ("ws",), ("ws", "wss"))
        hosts, tiers = self.allow(top.get("allow", {}))
        hosts |= {policy.host_of(url) for url in (http, ws) if url}
        levers_url, levers = self.levers(top["levers"], hosts) if "levers" in top else ("", frozenset[str]())
        return Deployment(
            api=self.api(top.get("api")),
            name=self.read.text(top["name"], ("name",)) if "name" in top else path.stem,
            http=http,
            ws=ws,
            accounts=self.members(top.get("members", {}), minted="mint-member" in levers),
            levers_url=levers_url,
            levers=levers,
            deadline_ms=self.deadline(top.get("deadline", 5)),
            adopted=self.read.texts(top.get("adopt", []), ("adopt",)),
            known_failures=self.known_failures(top.get("known-failures", [])),
            allow_hosts=hosts,
            tiers=tiers,
            budget=self.budget(top.get("budget", {})),
            paths=self.read.text(top["paths"], ("paths",)) if "paths" in top else "",
            ca_file=self.ca_file(top["ca-file"]) if "ca-file" in top else None,
            source=str(path),
            warnings=tuple(self.warnings),
        )

    def api(self, value: object) -> str:
        api = self.read.text(value, ("api",), "the name of an API")
        if api and self.apis and api not in self.apis:
            self.read.problem(("api",), f"unknown API {api!r}", hint=nearest(api, self.apis))
        return api

    def deadline(self, value: object) -> int:
        return math.ceil(self.read.seconds(value, ("deadline",), _LONGEST_DEADLINE) * 1_000)

    def ca_file(self, value: object) -> str | None:
        path = self.read.file(value, ("ca-file",))
        return str(path) if path else None

    # -- members ------------------------------------------------------------------------------------------------------

    def members(self, value: object, minted: bool) -> tuple[Account, ...]:
        members = self.read.mapping(value, ("members",))
        if isinstance(value, Mapping) and not members and not minted:
            expected = "one test account at least, three to test everything"
            self.read.problem(("members",), "there is no member", expected)
        accounts = tuple(self.member(str(name), keys) for name, keys in members.items())
        self.told_apart(accounts)
        return accounts

    def member(self, name: str, value: object) -> Account:
        place: Place = ("members", name)
        if not (name.isascii() and name[:1].isalpha() and name.replace("-", "").replace("_", "").isalnum()):
            self.read.problem(
                place, f"{name!r} is no name of a member", "letters, digits, - and _; a letter first"
            )
        keys = self.read.mapping(value, place, KEYS["members.NAME"])
        given = [key for key in _SIGN_INS if key in keys]
        if isinstance(value, Mapping) and len(given) != 1:
            what = " and ".join(given) if given else "no way to sign in"
            self.read.problem(place, f"{name} has {what}", f"exactly one of {', '.join(_SIGN_INS)}")
        token = self.read.secret(keys["token"], (*place, "token")) if "token" in keys else ""
        if "token-file" in keys:
            token = self.read.secret_file(keys["token-file"], (*place, "token-file")) or token
        attributes = self.attributes(keys.get("attributes", {}), (*place, "attributes"))
        if "credentials" not in keys:
            return Account(name, attributes, token)
        return Account(
            name, attributes, token, self.credentials(keys["credentials"], (*place, "credentials"))
        )

    def attributes(self, value: object, place: Place) -> Mapping[str, Json]:
        keys = self.read.mapping(value, place)
        for need in self.needs:
            if need not in keys:
                self.read.problem(place, f"{place[1]} has no {need}", f"attributes: {', '.join(self.needs)}")
        return {key: self.read.scalar(each, (*place, key)) for key, each in keys.items()}

    def credentials(self, value: object, place: Place) -> Mapping[str, str]:
        keys = self.read.mapping(value, place)
        if isinstance(value, Mapping) and not keys:
            self.read.problem(place, f"{name_of(place)} is empty", "what the member signs in with")
        credentials: dict[str, str] = {}
        for key, each in keys.items():
            name = key.removesuffix("-file")
            if name != key:
                held = self.read.secret_file(each, (*place, key))
            elif key in OPEN_CREDENTIALS:
                held = self.read.open_credential(each, (*place, key))
            else:
                held = self.read.secret(each, (*place, key))
            if name in credentials:
                self.read.problem(
                    (*place, key), f"{name_of(place)} has {name} twice", f"{name} or {name}-file"
                )
            credentials[name] = held
        return credentials

    def told_apart(self, accounts: tuple[Account, ...]) -> None:
        """Two members that are one account would make every audience wrong."""
        seen: dict[tuple[str, object], str] = {}
        for account in accounts:
            names = sorted(each for each in account.credentials.items() if each[0] in OPEN_CREDENTIALS)
            marks: tuple[tuple[str, object], ...] = (
                ("has the token of", account.token),
                ("has the id of", str(account.attributes.get("id") or "")),
                ("signs in as", tuple(names)),
                ("is written like", placeholder(account.name, "")),
            )
            for mark in marks:
                first = seen.setdefault(mark, account.name)
                if mark[1] and first != account.name:
                    what = f"{account.name} {mark[0]} {first}"
                    self.read.problem(("members", account.name), what, "a name and an account of its own")

    # -- the other sections -------------------------------------------------------------------------------------------

    def allow(self, value: object) -> tuple[frozenset[str], frozenset[str]]:
        keys = self.read.mapping(value, ("allow",), KEYS["allow"])
        hosts: set[str] = set()
        for i, entry in enumerate(self.read.texts(keys.get("hosts", []), ("allow", "hosts"))):
            try:
                hosts |= policy.hosts_named(entry) if entry else set()
            except ValueError as error:
                self.read.problem(
                    ("allow", "hosts", i),
                    f"{entry!r} is no host: {error}",
                    "storage.example.com, or storage.example.com:9000",
                )
        if "tiers" not in keys:
            return frozenset(hosts), DEFAULT_TIERS
        return frozenset(hosts), frozenset(self.read.texts(keys["tiers"], ("allow", "tiers"), TIERS))

    def levers(self, value: object, hosts: frozenset[str]) -> tuple[str, frozenset[str]]:
        keys = self.read.mapping(value, ("levers",), KEYS["levers"])
        url = self.read.address(keys.get("url"), ("levers", "url"), ("http", "https"))
        if url and policy.host_of(url) not in hosts:
            self.read.problem(
                ("levers", "url"),
                f"{policy.host_of(url)} is not on the allow-list",
                "a host of http, ws or allow.hosts",
            )
        names = self.read.texts(keys["names"], ("levers", "names"), LEVERS) if "names" in keys else LEVERS
        return url, frozenset(names)

    def known_failures(self, value: object) -> tuple[KnownFailure, ...]:
        if not isinstance(value, list):
            self.read.wrong(("known-failures",), value, "a list of match, reason and expires")
            return ()
        found = (self.known_failure(each, ("known-failures", i)) for i, each in enumerate(value))
        return tuple(each for each in found if each)

    def known_failure(self, value: object, place: Place) -> KnownFailure | None:
        keys = self.read.mapping(value, place, KEYS["known-failures[]"])
        if not isinstance(value, Mapping):
            return None
        match = self.read.text(
            keys.get("match"), (*place, "match"), "the id of a check or of a checklist item, or a cause"
        )
        reason = self.read.text(keys.get("reason"), (*place, "reason"), "why this failure is put up with")
        expires = self.read.day(keys.get("expires"), (*place, "expires"))
        if expires is None:
            return None
        if expires < self.today:
            where = self.read.where((*place, "expires"))
            self.warnings.append(
                f"{where}: the known failure {match!r} expired on {expires} and no longer applies"
            )
            return None
        return KnownFailure(match, reason, expires)

    def budget(self, value: object) -> Budget:
        keys = self.read.mapping(value, ("budget",), KEYS["budget"])
        most = Budget()
        counts = {
            key: self.read.count(keys[key], ("budget", key))
            for key in ("requests", "sockets", "messages")
            if key in keys
        }
        seconds = self.read.seconds(keys.get("seconds", most.seconds), ("budget", "seconds"), _LONGEST_RUN)
        return replace(most, **counts, seconds=seconds)
