"""Who must hear whom, and that every device and sender falls to exactly one user."""

from __future__ import annotations

from dataclasses import replace

import pytest

from earwitness.documents import load_documents
from earwitness.load.cast import BYSTANDER, Cast, cast_of
from earwitness.load.pacing import Constant, Pace
from earwitness.load.profile import load_profile
from earwitness.load.setting import setting_of
from earwitness.spec import Audience


def cast(
    must: str = "others", may: str = "sender", room: str = "pair", api: str = "fe16ops", **change: int
) -> Cast:
    profile = replace(load_profile("smoke"), room=room, **change)  # type: ignore[arg-type]  # all of them are numbers
    documents = load_documents(api)
    setting = setting_of(documents.spec, documents.binding, profile)
    audience = Audience(must, may, "stated", "")  # type: ignore[arg-type]  # words of the spec
    return cast_of(profile, replace(setting, audience=audience))


def groups(must: str = "others", **change: int) -> Cast:
    return cast(must, "sender", "group", "connectify", **change)


def test_the_other_hears_and_a_bystander_does_not() -> None:
    found = cast(rooms=1, senders=1, listeners=3, bystanders=1)
    assert found.members == ("a1", "b1", BYSTANDER)
    assert [(d.name, d.must, d.may) for d in found.devices] == [
        ("b1/1", ("a1",), ()), ("b1/2", ("a1",), ()), ("b1/3", ("a1",), ()), ("bystander/1", (), ()),
    ]  # fmt: skip
    # Its socket hears of all its rooms, and needs none to listen in.
    assert found.rooms == (("a1", "b1"),)
    assert found.devices[-1].room == -1


def test_where_both_write_each_must_hear_the_other_and_may_hear_itself() -> None:
    found = cast(rooms=1, senders=2, listeners=2, bystanders=0)
    assert {d.member: (d.must, d.may) for d in found.devices} == {
        "a1": (("b1",), ("a1",)),
        "b1": (("a1",), ("b1",)),
    }
    assert BYSTANDER not in found.members


def test_where_everyone_must_hear_the_sender_listens_too() -> None:
    found = cast("everyone", "nobody", rooms=1, senders=1, listeners=4, bystanders=0)
    assert {(d.member, d.must) for d in found.devices} == {("a1", ("a1",)), ("b1", ("a1",))}


def test_in_a_group_each_listener_is_a_member_beside_the_one_who_writes() -> None:
    found = groups(rooms=1, senders=1, listeners=3, bystanders=0)
    assert found.rooms == (("a1", "m1-1", "m1-2", "m1-3"),)
    assert found.senders == {"a1": 0}
    assert [(d.name, d.member, d.must) for d in found.devices] == [
        (name, name, ("a1",)) for name in ("m1-1", "m1-2", "m1-3")
    ]


def test_who_writes_in_a_group_and_must_hear_somebody_is_one_of_its_listeners() -> None:
    both = groups(rooms=1, senders=2, listeners=3, bystanders=0)
    assert both.rooms == (("a1", "b1", "m1-1"),)
    assert {d.name: d.must for d in both.devices} == {"m1-1": ("a1", "b1"), "a1": ("b1",), "b1": ("a1",)}
    alone = groups("everyone", rooms=1, senders=1, listeners=3, bystanders=0)
    assert {d.name: d.must for d in alone.devices} == {"m1-1": ("a1",), "m1-2": ("a1",), "a1": ("a1",)}


@pytest.mark.parametrize("must", ["others", "everyone"])
def test_there_is_no_group_of_one_and_never_a_socket_too_many(must: str) -> None:
    found = groups(must, rooms=1, senders=1, listeners=1, bystanders=0)
    assert found.rooms == (("a1", "m1-1"),)
    assert [d.member for d in found.devices] == ["m1-1"]


def test_listeners_are_dealt_over_all_groups() -> None:
    found = groups(rooms=3, senders=1, listeners=8, bystanders=0)
    assert [len(room) for room in found.rooms] == [4, 4, 3]
    assert [sum(d.room == number for d in found.devices) for number in range(3)] == [3, 3, 2]
    assert all(d.must == (f"a{d.room + 1}",) for d in found.devices)


@pytest.mark.parametrize(("room", "partner"), [("group", "m1-1"), ("pair", "b1")])
def test_where_a_socket_hears_of_one_room_a_bystander_listens_in_one_where_nobody_writes(
    room: str, partner: str
) -> None:
    found = cast(room=room, api="connectify", rooms=1, senders=1, listeners=2, bystanders=3)
    assert found.rooms[1:] == ((BYSTANDER, partner),)
    aside = found.devices[2:]
    assert [d.member for d in aside] == [BYSTANDER, partner, BYSTANDER]
    assert {(d.room, d.must, d.may) for d in aside} == {(1, (), ())}
    assert set(found.senders.values()) == {0}
    # Members that are not minted are dealt in this order.
    assert found.members[-1] == BYSTANDER
    assert len(set(found.members)) == len(found.members) == len(found.rooms[0]) + 1


@pytest.mark.parametrize("found", [cast(), groups()], ids=["pairs", "groups"])
@pytest.mark.parametrize("users", [1, 2, 7, 40])
def test_every_share_is_dealt_once(found: Cast, users: int) -> None:
    shares = [found.share(number, users) for number in range(users)]
    assert sorted(name for senders, _ in shares for name in senders) == sorted(found.senders)
    assert sorted(d.name for _, devices in shares for d in devices) == sorted(d.name for d in found.devices)
    assert len({d.name for d in found.devices}) == len(found.devices)


def test_all_messages_are_planned() -> None:
    assert sum(cast().planned(Pace(Constant(10), 5, 4)).values()) == 50


@pytest.mark.parametrize(("share", "drop"), [(1.0, 20), (0.5, 10), (0.2, 4), (0.01, 0)])
def test_a_share_of_those_who_must_hear_drops(share: float, drop: int) -> None:
    found = cast()
    hear = [device.name for device in found.devices if device.must]
    dropping = found.dropping(share)
    assert len(hear) == 20 and len(dropping) == drop
    assert dropping <= set(hear)
    # Spread over them all: no three in a row where half of them drop.
    rows = "".join("x" if name in dropping else "." for name in hear)
    assert share != 0.5 or ("xx" not in rows and ".." not in rows)
