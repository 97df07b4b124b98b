"""Files: a place to put one, putting it there, sending it, and who hears of it."""

from __future__ import annotations

import pytest

from earwitness.live import SOMETHING, File, LiveMember, RoomHandle

PHOTO = File("my-cool-photo.jpg", "image/jpeg", b"\xff\xd8\xff\xe0 not much of a photo \xff\xd9", "image")
SONG = File("our-song.mp3", "audio/mpeg", b"ID3 not much of a song", "audio")
FILM = File("a-short-film.mp4", "video/mp4", b"\x00\x00\x00\x18ftyp not much of a film", "video")


@pytest.mark.needs("request-upload")
@pytest.mark.covers("fe16ops:FILE-1")
def test_a_place_for_a_file_is_given_out(alice: LiveMember) -> None:
    asked = alice.asks_for_upload(PHOTO)
    alice.is_given(asked, "upload_url")
    alice.is_given(asked, "key")


@pytest.mark.needs("request-upload")
@pytest.mark.covers("fe16ops:FILE-2")
def test_a_file_can_be_put_there_once(alice: LiveMember) -> None:
    asked = alice.asks_for_upload(PHOTO)
    put = alice.puts(PHOTO, asked)
    alice.was_served(put)
    alice.is_turned_away(alice.puts(PHOTO, asked), "the same place a second time")


@pytest.mark.needs("send-file", "list-messages")
@pytest.mark.covers("fe16ops:FILE-3", "netroxchange:FILE-1")
@pytest.mark.covers("connectify:CONV-9")
@pytest.mark.covers("conversations:SEND-2")
@pytest.mark.covers("rooms:MSG-9")
@pytest.mark.each_kind
def test_a_file_message_is_created(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    sent = alice.sends_file(room, PHOTO)
    bob.sees(
        sent, text=sent.text, kind="image", author=alice, file=SOMETHING, file_name=PHOTO.name, file_size=SOMETHING
    )  # fmt: skip


@pytest.mark.needs("send-file.text", "list-messages")
@pytest.mark.covers("conversations:SEND-3")
@pytest.mark.each_kind
def test_a_file_is_sent_without_a_text(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    sent = alice.sends_file(room, PHOTO, alone=True)
    bob.sees(sent, kind="image", author=alice, file=SOMETHING)


@pytest.mark.needs("send-file.files", "list-messages")
@pytest.mark.covers("connectify:CONV-9")
@pytest.mark.each_kind
def test_several_files_are_sent_at_once_each_with_its_type(
    alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    sent = alice.sends_file(room, PHOTO, SONG, FILM)
    told = [(file.name, file.kind) for file in (PHOTO, SONG, FILM)]
    for member in (alice, bob):
        # The message's own kind is that of its first file.
        member.sees(sent, text=sent.text, kind="image", files=told)


@pytest.mark.needs("send-file", "message-created")
@pytest.mark.covers("fe16ops:FILE-4", "netroxchange:FILE-2", "netroxchange:FILE-3")
@pytest.mark.each_kind
def test_a_file_message_reaches_the_other_participants(
    alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    bob.listens(room), carol.overhears(room)
    sent = alice.sends_file(room, PHOTO)
    bob.hears("message-created", sent, text=sent.text, kind="image")
    carol.hears_nothing_of(room)


@pytest.mark.needs("send-file", "download-file")
@pytest.mark.covers("netroxchange:FILE-4")
@pytest.mark.covers("rooms:MSG-9")
def test_a_file_comes_back_as_it_was_sent(alice: LiveMember, bob: LiveMember, room: RoomHandle) -> None:
    sent = alice.sends_file(room, PHOTO)
    for member in (alice, bob):
        member.is_given_bytes(member.downloads(sent), PHOTO.content)
