"""The latest message of a group, whose members come and go, as Rooms and Connectify show it: what each of them may be shown."""

from __future__ import annotations

from functools import cache

import pytest

from earwitness.checks import Finding
from earwitness.documents import Documents, load_documents
from earwitness.history import Json
from tests.saga import Saga, message_id, user
from tests.saga import room as saga_room
from tests.shapes import Object
from tests.tale import IDS, Tale, Told

Found = list[tuple[str, str]]


def of(findings: tuple[Finding, ...]) -> Found:
    """The last word of each cause of this check, with its basis."""
    told = [one for one in findings if one.check == "preview-is-the-latest"]
    return [(one.cause.rpartition(":")[2], one.basis) for one in told]


def last(text: str, author: str = "alice") -> Object:
    stamp = "2025-10-02T14:30:00Z"
    return {
        "last_message": {"id": message_id(31), "content": text, "sender": user(author), "timestamp": stamp}
    }


def in_a_group() -> Saga:
    """A group in which something was said and shown."""
    saga = Saga()
    saga.founded(5, "group", "alice", "bob")
    saga.sends("alice", "first", 31), saga.sends("alice", "second", 32)
    saga.looks_at("alice", saga_room(5, "alice", "bob", **last("second")))
    return saga


@pytest.mark.parametrize(
    ("preview", "expected"), [({}, [("nothing", "stated")]), (last("first"), [("earlier", "stated")])]
)
def test_every_sight_of_a_room_counts(preview: Object, expected: Found) -> None:
    saga = in_a_group()
    saga.waits()
    saga.looks_at("bob", saga_room(5, "alice", "bob", **preview))
    assert of(saga.findings()) == expected


def test_whoever_is_not_in_the_room_any_more_may_be_shown_what_was_the_latest_before() -> None:
    saga = in_a_group()
    saga.leaves("bob")
    saga.sends("alice", "third", 33)
    saga.waits()
    for preview in (last("second"), {}):
        saga.looks_at("bob", saga_room(5, "alice", "bob", **preview))
    saga.looks_at("alice", saga_room(5, "alice", **last("second")))
    assert of(saga.findings()) == [("earlier", "stated")]


def test_after_somebody_left_a_notice_without_a_text_may_be_shown() -> None:
    saga = in_a_group()
    saga.leaves("bob")
    saga.waits()
    saga.looks_at("alice", saga_room(5, "alice"))
    assert of(saga.findings()) == []


def test_of_a_room_that_strangers_may_enter_nobody_knows_the_latest() -> None:
    for kind, expected in (("group", [("earlier", "stated")]), ("public", [])):
        saga = Saga(foreign=True)
        saga.founded(5, kind, "alice", "bob")
        saga.sends("alice", "first", 31), saga.sends("alice", "second", 32)
        saga.waits()
        saga.looks_at("alice", saga_room(5, "alice", "bob", kind=kind, **last("first")))
        assert of(saga.findings()) == expected


@cache
def connectify() -> Documents:
    """The documents of Connectify, as we read them."""
    return load_documents("connectify")


class Pact(Tale):
    """A history of Connectify: groups whose members come later, and blocks."""

    api = "connectify"

    def documents(self) -> Documents:
        return connectify()

    def gathers(self, member: str, *others: str, text: str = "") -> Told:
        ids = [IDS[one] for one in others]
        body: dict[str, Json] = {"name": "us", "member_ids": ids, "organization_id": "here"}
        body |= {"initial_message": text} if text else {}
        said_first: Json = [{"id": 30, "sender_id": IDS[member], "content": text}] if text else []
        shown: Json = {
            "id": 5,
            "members": [{"id": IDS[one]} for one in (member, *others)],
            "messages": said_first,
        }
        return self.asks(member, "createGroupChat", 201, shown, verb="start-group", body=body)

    def tells(self, member: str, text: str, number: int) -> Told:
        shown: Json = {"id": number, "sender_id": IDS[member], "content": text}
        body: Json = {"content": text}
        return self.asks(member, "sendGroupMessage", 201, shown, verb="send-text", body=body, group_chat_id=5)

    def lists_groups(self, member: str, text: str) -> Told:
        preview: Json = {"id": 31, "sender_id": 1, "content": text, "created_at": "2025-10-02T14:30:00Z"}
        shown: Json = [{"id": 5, "last_message": preview if text else None}]
        return self.asks(member, "listGroupChats", 200, shown, verb="list-rooms")


def pact() -> Pact:
    made = Pact()
    made.gathers("alice", "bob")
    made.tells("alice", "first", 31), made.tells("alice", "second", 32)
    made.lists_groups("alice", "second")
    return made


def test_the_text_that_a_group_was_started_with_is_its_first_message() -> None:
    made = Pact()
    made.gathers("alice", "bob", text="welcome")
    made.lists_groups("alice", "welcome")
    made.waits()
    made.lists_groups("bob", "")
    assert of(made.findings()) == [("nothing", "stated")]


def test_whoever_comes_later_may_not_be_shown_what_was_said_before() -> None:
    made = pact()
    made.asks(
        "alice", "addMembers", 200, verb="add-member", body={"member_ids": [IDS["carol"]]}, group_chat_id=5
    )
    made.waits()
    made.lists_groups("carol", ""), made.lists_groups("carol", "first")
    made.tells("alice", "third", 33)
    made.waits()
    made.lists_groups("carol", "")
    assert of(made.findings()) == [("nothing", "stated")]


def test_whoever_has_blocked_somebody_may_be_shown_nothing_of_them() -> None:
    for blocker, whom in (("alice", "bob"), ("bob", "alice")):
        made = pact()
        block: Json = {"id": 7, "blocked_id": IDS[whom]}
        body: Json = {"blocked_id": IDS[whom], "organization_id": "here"}
        made.asks(blocker, "createBlock", 201, block, verb="block", body=body)
        made.waits()
        made.lists_groups("bob", "first")
        assert of(made.findings()) == []


def test_what_a_document_does_not_describe_is_shown_by_our_reading() -> None:
    """Connectify's rooms have a last message in lists; that another answer shows one as well is the server's own affair."""
    made = pact()
    made.waits()
    preview: Json = {"id": 31, "sender_id": 1, "content": "first", "created_at": "2025-10-02T14:30:00Z"}
    shown: Json = {"id": 5, "members": [{"id": 1}, {"id": 2}], "last_message": preview}
    made.asks("bob", "getGroupChat", 200, shown, verb="read-room", group_chat_id=5)
    assert of(made.findings()) == [("earlier", "decided")]
