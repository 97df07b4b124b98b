"""Members, tokens, and the clock by which tokens expire."""

from __future__ import annotations

import pytest

from reference_server.core.assembly import Core
from reference_server.core.clock import Clock
from reference_server.core.records import Member
from reference_server.core.refusals import Absent, Anonymous, Invalid


def test_a_token_stands_for_its_member(core: Core, alice: Member, bob: Member) -> None:
    assert core.identity.bearer(core.identity.token_of(alice)) == alice
    assert core.identity.bearer(core.identity.token_of(bob)) == bob


def test_a_member_keeps_one_token(core: Core, alice: Member) -> None:
    token = core.identity.token_of(alice)
    core.identity.expired_token(alice)
    assert core.identity.token_of(alice) == token


def test_an_expired_token_stands_for_nobody(core: Core, alice: Member) -> None:
    with pytest.raises(Anonymous):
        core.identity.bearer(core.identity.expired_token(alice))


@pytest.mark.parametrize("token", ["", "nobody's", "0" * 40])
def test_any_other_token_stands_for_nobody(core: Core, token: str) -> None:
    with pytest.raises(Anonymous):
        core.identity.bearer(token)


def test_minted_members_are_all_different(core: Core) -> None:
    minted = [core.identity.mint("alice") for _ in range(20)]
    assert len({member.username for member in minted} | {"alice"}) == 21
    assert all(member.username.startswith("alice-") for member in minted)


def test_minting_steps_around_a_name_that_is_taken(core: Core) -> None:
    core.identity.enrol("erin-5")  # member 4, so the next one would be called after 5
    assert core.identity.mint("erin").username == "erin-6"


def test_enrolling_twice_gives_the_same_member(core: Core, alice: Member) -> None:
    assert core.identity.enrol("alice") == alice


@pytest.mark.parametrize("name", ["", "two words", "x" * 41, "löwe", "a\n", "a,b"])
def test_what_is_no_name(core: Core, name: str) -> None:
    for way in (core.identity.enrol, core.identity.mint):
        with pytest.raises(Invalid):
            way(name)


def test_nobody_has_this_id(core: Core) -> None:
    with pytest.raises(Absent):
        core.identity.member(99)


def test_the_clock_goes_forward_only() -> None:
    clock = Clock()
    before = clock.now()
    clock.move(31)
    assert (clock.now() - before).total_seconds() >= 31
    for seconds in (-1, 10**9, float("nan"), float("inf")):
        with pytest.raises(Invalid):
            clock.move(seconds)
    clock.move(3650 * 86400 - 31)
    with pytest.raises(Invalid, match="almost ten years"):
        clock.move(1)


def test_the_clock_starts_no_earlier_than_what_was_written() -> None:
    assert Clock("2100-01-01T00:00:00.000000Z").stamp() >= "2100-01-01T00:00:00.000000Z"
    assert Clock("2001-01-01T00:00:00.000000Z").stamp() > "2020"


def test_a_stamp_is_utc_with_microseconds() -> None:
    stamp = Clock().stamp()
    assert len(stamp) == len("2025-10-22T14:30:00.000000Z")
    assert stamp.endswith("Z")
