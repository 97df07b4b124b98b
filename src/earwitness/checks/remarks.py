"""Remarks: what a run shows that breaks no promise, and that whoever answers for the deployment should know."""

from __future__ import annotations

from dataclasses import dataclass

from earwitness.world import World


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark: its id, the sentence, the operations that show it, and the weaknesses (CWE) that it is an instance of."""

    id: str
    sentence: str
    operations: tuple[str, ...]
    cwe: tuple[str, ...] = ()


def remarks(world: World) -> tuple[Remark, ...]:
    """Everything to be remarked on in ``world``; none of it costs the run anything."""
    telling = _telling(world)
    if not telling:
        return ()
    statuses = sorted({pair for pairs in telling.values() for pair in pairs})
    told = ", ".join(
        f"{outside} to an outsider and {absent} for an id that nobody has" for outside, absent in statuses
    )
    sentence = f"Whoever has a token can find out which ids there are: the answer is {told}."
    return (Remark("existence-is-told", sentence, tuple(sorted(telling)), ("CWE-204",)),)


def _telling(world: World) -> dict[str, set[tuple[int, int]]]:
    """The operations that were seen to refuse outsiders otherwise than whoever asks for nothing, with the pairs of statuses."""
    seen: dict[tuple[str, str], set[int]] = {}
    for case in world.line.cases.values():
        for claim in case.claims:
            exchange = world.line.exchanges.get(str(claim.args.get("exchange", "")))
            if (
                claim.claim != "refused"
                or exchange is None
                or exchange.operation is None
                or not exchange.as_member
            ):
                continue
            relation = str(claim.args.get("relation", ""))
            if (
                relation in ("not-a-member", "absent")
                and 400 <= exchange.status < 500
                and exchange.status != 429
            ):
                seen.setdefault((exchange.operation.id, relation), set()).add(exchange.status)
    return {
        operation: pairs
        for operation, relation in seen
        if relation == "not-a-member"
        and (
            pairs := {
                (o, a)
                for o in seen[operation, relation]
                for a in seen.get((operation, "absent"), ())
                if o != a
            }
        )
    }
