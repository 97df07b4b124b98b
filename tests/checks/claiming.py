"""What a claim comes to at the end of a story."""

from __future__ import annotations

from earwitness.checks import Finding, Outcome, judge_claim
from earwitness.history import Json
from tests.story import Story


def judged(story: Story, claim: str, **args: Json) -> tuple[Outcome, Finding | None]:
    """What the claim comes to at the end of ``story``; its basis and clause may be among ``args``."""
    basis, clause = str(args.pop("basis", "stated")), str(args.pop("clause", ""))
    n = story.claims(claim, basis=basis, clause=clause, **args)
    story.ends()
    world = story.world()
    made = next(one for case in world.line.cases.values() for one in case.claims if one.n == n)
    return judge_claim(made, world)
