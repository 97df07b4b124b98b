"""Which parameter names which thing is read off the binding's expressions, never off the parameter's name."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from earwitness.deployment import Account
from earwitness.documents import Documents, load_documents
from earwitness.generated.ground import Ground, survey
from earwitness.live import Done, LiveMember, MessageHandle, RoomHandle, Session, Stage


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
