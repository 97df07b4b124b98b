"""Where a load runs and who takes part: the deployment, its members (minted, from a CSV file, or its own), and their rooms."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from earwitness.binding import Seen
from earwitness.content import api_names, content_root
from earwitness.deployment import (
    Account,
    Deployment,
    ReferenceServer,
    account_of,
    host_of,
    load_deployment,
    reference_deployment,
)
from earwitness.documents import Documents, load_documents
from earwitness.errors import CouldNotTest, Problem, RefusedByPolicy, UsageError, Where
from earwitness.load.hearing import EVENT
from earwitness.load.profile import Profile
from earwitness.member import HttpRequest, json_bytes
from earwitness.spec import Audience
from load.ears import tls_of
from load.hands import Hands, NoAnswer

_SPOKEN = (
    "; texts are said on sockets, which answer nothing: acknowledged means written to a socket that told of no error and stayed open for a"
    " deadline, or heard by somebody"
)
_OURS = "; its document does not say that what is said on a socket is told to others, so a loss may be a misreading of ours"
HELLO = "/__reference__/hello"


class Ground:
    """A deployment, and what a load does on it before and after it is measured."""

    def __init__(
        self, documents: Documents, deployment: Deployment, server: ReferenceServer | None = None
    ) -> None:
        self.documents, self.deployment, self._server = documents, deployment, server
        self._hands = Hands(deployment, documents, tls_of(deployment.ca_file))

    @classmethod
    def find(cls, api: str, url: str = "", file: str = "", defects: tuple[str, ...] = ()) -> Ground:
        """The deployment that the options name, or a reference server that is started now.

        Raises UsageError, CouldNotTest, and RefusedByPolicy where a deployment file does not allow the tier ``load``.
        """
        documents = load_documents(api)
        if file:
            deployment = load_deployment(
                Path(file), os.environ, documents.binding.attributes, apis=api_names()
            )
            if deployment.api != api:
                raise UsageError(Problem(f"{file} is a deployment of {deployment.api}, not of {api}"))
            if "load" not in deployment.tiers:
                hint = "if its owner agrees, add load to allow: tiers: there"
                raise RefusedByPolicy(
                    Problem(f"{file} does not allow load", expected="the tier load", hint=hint)
                )
            return cls(documents, deployment)
        if url:
            return cls(documents, _running(url, documents))
        server = ReferenceServer.start(api, defects=defects, content=content_root())
        return cls(documents, server.deployment, server)

    def close(self) -> None:
        """End the server, if it is ours."""
        self._hands.close()
        if self._server is not None:
            self._server.stop()

    def permit(self, profile: Profile) -> None:
        """Raise RefusedByPolicy for more than the budget of somebody's deployment allows."""
        budget = self.deployment.budget
        speaking = profile.rooms * profile.senders if self.form(profile.send) == "socket" else 0
        asked = {
            "sockets": (profile.listeners + profile.bystanders + speaking, budget.sockets),
            "messages": (profile.rate * profile.seconds, budget.messages),
            "requests": (profile.rate * profile.seconds + profile.rooms, budget.requests),
            "seconds": (profile.seconds, budget.seconds),
        }
        problems = [
            Problem(
                f"the profile asks for {wanted:,.0f} {what}",
                expected=f"at most {most:,.0f}, the budget of {self.deployment.name}",
            )
            for what, (wanted, most) in asked.items()
            if self.deployment.foreign and wanted > most
        ]
        if problems:
            raise RefusedByPolicy(*problems)

    @property
    def audience(self) -> Audience:
        """Who must and who may hear a new message."""
        messages = self.documents.binding.events[EVENT].messages
        frames = (
            frame for channel in self.documents.spec.channels.values() for frame in channel.hears.values()
        )
        found = next((frame.audience for frame in frames if frame.name in messages and frame.audience), None)
        if found is None:
            raise UsageError(f"{self.documents.api} does not say who hears a new message")
        return found

    @property
    def kind(self) -> str:
        """The kind of room that two members have with each other."""
        kinds = [name for name, kind in self.documents.binding.rooms.items() if kind.pair]
        if not kinds:
            raise UsageError(f"{self.documents.api} has no rooms of two, and load knows no others yet")
        return kinds[0]

    def form(self, wanted: str) -> str:
        """How texts are sent, ``http`` or ``socket``: as the profile wants it, else by HTTP where the API has that.

        Raises UsageError for what the API does not have.
        """
        forms = self.documents.binding.verbs.get("send-text", {})
        found = wanted or ("http" if "http" in forms else "socket")
        if found not in forms:
            known = ", ".join(forms) or "nothing"
            raise UsageError(
                Problem(f"{self.documents.api} has no send-text by {found}", expected=f"send: {known}")
            )
        return found

    def note(self, wanted: str) -> str:
        """What a report has to say about who listens here, and about texts that nothing acknowledges."""
        only = (
            "has only pairs"
            if all(kind.pair for kind in self.documents.binding.rooms.values())
            else "is loaded in pairs so far"
        )
        listeners = f"{self.documents.api} {only}: the listeners are devices of its members, so one member's sockets stand for an audience"
        if self.form(wanted) != "socket":
            return listeners
        cause = self.documents.binding.events[EVENT].cause("send-text", "socket")
        ours = self.deployment.foreign and (cause is None or cause.basis == "decided")
        return listeners + _SPOKEN + (_OURS if ours else "")

    # -- members --------------------------------------------------------------------------------------------------------------

    def accounts(self, names: tuple[str, ...], members: str = "") -> dict[str, Account]:
        """An account for each of ``names``: from the CSV file ``members``, by the lever, or those of the deployment.

        Raises UsageError when there are not enough.
        """
        if not members and "mint-member" in self.deployment.levers:
            return {name: self._mint(name) for name in names}
        pool = (
            list(_from_csv(Path(members), self.documents.binding.attributes))
            if members
            else list(self.deployment.accounts)
        )
        if len(pool) < len(names):
            whose = members or self.deployment.name
            what = f"{whose} has {len(pool)} members, and this profile needs {len(names)}"
            raise UsageError(
                Problem(
                    what,
                    expected="two a room, and one who stands by",
                    hint="name more in a CSV file: --members FILE",
                )
            )
        return {name: self._signed_in(name, account) for name, account in zip(names, pool, strict=False)}

    def _mint(self, name: str) -> Account:
        try:
            _, _, content = self._hands.send(
                HttpRequest("POST", f"{self.deployment.levers_url}/mint-member", content=json_bytes({"name": name}), content_type="application/json")
            )  # fmt: skip
            return account_of(json.loads(content))
        except (NoAnswer, ValueError, AttributeError) as error:
            raise CouldNotTest(f"the lever mint-member gave no member: {error}") from error

    def _signed_in(self, name: str, account: Account) -> Account:
        if account.token or "authenticate" not in self.documents.binding.verbs:
            return Account(name, account.attributes, account.token, account.credentials)
        try:
            plan = self._hands.does("authenticate", account)
        except NoAnswer as error:
            raise CouldNotTest(f"{account.name} could not sign in: {error}") from error
        if plan.state != "done":
            raise CouldNotTest(f"{account.name} could not sign in")
        return Account(name, account.attributes, str(plan.gave.get("token", "")), account.credentials)

    def room(self, one: Account, other: Account) -> dict[str, Any]:
        """The room of these two, as ``one`` addresses it; started if it has to be."""
        kind = self.kind
        peer = {**other.attributes, "name": other.name}
        if self.documents.binding.rooms[kind].address == "peer":
            return {"id": None, "kind": kind, "peer": peer}
        verb = "open-direct" if "open-direct" in self.documents.binding.verbs else "start-direct"
        try:
            plan = self._hands.does(verb, one, peer=peer, text="a room for a load")
        except NoAnswer as error:
            raise CouldNotTest(f"a room could not be started: {error}") from error
        given = plan.gave.get("room")
        room_id = given.get("id") if isinstance(given, Seen) else given
        if plan.state != "done" or room_id in (None, ""):
            raise CouldNotTest(f"a room could not be started: {verb} was refused")
        return {"id": room_id, "kind": kind, "peer": peer}


def _running(url: str, documents: Documents) -> Deployment:
    """The reference server that runs at ``url``."""
    try:
        host = host_of(url)
    except ValueError as error:
        raise UsageError(
            Problem(f"{url!r} is no address: {error}", expected="such as http://127.0.0.1:8000")
        ) from None
    stranger = Deployment(documents.api, url, url.rstrip("/"), url.rstrip("/"), allow_hosts=frozenset({host}))
    hands = Hands(stranger, documents)
    try:
        status, _, content = hands.send(HttpRequest("GET", HELLO))
        hello = json.loads(content) if status == 200 else None
    except (NoAnswer, ValueError):
        hello = None
    finally:
        hands.close()
    if not isinstance(hello, Mapping) or "members" not in hello:
        hint = "write a deployment file (docs/deployment-files.md) that allows load, and pass it with --deployment FILE"
        raise UsageError(Problem(f"{url} is no reference server of ours", hint=hint))
    if hello.get("api") != documents.api:
        raise UsageError(Problem(f"{url} serves {hello.get('api')}, not {documents.api}"))
    return reference_deployment(hello)


def _from_csv(path: Path, needs: tuple[str, ...]) -> Iterator[Account]:
    """The members in a CSV file: ``token`` and the attributes that the API needs, one column each."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            Problem(f"{path} cannot be read: {error}", expected="a CSV file in UTF-8")
        ) from error
    lines = csv.DictReader(text.splitlines())
    columns = tuple(lines.fieldnames or ())
    missing = [name for name in ("token", *needs) if name not in columns]
    if missing:
        raise UsageError(
            Problem(
                f"no column {', '.join(missing)}",
                Where(str(path), 1),
                f"the columns token, {', '.join(needs)}",
            )
        )
    for number, row in enumerate(lines, start=1):
        if None in row or None in row.values() or not row["token"]:
            # Never the line itself: it holds a token.
            raise UsageError(
                Problem(
                    "a line with too few or too many cells",
                    Where(str(path), lines.line_num),
                    f"{len(columns)} cells",
                )
            )
        attributes = {name: row[name] for name in columns if name not in ("token", "name")}
        yield Account(row.get("name") or f"m{number}", attributes, row["token"])
