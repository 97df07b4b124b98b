"""A verb becomes requests and frames step by step, and answers become what it gave."""

from __future__ import annotations

import json

import pytest

from earwitness.binding import Seen
from earwitness.errors import UsageError
from earwitness.member import File, FrameToSay, HttpRequest, Plan, bad_token
from tests.member.conftest import Api

PICTURE = File("cat.png", "image/png", b"\x89PNG", "image")


def sent(plan: Plan) -> HttpRequest:
    """The request that ``plan`` sends now."""
    request = plan.next()
    assert isinstance(request, HttpRequest)
    return request


def said(plan: Plan) -> FrameToSay:
    """The frame that ``plan`` says now."""
    frame = plan.next()
    assert isinstance(frame, FrameToSay)
    return frame


def body(request: HttpRequest) -> object:
    """The JSON body of ``request``."""
    assert request.content_type == "application/json"
    assert request.content is not None
    return json.loads(request.content)


def test_a_verb_of_one_step(fe16ops: Api) -> None:
    plan = fe16ops.plan("send-text", room="7", text="hello")

    request = sent(plan)
    assert (request.method, request.target) == ("POST", "/api/messaging/conversations/7/messages/")
    assert body(request) == {"content": "hello"}
    assert request.credentials == {"Authorization": "Token secret-of-alice"}

    assert plan.take(201, {}, {"success": True, "message": {"id": 31, "content": "hello"}})
    message = plan.gave["message"]
    assert isinstance(message, Seen)
    assert message.get("id") == "31"
    assert (plan.state, plan.next()) == ("done", None)


def test_asking_again_before_the_answer_gives_the_same_request(fe16ops: Api) -> None:
    plan = fe16ops.plan("send-text", room="7", text="hello")

    assert plan.next() == plan.next()


def test_what_a_step_gave_goes_into_the_next(fe16ops: Api) -> None:
    plan = fe16ops.plan("send-file", room="7", file=PICTURE)

    assert body(sent(plan)) == {"filename": "cat.png", "filetype": "image/png"}
    plan.take(200, {}, {"upload_url": "https://store.example/up/cat?sig=1", "file_key": "uploads/cat.png"})

    upload = sent(plan)
    assert (upload.method, upload.target, upload.content) == (
        "PUT",
        "https://store.example/up/cat?sig=1",
        b"\x89PNG",
    )
    assert upload.headers == {"Content-Type": "image/png"}
    plan.take(200, {})

    message = sent(plan)
    assert message.target == "/api/messaging/conversations/7/messages/"
    assert body(message) == {"content": "uploads/cat.png", "message_type": "image"}
    plan.take(201, {}, {"message": {"id": 5}})

    assert plan.state == "done"
    assert plan.gave["key"] == "uploads/cat.png"


def test_a_presigned_upload_never_gets_the_token(fe16ops: Api) -> None:
    plan = fe16ops.plan("send-file", room="7", file=PICTURE)
    plan.take(200, {}, {"upload_url": "https://store.example/up", "file_key": "k"})

    upload = sent(plan)
    assert upload.credentials == {}
    assert "secret" not in repr(upload)


def test_a_step_that_is_not_done_ends_the_plan(fe16ops: Api) -> None:
    plan = fe16ops.plan("send-file", room="7", file=PICTURE)

    assert not plan.take(400, {}, {"success": False})
    assert (plan.state, plan.next(), plan.gave) == ("undone", None, {})


def test_a_step_without_an_answer_ends_the_plan(fe16ops: Api) -> None:
    plan = fe16ops.plan("send-file", room="7", file=PICTURE)

    plan.failed()
    assert (plan.state, plan.next()) == ("undone", None)


def test_a_plan_at_its_end_takes_no_more_answers(fe16ops: Api) -> None:
    plan = fe16ops.plan("delete-message", message="7")
    plan.take(200, {}, {"success": True})

    with pytest.raises(UsageError, match="delete-message has come to its end"):
        plan.take(200, {})


@pytest.mark.parametrize(
    "message",
    [Seen("message", {"id": "31", "text": "hello"}), {"id": 31}, "31", 31],
    ids=["seen", "map", "text", "number"],
)
def test_a_thing_stands_for_its_id(fe16ops: Api, message: object) -> None:
    assert sent(fe16ops.plan("delete-message", message=message)).target == "/api/messaging/messages/31/"


def test_arguments_without_a_value_are_left_out(fe16ops: Api) -> None:
    request = sent(fe16ops.plan("list-messages", room="7"))

    assert request.location == "/api/messaging/conversations/7/"
    assert sent(fe16ops.plan("list-messages", room="7", page=2)).location.endswith("/7/?page=2")


def test_a_place_that_nothing_fills_is_told(fe16ops: Api) -> None:
    with pytest.raises(UsageError, match=r"nothing fills \{message_id\}"):
        fe16ops.plan("delete-message").next()


def test_ids_are_spelt_as_the_schema_wants_them(fe16ops: Api, letters: Api) -> None:
    assert body(sent(fe16ops.plan("open-direct", peer={"id": "2"}))) == {"receiver_id": 2}
    assert body(sent(letters.plan("start-direct", peer={"id": 2}))) == {"with": "2", "urgent": True}


def test_a_text_that_looks_like_a_number_stays_text(fe16ops: Api) -> None:
    assert body(sent(fe16ops.plan("send-text", room="7", text="12"))) == {"content": "12"}


def test_a_frame_is_said_with_its_ids_as_the_schema_wants_them(fe16ops: Api) -> None:
    plan = fe16ops.plan("send-text", "socket", room="7", text="zażółć 👍")

    frame = said(plan)
    assert (frame.socket, frame.frame) == ("inbox", "clientMessage")
    assert frame.payload == '{"conversation_id":7,"message":"zażółć 👍"}'
    plan.said()
    assert (plan.state, plan.gave) == ("done", {})


def test_a_frame_carries_the_constants_of_the_binding(letters: Api) -> None:
    frame = said(
        letters.plan(
            "reply", "socket", kind="circle", room="9", message=Seen("message", {"id": "4"}), text="yes"
        )
    )

    assert json.loads(frame.payload) == {"action": "write", "text": "yes", "reply_to": 4}


def test_a_verb_that_lists_each_kind_apart_gives_all_of_them(letters: Api) -> None:
    plan = letters.plan("list-rooms")
    plan.take(200, {}, {"pairs": [{"id": 1}]})
    plan.take(200, {}, {"circles": [{"id": 2}, {"id": 3}]})

    rooms = plan.gave["rooms"]
    assert isinstance(rooms, tuple)
    assert [(room.get("id"), room.get("kind")) for room in rooms] == [
        ("1", "pair"),
        ("2", "circle"),
        ("3", "circle"),
    ]


def test_only_the_steps_for_a_kind_are_done(letters: Api) -> None:
    plan = letters.plan("list-rooms", kind="circle")

    assert [step.operation for step in plan.steps] == ["listCircles"]


def test_a_verb_that_a_kind_does_not_have_is_undone_from_the_start(letters: Api) -> None:
    plan = letters.plan("list-rooms", kind="thread")

    assert (plan.state, plan.next()) == ("undone", None)


def test_a_status_that_is_listed_counts_when_it_gives_what_it_promises(letters: Api) -> None:
    known = letters.plan("start-direct", peer={"id": "2"})
    assert known.take(400, {}, {"existing": {"id": 8}})
    assert isinstance(room := known.gave["room"], Seen)
    assert room.get("id") == "8"

    invalid = letters.plan("start-direct", peer={"id": "2"})
    assert not invalid.take(400, {}, {"detail": "no such member"})


def test_peers_and_a_file_make_a_multipart_body(letters: Api) -> None:
    peers = [{"id": 2}, {"id": 3}]
    plain = sent(letters.plan("start-group", name="choir", peers=peers))
    assert body(plain) == {"name": "choir", "members": [2, 3]}

    request = sent(letters.plan("start-group", name="choir", peers=peers, file=PICTURE))
    assert (request.content, request.content_type) == (None, "")
    assert [(part.name, part.value, part.filename, part.type) for part in request.parts] == [
        ("name", b"choir", "", ""),
        ("members", b"2", "", ""),
        ("members", b"3", "", ""),
        ("picture", b"\x89PNG", "cat.png", "image/png"),
    ]


def test_signing_in_sends_a_form_and_no_token(letters: Api) -> None:
    plan = letters.plan("authenticate", me={"email": "a@example.org", "password": "p&q"})

    request = sent(plan)
    assert request.content == b"email=a%40example.org&password=p%26q"
    assert request.content_type == "application/x-www-form-urlencoded"
    assert request.credentials == {}
    assert plan.take(200, {}, {"token": "new"})
    assert plan.gave == {"token": "new"}


def test_another_set_of_paths(letters: Api) -> None:
    assert sent(letters.plan("list-rooms", paths="old")).target == "/pairs/list/"
    assert sent(letters.plan("list-rooms", kind="circle", paths="old")).target == "/circles/"
    with pytest.raises(UsageError, match="did you mean 'old'"):
        letters.plan("list-rooms", paths="odl").next()


def test_a_download_gives_the_bytes_as_they_came(letters: Api) -> None:
    plan = letters.plan("download-file", message={"id": 4, "file": "/files/4.json"})

    request = sent(plan)
    assert (request.method, request.target) == ("GET", "/files/4.json")
    assert request.headers == {"Accept": "image/png"}
    assert request.credentials == {"Authorization": "Bearer secret-of-alice"}
    assert plan.take(200, {}, {"a": 1}, b'{"a": 1}')
    assert plan.gave == {"bytes": b'{"a": 1}'}


def test_an_empty_file_is_a_file(letters: Api) -> None:
    plan = letters.plan("download-file", message={"id": 4, "file": "/files/4"})

    assert plan.take(200, {}, content=b"")
    assert plan.gave == {"bytes": b""}


def test_a_download_without_an_address_is_told(letters: Api) -> None:
    with pytest.raises(UsageError, match="download-file has no address"):
        letters.plan("download-file", message={"id": 4, "file": None}).next()


def test_a_role_decides_what_is_shown(fe16ops: Api) -> None:
    shown = {
        role: sent(fe16ops.plan("list-rooms", role=role)).credentials.get("Authorization")
        for role in ("anonymous", "bad-token", "expired")
    }

    assert shown == {
        "anonymous": None,
        "bad-token": f"Token {bad_token('secret-of-alice')}",
        "expired": "Token secret-of-alice",
    }
