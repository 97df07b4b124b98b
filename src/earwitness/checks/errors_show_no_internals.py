"""Whoever is refused learns what was wrong, and nothing of what the server is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from earwitness.checks.exchanges import finding_in, texts_of_error
from earwitness.checks.model import Check, Finding
from earwitness.world import World

CHECK = Check(
    id="errors-show-no-internals", sentence="An answer that refuses or fails names no line of the server's code.", severity="medium",
    tier="read", judges=("answers",), cwe=("CWE-209",), owasp=("API8:2023",), source="OWASP API Security Top 10:2023, API8:2023",
)  # fmt: skip
# As stack traces write it: the file, and the number of the line.
_LINE = re.compile(r'\b\w+\.((java|kt|scala|[cm]?[jt]s|rb|php|cs|go)[:(](line )?|py("|&quot;), line )\d+')


def find(world: World) -> Iterator[Finding]:
    for exchange in world.line.exchanges.values():
        for found in filter(None, map(_LINE.search, texts_of_error(exchange))):
            if found[0] not in repr((exchange.sent, exchange.entry)):  # what was sent may be quoted
                yield finding_in(CHECK, exchange, "line", "no line of code", found[0], "decided")
