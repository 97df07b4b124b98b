"""What the frame gives an API: sockets for a room, presence, answers to one socket, forms, files, and answers without a body."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Draft, Member, Room
from reference_server.core.refusals import Refusal
from reference_server.fields import Fields, parse_object
from reference_server.web import Answer, Call, Channel, Knock, Operation, Seat, token_in_query
from tests.reference_server.conftest import Live, listening

PATIENCE_SECONDS = 20


class Halls(Fe16ops):
    """An API made up for these tests: public halls with a socket each, beside the inboxes of fe16ops."""

    def operations(self) -> Mapping[str, Mapping[str, Operation]]:
        return {
            **super().operations(),
            "/halls": {"POST": Operation(self.open_hall)},
            "/halls/{hall}": {"DELETE": Operation(self.leave_hall), "PATCH": Operation(self.post)},
            "/files/{file}": {"GET": Operation(self.download)},
        }

    def open_hall(self, call: Call) -> Answer:
        return Answer(201, {"id": self.core.chat.start_room(call.member, "public", []).uuid})

    def leave_hall(self, call: Call) -> Answer:
        self.core.chat.leave(call.member, self.hall(call.member, call.uuid("hall")))
        return Answer(204)

    def post(self, call: Call) -> Answer:
        room, said = self.hall(call.member, call.uuid("hall")), call.fields()
        draft = Draft(said.any_text("text"), uploads=said.files.get("files", ()))
        message = self.core.chat.post(call.member, room, draft)
        return Answer(200, {"files": [each.uuid for each in message.attachments]})

    def download(self, call: Call) -> Answer:
        attachment = self.core.chat.attachment_for(call.member, call.uuid("file"))
        headers = {"Content-Type": attachment.media_type}
        return Answer(200, self.core.chat.content_of(attachment), headers)

    def hall(self, member: Member, known_as: str) -> Room:
        return self.core.chat.writable_room(member, self.core.chat.room_id_of_uuid(known_as))

    def channels(self) -> Mapping[str, Channel]:
        hall = Channel(self.enter, self.shout, self.scold, self.greet, self.wave)
        return {**super().channels(), "/ws/halls/{hall}": hall}

    def enter(self, knock: Knock) -> Seat:
        member = self.core.identity.bearer(token_in_query(knock.query))
        room = self.core.chat.join(member, self.core.chat.room_id_of_uuid(knock.uuid("hall")))
        return knock.seat(member, room.id)

    def shout(self, seat: Seat, frame: str) -> None:
        assert seat.room_id is not None
        room = self.core.chat.writable_room(seat.member, seat.room_id)
        self.core.chat.send(seat.member, room, "something")
        self.tell(room, seat.member, heard=Fields(parse_object(frame)).text("text"))

    def scold(self, refusal: Refusal) -> Mapping[str, object]:
        return {"error": refusal.reason}

    def greet(self, seat: Seat) -> None:
        assert seat.room_id is not None
        self.tell(self.core.chat.room(seat.room_id), seat.member, came=seat.member.username)

    def wave(self, seat: Seat) -> None:
        assert seat.room_id is not None
        self.tell(self.core.chat.room(seat.room_id), seat.member, went=seat.member.username)

    def tell(self, room: Room, actor: Member, **event: object) -> None:
        self.core.hub.say([each.id for each in room.others(actor)], event, room.id)


@pytest.fixture
def halls() -> Iterator[Live]:
    with listening(Halls) as live:
        yield live


def ask(live: Live, who: str, method: str, path: str, **body: object) -> httpx.Response:
    return httpx.request(method, f"{live.http}{path}", headers=live.headers(who), json=body or None)


def opened(live: Live) -> str:
    return str(ask(live, "alice", "POST", "/halls").json()["id"])


def ear(live: Live, who: str, hall: str) -> ClientConnection:
    return connect(f"{live.ws}/ws/halls/{hall}?token={live.tokens[who]}", compression=None)


def heard(ear: ClientConnection) -> object:
    return json.loads(ear.recv(timeout=PATIENCE_SECONDS))


def test_a_socket_of_a_room_hears_its_room_and_who_comes_and_goes(halls: Live) -> None:
    here, there = opened(halls), opened(halls)
    with ear(halls, "alice", here) as alice, ear(halls, "alice", there) as elsewhere:
        with ear(halls, "bob", here) as bob:
            assert heard(alice) == {"came": "bob"}
            bob.send('{"text": "hello"}')
            assert heard(alice) == {"heard": "hello"}
            alice.send(
                '{"text": "and you"}'
            )  # the first that bob hears: not his own coming, not his own words
            assert heard(bob) == {"heard": "and you"}
        assert heard(alice) == {"went": "bob"}
        with ear(halls, "carol", there):
            assert heard(elsewhere) == {
                "came": "carol"
            }  # the first there is: nothing came over from the other hall


def test_a_refused_frame_is_answered_on_its_socket_and_leaves_nothing(halls: Live) -> None:
    hall = opened(halls)
    with ear(halls, "alice", hall) as alice, ear(halls, "bob", hall) as bob:
        assert heard(alice) == {"came": "bob"}
        bob.send("no JSON")
        assert heard(bob) == {"error": "The body is not valid JSON"}
        bob.send('{"text": "hello"}')
        assert heard(alice) == {"heard": "hello"}
    rows = httpx.post(f"{halls.http}/__reference__/rows", json={"table": "messages"}).json()["rows"]
    assert len(rows) == 1


def test_who_has_left_hears_nothing_on_a_socket_left_open(halls: Live) -> None:
    hall = opened(halls)
    with (
        ear(halls, "alice", hall) as alice,
        ear(halls, "bob", hall) as bob,
        ear(halls, "carol", hall) as carol,
    ):
        assert [heard(alice), heard(alice)] == [{"came": "bob"}, {"came": "carol"}]
        assert heard(bob) == {"came": "carol"}
        gone = ask(halls, "bob", "DELETE", f"/halls/{hall}")
        assert (gone.status_code, gone.content) == (204, b"")
        alice.send('{"text": "he is gone"}')
        assert heard(carol) == {"heard": "he is gone"}
        bob.send('{"text": "let me in"}')
        assert heard(bob) == {
            "error": "Not in this conversation"
        }  # the first since: what alice said never came


@pytest.mark.parametrize("hall, status", [("96bf0d3f-720d-4620-8dee-0f59f997cb51", 404), ("5", 404)])
def test_no_socket_for_a_room_that_is_not_there(halls: Live, hall: str, status: int) -> None:
    with pytest.raises(InvalidStatus) as refused:
        ear(halls, "alice", hall)
    assert refused.value.response.status_code == status


def test_a_file_comes_in_a_form_and_goes_out_with_a_token(halls: Live) -> None:
    hall = opened(halls)
    files = [
        ("files", ("a.bin", b"\x00\xff", "application/x-thing")),
        ("files", ("b.txt", b"b", "text/plain")),
    ]
    sent = httpx.patch(
        f"{halls.http}/halls/{hall}", headers=halls.headers("alice"), data={"text": "two"}, files=files
    )
    first, second = sent.json()["files"]
    got = ask(halls, "alice", "GET", f"/files/{first}")
    assert (got.status_code, got.content) == (200, b"\x00\xff")
    assert got.headers["content-type"] == "application/x-thing"
    assert ask(halls, "alice", "GET", f"/files/{second}").content == b"b"
    assert httpx.get(f"{halls.http}/files/{first}").status_code == 401
