"""Sockets open for members and for nobody else."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle
from earwitness.member import STRANGERS


def test_a_member_gets_a_socket(alice: LiveMember, room: RoomHandle) -> None:
    alice.listens(room)


def test_a_member_may_listen_on_several_devices(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    bob.listens(room), bob.listens(room), bob.listens(room)
    sent = alice.sends(room, "to each of your devices")
    bob.hears("message-created", sent)


@pytest.mark.parametrize("role", STRANGERS)
def test_a_stranger_gets_no_socket(alice: LiveMember, bob: LiveMember, room: RoomHandle, role: str) -> None:
    bob.gets_no_socket(role, room)
    # If it was opened all the same: is anything heard on it?
    alice.sends(room, "not for strangers")
