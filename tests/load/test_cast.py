"""Who must hear whom, and that every device and sender falls to exactly one user."""

from __future__ import annotations

from dataclasses import replace

import pytest

from earwitness.load.cast import BYSTANDER, Cast, cast_of
from earwitness.load.pacing import Pace
from earwitness.load.profile import load_profile
from earwitness.spec import Audience


def cast(must: str = "others", may: str = "sender", **change: int) -> Cast:
    return cast_of(replace(load_profile("smoke"), **change), Audience(must, may, "stated", ""))  # type: ignore[arg-type]  # words of the spec


def test_the_other_hears_and_a_bystander_does_not() -> None:
    found = cast(rooms=1, senders=1, listeners=3, bystanders=1)
    assert found.members == ("a1", "b1", BYSTANDER)
    assert [(d.name, d.must, d.may) for d in found.devices] == [
        ("b1/1", ("a1",), ()), ("b1/2", ("a1",), ()), ("b1/3", ("a1",), ()), ("bystander/1", (), ()),
    ]  # fmt: skip


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


@pytest.mark.parametrize("users", [1, 2, 7, 40])
def test_every_share_is_dealt_once(users: int) -> None:
    found = cast()
    shares = [found.share(number, users) for number in range(users)]
    assert sorted(name for senders, _ in shares for name in senders) == sorted(found.senders)
    assert sorted(d.name for _, devices in shares for d in devices) == sorted(d.name for d in found.devices)


def test_all_messages_are_planned() -> None:
    assert sum(cast().planned(Pace(10, 5, 4)).values()) == 50
