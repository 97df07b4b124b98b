"""FE-16OPS over HTTP: what every operation answers, and who is to hear of it."""

from __future__ import annotations

import pytest

from reference_server.apis.fe16ops import Fe16ops
from tests.reference_server.conftest import NOT_FOUND, Open, Site, timeless

ALICE, BOB, CAROL = 1, 2, 3


def message(**changed: object) -> dict[str, object]:
    return {
        "id": 1,
        "conversation_id": 1,
        "sender": {"id": ALICE, "username": "alice"},
        "content": "hello",
        "message_type": "text",
        "created_at": "TIME",
        "is_edited": False,
        "is_deleted": False,
        "reactions": [],
        **changed,
    }


def conversation(viewer: str, **changed: object) -> dict[str, object]:
    return {
        "id": 1,
        "title": "Chat with bob" if viewer == "alice" else "Chat with alice",
        "participants": [{"id": ALICE, "username": "alice"}, {"id": BOB, "username": "bob"}],
        "related_product": 123,
        "last_message": {"content": "hello", "sender_id": ALICE, "created_at": "TIME"},
        "unread_count": 0 if viewer == "alice" else 1,
        **changed,
    }


def test_starting_a_conversation(site: Site) -> None:
    body = {"receiver_id": BOB, "message": "hello", "product_id": 123}
    assert timeless(site.call("alice", "POST", "/start-conversation/", body)) == (
        201,
        {
            "success": True,
            "message": "Conversation started successfully",
            "conversation": conversation("alice"),
        },
    )
    assert timeless(site.events()) == [({BOB}, {"type": "new_message", "message": message()})]


def test_starting_without_a_word(site: Site) -> None:
    status, body = site.call("alice", "POST", "/start-conversation/", {"receiver_id": BOB})
    assert status == 201
    assert body["conversation"] == conversation("alice", related_product=None, last_message=None)
    assert site.events() == []


def test_starting_again_from_either_side_finds_it_and_sends_the_message(talk: Site) -> None:
    body = {"receiver_id": ALICE, "message": "again", "product_id": 7}
    status, answer = timeless(talk.call("bob", "POST", "/start-conversation/", body))
    assert (status, answer["message"]) == (200, "Conversation already exists")
    last = {"content": "again", "sender_id": BOB, "created_at": "TIME"}
    assert answer["conversation"] == conversation("bob", last_message=last)
    assert [(audience, event["type"]) for audience, event in talk.events()] == [({ALICE}, "new_message")]


@pytest.mark.parametrize("receiver_id, status", [(99, 404), (-1, 404), (0, 404), (ALICE, 400), (2**63, 400)])
def test_starting_with_nobody(site: Site, receiver_id: int, status: int) -> None:
    assert site.call("alice", "POST", "/start-conversation/", {"receiver_id": receiver_id})[0] == status
    assert site.call("alice", "GET", "/conversations/")[1]["conversations"] == []


def test_listing(talk: Site) -> None:
    talk.call("carol", "POST", "/start-conversation/", {"receiver_id": ALICE})
    for who in ("alice", "bob"):
        status, body = timeless(talk.call(who, "GET", "/conversations/"))
        assert (status, body["success"]) == (200, True)
        assert conversation(who) in body["conversations"]
    theirs = talk.call("carol", "GET", "/conversations/")[1]["conversations"]
    assert [each["title"] for each in theirs] == ["Chat with alice"]


def test_reading_a_conversation(talk: Site) -> None:
    assert timeless(talk.call("bob", "GET", "/conversations/1/")) == (
        200,
        {
            "success": True,
            "count": 1,
            "next": None,
            "previous": None,
            "conversation": conversation("bob"),
            "messages": [message()],
        },
    )


def test_pages_and_their_links(talk: Site) -> None:
    for n in range(54):
        talk.call("bob", "POST", "/conversations/1/messages/", {"content": str(n)})
    link = "http://testserver/api/messaging/conversations/1/?x=%20&page="
    heard = []
    for page, count in ((1, 20), (2, 20), (3, 15)):
        _, body = talk.call("alice", "GET", f"/conversations/1/?page={page}&x=%20")
        assert body["count"] == 55
        assert body["next"] == (f"{link}{page + 1}" if page < 3 else None)
        assert body["previous"] == (f"{link}{page - 1}" if page > 1 else None)
        assert len(body["messages"]) == count
        heard += [each["content"] for each in body["messages"]]
    assert heard == [*map(str, range(53, -1, -1)), "hello"]
    for wrong in ("4", "0", "x", "", "1&page=1"):
        assert talk.call("alice", "GET", f"/conversations/1/?page={wrong}") == NOT_FOUND


def test_links_are_on_the_host_that_was_asked(talk: Site) -> None:
    for n in range(20):
        talk.call("bob", "POST", "/conversations/1/messages/", {"content": str(n)})
    headers = {"Authorization": f"Token {talk.token('alice')}", "Host": "localhost:8123"}
    answer = talk.client.get("/api/messaging/conversations/1/", headers=headers).json()
    assert answer["next"] == "http://localhost:8123/api/messaging/conversations/1/?page=2"


@pytest.mark.parametrize("kind", ["text", "image", "file"])
def test_sending(talk: Site, kind: str) -> None:
    body = {"content": "uploads/a.jpg", "message_type": kind}
    sent = message(id=2, content="uploads/a.jpg", message_type=kind)
    assert timeless(talk.call("alice", "POST", "/conversations/1/messages/", body)) == (
        201,
        {"success": True, "message": sent},
    )
    assert timeless(talk.events()) == [({BOB}, {"type": "new_message", "message": sent})]


def test_editing(talk: Site) -> None:
    edited = message(content="hi", is_edited=True)
    assert timeless(talk.call("alice", "PUT", "/messages/1/", {"content": "hi"})) == (
        200,
        {"success": True, "message": edited},
    )
    assert timeless(talk.events()) == [({BOB}, {"type": "message_edited", "message": edited})]


def test_deleting(talk: Site) -> None:
    assert talk.call("alice", "DELETE", "/messages/1/") == (
        200,
        {"success": True, "message": "Message deleted"},
    )
    assert talk.events() == [({BOB}, {"type": "message_deleted", "message_id": 1})]
    _, body = talk.call("bob", "GET", "/conversations/1/")
    assert (body["count"], body["messages"]) == (0, [])
    assert body["conversation"] == conversation("bob", last_message=None, unread_count=0)
    for method, path in (("PUT", "/messages/1/"), ("DELETE", "/messages/1/"), ("POST", "/messages/1/react/")):
        assert talk.call("alice", method, path, {"content": "x", "reaction_type": "x"}) == NOT_FOUND


def test_reacting(talk: Site) -> None:
    for value, said, reacted in (("👍", "added", True), ("❤️", "updated", True), ("❤️", "removed", False)):
        assert talk.call("bob", "POST", "/messages/1/react/", {"reaction_type": value}) == (
            200,
            {"success": True, "message": f"Reaction {said}", "reacted": reacted, "reaction_type": value},
        )
        user = {"id": BOB, "username": "bob"}
        reaction = {"message_id": 1, "user": user, "reaction_type": value, "reacted": reacted}
        assert talk.events() == [({ALICE, BOB}, {"type": "reaction_updated", "reaction": reaction})]
        _, body = talk.call("alice", "GET", "/conversations/1/")
        assert timeless(body["messages"]) == [message(reactions=[reaction] if reacted else [])]


def test_marking_as_read(talk: Site) -> None:
    talk.call("alice", "POST", "/conversations/1/messages/", {"content": "more"})
    talk.call("bob", "POST", "/conversations/1/messages/", {"content": "mine"})
    talk.events()
    assert talk.call("bob", "POST", "/conversations/1/read/") == (
        200,
        {"success": True, "message": "Marked 2 messages as read"},
    )
    user = {"id": BOB, "username": "bob"}
    assert timeless(talk.events()) == [
        (
            {ALICE},
            {"type": "read_receipt", "read_receipt": {"user": user, "message_id": n, "read_at": "TIME"}},
        )
        for n in (1, 2)
    ]
    assert talk.call("bob", "POST", "/conversations/1/read/")[1]["message"] == "Marked 0 messages as read"
    assert talk.events() == []


@pytest.mark.parametrize(
    "body, status", [(b"", 200), (b"{}", 200), (b"[1]", 200), (b"null", 200), (b"x=1", 400)]
)
def test_the_body_of_marking_as_read(talk: Site, body: bytes, status: int) -> None:
    headers = {"Authorization": f"Token {talk.token('bob')}", "Content-Type": "application/json"}
    response = talk.client.post("/api/messaging/conversations/1/read/", content=body, headers=headers)
    assert response.status_code == status


def test_a_file_in_three_steps(talk: Site) -> None:
    _, ticket = talk.call(
        "alice", "POST", "/generate-upload-url/", {"filename": "a.jpg", "filetype": "image/jpeg"}
    )
    address, key = str(ticket["upload_url"]), str(ticket["file_key"])
    assert address.startswith(f"http://testserver/{key}?")
    changed = [
        ("image/png", address),
        ("image/jpeg", f"{address}0"),
        ("image/jpeg", address.partition("?")[0]),
    ]
    for filetype, wrong in changed:
        assert talk.client.put(wrong, content=b"x", headers={"Content-Type": filetype}).status_code == 403
    stored = talk.client.put(address, content=b"pixels", headers={"Content-Type": "image/jpeg"})
    assert (stored.status_code, stored.content) == (200, b"")
    assert talk.client.put(address, content=b"x", headers={"Content-Type": "image/jpeg"}).status_code == 403
    assert talk.core.store.rows("SELECT content FROM files")[0]["content"] == b"pixels"


def test_an_upload_expires(talk: Site) -> None:
    _, ticket = talk.call(
        "alice", "POST", "/generate-upload-url/", {"filename": "a", "filetype": "text/plain"}
    )
    talk.client.post("/__reference__/move-clock", json={"seconds": 601})
    answer = talk.client.put(str(ticket["upload_url"]), content=b"x", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 403


def test_a_correct_server_may_let_the_actor_hear_too(opened: Open) -> None:
    class Echoing(Fe16ops):
        def actor_hears(self, kind: str) -> bool:
            return True

    site = opened(api=Echoing)
    site.call("alice", "POST", "/start-conversation/", {"receiver_id": BOB, "message": "hello"})
    site.call("bob", "POST", "/conversations/1/read/")
    assert [audience for audience, _ in site.events()] == [{ALICE, BOB}] * 2
