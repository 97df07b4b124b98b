"""Connectify: what every operation answers, who hears what, and that all of it fits the spec."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.reference_server.connectify_site import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    SPEC,
    Open,
    Site,
    block,
    gather,
    opening,
    start,
)


@pytest.fixture
def opened() -> Iterator[Open]:
    with opening() as open_site:
        yield open_site


@pytest.fixture
def site(opened: Open) -> Site:
    return opened()


@pytest.mark.parametrize("paths", [None, "client"])
def test_every_operation_at_both_sets_of_addresses(opened: Open, paths: str | None) -> None:
    site = opened(paths=paths)
    assert start(site)[0] == 201
    assert gather(site, BOB, CAROL)[0] == 201
    chat: dict[str, Any] = {"conversation_id": 1}
    group: dict[str, Any] = {"group_chat_id": 1}
    first: dict[str, Any] = {"message_id": 1}
    said, member = {"content": "hi"}, {"member_id": DAVE}
    steps: list[tuple[str, str, object, dict[str, Any], int]] = [
        ("bob", "listConversations", None, {}, 200),
        ("bob", "getConversation", None, chat, 200),
        ("bob", "listConversationMessages", None, chat, 200),
        ("bob", "sendMessage", said, chat, 201),
        ("bob", "listGroupChats", None, {}, 200),
        ("bob", "getGroupChat", None, group, 200),
        ("bob", "listGroupMessages", None, group, 200),
        ("bob", "sendGroupMessage", said, group, 201),
        ("alice", "addMembers", {"member_ids": [DAVE]}, group, 200),
        ("alice", "changeRole", {**member, "role": "admin"}, group, 200),
        ("alice", "removeMember", member, group, 200),
        ("bob", "getMessage", None, first, 200),
        ("alice", "editMessage", said, first, 200),
        ("bob", "reactToMessage", {"emoji": "👍"}, first, 201),
        ("bob", "removeReaction", None, first, 204),
        ("alice", "deleteMessage", None, first, 204),
        ("alice", "createBlock", {"blocked_id": DAVE, "organization_id": 1}, {}, 201),
        ("alice", "listBlocks", None, {}, 200),
        ("alice", "deleteBlock", None, {"block_id": 1}, 204),
    ]
    for who, operation, body, path, status in steps:
        assert site.call(None, operation, body, **path)[0] == 401
        assert site.call(who, operation, body, **path)[0] == status
    assert {operation for operation, status in site.reached if status < 300} == set(SPEC.operations)


def test_starting_gives_both_and_the_first_message_and_again_the_one_there_is(site: Site) -> None:
    _, room = start(site)
    assert [each["username"] for each in room["participants"]] == ["alice", "bob"]
    assert [each["content"] for each in room["messages"]] == ["hello"]
    exists = (400, {"detail": "Conversation already exists", "conversation_id": room["id"]})
    assert start(site) == start(site, "bob", ALICE) == exists
    assert site.texts("bob") == ["hello"]


def test_a_list_shows_the_last_message_and_what_is_unread(site: Site) -> None:
    start(site)
    start(site, "carol", BOB, None)
    rooms = {each["id"]: each for each in site.call("bob", "listConversations")[1]}
    assert (rooms[1]["last_message"]["content"], rooms[1]["unread_count"]) == ("hello", 1)
    assert (rooms[2]["last_message"], rooms[2]["unread_count"]) == (None, 0)
    assert [each["id"] for each in site.call("alice", "listConversations")[1]] == [1]
    assert site.call("alice", "listGroupChats")[1] == []


def test_pages(site: Site) -> None:
    start(site)
    for number in range(24):
        site.call("bob", "sendMessage", {"content": str(number)}, conversation_id=1)
    sizes = {None: 20, 7: 7, 100: 25, 1000: 25}
    for size, length in sizes.items():
        query = {"page_size": size} if size else {}
        page = site.call("alice", "listConversationMessages", query=query, conversation_id=1)[1]
        assert (page["count"], len(page["results"])) == (25, length)
    page = site.call("alice", "listConversationMessages", query={"page_size": 7}, conversation_id=1)[1]
    assert page["next"].endswith("/api/messaging/conversations/1/messages/?page_size=7&page=2")
    assert [each["content"] for each in page["results"]][:2] == ["23", "22"]
    wrong: list[dict[str, object]] = [{"page": 3}, {"page": 0}, {"page_size": 0}, {"page_size": "x"}]
    for absent in wrong:
        assert site.call("alice", "listConversationMessages", query=absent, conversation_id=1)[0] == 404


def test_no_page_is_longer_than_a_hundred(site: Site) -> None:
    start(site)
    alice, _ = site.core.members[:2]
    with site.core.request():
        room = site.core.chat.room(1)
        for number in range(101):
            site.core.chat.send(alice, room, str(number))
    page = site.call("alice", "listConversationMessages", query={"page_size": 150}, conversation_id=1)[1]
    assert (page["count"], len(page["results"])) == (102, 100)


def test_files_come_with_a_message_and_can_be_fetched(site: Site) -> None:
    start(site)
    files = [
        ("attachments", ("a.png", b"\x89PNG", "image/png")),
        ("attachments", ("b.pdf", b"%PDF", "application/pdf")),
    ]
    form = {"content": "two", "attachment_types": ["image"]}
    site.listen("bob", "conversation", 1)
    status, message = site.call("alice", "sendMessage", form, files=files, conversation_id=1)
    kinds = [(each["file_name"], each["attachment_type"]) for each in message["attachments"]]
    assert (status, kinds) == (201, [("a.png", "image"), ("b.pdf", "document")])
    assert site.heard()[0][1]["message"]["attachments"] == message["attachments"]
    for who, expected in (("bob", 200), ("carol", 403)):
        headers = {"Authorization": f"Bearer {site.token(who)}"}
        answer = site.client.get(message["attachments"][0]["file"], headers=headers)
        assert answer.status_code == expected
    assert site.call("alice", "sendMessage", {}, files=files[:1], conversation_id=1)[1]["content"] == ""


def test_a_reply_says_what_it_answers_in_its_own_room(site: Site) -> None:
    start(site)
    start(site, "alice", CAROL, "elsewhere")
    reply = {"content": "yes", "reply_to": 1}
    assert site.call("bob", "sendMessage", reply, conversation_id=1)[1]["reply_to"] == 1
    assert site.call("carol", "sendMessage", reply, conversation_id=2)[0] == 404
    assert site.texts("carol", 2) == ["elsewhere"]


def test_reactions_stand_beside_each_other(site: Site) -> None:
    start(site)
    for who, emoji in (("alice", "👍"), ("bob", "👍"), ("bob", "❤️"), ("bob", "👍")):
        assert site.call(who, "reactToMessage", {"emoji": emoji}, message_id=1)[0] == 201

    def shown() -> list[tuple[int, str]]:
        message = site.call("alice", "getMessage", message_id=1)[1]
        return [(each["user_id"], each["emoji"]) for each in message["reactions"]]

    assert shown() == [(ALICE, "👍"), (BOB, "👍"), (BOB, "❤️")]
    site.call("bob", "removeReaction", query={"emoji": "❤️"}, message_id=1)
    assert shown() == [(ALICE, "👍"), (BOB, "👍")]
    site.call("bob", "reactToMessage", {"emoji": "x"}, message_id=1)
    site.call("bob", "removeReaction", query={"emoji": ""}, message_id=1)
    assert shown() == [(ALICE, "👍")]


def test_editing_and_deleting(site: Site) -> None:
    start(site)
    edited = site.call("alice", "editMessage", {"content": "new"}, message_id=1)[1]
    assert (edited["content"], edited["is_edited"]) == ("new", True)
    assert site.call("alice", "deleteMessage", message_id=1) == (204, None)
    assert site.texts("bob") == []
    assert site.call("alice", "getMessage", message_id=1)[0] == 404


def test_a_group_and_who_runs_it(site: Site) -> None:
    _, group = gather(site, BOB, CAROL, ALICE, BOB)
    roles = [(each["id"], each["role"]) for each in group["members"]]
    assert roles == [(ALICE, "admin"), (BOB, "member"), (CAROL, "member")]
    status, left = site.call("alice", "removeMember", {"member_id": ALICE}, group_chat_id=1)
    assert status == 200
    assert [(each["id"], each["role"]) for each in left["members"]] == [(BOB, "admin"), (CAROL, "member")]
    demotion = {"member_id": BOB, "role": "member"}
    assert site.call("bob", "changeRole", demotion, group_chat_id=1)[0] == 400


def test_an_avatar(site: Site) -> None:
    form = {"name": "team", "organization_id": "1", "member_ids": ["2", "3"]}
    files = {"avatar": ("face.png", b"face", "image/png")}
    status, group = site.call("alice", "createGroupChat", form, files=files)
    headers = {"Authorization": f"Bearer {site.token('carol')}"}
    assert (status, site.client.get(group["avatar"], headers=headers).content) == (201, b"face")


@pytest.mark.parametrize("channel", ["conversation", "groupChat"])
def test_what_is_said_on_a_socket_is_heard_in_its_room_alone(site: Site, channel: str) -> None:
    start(site)
    gather(site, BOB)
    for who in ("alice", "bob"):
        site.listen(who, "conversation", 1)
        site.listen(who, "groupChat", 1)
    alice, bob = site.listen("alice", channel, 1), site.listen("bob", channel, 1)
    room_id = alice.room_id
    site.say(alice, {"type": "message", "content": "hi", "reply_to": None})
    assert {(member, room) for member, room, _ in site.ears.heard} == {(ALICE, room_id), (BOB, room_id)}
    message = site.heard()[0][1]["message"]
    assert site.call("bob", "getMessage", message_id=message["id"])[1]["content"] == "hi"
    for typing in (True, False):
        site.say(alice, {"type": "typing", "is_typing": typing})
        event = {"type": "typing", "user_id": ALICE, "username": "alice", "is_typing": typing}
        assert site.heard() == [(BOB, event)] * 2
    site.say(bob, {"type": "read", "message_id": message["id"]})
    event = {"type": "read", "user_id": BOB, "message_id": message["id"]}
    assert site.heard() == [(ALICE, event)] * 2
    assert site.call("alice", "getMessage", message_id=message["id"])[1]["read_by"] == [BOB]


@pytest.mark.parametrize(
    "frame",
    [
        "no JSON",
        "[]",
        {},
        {"type": "dance"},
        {"type": 1},
        {"type": "message"},
        {"type": "message", "content": ""},
        {"type": "message", "content": "x", "reply_to": 99},
        {"type": "typing", "is_typing": 1},
        {"type": "read", "message_id": 1},  # alice's own
        {"type": "read", "message_id": 2},  # of another room
        {"type": "read"},
    ],
)
def test_other_frames_do_nothing(site: Site, frame: object) -> None:
    start(site)
    start(site, "carol", ALICE)
    alice = site.listen("alice", "conversation", 1)
    site.listen("bob", "conversation", 1)
    site.say(alice, frame)
    assert site.heard() == []
    assert site.texts("bob") == ["hello"]


def test_a_receipt_is_told_once_and_marks_one_message(site: Site) -> None:
    start(site)
    site.call("alice", "sendMessage", {"content": "more"}, conversation_id=1)
    site.listen("alice", "conversation", 1)
    bob = site.listen("bob", "conversation", 1)
    for _ in range(2):
        site.say(bob, {"type": "read", "message_id": 2})
    assert site.hearers() == [ALICE]
    assert site.call("bob", "listConversations")[1][0]["unread_count"] == 1


def test_what_is_sent_by_http_is_heard_and_who_left_hears_nothing(site: Site) -> None:
    gather(site, BOB, CAROL)
    for who in ("alice", "bob", "carol"):
        site.listen(who, "groupChat", 1)
    site.call("alice", "sendGroupMessage", {"content": "a"}, group_chat_id=1)
    assert site.hearers() == [ALICE, BOB, CAROL]
    site.call("alice", "removeMember", {"member_id": CAROL}, group_chat_id=1)
    site.call("alice", "sendGroupMessage", {"content": "b"}, group_chat_id=1)
    assert site.hearers() == [ALICE, BOB]


def test_a_block_is_one_way_and_can_be_lifted(site: Site) -> None:
    start(site)
    number = block(site, "bob", ALICE)
    assert block(site, "bob", ALICE) == number
    refused = (403, {"detail": "You have been blocked by this user"})
    assert site.call("alice", "sendMessage", {"content": "x"}, conversation_id=1) == refused
    assert site.call("bob", "sendMessage", {"content": "y"}, conversation_id=1)[0] == 201
    assert site.call("alice", "listBlocks")[1] == []
    assert site.call("bob", "deleteBlock", block_id=number)[0] == 204
    assert site.call("bob", "deleteBlock", block_id=number)[0] == 404
    assert site.call("alice", "sendMessage", {"content": "z"}, conversation_id=1)[0] == 201
    assert site.texts("bob") == ["z", "y", "hello"]
