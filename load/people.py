"""Who takes part in a load: members that are minted, from a CSV file, or the deployment's own, signed in, in rooms that are started."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from earwitness.binding import Seen
from earwitness.deployment import Account, account_of
from earwitness.errors import CouldNotTest, Problem, UsageError, Where
from earwitness.load.setting import Setting, can_add
from earwitness.member import HttpRequest, Plan, json_bytes
from load.ground import Ground
from load.hands import NoAnswer

# How many members one request brings into a room: no API promises to take thousands of ids in one body.
AT_ONCE: Final = 200
_FIRST_TEXT: Final = "a room for a load"


class People:
    """The members of a load and their rooms."""

    def __init__(self, ground: Ground, setting: Setting) -> None:
        self._ground, self._setting = ground, setting
        self._binding = ground.documents.binding

    def accounts(self, names: tuple[str, ...], members: str = "") -> dict[str, Account]:
        """An account for each of ``names``: from the CSV file ``members``, by the lever, or those of the deployment.

        Raises UsageError when there are not enough, CouldNotTest when one cannot sign in.
        """
        deployment = self._ground.deployment
        if not members and "mint-member" in deployment.levers:
            return {name: self._signed_in(name, self._minted(name)) for name in names}
        pool = (
            list(_from_csv(Path(members), self._binding.attributes)) if members else list(deployment.accounts)
        )
        if len(pool) < len(names):
            whose = members or deployment.name
            what = f"{whose} has {len(pool)} members, and this profile needs {len(names)}"
            hint = "name more in a CSV file: --members FILE"
            if self._setting.is_pair:
                expected = "two a room, and one who stands by"
            else:
                expected = "one for each listener of a group, who writes there, and one who stands by"
                hint += "; or take fewer --listeners, or a profile with room: pair"
            raise UsageError(Problem(what, expected=expected, hint=hint))
        return {name: self._signed_in(name, account) for name, account in zip(names, pool, strict=False)}

    def _minted(self, name: str) -> Account:
        url = f"{self._ground.deployment.levers_url}/mint-member"
        request = HttpRequest(
            "POST", url, content=json_bytes({"name": name}), content_type="application/json"
        )
        try:
            _, _, content = self._ground.hands.send(request)
            return account_of(json.loads(content))
        except (NoAnswer, ValueError, AttributeError) as error:
            raise CouldNotTest(f"the lever mint-member gave no member: {error}") from error

    def _signed_in(self, name: str, account: Account) -> Account:
        """``account`` as ``name``, with a token: its own, or the one that the API gives for its credentials."""
        if account.token or "authenticate" not in self._binding.verbs:
            return Account(name, account.attributes, account.token, account.credentials)
        try:
            plan = self._ground.hands.does("authenticate", account)
        except NoAnswer as error:
            raise CouldNotTest(f"{account.name} could not sign in: {error}") from error
        token = plan.gave.get("token")
        if plan.state != "done" or not isinstance(token, str) or not token:
            status = self._ground.hands.status
            raise CouldNotTest(
                f"{account.name} could not sign in: authenticate was answered with {status} and no token"
            )
        return Account(name, account.attributes, token, account.credentials)

    # -- rooms ----------------------------------------------------------------------------------------------------------------

    def room(self, members: Sequence[Account]) -> dict[str, Any]:
        """The room of ``members``, started by the first of them if it has to be; who is the peer depends on who looks."""
        owner, others = members[0], members[1:]
        kind = self._setting.kind
        if not self._setting.is_pair:
            return self._group(kind, owner, others)
        if self._binding.rooms[kind].address == "peer":
            return {"id": None, "kind": kind}
        verb = "open-direct" if "open-direct" in self._binding.verbs else "start-direct"
        return self._started(kind, self._does(verb, owner, peer=peer_of(others[0]), text=_FIRST_TEXT))

    def _group(self, kind: str, owner: Account, others: Sequence[Account]) -> dict[str, Any]:
        """A group of them all: in one request, or where members can be added in as few as it takes."""
        first = AT_ONCE if can_add(self._binding, kind) else len(others)
        peers = [peer_of(one) for one in others]
        room = self._started(
            kind,
            self._does("start-group", owner, kind=kind, peers=peers[:first], name=f"A load of {owner.name}"),
        )
        for at in range(first, len(peers), AT_ONCE):
            self._does("add-member", owner, room=room, peers=peers[at : at + AT_ONCE])
        return room

    def _started(self, kind: str, plan: Plan) -> dict[str, Any]:
        given = plan.gave.get("room")
        room_id = given.get("id") if isinstance(given, Seen) else given
        if room_id in (None, ""):
            raise CouldNotTest(f"a room could not be started: the answer to {plan.form.verb} names none")
        return {"id": room_id, "kind": kind}

    def _does(self, verb: str, who: Account, **arguments: object) -> Plan:
        """Do what lays the ground of a load. Raises CouldNotTest when it was not done."""
        hands = self._ground.hands
        try:
            plan = hands.does(verb, who, **arguments)
        except NoAnswer as error:
            raise CouldNotTest(f"a room could not be started: {verb} was not answered: {error}") from error
        if plan.state != "done":
            raise CouldNotTest(
                f"a room could not be started: {verb} of {who.name} was answered with {hands.status}"
            )
        return plan


def peer_of(account: Account) -> dict[str, object]:
    """A member as others name it."""
    return {**account.attributes, "name": account.name}


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
