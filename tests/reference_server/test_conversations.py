"""Conversations: what every operation and frame does, and who is to hear of it. What is said is held against the spec as well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from reference_server.apis.conversations import Conversations
from tests.reference_server.chat_of_two import ALICE, BOB, CAROL, Chat, opening, spec, talk
from tests.reference_server.conftest import listening, timeless

PATIENCE_SECONDS = 20
NAMES = {ALICE: "alice", BOB: "bob", CAROL: "carol"}
PDF = ("file.pdf", b"%PDF-1.7\x00\xff", "application/pdf")


@pytest.fixture
def chat() -> Iterator[Chat]:
    with opening() as open_chat:
        yield open_chat()


@pytest.fixture
def talked(chat: Chat) -> Chat:
    return talk(chat)


def message(number: int = 1, sender: int = ALICE, content: str = "Hello!", **changed: object) -> Any:
    return {
        "id": number,
        "conversation": 1,
        "sender": sender,
        "sender_name": NAMES[sender],
        "content": content,
        "attachment": None,
        "timestamp": "TIME",
        "is_read": False,
        "read_at": None,
        "is_deleted": False,
        "edited_at": None,
        **changed,
    }


SECOND = message(2, BOB, "Hi there!")


def conversation(*messages: Any, number: int = 1, participants: tuple[int, int] = (ALICE, BOB)) -> Any:
    absent = ("conversation", "attachment", "read_at", "edited_at")
    return {
        "id": number,
        "participants": list(participants),
        "messages": [
            {name: value for name, value in each.items() if name not in absent} for each in messages
        ],
        "created_at": "TIME",
    }


# Signing in


def test_signing_in(chat: Chat) -> None:
    (alice, _, _) = chat.core.members
    response = chat.ask(None, "POST", "/api/auth/login/", json=dict(chat.api.credentials(alice)))
    assert response.status_code == 200
    access = response.json()["access"]
    with_it = {"Authorization": f"Bearer {access}"}
    assert chat.ask(None, "GET", "/api/chat/messages/", headers=with_it).status_code == 200
    chat.start("alice", BOB)
    assert chat.knock(access).member == alice
    refresh = {"Authorization": f"Bearer {response.json()['refresh']}"}
    assert chat.ask(None, "GET", "/api/chat/messages/", headers=refresh).status_code == 401


# Conversations


def test_starting(chat: Chat) -> None:
    assert timeless(chat.start("alice", BOB)) == (201, conversation())
    assert chat.told() == []


def test_starting_again_from_either_side_gives_the_one_there_is(talked: Chat) -> None:
    for who, peer in (("alice", BOB), ("bob", ALICE)):
        assert timeless(talked.start(who, peer)) == (200, conversation(message(), SECOND))
    assert len(talked.call("alice", "GET", "/conversations/")[1]) == 2


def test_listing(talked: Chat) -> None:
    both = [conversation(number=2, participants=(CAROL, ALICE)), conversation()]
    assert timeless(talked.call("alice", "GET", "/conversations/")) == (200, both)
    assert timeless(talked.call("bob", "GET", "/conversations/")) == (200, both[1:])
    assert timeless(talked.call("carol", "GET", "/conversations/")) == (200, both[:1])


@pytest.mark.parametrize("words, found", [("BO", [1]), ("aro", [2]), ("", [2, 1]), ("alice", []), ("x", [])])
def test_searching_by_the_name_of_the_other_one(talked: Chat, words: str, found: list[int]) -> None:
    _, rooms = talked.call("alice", "GET", f"/conversations/?search={words}")
    assert [each["id"] for each in rooms] == found


def test_getting_a_conversation(talked: Chat) -> None:
    shown = (200, conversation(message(), SECOND))
    assert timeless(talked.call("bob", "GET", "/conversations/1/")) == shown
    assert [each["is_read"] for each in talked.messages()] == [False, False]


def test_an_update_changes_nothing(talked: Chat) -> None:
    before = talked.call("alice", "GET", "/conversations/1/")
    body = {"id": 7, "participants": [ALICE, CAROL], "messages": [], "created_at": "2025-11-13T10:00:00Z"}
    assert talked.call("bob", "PUT", "/conversations/1/", body) == before
    assert talked.call("alice", "PUT", "/conversations/1/", {}) == before
    assert talked.call("carol", "GET", "/conversations/1/")[0] == 403
    assert talked.told() == []


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_a_deleted_conversation_is_gone_for_both(talked: Chat, who: str) -> None:
    talked.send("alice", None, file=PDF)
    address = talked.messages()[-1]["attachment"]
    talked.told()
    assert talked.call(who, "DELETE", "/conversations/1/") == (204, None)
    assert talked.told() == []
    for each in ("alice", "bob"):
        assert 1 not in [room["id"] for room in talked.call(each, "GET", "/conversations/")[1]]
        for path in ("/conversations/1/", "/conversations/1/messages/", "/messages/1/"):
            assert talked.call(each, "GET", path)[0] == 404
        assert talked.call(each, "DELETE", "/conversations/1/")[0] == 404
        assert 1 not in [said["id"] for said in talked.call(each, "GET", "/messages/")[1]["results"]]
        assert talked.ask(each, "GET", address).status_code == 404
    assert timeless(talked.start("bob", ALICE)) == (201, conversation(number=3, participants=(BOB, ALICE)))


# Lists of messages


def test_pages_and_their_links(chat: Chat) -> None:
    chat.start("alice", BOB)
    room, (alice, _, _) = chat.core.chat.room(1), chat.core.members
    with chat.core.request():
        for number in range(510):
            chat.core.chat.send(alice, room, str(number))
    for path in ("/conversations/1/messages/", "/messages/"):
        link = f"http://testserver/api/chat{path}"
        _, first = chat.call("bob", "GET", path)
        assert [each["content"] for each in first["results"]] == [str(number) for number in range(50)]
        assert (first["count"], first["next"], first["previous"]) == (510, f"{link}?page=2", None)
        _, last = chat.call("bob", "GET", f"{path}?page=11")
        assert (last["next"], last["previous"]) == (None, f"{link}?page=10")
        assert len(last["results"]) == 10
        for size, held in ((7, 7), (500, 500), (501, 500), (10**9, 500)):
            _, page = chat.call("bob", "GET", f"{path}?page_size={size}")
            assert (len(page["results"]), page["next"]) == (held, f"{link}?page_size={size}&page=2")
        for wrong in ("page=12", "page=0", "page=x", "page=", "page_size=0", "page_size=x"):
            assert chat.call("bob", "GET", f"{path}?{wrong}") == (404, {"detail": "Not found."})


def test_no_messages_are_one_empty_page(chat: Chat) -> None:
    chat.start("alice", BOB)
    empty: Any = (200, {"count": 0, "next": None, "previous": None, "results": []})
    assert chat.call("bob", "GET", "/conversations/1/messages/") == empty
    assert chat.call("bob", "GET", "/messages/?page=1") == empty


def test_the_messages_of_one_conversation_and_of_all(talked: Chat) -> None:
    psst = message(3, CAROL, "Psst", conversation=2)
    page = {"count": 2, "next": None, "previous": None, "results": [message(), SECOND]}
    assert timeless(talked.call("bob", "GET", "/conversations/1/messages/")) == (200, page)
    assert timeless(talked.call("bob", "GET", "/messages/")) == (200, page)
    everything = {**page, "count": 3, "results": [message(), SECOND, psst]}
    assert timeless(talked.call("alice", "GET", "/messages/")) == (200, everything)


# Messages


def test_sending(talked: Chat) -> None:
    sent = message(4, content=" hi\n\N{THUMBS UP SIGN} ")
    assert timeless(talked.send("alice", " hi\n\N{THUMBS UP SIGN} ")) == (201, sent)
    assert timeless(talked.told()) == [((BOB,), 1, {"type": "message", "message": sent})]
    assert timeless(talked.call("bob", "GET", "/messages/4/")) == (200, sent)
    assert timeless(talked.messages("bob")[-1]) == sent


@pytest.mark.parametrize("text", [None, "", "Check out this file!"])
def test_sending_a_file(talked: Chat, text: str | None) -> None:
    status, sent = talked.send("alice", text, file=PDF)
    assert status == 201
    address = sent["attachment"]
    assert address.endswith("/file.pdf")
    assert timeless(sent) == message(4, content=text or "", attachment=address)
    assert timeless(talked.told()) == [((BOB,), 1, {"type": "message", "message": timeless(sent)})]
    for who in ("alice", "bob"):
        got = talked.ask(who, "GET", address)
        assert (got.status_code, got.content, got.headers["content-type"]) == (200, *PDF[1:])
    assert talked.ask("carol", "GET", address).status_code == 403
    assert talked.ask(None, "GET", address).status_code == 401


def test_marking_as_read(talked: Chat) -> None:
    talked.send("bob", "unread")
    talked.told()
    status, marked = talked.call("alice", "POST", "/messages/2/mark_read/")
    assert status == 200
    assert timeless(marked) == {**SECOND, "is_read": True, "read_at": "TIME"}
    receipt = {"type": "read", "message": 2, "reader": ALICE, "read_at": marked["read_at"]}
    assert talked.told() == [((BOB,), 1, receipt)]
    assert talked.call("alice", "POST", "/messages/2/mark_read/", {"ignored": 1}) == (200, marked)
    assert timeless(talked.call("alice", "POST", "/messages/1/mark_read/")) == (200, message())
    assert [each["is_read"] for each in talked.messages()] == [False, True, False]
    assert talked.told() == []


def test_editing(talked: Chat) -> None:
    talked.call("bob", "POST", "/messages/1/mark_read/")
    talked.told()
    edited = message(content="new", edited_at="TIME", is_read=True, read_at="TIME")
    answer = talked.call("alice", "POST", "/messages/1/edit_message/", {"content": "new"})
    assert timeless(answer) == (200, edited)
    assert timeless(talked.told()) == [((BOB,), 1, {"type": "edit", "message": edited})]
    assert timeless(talked.messages("bob")[0]) == edited


def test_a_deleted_message_is_gone(talked: Chat) -> None:
    _, sent = talked.send("alice", "secret", file=PDF)
    talked.told()
    gone = message(4, content="", is_deleted=True)
    assert timeless(talked.call("alice", "POST", "/messages/4/delete_message/")) == (200, gone)
    assert talked.told() == [((BOB,), 1, {"type": "delete", "message_id": 4})]
    for who in ("alice", "bob"):
        for path, count in (("/conversations/1/messages/", 2), ("/messages/", 3 if who == "alice" else 2)):
            _, page = talked.call(who, "GET", path)
            assert (page["count"], len(page["results"])) == (count, count)
        assert len(talked.call(who, "GET", "/conversations/1/")[1]["messages"]) == 2
        assert talked.call(who, "GET", "/messages/4/")[0] == 404
        assert talked.ask(who, "GET", sent["attachment"]).status_code == 404
    for act in ("mark_read", "edit_message", "delete_message"):
        assert talked.call("alice", "POST", f"/messages/4/{act}/", {"content": "x"})[0] == 404
    assert talked.told() == []


# The socket


def test_a_message_said_on_a_socket(talked: Chat) -> None:
    assert talked.speak("bob", {"type": "message", "content": "live"}) is None
    said = message(4, BOB, "live")
    assert timeless(talked.told()) == [((ALICE,), 1, {"type": "message", "message": said})]
    assert timeless(talked.messages()[-1]) == said


@pytest.mark.parametrize("typing", [True, False])
def test_typing_is_told_and_not_kept(talked: Chat, typing: bool) -> None:
    for _ in range(2):
        assert talked.speak("alice", {"type": "typing", "is_typing": typing}) is None
        heard = {"type": "typing", "user": ALICE, "is_typing": typing}
        assert talked.told() == [((BOB,), 1, heard)]


def test_reading_editing_and_deleting_on_a_socket(talked: Chat) -> None:
    assert talked.speak("alice", {"type": "read", "message_id": 2}) is None
    assert talked.speak("alice", {"type": "read", "message_id": 2}) is None
    assert talked.speak("alice", {"type": "edit", "message_id": 1, "content": "new"}) is None
    assert talked.speak("alice", {"type": "delete", "message_id": 1}) is None
    told = timeless(talked.told())
    assert told == [
        ((BOB,), 1, {"type": "read", "message": 2, "reader": ALICE, "read_at": "TIME"}),
        ((BOB,), 1, {"type": "edit", "message": message(content="new", edited_at="TIME")}),
        ((BOB,), 1, {"type": "delete", "message_id": 1}),
    ]
    assert timeless(talked.messages("bob")) == [{**SECOND, "is_read": True, "read_at": "TIME"}]


def test_a_socket_hears_its_own_conversation_on_all_devices() -> None:
    with listening(Conversations) as live:

        def ask(who: str, path: str, **options: Any) -> httpx.Response:
            headers = {"Authorization": f"Bearer {live.tokens[who]}"}
            return httpx.post(f"{live.http}/api/chat{path}", headers=headers, **options)

        ask("alice", "/conversations/start/", json={"user2": BOB})
        ask("alice", "/conversations/start/", json={"user2": CAROL})

        def address(who: str, room: int) -> str:
            return f"{live.ws}/ws/chat/{room}/?token={live.tokens[who]}"

        with (
            connect(address("bob", 1)) as one,
            connect(address("bob", 1)) as other,
            connect(address("alice", 1)) as alice,
            connect(address("carol", 2)) as carol,
        ):
            ask("alice", "/conversations/1/send_message/", files={"content": (None, "to bob")})
            ask("alice", "/conversations/2/send_message/", files={"content": (None, "to carol")})
            for socket in (one, other):
                assert '"to bob"' in str(socket.recv(timeout=PATIENCE_SECONDS))
            assert '"to carol"' in str(carol.recv(timeout=PATIENCE_SECONDS))
            # The answer to a wrong frame fences: nothing came to alice before it, and the socket stays open.
            alice.send("{}")
            assert '"type":"error"' in str(alice.recv(timeout=PATIENCE_SECONDS))
            one.send('{"type": "typing", "is_typing": true}')
            assert '"type":"typing"' in str(alice.recv(timeout=PATIENCE_SECONDS))


def test_the_success_of_every_operation_fits_the_spec(talked: Chat) -> None:
    (alice, _, _) = talked.core.members
    talked.ask(None, "POST", "/api/auth/login/", json=dict(talked.api.credentials(alice)))
    talked.start("bob", CAROL)
    talked.start("bob", CAROL)
    for path in ("/conversations/", "/conversations/1/", "/conversations/1/messages/", "/messages/"):
        talked.call("alice", "GET", path)
    talked.call("alice", "GET", "/messages/1/")
    talked.call("alice", "PUT", "/conversations/1/", {})
    talked.send("alice", "text", file=PDF)
    for act in ("mark_read", "edit_message", "delete_message"):
        talked.call("alice", "POST", f"/messages/1/{act}/", {"content": "x"})
    talked.call("alice", "DELETE", "/conversations/1/")
    assert {(name, status) for name, status in talked.reached if status < 300} == {
        (operation.id, int(status))
        for operation in spec().operations.values()
        for status in operation.responses
        if status < "3"
    }
