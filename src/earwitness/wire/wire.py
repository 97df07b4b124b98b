"""The one place where members' requests and sockets meet the network; everything that happens goes into the history."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from itertools import count
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from earwitness.errors import CouldNotTest, Problem, RefusedByPolicy, UsageError
from earwitness.history import (
    Entry,
    FaultStruck,
    Journal,
    NoAnswer,
    Request,
    Response,
    SocketOpened,
    SocketOpening,
    SocketRefused,
)
from earwitness.member import HttpRequest, SocketAddress
from earwitness.wire.answer import Answer, asked_to_wait
from earwitness.wire.bell import Bell
from earwitness.wire.bodies import kept, kept_request
from earwitness.wire.carrier import Carrier, NotAnswered, Unsendable
from earwitness.wire.ear import Ear, OpenEar
from earwitness.wire.handshake import handshake, why_refused
from earwitness.wire.limits import MAX_WAITS, Limits, Meter


class Wire:
    """Carries requests and opens sockets for all members of a run; lives on one asyncio loop.

    Every method of one loop may run at the same time as others. What a server does never raises: it becomes an entry,
    and an ``Answer`` or ``Ear`` that tells. Raised are RefusedByPolicy (before anything is contacted that ``allow`` does
    not allow), CouldNotTest (a budget is spent, or a request that cannot be sent) and errors of ours.
    """

    def __init__(
        self,
        journal: Journal,
        http: str,
        ws: str,
        *,
        allow: Callable[[str], bool],
        limits: Limits | None = None,
        ca_file: str | None = None,
        prefix: str = "",
        bell: Bell | None = None,
        via: int = 0,
        meter: Meter | None = None,
    ) -> None:
        """``http`` and ``ws`` are the deployment's addresses without a slash at the end. ``prefix`` keeps the ids of this
        wire apart from those of others in the same history. ``via`` is the port on this machine through which a deployment
        without TLS is reached (0: none); ``meter`` counts together with another wire. Raises UsageError when ``ca_file``
        cannot be used."""
        self._journal = journal
        self._http, self._ws = http.rstrip("/"), ws.rstrip("/")
        self._allow = allow
        self.limits = limits or Limits()
        self._tls = _tls(ca_file)
        self._via = via
        self._carrier = Carrier(self.limits, self._tls, via)
        self.meter = meter or Meter(self.limits)
        # What passes through each of our ports on a way with faults: an exchange, or a socket.
        self._passing: dict[int, tuple[str, str]] = {}
        # The exchanges of which a fault of ours may have taken something.
        self._lossy: set[str] = set()
        self._exchanges = (f"{prefix}x{n}" for n in count(1))
        self._sockets = (f"{prefix}s{n}" for n in count(1))
        self._bell = bell or Bell()
        self._happened = asyncio.Event()
        self._ears: set[OpenEar] = set()
        self._fault: BaseException | None = None

    # -- requests -----------------------------------------------------------------------------------------------------

    async def send(
        self,
        request: HttpRequest,
        *,
        member: str = "",
        verb: str = "",
        source: str = "",
        due: int | None = None,
        patient: bool = True,
    ) -> Answer:
        """Send ``request`` for ``member`` and bring its answer.

        A 429 or 503 that names a time to retry after is tried again, twice at the most, when that time is 5 s or less and
        ``patient`` is true; each try is an exchange of its own, and the last answer counts.
        """
        for _ in range(MAX_WAITS):
            answer = await self._exchange(request, member, verb, source, due)
            seconds = asked_to_wait(answer) if patient else None
            if seconds is None:
                return answer
            await asyncio.sleep(seconds)
        return await self._exchange(request, member, verb, source, due)

    async def _exchange(
        self, request: HttpRequest, member: str, verb: str, source: str, due: int | None
    ) -> Answer:
        self._healthy()
        url = request.location if request.absolute else self._http + request.location
        self._permit(url)
        at_home = _origin(url) == _origin(self._http)
        headers = {**request.headers, **(request.credentials if at_home else {})}
        outgoing = self._carrier.build(request, url, headers)
        self.meter.request()
        exchange = next(self._exchanges)
        self._record(
            Request(
                exchange=exchange,
                member=member,
                role=request.role,
                verb=verb,
                operation=request.operation,
                method=request.method,
                url=str(outgoing.url),
                headers=dict(outgoing.headers),
                body=kept_request(request, self.limits.max_body),
                source=source,
                due=due,
            )
        )
        detour = self._via and at_home
        try:
            fetched = await self._carrier.fetch(outgoing, self._passes(exchange) if detour else None)
            if exchange in self._lossy and not _says_its_length(fetched.headers):
                raise NotAnswered(
                    "cut", "nothing in the answer says where it ends, and the connection was cut"
                )
        except NotAnswered as failure:
            if exchange not in self._lossy:
                self.meter.answered(0)
            return self._unanswered(exchange, failure.reason, failure.detail)
        except Unsendable:
            self._unanswered(exchange, "refused", "it could not be sent")
            raise
        except asyncio.CancelledError:
            self._unanswered(exchange, "given-up", "we stopped waiting")
            raise
        self.meter.answered(fetched.status)
        body = kept(fetched.content, self.limits.max_body, fetched.cut)
        self._record(Response(exchange=exchange, status=fetched.status, headers=fetched.headers, body=body))
        return Answer(exchange, fetched.status, fetched.headers, fetched.content, body)

    def _unanswered(self, exchange: str, reason: str, detail: str) -> Answer:
        self._record(NoAnswer(exchange=exchange, reason=reason, detail=detail))
        return Answer(exchange, reason=reason, detail=detail)

    # -- sockets ------------------------------------------------------------------------------------------------------

    async def open(self, address: SocketAddress, *, member: str = "", peer: str = "") -> Ear:
        """Open a socket for ``member``; ``peer`` is the name of the member whom the address names, if it does.

        Returns an ``Ear`` in any case: ``opened`` tells whether the handshake succeeded.
        """
        self._healthy()
        url = self._ws + address.target
        self._permit(url)
        connecting = handshake(url, address, self.limits, self._tls)
        self.meter.open()
        socket = next(self._sockets)
        self._record(
            SocketOpening(
                socket=socket,
                member=member,
                role=address.role,
                name=address.name,
                channel=address.channel,
                url=url,
                headers=dict(address.headers),
                room=address.room,
                peer=peer,
            )
        )
        try:
            if self._via:
                self._passes("", socket)(await connecting.through(self._via))
            connection = await connecting
        except (InvalidHandshake, ConnectionClosed, OSError, EOFError) as error:
            return self._refused(Ear(socket, address.name, member, *why_refused(error)))
        except BaseException:
            self._refused(Ear(socket, address.name, member, 0, "we stopped waiting"))
            raise
        self._record(SocketOpened(socket=socket))
        ear = OpenEar(
            socket,
            address.name,
            member,
            connection,
            limits=self.limits,
            meter=self.meter,
            record=self._record,
            exchange=lambda: next(self._exchanges),
            failed=self._failed,
        )
        self._ears = {one for one in self._ears if one.closed is None} | {ear}
        return ear

    def _refused(self, ear: Ear) -> Ear:
        self.meter.over()
        self._record(SocketRefused(socket=ear.id, status=ear.status, detail=ear.detail))
        return ear

    # -- faults on the way --------------------------------------------------------------------------------------------

    def struck(self, port: int, fault: str, detail: str, *, lossy: bool) -> None:
        """A fault of ours has struck what passes through our ``port``; on the wire's loop."""
        exchange, socket = self._passing.get(port, ("", ""))
        if lossy:
            self._lossy.add(exchange)
        self._record(FaultStruck(exchange=exchange, socket=socket, fault=fault, detail=detail, lossy=lossy))

    def _passes(self, exchange: str, socket: str = "") -> Callable[[int], None]:
        def through(port: int) -> None:
            self._passing[port] = (exchange, socket)

        return through

    # -- waiting, ending ----------------------------------------------------------------------------------------------

    async def wait_until(self, predicate: Callable[[], bool], seconds: float) -> bool:
        """Wait until ``predicate`` holds, for ``seconds`` at most; it is looked at again after every entry."""
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            happened = self._happened
            if predicate():
                return True
            try:
                async with asyncio.timeout_at(deadline):
                    await happened.wait()
            except TimeoutError:
                return predicate()

    async def changed(self) -> None:
        """Wait until the wire has added an entry to the history."""
        await self._happened.wait()

    async def close(self) -> None:
        """Close every socket and connection; bounded by ``Limits.close_s`` for all of them together."""
        ears = [ear for ear in self._ears if ear.closed is None]
        closing: list[Awaitable[None]] = [ear.close(1001) for ear in ears]
        await asyncio.gather(*closing)
        await self._carrier.close()

    # -- small parts --------------------------------------------------------------------------------------------------

    def _record(self, entry: Entry) -> Entry:
        kept_entry = self._journal.append(entry)
        happened, self._happened = self._happened, asyncio.Event()
        happened.set()
        self._bell.ring()
        return kept_entry

    def _permit(self, url: str) -> None:
        if not self._allow(url):
            place = urlsplit(url)
            raise RefusedByPolicy(
                Problem(
                    f"{place.scheme}://{place.netloc.rpartition('@')[2]} is not on the allow-list and was not contacted",
                    expected="an address of this deployment",
                    hint="if it belongs to it, add its host to `hosts` under `allow` in the deployment file",
                )
            )

    def _failed(self, error: BaseException) -> None:
        self._fault = self._fault or error

    def _healthy(self) -> None:
        if self._fault is not None:
            raise CouldNotTest("a listening socket failed by an error of ours") from self._fault


def _says_its_length(headers: Mapping[str, str]) -> bool:
    names = {name.lower() for name in headers}
    return not names.isdisjoint({"content-length", "transfer-encoding"})


def _tls(ca_file: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise UsageError(
            Problem(
                f"the certificates in {ca_file} cannot be used: {error}",
                expected="a file of PEM certificates",
            )
        ) from error


def _origin(url: str) -> tuple[str, str, int | None]:
    place = urlsplit(url)
    return (
        place.scheme.lower(),
        (place.hostname or "").lower(),
        place.port or {"http": 80, "https": 443}.get(place.scheme),
    )
