"""What the checks on single exchanges have in common: the texts that an answer holds, and the finding about one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from earwitness.checks.model import Check, Finding
from earwitness.world import Exchange


def texts_in(value: object) -> Iterator[str]:
    """Every text in a JSON value, keys aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from texts_in(one)


def texts_of_error(exchange: Exchange) -> Iterator[str]:
    """Every text in the answer that refused ``exchange``, or failed; none where it succeeded or has no answer."""
    if exchange.response is not None and exchange.status >= 400:
        yield from texts_in(exchange.response.body.value)


def finding_in(
    check: Check, exchange: Exchange, subject: str, expected: str, heard: str, basis: str = "stated"
) -> Finding:
    """A finding about one exchange: the request is the first evidence, what came of it the second. ``subject`` tells causes of
    the same operation apart."""
    operation = exchange.operation.id if exchange.operation else ""
    came = exchange.response or exchange.no_answer
    return Finding(
        check=check.id,
        cause=f"{check.id}:{operation}:{subject}",
        basis=basis,
        severity=check.severity,
        clause=exchange.operation.clause if exchange.operation else "",
        expected=expected,
        heard=heard,
        evidence=(exchange.entry.n, came.n) if came else (exchange.entry.n,),
        case=exchange.entry.case,
        operation=operation,
    )
