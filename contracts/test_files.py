"""A file that was sent goes to those in its room, and to nobody else."""

from __future__ import annotations

import pytest

from earwitness.live import File, LiveMember, RoomHandle

PHOTO = File("for-us-alone.jpg", "image/jpeg", b"\xff\xd8\xff\xe0 a photo among friends \xff\xd9", "image")


@pytest.mark.needs("send-file", "download-file")
@pytest.mark.each_kind
def test_a_file_is_for_those_in_its_room(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    sent = alice.sends_file(room, PHOTO)
    bob.is_given_bytes(bob.downloads(sent), PHOTO.content)
    # No document says who gets a file: that what was said among some is for them, is our reading of all of them. What anybody may
    # read is for anybody.
    if not room.is_open:
        carol.may_not("download-file", "not-a-member", basis="decided", message=sent)
