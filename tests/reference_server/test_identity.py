"""Members, tokens, and the clock by which tokens expire."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import jwt
import pytest

from reference_server.core.assembly import Core, assemble
from reference_server.core.clock import FURTHEST, Clock
from reference_server.core.records import Member
from reference_server.core.refusals import Absent, Anonymous, Invalid
from reference_server.core.settings import Settings
from reference_server.core.store import open_store
from tests.reference_server.conftest import NAMES


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


# JWTs and passwords


@pytest.fixture
def signed() -> Iterator[Core]:
    """A core whose tokens are JWTs."""
    with closing(open_store(None, "fe16ops")) as store:
        yield assemble(store, NAMES, settings=Settings(jwt=True))


def resigned(token: str, key: str, algorithm: str, **changes: object) -> str:
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode({**claims, **changes}, key, algorithm=algorithm)


def test_a_jwt_names_its_member(signed: Core) -> None:
    alice, bob, _ = signed.members
    token = signed.identity.token_of(alice)
    assert signed.identity.bearer(token) == alice
    assert signed.identity.token_of(alice) == token
    assert jwt.get_unverified_header(token)["alg"] == "HS256"
    assert jwt.decode(token, options={"verify_signature": False})["sub"] == alice.uuid != bob.uuid


def test_a_jwt_outlives_the_clock(signed: Core) -> None:
    alice = signed.members[0]
    signed.clock.move(FURTHEST.total_seconds())
    assert signed.identity.bearer(signed.identity.token_of(alice)) == alice


def test_an_expired_jwt_is_refused(signed: Core) -> None:
    expired = signed.identity.expired_token(signed.members[0])
    assert signed.identity.verified(expired)["sub"] == signed.members[0].uuid
    with pytest.raises(Anonymous):
        signed.identity.bearer(expired)


def test_a_jwt_that_was_not_signed_here_is_refused(signed: Core) -> None:
    alice, bob, _ = signed.members
    token = signed.identity.token_of(alice)
    head, body, signature = token.split(".")
    other = signed.identity.token_of(bob).split(".")[1]
    for bad in (
        resigned(token, "", "none"),
        resigned(token, "k" * 32, "HS256"),
        f"{head}.{other}.{signature}",
        f"{head}.{body}.",
        f"{head}.{body}",
        "",
        "no token",
    ):
        with pytest.raises(Anonymous):
            signed.identity.bearer(bad)


def test_a_refresh_token_opens_nothing(signed: Core) -> None:
    refresh = signed.identity.refresh_token(signed.members[0])
    assert signed.identity.verified(refresh)["sub"] == signed.members[0].uuid
    with pytest.raises(Anonymous):
        signed.identity.bearer(refresh)


def test_a_member_signs_in_with_their_own_password(core: Core, alice: Member, bob: Member) -> None:
    password = core.identity.password_of(alice)
    assert core.identity.sign_in("alice", password) == alice
    assert password != core.identity.password_of(bob)
    for name, said in (("bob", password), ("alice", password[:-1]), ("alice", ""), ("nobody", password)):
        with pytest.raises(Anonymous):
            core.identity.sign_in(name, said)


def test_members_have_uuids_and_an_organisation(core: Core, alice: Member, bob: Member) -> None:
    assert core.identity.member_of_uuid(alice.uuid) == alice
    assert alice.uuid != bob.uuid
    with pytest.raises(Absent):
        core.identity.member_of_uuid("nobody")
    assert alice.organisation == bob.organisation == 1
    assert core.identity.mint("far", organisation=2).organisation == 2
