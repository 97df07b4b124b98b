"""No request makes the server fail."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.exchanges import finding_in
from earwitness.checks.model import Check, Finding
from earwitness.world import World

CHECK = Check(
    id="server-error",
    sentence="No request, fitting or not, is answered with a status of 500 or above.",
    severity="high",
    tier="read",
    judges=("answers",),
    cwe=("CWE-248",),
    source="RFC 9110, section 15.6",
)


def find(world: World) -> Iterator[Finding]:
    for exchange in world.line.exchanges.values():
        if exchange.response is not None and exchange.status >= 500:
            heard = f"{exchange.status} {exchange.response.body.value!r:.200}"
            yield finding_in(CHECK, exchange, str(exchange.status), "an answer below 500", heard)
