"""Who takes part in a load: rooms, members, senders and devices, and the shares in which users and processes take them on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from earwitness.load.pacing import Pace
from earwitness.load.profile import Profile
from earwitness.load.setting import Setting

BYSTANDER = "bystander"


@dataclass(frozen=True, slots=True)
class Device:
    """A socket that listens: its name (``b1/3``, or its member's where that has no other), its member, the number of the room in which it
    listens (-1: in none, it hears of all rooms of a bystander, who has none), and the senders that it must and that it may hear."""

    name: str
    member: str
    room: int
    must: tuple[str, ...]
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """All that takes part. ``rooms`` are the members of each room, who starts it first; ``senders`` the names of those who write, each
    with the number of its room. In the last room nobody writes if a bystander needs one to listen in."""

    rooms: tuple[tuple[str, ...], ...]
    senders: Mapping[str, int]
    devices: tuple[Device, ...]

    @property
    def members(self) -> tuple[str, ...]:
        """Everybody who is needed, the bystander last."""
        everybody = (
            *(member for room in self.rooms for member in room),
            *(one.member for one in self.devices),
        )
        return tuple(sorted(dict.fromkeys(everybody), key=lambda name: name == BYSTANDER))

    def planned(self, pace: Pace) -> dict[str, int]:
        """How many messages each sender has to send."""
        return {name: pace.count(i) for i, name in enumerate(self.senders)}

    def dropping(self, share: float) -> frozenset[str]:
        """Those that drop where a ``share`` of all that must hear do, spread evenly over them."""
        hear = [device.name for device in self.devices if device.must]
        return frozenset(
            name for i, name in enumerate(hear) if int((i + 1) * share + 1e-9) > int(i * share + 1e-9)
        )

    def share(self, number: int, of: int) -> tuple[tuple[str, ...], tuple[Device, ...]]:
        """The senders and devices that user ``number`` (from 0) of ``of`` takes on."""
        return tuple(self.senders)[number::of], self.devices[number::of]


def cast_of(profile: Profile, setting: Setting) -> Cast:
    """The cast of a profile in a setting.

    In a pair, devices are dealt to those of the two that have to hear somebody. A group has as many members as it takes to give each
    device a member of its own. Where a socket hears of one room alone, a bystander shares one with the first who listens, and they listen
    there in turn: a server that looks for sockets by their members would be heard in it.
    """
    rooms = _pairs(profile) if setting.is_pair else _groups(profile, setting)
    senders = {name: i for i, room in enumerate(rooms) for name in room[: profile.senders]}
    devices = [
        Device(name, member, room, *_heard(member, room, senders, setting))
        for name, member, room in (
            _of_pairs(rooms, senders, profile, setting) if setting.is_pair else _of_groups(rooms, senders, profile, setting)
        )
    ]  # fmt: skip
    rooms, aside = _aside(rooms, devices, profile, setting)
    return Cast(rooms, senders, (*devices, *aside))


def _aside(
    rooms: tuple[tuple[str, ...], ...], devices: list[Device], profile: Profile, setting: Setting
) -> tuple[tuple[tuple[str, ...], ...], list[Device]]:
    """The rooms with that in which bystanders listen, and their devices."""
    if not profile.bystanders or not setting.is_heard_by_room:
        return rooms, [
            Device(f"{BYSTANDER}/{i + 1}", BYSTANDER, -1, (), ()) for i in range(profile.bystanders)
        ]
    partner = devices[0].member if devices else rooms[0][0]
    room = BYSTANDER, partner
    return (*rooms, room), [
        Device(f"{room[i % 2]}/aside-{i + 1}", room[i % 2], len(rooms), (), ())
        for i in range(profile.bystanders)
    ]


def _pairs(profile: Profile) -> tuple[tuple[str, ...], ...]:
    return tuple((f"a{i}", f"b{i}") for i in range(1, profile.rooms + 1))


def _of_pairs(
    rooms: tuple[tuple[str, ...], ...], senders: Mapping[str, int], profile: Profile, setting: Setting
) -> Iterator[tuple[str, str, int]]:
    """The devices in pairs: name, member, room."""
    hearers = [
        (room, member)
        for room, names in enumerate(rooms)
        for member in names
        if _heard_by(member, room, senders, setting.audience.must)
    ]
    for i in range(profile.listeners if hearers else 0):
        room, member = hearers[i % len(hearers)]
        yield f"{member}/{i // len(hearers) + 1}", member, room


def _groups(profile: Profile, setting: Setting) -> tuple[tuple[str, ...], ...]:
    """Who writes in each group, and as many others as have to listen beside those writers who do; there is no group of one."""
    writers = [
        tuple(f"{letter}{i}" for letter in "ab"[: profile.senders]) for i in range(1, profile.rooms + 1)
    ]
    rooms = []
    for i, writing in enumerate(writers):
        listening = sum(
            bool(_heard_by(name, i, dict.fromkeys(writing, i), setting.audience.must)) for name in writing
        )
        others = max(_listeners(profile, i) - listening, 1 if len(writing) == 1 else 0)
        rooms.append((*writing, *(f"m{i + 1}-{n}" for n in range(1, others + 1))))
    return tuple(rooms)


def _of_groups(
    rooms: tuple[tuple[str, ...], ...], senders: Mapping[str, int], profile: Profile, setting: Setting
) -> Iterator[tuple[str, str, int]]:
    """The devices in groups, one for each member who listens, which writers do last: name, member, room."""
    for room, names in enumerate(rooms):
        hearers = [name for name in names if _heard_by(name, room, senders, setting.audience.must)]
        hearers.sort(key=lambda name: name in senders)
        for member in hearers[: _listeners(profile, room)]:
            yield member, member, room


def _listeners(profile: Profile, room: int) -> int:
    """How many listeners fall to the group number ``room``."""
    return len(range(room, profile.listeners, profile.rooms))


def _heard(
    member: str, room: int, senders: Mapping[str, int], setting: Setting
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The senders that ``member`` must and that it may hear."""
    must = _heard_by(member, room, senders, setting.audience.must)
    may = _heard_by(member, room, senders, setting.audience.may)
    return must, tuple(name for name in may if name not in must)


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
