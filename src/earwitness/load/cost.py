"""What a load costs a deployment, and whether its owner's budget has room for that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from earwitness.errors import Problem
from earwitness.load.profile import Profile
from earwitness.load.setting import Setting


@dataclass(frozen=True, slots=True)
class Cost:
    """What a load takes of a deployment, or what a budget has of it: sockets open at the same time, messages, requests, and seconds."""

    sockets: float
    messages: float
    requests: float
    seconds: float

    def beyond(self, most: Cost) -> Iterator[tuple[str, float, float]]:
        """Of what there is less in ``most``: its name, what is asked for, and how much there is."""
        for each in fields(self):
            asked, there = getattr(self, each.name), getattr(most, each.name)
            if asked > there:
                yield each.name, asked, there

    def problems(self, most: Cost, whose: str) -> list[Problem]:
        """The same in words for people; ``whose`` budget it is."""
        return [
            Problem(
                f"the profile asks for {asked:,.0f} {what}",
                expected=f"at most {there:,.0f}, the budget of {whose}",
            )
            for what, asked, there in self.beyond(most)
        ]


def cost_of(profile: Profile, setting: Setting) -> Cost:
    """What ``profile`` costs where it is played in ``setting``."""
    speaking = profile.rooms * profile.senders * ((setting.form == "socket") + (profile.types > 0))
    messages = profile.pace().messages
    return Cost(
        sockets=profile.listeners + profile.bystanders + speaking,
        messages=messages,
        requests=messages + profile.reads * profile.seconds + profile.rooms,
        seconds=profile.seconds,
    )
