"""Where a member's socket is, and what it shows there."""

from __future__ import annotations

import pytest

from earwitness.errors import UsageError
from earwitness.member import bad_token, socket_address
from tests.member.conftest import Api

ALICE = {"id": 1, "username": "alice"}


def test_a_token_in_the_query(fe16ops: Api) -> None:
    address = socket_address(fe16ops.spec, fe16ops.binding, "inbox", me=ALICE, token="a+b/c=")

    assert (address.name, address.channel) == ("inbox", "messaging")
    assert address.target == "/ws/messaging/?token=a%2Bb%2Fc%3D"
    assert (dict(address.headers), address.room) == ({}, "")


def test_a_token_in_a_header_and_a_peer_in_the_path(letters: Api) -> None:
    address = socket_address(
        letters.spec, letters.binding, "pair", me=ALICE, peer={"username": "bob/2"}, token="t"
    )

    assert address.target == "/ws/pair/bob%2F2/"
    assert address.headers == {"Authorization": "Bearer t"}


@pytest.mark.parametrize("room", ["9", 9, {"id": 9, "name": "choir"}])
def test_a_room_in_the_path(letters: Api, room: object) -> None:
    address = socket_address(letters.spec, letters.binding, "circle", me=ALICE, room=room, token="t")

    assert address.target == "/ws/circle/9/?token=t&device=alice%27s%20phone"
    assert address.room == "9"


def test_the_anonymous_show_nothing(fe16ops: Api, letters: Api) -> None:
    query = socket_address(fe16ops.spec, fe16ops.binding, "inbox", me=ALICE, role="anonymous", token="t")
    header = socket_address(
        letters.spec, letters.binding, "pair", peer={"username": "b"}, role="anonymous", token="t"
    )

    assert (query.target, query.role) == ("/ws/messaging/", "anonymous")
    assert header.headers == {}


def test_a_bad_token_takes_the_same_way(fe16ops: Api) -> None:
    address = socket_address(
        fe16ops.spec, fe16ops.binding, "inbox", me=ALICE, role="bad-token", token="abc123"
    )

    assert address.target == f"/ws/messaging/?token={bad_token('abc123')}"


def test_a_place_without_a_room_is_told(letters: Api) -> None:
    with pytest.raises(UsageError, match=r"nothing fills \{circle\} of /ws/circle/\{circle\}/"):
        socket_address(letters.spec, letters.binding, "circle", me=ALICE, token="t")


def test_an_unknown_socket_is_told_with_the_nearest(fe16ops: Api) -> None:
    with pytest.raises(UsageError, match="did you mean 'inbox'"):
        socket_address(fe16ops.spec, fe16ops.binding, "inbax", token="t")


def test_the_token_is_not_shown(fe16ops: Api) -> None:
    assert "secret" not in repr(
        socket_address(fe16ops.spec, fe16ops.binding, "inbox", me=ALICE, token="secret")
    )
