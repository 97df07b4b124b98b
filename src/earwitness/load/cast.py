"""Who takes part in a load: rooms, members, senders and devices, and the shares in which users and processes take them on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from earwitness.load.pacing import Pace
from earwitness.load.profile import Profile
from earwitness.spec import Audience

BYSTANDER = "bystander"


@dataclass(frozen=True, slots=True)
class Device:
    """A socket that listens: its name (``w1/3``), its member, the room it is for (-1: a bystander), and the senders that it must and
    that it may hear."""

    name: str
    member: str
    room: int
    must: tuple[str, ...]
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """All that takes part. ``rooms`` are the pairs of members, ``senders`` the names of those who write, each with its room."""

    rooms: tuple[tuple[str, str], ...]
    senders: Mapping[str, int]
    devices: tuple[Device, ...]

    @property
    def members(self) -> tuple[str, ...]:
        """Everybody who is needed."""
        pairs = [member for room in self.rooms for member in room]
        return (*pairs, *([BYSTANDER] if any(device.room < 0 for device in self.devices) else []))

    def planned(self, pace: Pace) -> dict[str, int]:
        """How many messages each sender has to send."""
        return {name: pace.count(i) for i, name in enumerate(self.senders)}

    def share(self, number: int, of: int) -> tuple[tuple[str, ...], tuple[Device, ...]]:
        """The senders and devices that user ``number`` (from 0) of ``of`` takes on."""
        return tuple(self.senders)[number::of], self.devices[number::of]


def cast_of(profile: Profile, audience: Audience) -> Cast:
    """The cast of a profile, in rooms of two.

    ``audience`` says who must and who may hear a new message. Devices are dealt to those members that have to hear somebody.
    """
    rooms = tuple((f"a{i}", f"b{i}") for i in range(1, profile.rooms + 1))
    senders = {name: i for i, room in enumerate(rooms) for name in room[: profile.senders]}
    hearers = [
        (room, member)
        for room, names in enumerate(rooms)
        for member in names
        if _heard_by(member, room, senders, audience.must)
    ]
    devices = []
    for i in range(profile.listeners if hearers else 0):
        room, member = hearers[i % len(hearers)]
        must = _heard_by(member, room, senders, audience.must)
        may = tuple(name for name in _heard_by(member, room, senders, audience.may) if name not in must)
        devices.append(Device(f"{member}/{i // len(hearers) + 1}", member, room, must, may))
    devices += [Device(f"{BYSTANDER}/{i + 1}", BYSTANDER, -1, (), ()) for i in range(profile.bystanders)]
    return Cast(rooms, senders, tuple(devices))


def _heard_by(member: str, room: int, senders: Mapping[str, int], listeners: str) -> tuple[str, ...]:
    """The senders in ``room`` whose messages reach ``member`` when they reach ``listeners``. In a pair the other is the recipient."""
    here = [name for name, its in senders.items() if its == room]
    wanted = {
        "everyone": (True, True),
        "others": (False, True),
        "recipient": (False, True),
        "sender": (True, False),
    }
    own, others = wanted.get(listeners, (False, False))
    return tuple(name for name in here if (own if name == member else others))
