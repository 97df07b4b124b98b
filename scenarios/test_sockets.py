"""Sockets: for whom one opens, and for whom none does."""

from __future__ import annotations

import pytest

from earwitness.live import LiveMember, RoomHandle


@pytest.mark.needs("send-text", "message-created")
@pytest.mark.covers("netroxchange:AUTH-2")
def test_a_member_listens_on_several_devices(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    for _ in range(3):
        bob.listens(room)
    sent = alice.sends(room, "to each of your devices")
    bob.hears("message-created", sent, text="to each of your devices")


@pytest.mark.covers("netroxchange:AUTH-3")
@pytest.mark.parametrize("role", ["anonymous", "bad-token", "tampered-token", "expired"])
def test_nobody_listens_without_a_valid_token(bob: LiveMember, room: RoomHandle, role: str) -> None:
    bob.gets_no_socket(role, room)
