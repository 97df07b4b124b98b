"""A way of a member's own to the deployment, on which faults strike as they were planned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earwitness.deployment import host_of
from earwitness.errors import CouldNotTest
from earwitness.faults import Bounds, Fault, Proxy, Strike
from earwitness.live.outcomes import NotRun

if TYPE_CHECKING:
    from earwitness.live.session import Session
    from earwitness.wire import Wire

# Little enough for a server to notice soon that nobody reads.
NARROW: Final = 2 * 1024


class Way:
    """What a member sends and hears when there is a proxy of ours in between. Addresses, headers and the allow-list stay those of the
    deployment, and so does the budget; each strike of a fault stands in the history."""

    def __init__(self, session: Session, number: int, *, narrow: bool = False) -> None:
        """``number`` tells the ways of a run apart; a ``narrow`` way takes little from the server before it is read.

        Raises NotRun where the deployment is not to be disturbed like that, or is reached by TLS, in which nothing can be cut apart.
        """
        deployment = session.deployment
        if not session.may_be_disturbed:
            raise NotRun(
                "faults on the way need the tier intrusive, in the deployment file and as --intrusive"
            )
        if not deployment.http.startswith("http://") or not deployment.ws.startswith("ws://"):
            raise NotRun("faults on the way need a deployment without TLS")
        if host_of(deployment.http) != host_of(deployment.ws):
            raise NotRun("faults on the way need a deployment whose sockets are where its operations are")
        self._session = session
        self._strikes: list[Strike] = []
        self._awaited = 0
        host, port = host_of(deployment.http).rsplit(":", 1)
        bounds = Bounds(window=NARROW if narrow else 0)
        self._proxy = session.call(
            Proxy.start(host.strip("[]"), int(port), struck=self._struck, bounds=bounds)
        )
        self.wire: Wire = session.wire_via(self._proxy.port, f"w{number}-")

    def _struck(self, strike: Strike) -> None:
        fault = strike.fault
        self._strikes.append(strike)
        self.wire.struck(strike.port, fault.name, fault.sentence, lossy=fault.lossy)

    @property
    def unreachable(self) -> str:
        """Why the deployment could not be reached at the end of this way; "" when it could."""
        return self._proxy.unreachable

    def plan(self, fault: Fault, nth: int = 1) -> None:
        """Let ``fault`` happen to the n-th exchange from now; a socket is one exchange from its handshake on."""

        async def planned() -> None:
            self._proxy.plan(fault, nth)

        self._session.call(planned())

    def strikes(self) -> None:
        """Wait until a fault strikes that has not been waited for. Raises CouldNotTest when none does before the deadline."""
        self._awaited += 1
        seconds = self._session.deployment.deadline_ms / 1000
        if not self._session.wait(lambda: len(self._strikes) >= self._awaited, seconds):
            raise CouldNotTest("the fault that was planned did not strike: nothing came to the point of it")

    def lets_go(self) -> None:
        """End what is held by a fault, and nothing else."""

        async def letting_go() -> None:
            self._proxy.drop()

        self._session.call(letting_go())

    def breaks(self, *, reset: bool = False) -> None:
        """End everything that passes, now."""

        async def breaking() -> None:
            self._proxy.cut(reset=reset)

        self._session.call(breaking())

    def close(self) -> None:
        """End the way and all that passes on it."""
        self._session.call(self._proxy.stop())
        self._session.call(self.wire.close())
