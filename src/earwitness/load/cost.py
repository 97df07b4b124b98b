"""What a load costs a deployment, and whether its owner's budget has room for that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

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
