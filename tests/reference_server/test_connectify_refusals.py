"""Connectify: who is refused what, with which status and words, and without any effect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from reference_server.core.refusals import Absent, Anonymous, Outsider
from tests.reference_server.connectify_site import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    EVE,
    Site,
    block,
    gather,
    opening,
    start,
)

CHAT: dict[str, Any] = {"conversation_id": 1}
GROUP: dict[str, Any] = {"group_chat_id": 1}
MESSAGE: dict[str, Any] = {"message_id": 1}
SAID = {"content": "x"}
NOT_IN_CHAT = "You are not a participant of this conversation"
NOT_IN_GROUP = "You are not a member of this group chat"
NOT_THEIRS = "You do not have access to this message"
# What an outsider (dave) asks for, and is told.
OUTSIDE: list[tuple[str, object, dict[str, Any], str]] = [
    ("getConversation", None, CHAT, NOT_IN_CHAT),
    ("listConversationMessages", None, CHAT, NOT_IN_CHAT),
    ("sendMessage", SAID, CHAT, NOT_IN_CHAT),
    ("getGroupChat", None, GROUP, NOT_IN_GROUP),
    ("listGroupMessages", None, GROUP, NOT_IN_GROUP),
    ("sendGroupMessage", SAID, GROUP, NOT_IN_GROUP),
    ("addMembers", {"member_ids": [DAVE]}, GROUP, NOT_IN_GROUP),
    ("removeMember", {"member_id": BOB}, GROUP, NOT_IN_GROUP),
    ("changeRole", {"member_id": BOB, "role": "admin"}, GROUP, NOT_IN_GROUP),
    ("getMessage", None, MESSAGE, NOT_THEIRS),
    ("editMessage", SAID, MESSAGE, NOT_THEIRS),
    ("deleteMessage", None, MESSAGE, NOT_THEIRS),
    ("reactToMessage", {"emoji": "x"}, MESSAGE, NOT_THEIRS),
    ("removeReaction", None, MESSAGE, NOT_THEIRS),
]


@pytest.fixture
def site() -> Iterator[Site]:
    """Conversation 1 of alice and bob with message 1, and group chat 1 of alice, bob and carol with message 2."""
    with opening() as open_site:
        site = open_site()
        start(site)
        gather(site, BOB, CAROL)
        yield site


def state(site: Site) -> object:
    return [
        site.call("alice", operation, **path)
        for operation, path in (("getConversation", CHAT), ("getGroupChat", GROUP))
    ]


@pytest.mark.parametrize("operation, body, path, words", OUTSIDE)
def test_an_outsider_changes_nothing(
    site: Site, operation: str, body: object, path: dict[str, Any], words: str
) -> None:
    before = state(site)
    assert site.call("dave", operation, body, **path) == (403, {"detail": words})
    absent: dict[str, Any] = dict.fromkeys(path, 99)
    assert site.call("dave", operation, body, **absent)[0] == 404
    assert state(site) == before


@pytest.mark.parametrize(
    "who, operation, body, path, words",
    [
        ("bob", "editMessage", SAID, MESSAGE, "You can only edit your own messages"),
        ("bob", "deleteMessage", None, MESSAGE, "You can only delete your own messages"),
        ("bob", "addMembers", {"member_ids": [99]}, GROUP, "Only admins can add members"),
        ("bob", "removeMember", {"member_id": CAROL}, GROUP, "Only admins can remove other members"),
        ("bob", "changeRole", {"member_id": BOB, "role": "admin"}, GROUP, "Only admins can change roles"),
    ],
)
def test_who_may_not_is_told_why(
    site: Site, who: str, operation: str, body: object, path: dict[str, Any], words: str
) -> None:
    before = state(site)
    assert site.call(who, operation, body, **path) == (403, {"detail": words})
    assert state(site) == before


@pytest.mark.parametrize("other", [EVE, 99])
def test_another_organisation_is_a_wall(site: Site, other: int) -> None:
    stranger = {"detail": f"User with ID {other} doesn't belong to this organization"}
    participant = {"detail": "The participant doesn't belong to this organization"}
    blocked = {"detail": "The user to block doesn't belong to this organization"}
    assert start(site, "alice", other) == (400, participant)
    assert gather(site, BOB, other) == (400, stranger)
    assert site.call("alice", "addMembers", {"member_ids": [DAVE, other]}, **GROUP) == (400, stranger)
    body = {"blocked_id": other, "organization_id": 1}
    assert site.call("alice", "createBlock", body) == (400, blocked)
    elsewhere = {"participant_id": DAVE, "organization_id": 2}
    assert site.call("alice", "createConversation", elsewhere) == (400, participant)
    assert len(site.call("alice", "listGroupChats")[1]) == 1
    assert len(site.call("alice", "getGroupChat", **GROUP)[1]["members"]) == 3


def test_blocks_forbid_creating(site: Site) -> None:
    block(site, "carol", ALICE)
    block(site, "dave", ALICE)
    assert start(site, "alice", DAVE) == (400, {"detail": "You have been blocked by this user"})
    assert gather(site, DAVE, BOB, CAROL) == (400, {"detail": "You are blocked by: dave, carol"})
    refused = (403, {"detail": "You can only unblock users you have blocked"})
    assert site.call("alice", "deleteBlock", block_id=1) == refused


@pytest.mark.parametrize(
    "operation, body, path",
    [
        ("createConversation", {"participant_id": ALICE, "organization_id": 1}, {}),
        ("createConversation", {"participant_id": "4", "organization_id": 1}, {}),
        ("createGroupChat", {"name": "x", "organization_id": 1, "member_ids": []}, {}),
        ("createGroupChat", {"name": "", "organization_id": 1, "member_ids": [BOB]}, {}),
        ("sendMessage", {}, CHAT),
        ("sendMessage", {"content": ""}, CHAT),
        ("sendMessage", {"content": "x", "reply_to": 0}, CHAT),
        ("sendGroupMessage", [], GROUP),
        ("addMembers", {"member_ids": [0]}, GROUP),
        ("removeMember", {"member_id": 0}, GROUP),
        ("changeRole", {"member_id": BOB}, GROUP),
        ("changeRole", {"member_id": BOB, "role": "owner"}, GROUP),
        ("editMessage", {"content": 1}, MESSAGE),
        ("reactToMessage", {"emoji": "x" * 65}, MESSAGE),
        ("createBlock", {"blocked_id": ALICE, "organization_id": 1}, {}),
    ],
)
def test_a_wrong_body_has_no_effect(site: Site, operation: str, body: object, path: dict[str, Any]) -> None:
    before = state(site)
    assert site.call("alice", operation, body, **path)[0] == 400
    assert state(site) == before


def test_what_the_body_names_comes_last(site: Site) -> None:
    assert site.call("alice", "removeMember", {"member_id": DAVE}, **GROUP)[0] == 404
    assert site.call("alice", "sendMessage", {"content": "x", "reply_to": 2}, **CHAT)[0] == 404
    block(site, "bob", ALICE)
    assert site.call("alice", "sendMessage", {"content": "x", "reply_to": 2}, **CHAT)[0] == 403
    assert site.call("alice", "sendMessage", {}, **CHAT)[0] == 400


@pytest.mark.parametrize("channel", ["conversation", "groupChat"])
def test_sockets_open_to_members_alone(site: Site, channel: str) -> None:
    with pytest.raises(Anonymous):
        site.knock("nobody", channel, 1)
    with pytest.raises(Outsider):
        site.listen("dave", channel, 1)
    with pytest.raises(Absent):
        site.listen("alice", channel, 99)
