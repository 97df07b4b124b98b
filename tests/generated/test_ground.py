"""Which parameter names which thing is read off the binding's expressions, never off the parameter's name."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from earwitness.deployment import Account
from earwitness.documents import Documents, load_documents
from earwitness.generated.ground import Ground, Place, survey
from earwitness.live import Done, LiveMember, MessageHandle, RoomHandle, Session, Stage
from tests.tale import clubs


def surveyed(documents: Documents, kind: str = "direct") -> Ground:
    """The ground of alice (5) and bob (6) in room 1 with messages 11 and 12; nothing is sent for it."""
    deployment = SimpleNamespace(levers=frozenset())
    stage = Stage(
        cast(Session, SimpleNamespace(documents=documents, deployment=deployment, waited_ns=0)), "case"
    )
    alice = LiveMember(
        stage, Account("alice", {"id": 5, "username": "alice-5"}, "a token", {"password": "hidden"})
    )
    bob = LiveMember(stage, Account("bob", {"id": 6, "username": "bob-6"}, "another"))
    done = Done("open-direct", documents.binding.verbs["open-direct"]["http"], alice, ("x1",), 201, True, {})
    room = RoomHandle("1", 1, kind, (alice, bob), done)
    return survey(
        stage, alice, bob, room, [MessageHandle(id, "text", room, alice, done) for id in ("11", "12", "")]
    )


@pytest.fixture(scope="module")
def documents() -> Documents:
    return load_documents("fe16ops")


@pytest.fixture(scope="module")
def ground(documents: Documents) -> Ground:
    return surveyed(documents)


def test_paths_name_rooms_and_messages(ground: Ground) -> None:
    assert ground.path["getConversation"] == {"conversation_id": "room"}
    assert ground.path["deleteMessage"] == {"message_id": "message"}
    assert "listConversations" not in ground.path


def test_things_are_spelt_as_the_schema_wants_them(ground: Ground) -> None:
    assert ground.pools == {"room": (1,), "message": (11, 12), "peer.id": (6,)}


def test_a_body_names_the_other_member(ground: Ground) -> None:
    assert ground.body == {"startConversation": {"receiver_id": "peer.id"}}


def test_answers_teach_what_was_made(ground: Ground) -> None:
    assert ground.learns["sendMessage"] == ({"status": 0, "at": ["message", "id"], "kind": "message"},)
    assert {"status": 201, "at": ["conversation", "id"], "kind": "room"} in ground.learns["startConversation"]
    # A list shows what others made, too.
    assert "listConversations" not in ground.learns
    assert "getConversation" not in ground.learns


def test_what_removes_is_known(ground: Ground) -> None:
    assert ground.removes == ("deleteMessage",)


def test_the_presigned_operation_is_left_out(ground: Ground) -> None:
    assert set(ground.left_out) == {"uploadFile"}


def test_the_settings_are_json_without_secrets(ground: Ground) -> None:
    text = json.dumps(ground.settings())
    assert "token" not in text
    assert "hidden" not in text


def test_a_room_of_another_kind_stands_for_none(documents: Documents) -> None:
    binding = documents.binding
    verbs = {
        verb: {
            name: replace(form, steps=tuple(replace(step, kinds=("group",)) for step in form.steps))
            for name, form in forms.items()
        }
        for verb, forms in binding.verbs.items()
        if verb in ("send-text", "list-messages")
    }
    other = surveyed(replace(documents, binding=replace(binding, verbs={**binding.verbs, **verbs})))
    # sendMessage is a step of send-file, too, which still is for any kind.
    assert "sendMessage" in other.path
    assert "getConversation" in other.path
    only = surveyed(replace(documents, binding=replace(binding, verbs={k: v for k, v in verbs.items() if k == "send-text"} | {
        "open-direct": binding.verbs["open-direct"]
    })))  # fmt: skip
    assert "group" in only.left_out["sendMessage"]
    # Nothing at all is known of what the others address: reading is harmless, writing is not.
    assert {"deleteMessage", "markRead"} <= set(only.left_out)
    assert "getConversation" not in only.left_out


# -- several kinds of room -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def grouped() -> Ground:
    """The ground of alice (5) in talk 1 with bob (6) and in club 1 with bob and carol (7), whom she has blocked (9)."""
    documents = clubs()
    session = SimpleNamespace(
        documents=documents, deployment=SimpleNamespace(levers=frozenset()), waited_ns=0
    )
    stage = Stage(cast(Session, session), "case")
    alice, bob, carol = (
        LiveMember(stage, Account(name, {"id": number, "username": name, "organisation": "o"}, "a token"))
        for name, number in (("alice", 5), ("bob", 6), ("carol", 7))
    )
    done = Done("open-direct", documents.binding.verbs["open-direct"]["http"], alice, ("x1",), 201, True, {})
    talk, club = (
        RoomHandle("1", 1, "talk", (alice, bob), done),
        RoomHandle("1", 1, "club", (alice, bob, carol), done),
    )
    there = [MessageHandle("21", "text", club, alice, done)]
    other = Place(club, there, {"add-member": carol, "remove-member": carol})
    return survey(stage, alice, bob, talk, [MessageHandle("11", "text", talk, alice, done)], [other], "9")


def test_each_operation_names_the_room_of_its_kind(grouped: Ground) -> None:
    assert grouped.path["writeToTalk"] == {"talk": "room"}
    assert grouped.path["writeToClub"] == {"club": "room of club"}
    assert (grouped.pools["room"], grouped.pools["room of club"]) == ((1,), (1,))
    assert {"startHall", "writeToClub", "addMembers", "unblock"}.isdisjoint(grouped.left_out)


def test_what_names_a_message_alone_may_name_one_of_any_room(grouped: Ground) -> None:
    assert grouped.path["react"] == {"letter": "message"}
    assert grouped.pools["message"] == (11, 21)


def test_who_is_brought_in_is_who_was_taken_out(grouped: Ground) -> None:
    assert grouped.pools[grouped.body["addMembers"]["members"]] == ([7],)
    assert grouped.pools[grouped.body["changeRole"]["member"]] == (6,)


def test_a_block_that_was_made_can_be_lifted(grouped: Ground) -> None:
    assert grouped.path["unblock"] == {"block": "block"}
    assert grouped.pools["block"] == (9,)
    assert grouped.learns["block"] == ({"status": 0, "at": ["id"], "kind": "block"},)
    assert "unblock" in grouped.removes


def test_a_new_club_is_no_talk(grouped: Ground) -> None:
    assert grouped.learns["startTalk"][0]["kind"] == "room"
    assert [lesson["kind"] for lesson in grouped.learns["startClub"]] == ["room of club"]
    # No hall was made, so nothing can be done with another one.
    assert "startHall" not in grouped.learns


def test_what_no_verb_says_is_about_what_stands_at_the_same_place(documents: Documents) -> None:
    binding = documents.binding
    verbs = {
        verb: forms
        for verb, forms in binding.verbs.items()
        if verb not in ("mark-room-read", "react", "unreact")
    }
    found = surveyed(replace(documents, binding=replace(binding, verbs=verbs)))
    assert found.path["markRead"] == {"conversation_id": "room"}
    assert found.path["reactToMessage"] == {"message_id": "message"}
    assert set(found.left_out) == {"uploadFile"}
