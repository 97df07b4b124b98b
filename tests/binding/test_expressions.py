"""Expressions are told apart, and give what they refer to."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from earwitness.binding.expressions import (
    MISSING,
    Expression,
    Header,
    Literal,
    Many,
    Name,
    Pointer,
    Sources,
    Template,
    evaluate,
    names,
    parse,
)
from earwitness.errors import UsageError


@pytest.mark.parametrize(
    "written, expression",
    [
        ("$response.body", Pointer("response", ())),
        ("$response.body#", Pointer("response", ())),
        ("$response.body#/a/0", Pointer("response", ("a", "0"))),
        ("$response.body#/a~1b/c~0d", Pointer("response", ("a/b", "c~d"))),
        ("$response.header.X-Next", Header("X-Next")),
        ("$message.payload", Pointer("message", ())),
        ("$message.payload#/message/id", Pointer("message", ("message", "id"))),
        ("$message", Name("message")),
        ("$message.file", Name("message", ("file",))),
        ("{$message}", Template((Name("message"),))),
        ("$room.peer.id", Name("room", ("peer", "id"))),
        ("$page_size", Name("page_size")),
        ("Bearer {$token}", Template(("Bearer ", Name("token")))),
        ("{$me.id}:{$message.payload#/x}", Template((Name("me", ("id",)), ":", Pointer("message", ("x",))))),
        (["$file", 3], Many((Name("file"), Literal(3)))),
        ([], Many(())),
        ("plain {text}", Literal("plain {text}")),
        ("", Literal("")),
        (True, Literal(True)),
        (None, Literal(None)),
    ],
)
def test_what_is_written_is_read_as(written: object, expression: Expression) -> None:
    assert parse(written) == expression


@pytest.mark.parametrize(
    "written",
    [
        "$",
        "$5",
        "$Room",
        "$response",
        "$response.status",
        "$response.body/x",
        "$response.body#x",
        "$message.payload.x",
        "$message#/x",
        "$room\n",
        "a {$response}",
        {"$room": 1},
        [["$room"]],
        [{"a": 1}],
    ],
)
def test_what_begins_like_an_expression_and_is_none_is_refused(written: object) -> None:
    with pytest.raises(UsageError):
        parse(written)


def test_the_refusal_says_what_was_written_and_what_could_be() -> None:
    with pytest.raises(
        UsageError, match=r"'\$response\.boby' is no expression; write \$response\.body#/pointer"
    ):
        parse("$response.boby")


PEERS = [{"id": 1}, {"id": 2, "name": "bob"}]


@pytest.mark.parametrize(
    "written, value",
    [
        ("$response.body#/list/1/a", "found"),
        ("$response.body#/list/2", MISSING),
        ("$response.body#/list/01", MISSING),
        ("$response.body#/list/-", MISSING),
        ("$response.body#/list/²", MISSING),
        ("$response.body#/none", None),
        ("$response.body#/none/deeper", MISSING),
        ("$response.body#/word/0", MISSING),
        ("$response.header.x-next", "2"),
        ("$response.header.X-Last", MISSING),
        ("$message.payload#/type", "typing"),
        ("$room", "r1"),
        ("$nobody", MISSING),
        ("$peers.id", [1, 2]),
        ("$peers.name", ["bob"]),
        ("$handle.peer.id", 7),
        ("$handle.id", MISSING),
        ("$me.id", 3),
        ("{$me.id}", "3"),
        ("{$me.admin} of {$room}", "true of r1"),
        ("{$me.nothing}", MISSING),
        ("{$me.missing}", MISSING),
        (["$room", "$nobody", 5], ["r1", 5]),
        (["$peers.id", "$room"], [1, 2, "r1"]),
        (["$nobody"], MISSING),
        (["$none"], []),
        ([], []),
    ],
)
def test_an_expression_gives_what_it_refers_to(written: object, value: object) -> None:
    sources = Sources(
        arguments={
            "room": "r1",
            "peers": PEERS,
            "handle": SimpleNamespace(peer={"id": 7}),
            "me": {"id": 3, "admin": True, "nothing": None},
            "none": [],
        },
        response={"list": [0, {"a": "found"}], "none": None, "word": "text"},
        headers={"X-Next": "2"},
        message={"type": "typing"},
    )
    assert evaluate(parse(written), sources) == value


def test_bytes_are_no_list_to_point_into() -> None:
    assert evaluate(parse("$response.body#/0"), Sources({}, response=b"abc")) is MISSING


def test_an_attribute_that_is_known_by_itself_needs_no_thing() -> None:
    assert evaluate(parse("$peer.id"), Sources({"peer.id": "7"})) == "7"


def test_names_are_found_wherever_they_stand() -> None:
    assert names(parse(["$room.id", "{$text} of {$me.id}", "$response.body", "text"])) == {
        "room",
        "text",
        "me",
    }


def test_an_attribute_of_an_argument_that_nobody_gave_is_missing() -> None:
    # An enum member has attributes of its own, `name` among them.
    assert evaluate(parse("$file.name"), Sources({})) is MISSING
    assert evaluate(parse("{$file.name}.jpg"), Sources({})) is MISSING
