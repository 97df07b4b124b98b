"""Answers and frames are read by views; requests and frames are read as verbs."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from earwitness.binding import (
    MISSING,
    Binding,
    Seen,
    Shown,
    Sources,
    given,
    read_frame,
    read_request,
    see,
    show,
)
from earwitness.binding.expressions import parse
from tests.binding.written import bind

VIEWS = """
    api: made-up
    rooms: {pair: {pair: true}, group: {}}
    views:
      message:
        id: /id
        room: /where/room
        text: /text
        edited: {at: /state, equals: edited}
        deleted: {at: /state, equals: null}
        read: {at: /read_at, filled: true}
        reactions: {groups: /signs, key: emoji, value: member}
        read_by: {each: [/reader, /readers], view: member/bare}
      message/frame: {id: /message_id, text: /body}
      room: {id: /id, kind: /kind, name: /name}
      member: {id: /user/id}
      member/bare: {id: ""}
"""


@pytest.mark.parametrize(
    "value, fields",
    [
        ({"id": 5, "where": {"room": 7}, "text": "hi"}, {"id": "5", "room": "7", "text": "hi"}),
        ({"id": None, "text": None}, {"id": None, "text": None}),
        ({"id": {"is": "a map"}}, {}),
        ({"state": "edited"}, {"edited": True, "deleted": False}),
        ({"state": None}, {"edited": False, "deleted": True}),
        ({"read_at": "2025-11-13T10:07:00Z"}, {"read": True}),
        ({"read_at": None}, {"read": False}),
        ({"reader": 1}, {"read_by": (Seen("member", {"id": "1"}),)}),
        ({"reader": 1, "readers": [2, 3]}, {"read_by": tuple(Seen("member", {"id": i}) for i in "123")}),
        ({"reader": None, "readers": []}, {"read_by": ()}),
        ({"reader": None}, {}),
        (
            {"signs": {"+": ["a", 2], "-": [], "?": "x", "!": [{"no": "id"}]}},
            {"reactions": tuple(Seen("reaction", {"emoji": "+", "member": m}) for m in "a2")},
        ),
        ({"signs": ["+"]}, {}),
        (None, {}),
        ("text", {}),
    ],
)
def test_a_view_shows_what_is_there(value: object, fields: Mapping[str, object]) -> None:
    assert see(bind(VIEWS), "message", value) == Seen("message", fields)


def test_a_truth_is_not_taken_for_a_number() -> None:
    binding = bind(VIEWS.replace("equals: edited", "equals: 1"))
    assert see(binding, "message", {"state": True}).get("edited") is False
    assert see(binding, "message", {"state": 1}).get("edited") is True


def test_a_variant_shows_the_same_thing_in_another_shape() -> None:
    assert see(bind(VIEWS), "message/frame", {"message_id": 5, "body": "hi"}) == Seen(
        "message", {"id": "5", "text": "hi"}
    )


@pytest.mark.parametrize(
    "shown, answer, found",
    [
        (Shown(parse("$response.body#/x")), {"x": None}, None),
        (Shown(parse("$response.body#/x")), {}, MISSING),
        (Shown(parse("$response.body#/x"), "room"), {"x": {"id": 1}}, Seen("room", {"id": "1"})),
        (Shown(parse("$response.body#/x"), "room"), {"x": None}, MISSING),
        (Shown(parse("$response.body#/x"), "room"), {"x": "nothing of the kind"}, MISSING),
        (
            Shown(parse("$response.body"), "room", kind="pair"),
            {"id": 1},
            Seen("room", {"id": "1", "kind": "pair"}),
        ),
        (Shown(parse("$response.body"), "room", kind="pair"), {"kind": "group"}, MISSING),
        (
            Shown(parse("$response.body"), "room", kind="pair"),
            {"id": 1, "kind": "group"},
            Seen("room", {"id": "1", "kind": "group"}),
        ),
        (Shown(parse("$response.body#/x"), kind="pair"), {"x": 9}, Seen("room", {"id": "9", "kind": "pair"})),
        (Shown(parse("$response.body#/x"), kind="pair"), {"x": None}, MISSING),
        (Shown(parse("$response.body#/x"), kind="pair"), {"x": ["9"]}, MISSING),
        (
            Shown(parse("$response.body#/x"), each=True, kind="pair"),
            {"x": [1, 2]},
            (Seen("room", {"id": "1", "kind": "pair"}), Seen("room", {"id": "2", "kind": "pair"})),
        ),
        (
            Shown(parse("$response.body#/x"), "room", each=True, kind="group"),
            {"x": [{"id": 1}, "odd"]},
            (Seen("room", {"kind": "group", "id": "1"}), Seen("room", {"kind": "group"})),
        ),
        (
            Shown(parse(["$response.body#/x", "$response.body#/y", "$response.body#/z"]), "room", each=True),
            {"x": [{"id": 1}], "z": {"id": 2}},
            (Seen("room", {"id": "1"}), Seen("room", {"id": "2"})),
        ),
        (Shown(parse("$response.body#/x"), "room", each=True), {"x": {"id": 1}}, MISSING),
        (Shown(parse("$response.body#/x"), number=True), {"x": "Marked 12 messages as read"}, 12),
        (Shown(parse("$response.body#/x"), number=True), {"x": "Nothing to mark"}, MISSING),
        (Shown(parse("$response.body#/x"), number=True), {"x": "Marked 1,200 messages"}, MISSING),
        (Shown(parse("$response.body#/x"), number=True), {"x": 3}, MISSING),
    ],
)
def test_what_is_shown_is_found(shown: Shown, answer: object, found: object) -> None:
    assert show(bind(VIEWS), shown, Sources({}, response=answer)) == found


VERBS = (
    VIEWS
    + """
    members: {attributes: [id, firm], credentials: [password]}
    sockets:
      pair: {channel: pairs, per: room, for: pair}
      group: {channel: groups, per: room, for: group}
    verbs:
      authenticate:
        http: [{operation: login, with: {name: $me.id, password: $me.password}, gives: {token: $response.body#/token}}]
      start-direct:
        http:
          - operation: start
            with: {peer: $peer.id, firm: $me.firm, text: $text}
            gives:
              201: {room: {at: $response.body#/room, view: room}, created: true}
              400: {room: {at: $response.body#/there, kind: pair}}
      open-direct:
        http: [{operation: start, with: {peer: $peer.id, firm: $me.firm}, gives: {room: {at: $response.body, view: room}}}]
      remove-member:
        http: [{operation: remove, with: {room: $room, member: $peer.id}}]
      leave:
        http: [{operation: remove, with: {room: $room, member: $me.id}}]
      send-text:
        http:
          - {operation: sendPair, for: pair, with: {room: $room, text: $text, type: text}}
          - {operation: sendGroup, for: group, with: {room: $room, text: $text, type: text}}
        socket:
          - {frame: say, on: pair, for: pair, with: {text: $text}}
          - {frame: say, on: group, for: group, with: {text: $text}}
      reply:
        http: [{operation: sendPair, with: {room: $room, text: $text, type: text, reply_to: "{$message}"}}]
      send-file:
        http:
          - {operation: getTicket, with: {name: $file.name}, gives: {ticket: $response.body#/ticket}}
          - {url: $ticket, body: $file.content}
          - {operation: sendPair, for: pair, with: {room: $room, text: $text, files: [$ticket]}}
      list-rooms:
        http:
          - {operation: getTicket}
          - {operation: listPairs, for: pair}
          - {operation: listGroups, for: group}
      react:
        http: [{operation: react, with: {on: $message, to: $message, with: $emoji}}]
      unreact:
        http: [{operation: react, with: {on: $message, to: $message, with: $emoji}}]
"""
)
ME = {"id": 1, "firm": "acme"}


def verbs(
    operation: str, sent: Mapping[str, object], verb: str = "", me: Mapping[str, object] | None = None
) -> list[str]:
    return [reading.verb for reading in read_request(bind(VERBS), operation, sent, verb, me)]


@pytest.mark.parametrize(
    "status, body, gave",
    [
        (201, {"room": {"id": 3}}, {"room": Seen("room", {"id": "3"}), "created": True}),
        (201, {}, {"created": True}),
        (200, {"room": {"id": 3}}, {}),
        (400, {"there": 3}, {"room": Seen("room", {"id": "3", "kind": "pair"})}),
        (400, {"there": None}, None),
        (400, {"error": "no"}, None),
        (500, {"there": 3}, None),
    ],
)
def test_a_status_tells_whether_a_step_was_done_and_what_it_gave(
    status: int, body: object, gave: object
) -> None:
    binding = bind(VERBS)
    assert (
        given(binding, binding.verbs["start-direct"]["http"].steps[0], status, Sources({}, response=body))
        == gave
    )


def test_a_request_is_read_as_its_verb_with_its_arguments() -> None:
    readings = read_request(bind(VERBS), "sendPair", {"room": "7", "text": "hi", "type": "text"})
    (reading,) = readings
    assert (reading.verb, reading.form.name, dict(reading.arguments)) == (
        "send-text",
        "http",
        {"room": "7", "text": "hi"},
    )
    assert (reading.argument("room"), reading.argument("message")) == ("7", "")


@pytest.mark.parametrize("operation", ["sendNothing", ""])
def test_what_no_step_says_is_no_verb(operation: str) -> None:
    assert verbs(operation, {"text": "hi"}) == []


def test_the_verb_that_explains_most_of_a_request_is_meant() -> None:
    sent = {"room": "7", "text": "hi", "type": "text"}
    assert verbs("sendPair", sent) == ["send-text"]
    assert verbs("sendPair", sent | {"reply_to": "5"}) == ["reply", "send-text"]
    assert verbs("sendPair", sent | {"reply_to": "5"}, "send-text") == ["reply", "send-text"]
    assert verbs("start", {"peer": 2, "firm": "acme", "text": "hi"}, me=ME) == ["start-direct", "open-direct"]
    assert verbs("start", {"peer": 2, "firm": "acme", "text": "hi"}, "open-direct", ME)[0] == "start-direct"


@pytest.mark.parametrize("verb", ["react", "unreact"])
def test_of_equals_the_one_that_the_sender_says_is_meant(verb: str) -> None:
    assert verbs("react", {"on": 5, "to": "5", "with": "+"}, verb)[0] == verb


def test_one_argument_is_not_two_things() -> None:
    assert verbs("react", {"on": 5, "to": 6, "with": "+"}) == []


@pytest.mark.parametrize("text", [None, MISSING])
def test_what_a_verb_may_take_may_be_missing(text: object) -> None:
    sent = {"peer": 2, "firm": "acme"} | ({} if text is MISSING else {"text": text})
    assert set(verbs("start", sent, me=ME)) == {"start-direct", "open-direct"}


def test_what_a_verb_needs_may_not_be_missing() -> None:
    assert verbs("start", {"firm": "acme"}, me=ME) == []
    assert verbs("sendPair", {"room": "7", "type": "text"}) == []


def test_a_literal_has_to_be_the_same() -> None:
    assert verbs("sendPair", {"room": "7", "text": "hi", "type": "image"}) == []


@pytest.mark.parametrize("own", [1, "1"])
def test_removing_oneself_is_leaving(own: object) -> None:
    assert verbs("remove", {"room": "7", "member": own}, me=ME) == ["leave", "remove-member"]


def test_removing_another_is_not_leaving() -> None:
    assert verbs("remove", {"room": "7", "member": 2}, me=ME) == ["remove-member"]


def test_the_caller_is_no_argument_that_was_learnt() -> None:
    leave = read_request(bind(VERBS), "remove", {"room": "7", "member": 1}, me=ME)[0]
    assert dict(leave.arguments) == {"room": "7"}


def test_another_firm_is_not_the_callers_verb() -> None:
    assert verbs("start", {"peer": 2, "firm": "other"}, me=ME) == []


def test_what_nobody_knows_of_the_caller_is_not_compared() -> None:
    # A password is a credential, which no history holds.
    assert verbs("login", {"name": 1, "password": "redacted"}, me=ME) == ["authenticate"]
    assert verbs("login", {"name": 1}, me=ME) == ["authenticate"]
    assert verbs("login", {"name": 2, "password": "redacted"}, me=ME) == []


def test_a_caller_of_whom_nothing_is_known_rather_removes_than_leaves() -> None:
    assert set(verbs("remove", {"room": "7", "member": 1})) == {"remove-member", "leave"}


@pytest.mark.parametrize(
    "verb, operation, sent, last",
    [
        ("send-text", "sendPair", {"room": "7", "text": "hi", "type": "text"}, True),
        ("send-text", "sendGroup", {"room": "7", "text": "hi", "type": "text"}, True),
        ("send-file", "getTicket", {"name": "f"}, False),
        ("send-file", "sendPair", {"room": "7", "text": "", "files": ["t"]}, True),
        ("list-rooms", "getTicket", {}, False),
        ("list-rooms", "listPairs", {}, True),
        ("list-rooms", "listGroups", {}, True),
    ],
)
def test_a_step_completes_its_verb_when_it_is_the_last_for_a_kind(
    verb: str, operation: str, sent: Mapping[str, object], last: bool
) -> None:
    readings = [r for r in read_request(bind(VERBS), operation, sent) if r.verb == verb]
    assert [reading.last for reading in readings] == [last]


def test_a_step_for_all_kinds_completes_the_verb_where_no_other_follows() -> None:
    binding: Binding = bind(VERBS)
    ticket, upload, message = binding.verbs["send-file"]["http"].steps
    form = binding.verbs["send-file"]["http"]
    assert not form.ends_with(ticket, binding.rooms)
    # In a group nothing comes after the upload.
    assert form.ends_with(upload, binding.rooms)
    assert form.ends_with(message, binding.rooms)
    assert not form.ends_with(upload, ["pair"])
    assert form.ends_with(message, [])


def test_the_same_operation_twice_in_a_form_ends_it_once() -> None:
    text = """
    api: made-up
    verbs:
      send-file:
        http:
          - {operation: post, with: {name: $file.name}, gives: {key: $response.body}}
          - {operation: post, with: {key: $key, text: $text}}
    """
    first = read_request(bind(text), "post", {"name": "f"})
    second = read_request(bind(text), "post", {"key": "k"})
    assert [(reading.last, dict(reading.arguments)) for reading in first] == [(False, {"file.name": "f"})]
    assert [(reading.last, dict(reading.arguments)) for reading in second] == [(True, {"key": "k"})]


def test_a_frame_is_read_as_its_verb() -> None:
    readings = read_frame(bind(VERBS), "say", {"text": "hi"})
    assert {(reading.verb, reading.step.kinds, reading.last) for reading in readings} == {
        ("send-text", ("pair",), True),
        ("send-text", ("group",), True),
    }
    assert read_frame(bind(VERBS), "", {"text": "hi"}) == ()
