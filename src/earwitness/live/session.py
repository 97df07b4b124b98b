"""A session: one API on one deployment, with the wire that reaches it and the history that everything goes into."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import count
from time import monotonic_ns
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from earwitness.binding import MISSING, Sources, evaluate
from earwitness.binding.expressions import parse
from earwitness.deployment import Account, Deployment, account_of, allowed, placeholder
from earwitness.documents import Documents
from earwitness.errors import CouldNotTest, UsageError
from earwitness.history import (
    Entry,
    Journal,
    Json,
    MemberJoined,
    Request,
    Response,
    RunEnded,
    RunStarted,
)
from earwitness.live.outcomes import NotRun, Unreachable
from earwitness.member import HttpRequest, Plan, SocketAddress, json_bytes
from earwitness.redact import objection
from earwitness.wire import Answer, Ear, Limits, LoopThread, Wire

if TYPE_CHECKING:
    from earwitness.redact import Redactor

T = TypeVar("T")

# Shorter texts in an answer to signing in are names and the like.
_LEAST_TOKEN = 16


class Session:
    """Everything that lasts longer than one exercise. ``end`` ends it; the history stays."""

    def __init__(
        self,
        documents: Documents,
        deployment: Deployment,
        journal: Journal,
        redactor: Redactor,
        *,
        seed: int = 0,
        run: str = "",
        intrusive: bool = False,
    ) -> None:
        """``intrusive``: what needs that tier may run, where the deployment allows it."""
        self.documents, self.deployment, self.journal, self._redactor = (
            documents,
            deployment,
            journal,
            redactor,
        )
        self.seed, self._intrusive = seed, intrusive
        # How long exercises have waited so far: for what was due, for a refusal that may come late, for a grace.
        self.waited_ns = 0
        # The longest delivery in the last exercise that heard anything; 0 before there was one.
        self.lately_ms = 0.0
        self._loop = LoopThread()
        # An answer's own time, asked for three times at the most, with the waits that a server may ask for in between.
        self._patience_s = 3 * (deployment.deadline_ms / 1000 + 5) + 30
        self._wire = self._wired(deployment.http, journal)
        # What levers are asked and answer is no part of the history: it holds tokens that nobody knows yet.
        self._levers = self._wired(deployment.levers_url, Journal()) if deployment.levers_url else None
        # Numbers for the ways that exercises go; see ``Way``.
        self.ways = count(1)
        self._signed_in: dict[str, Account] = {}
        self._expired: dict[tuple[str, str], str] = {}
        for secret, stand_in in deployment.secrets():
            redactor.add(secret, stand_in)
        # Who is signing in, by exchange: its answer brings a token.
        self._signing_in: dict[str, str] = {}
        journal.learn = self._learn_tokens
        journal.append(
            RunStarted(
                run=run,
                api=documents.api,
                deployment=deployment.name,
                http=deployment.http,
                ws=deployment.ws,
                foreign=deployment.foreign,
                deadline_ms=deployment.deadline_ms,
                adopted=deployment.adopted,
                known_failures=tuple(
                    {"match": known.match, "reason": known.reason, "expires": known.expires.isoformat()}
                    for known in deployment.known_failures
                ),
                seed=seed,
                wall_clock=datetime.now(UTC).isoformat(timespec="seconds"),
                versions={
                    name: version(name) for name in ("earwitness", "schemathesis", "websockets", "httpx")
                },
            )
        )
        for account in deployment.accounts:
            journal.append(MemberJoined(member=account.name, attributes=account.attributes))

    # -- members ----------------------------------------------------------------------------------------------------

    def mint(self, name: str, **attributes: Json) -> Account:
        """A new member by the deployment's lever, with ``attributes`` where some are asked for."""
        given = self.pull("mint-member", name=name, **attributes)
        try:
            account = account_of({**given, "name": name} if isinstance(given, dict) else {})
        except ValueError as error:
            raise CouldNotTest(f"the lever mint-member gave no member: {error}") from error
        self._keep_secret(account)
        return account

    def signed_in(self, account: Account) -> Account:
        """``account`` with a token: its own, or the one that the API's ``authenticate`` gives for its credentials.

        Raises CouldNotTest when signing in fails.
        """
        if account.token or "authenticate" not in self.documents.binding.verbs:
            return account
        if account.name not in self._signed_in:
            form = next(iter(self.documents.binding.verbs["authenticate"].values()))
            me = {**account.attributes, **account.credentials}
            plan = Plan(
                self.documents.spec, self.documents.binding, form, {"me": me}, paths=self.deployment.paths
            )
            while isinstance(request := plan.next(), HttpRequest):
                answer = self.send(request, member=account.name, verb="authenticate")
                if not answer.answered or not plan.take(
                    answer.status, answer.headers, answer.json, answer.content
                ):
                    raise CouldNotTest(f"{account.name} could not sign in: {answer.status or answer.detail}")
            token = str(plan.gave.get("token", ""))
            self._signed_in[account.name] = Account(
                account.name, account.attributes, token, account.credentials
            )
            self._keep_secret(self._signed_in[account.name])
        return self._signed_in[account.name]

    def expired_token(self, account: Account) -> str:
        """A token that was ``account``'s and has expired, by the deployment's lever; the same one every time.

        Raises NotRun when the deployment has no such lever, CouldNotTest when the lever gives no token.
        """
        who = (account.name, str(account.attributes.get("id")))
        if who not in self._expired:
            given = self.pull("expired-token", member_id=account.attributes.get("id"))
            token = given.get("token") if isinstance(given, dict) else None
            if not isinstance(token, str) or not token:
                raise CouldNotTest("the lever expired-token gave no token")
            self._redactor.add(token, placeholder(account.name, "expired token"))
            self._expired[who] = token
        return self._expired[who]

    def keeps(self, account: Account, secret: str, name: str) -> bool:
        """Whether ``secret``, made from one of ``account``'s, can be kept out of everything that is written; from now on it is,
        with ``name`` in its place."""
        try:
            self._redactor.add(secret, placeholder(account.name, name))
        except UsageError:
            return False
        return True

    def _learn_tokens(self, entry: Entry) -> None:
        """Keep what an answer to signing in brings out of everything, before it is written for the first time; whoever signs in, a
        member or a generated request."""
        forms = self.documents.binding.verbs.get("authenticate", {}).values()
        if isinstance(entry, Request) and any(
            step.operation == entry.operation for form in forms for step in form.steps if entry.operation
        ):
            self._signing_in[entry.exchange] = entry.member
        if isinstance(entry, Response) and entry.exchange in self._signing_in:
            member, told = self._signing_in.pop(entry.exchange), entry.body.value
            for key, value in told.items() if isinstance(told, Mapping) else ():
                if isinstance(value, str) and len(value) >= _LEAST_TOKEN and not objection(value):
                    self._redactor.add(value, placeholder(member or "somebody", f"{key} token"))

    def _keep_secret(self, account: Account) -> None:
        for secret, stand_in in account.secrets():
            self._redactor.add(secret, stand_in)

    @property
    def may_be_disturbed(self) -> bool:
        """Whether exercises of the tier intrusive may run: on a reference server; elsewhere where the deployment file allows them
        and whoever started the run asks for them."""
        deployment = self.deployment
        return not deployment.foreign or (self._intrusive and "intrusive" in deployment.tiers)

    # -- the wire ---------------------------------------------------------------------------------------------------

    def wire_via(self, port: int, prefix: str) -> Wire:
        """A wire to the deployment by way of ``port`` on this machine; its budget is the session's."""
        return self._wired(self.deployment.http, self.journal, port, prefix)

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run ``coroutine`` where the wires live, and return what it returns."""
        return self._loop.call(coroutine)

    def _wired(self, http: str, journal: Journal, via: int = 0, prefix: str = "") -> Wire:
        budget = self.deployment.budget
        return Wire(
            journal,
            http,
            self.deployment.ws,
            allow=lambda url: allowed(self.deployment, url),
            limits=Limits(
                answer_s=self.deployment.deadline_ms / 1000 + 5, requests=budget.requests, sockets=budget.sockets,
                frames=budget.messages, seconds=budget.seconds,
            ),
            ca_file=self.deployment.ca_file,
            bell=self._loop.bell,
            prefix=prefix,
            via=via,
            meter=self._wire.meter if via else None,
        )  # fmt: skip

    def send(
        self,
        request: HttpRequest,
        *,
        member: str = "",
        verb: str = "",
        source: str = "",
        wire: Wire | None = None,
    ) -> Answer:
        """Send ``request``, on a ``wire`` of its own or the session's, and wait for what comes of it."""
        sending = (wire or self._wire).send(request, member=member, verb=verb, source=source)
        return self._loop.call(sending, self._patience_s)

    def open(self, address: SocketAddress, *, member: str, wire: Wire | None = None) -> Ear:
        """Open a socket; the ear tells whether that worked."""
        return self._loop.call((wire or self._wire).open(address, member=member))

    def say(
        self, ear: Ear, payload: str | bytes, *, frame: str = "", verb: str = "", source: str = ""
    ) -> str:
        """Say a frame; returns its exchange."""
        return self._loop.call(ear.say(payload, frame=frame, verb=verb, source=source))

    def close_ear(self, ear: Ear) -> None:
        """Close a socket, if it is still open."""
        self._loop.call(ear.close())

    def pull(self, lever: str, **arguments: Json) -> object:
        """Pull a lever of the deployment. Raises NotRun when it has none of that name, Unreachable when it is gone."""
        if lever not in self.deployment.levers or self._levers is None:
            raise NotRun(f"this deployment has no lever {lever!r}")
        request = HttpRequest(
            "POST", f"/{lever}", content=json_bytes(arguments), content_type="application/json"
        )
        answer = self._loop.call(self._levers.send(request))
        if answer.status != 200:
            raise Unreachable(f"the lever {lever} answered {answer.status or answer.detail}")
        return answer.json

    # -- time -------------------------------------------------------------------------------------------------------

    def wait(self, predicate: Callable[[], bool], seconds: float) -> bool:
        """Wait until ``predicate`` holds, looking again at every entry of the history; returns whether it does."""
        began = self.now()
        try:
            return self._loop.wait(predicate, seconds)
        finally:
            self.waited_ns += self.now() - began

    def rest(self, seconds: float) -> None:
        """Let ``seconds`` pass, for a grace that is part of the history."""
        self.wait(lambda: False, seconds)

    def echo(self, ears: Sequence[Ear], seconds: float) -> bool:
        """Whether a ping comes back on each of ``ears`` within ``seconds``; that is part of the time waited."""

        async def all_of_them() -> bool:
            return all(await asyncio.gather(*(ear.echoes(seconds) for ear in ears)))

        began = self.now()
        try:
            return self._loop.call(all_of_them())
        finally:
            self.waited_ns += self.now() - began

    def now(self) -> int:
        """Monotonic nanoseconds, on the history's clock."""
        return monotonic_ns()

    # -- the rest ---------------------------------------------------------------------------------------------------

    def raw(self, exchange: str, expression: str, otherwise: object) -> object:
        """What stands at ``expression`` in the answer to ``exchange``, as the API spells it."""

        for entry in self.journal.of(self.journal.case):
            if isinstance(entry, Response) and entry.exchange == exchange and entry.body.is_json:
                found = evaluate(parse(expression), Sources({}, response=entry.body.value))
                return otherwise if found is MISSING else found
        return otherwise

    @property
    def presigned_operation(self) -> str:
        """The id of the API's presigned operation; "" when it has none."""
        return next((o.id for o in self.documents.spec.operations.values() if o.presigned), "")

    def end(self, outcome: Literal["finished", "interrupted", "died"] = "finished", reason: str = "") -> None:
        """Write the last entry of the history and let go of the wire."""
        self.journal.append(RunEnded(outcome=outcome, reason=reason))
        for wire in (self._wire, self._levers):
            if wire is not None:
                self._loop.call(wire.close())
        self._loop.close()
