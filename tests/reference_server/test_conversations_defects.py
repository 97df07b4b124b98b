"""Each defect of conversations does what its sentence says: an act, and what it shows without the defect and with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

import jwt
import pytest

from reference_server import defects
from reference_server.core.refusals import Refusal
from tests.reference_server.chat_of_two import ALICE, CAROL, Chat, Open, opening, spec

LISTED = "/conversations/1/messages/"
FILE = ("a.txt", b"bytes", "text/plain")

Act = Callable[[Chat], object]


def status(who: str, method: str, path: str, body: object = None) -> Act:
    return lambda chat: chat.call(who, method, path, body)[0]


def listed(who: str, path: str = LISTED, field: str = "id") -> Act:
    """A field of every message in a list."""
    return lambda chat: [each[field] for each in chat.call(who, "GET", path)[1]["results"]]


def found(who: str, words: str) -> Act:
    return lambda chat: [each["id"] for each in chat.call(who, "GET", f"/conversations/?search={words}")[1]]


def after(first: Act, then: Act) -> Act:
    """What the second act shows once the first was done."""

    def both(chat: Chat) -> object:
        first(chat)
        chat.told()
        return then(chat)

    return both


def telling(act: Act) -> Act:
    """The types of what is told of an act."""

    def act_and_listen(chat: Chat) -> object:
        act(chat)
        return [event["type"] for _, _, event in chat.told()]

    return act_and_listen


def with_messages(count: int, act: Act) -> Act:
    """An act in conversation 1 with so many messages in it."""

    def much(chat: Chat) -> object:
        room, (alice, _, _) = chat.core.chat.room(1), chat.core.members
        with chat.core.request():
            for number in range(3, count + 1):
                chat.core.chat.send(alice, room, str(number))
        return act(chat)

    return much


def size(query: str) -> Act:
    return lambda chat: len(chat.call("bob", "GET", LISTED + query)[1]["results"])


def sends(who: str, text: str | None, file: Any = None, room: int = 1) -> Act:
    return lambda chat: chat.send(who, text, room, file)[0]


def text_with_a_file(chat: Chat) -> object:
    return chat.send("alice", "text", file=FILE)[1]["content"]


def download_by_an_outsider(chat: Chat) -> object:
    return chat.ask("carol", "GET", chat.send("alice", None, file=FILE)[1]["attachment"]).content == FILE[1]


def next_of_a_small_page(chat: Chat) -> object:
    return str(chat.call("bob", "GET", f"{LISTED}?page_size=1")[1]["next"]).partition("?")[2]


def pages_of_one(chat: Chat) -> object:
    return [listed("bob", f"{LISTED}?page_size=1&page={page}")(chat) for page in (1, 2)]


def detail(chat: Chat) -> object:
    return [each["id"] for each in chat.call("bob", "GET", "/conversations/1/")[1]["messages"]]


def knock(token: Callable[[Chat], str]) -> Act:
    def opened(chat: Chat) -> object:
        with suppress(Refusal):
            return chat.knock(token(chat)).room_id
        return None

    return opened


def unsigned(chat: Chat) -> str:
    claims = {"sub": chat.core.members[0].uuid, "exp": 2**40, "token_type": "access"}
    return jwt.encode(claims, "", algorithm="none")


def speaks(who: str, **frame: object) -> Act:
    return lambda chat: chat.speak(who, frame)


def told_text(chat: Chat) -> object:
    chat.call("alice", "POST", "/messages/1/edit_message/", {"content": "new"})
    ((_, _, event),) = chat.told()
    return event["message"]["content"]


def deletion(chat: Chat) -> object:
    DELETE(chat)
    ((_, _, event),) = chat.told()
    return event


def heard_on_another_socket(chat: Chat) -> object:
    """What alice's socket of conversation 2 hears of conversation 1."""

    async def scene() -> list[str]:
        heard: list[str] = []
        ear = chat.hub.open(ALICE, 2)

        async def hear(text: str) -> None:
            heard.append(text.partition('"content":"')[2].partition('"')[0])
            if heard[-1] == "to 2":
                done.set()

        done, speaking = asyncio.Event(), ear.speak(hear)
        chat.speak("bob", {"type": "message", "content": "to 1"}, room=1)
        chat.speak("carol", {"type": "message", "content": "to 2"}, room=2)
        await asyncio.wait_for(done.wait(), 20)
        speaking.cancel()
        with suppress(asyncio.CancelledError):
            await speaking
        return heard

    return asyncio.run(scene())


DELETE = status("alice", "POST", "/messages/1/delete_message/")
EDIT = status("alice", "POST", "/messages/1/edit_message/", {"content": "new"})
READ_1 = status("bob", "POST", "/messages/1/mark_read/")

# Without and with the defect.
ACTS: Final[dict[str, tuple[Act, object, object]]] = {
    "outsider-reads-messages": (status("carol", "GET", LISTED), 403, 200),
    "outsider-gets-404": (status("carol", "GET", LISTED), 403, 404),
    "absent-is-forbidden": (sends("alice", "x", room=99), 404, 403),
    "refused-yet-sent": (after(sends("carol", "x"), listed("bob", field="sender")), [1, 2], [1, 2, 3]),
    "empty-is-sent": (sends("alice", None), 400, 201),
    "file-needs-text": (sends("alice", None, FILE), 201, 400),
    "file-drops-text": (text_with_a_file, "text", ""),
    "file-for-anybody": (download_by_an_outsider, False, True),
    "newest-first": (listed("bob"), [1, 2], [2, 1]),
    "page-of-twenty": (with_messages(60, size("")), 50, 20),
    "page-size-has-no-limit": (with_messages(502, size("?page_size=600")), 500, 502),
    "page-size-stops-at-100": (with_messages(160, size("?page_size=150")), 150, 100),
    "next-forgets-page-size": (next_of_a_small_page, "page_size=1&page=2", "page=2"),
    "pages-overlap": (pages_of_one, [[1], [2]], [[1], [1]]),
    "deleted-is-listed": (after(DELETE, listed("bob", field="is_deleted")), [False], [True, False]),
    "deleted-in-detail": (after(DELETE, detail), [2], [1, 2]),
    "deleted-in-global-list": (after(DELETE, listed("bob", "/messages/")), [2], [1, 2]),
    "deleted-still-counted": (after(DELETE, lambda chat: chat.call("bob", "GET", LISTED)[1]["count"]), 1, 2),
    "all-means-all": (listed("bob", "/messages/"), [1, 2], [1, 2, 3, 4]),
    "all-means-own": (listed("bob", "/messages/"), [1, 2], [2]),
    "start-one-way": (lambda chat: chat.start("bob", ALICE)[1]["id"], 1, 3),
    "start-always-201": (lambda chat: chat.start("bob", ALICE)[0], 200, 201),
    "search-ignored": (found("alice", "bob"), [1], [2, 1]),
    "search-finds-strangers": (found("bob", "carol"), [], [2]),
    "other-edits": (status("bob", "POST", "/messages/1/edit_message/", {"content": "x"}), 403, 200),
    "other-deletes-by-socket": (
        after(speaks("bob", type="delete", message_id=1), listed("alice")),
        [1, 2],
        [2],
    ),
    "edit-is-not-stamped": (
        after(EDIT, lambda chat: [each["edited_at"] is None for each in chat.messages()]),
        [False, True],
        [True, True],
    ),
    "sender-reads-own": (telling(status("alice", "POST", "/messages/1/mark_read/")), [], ["read"]),
    "read-marks-all": (
        after(sends("alice", "x"), telling(status("bob", "POST", "/messages/5/mark_read/"))),
        ["read"],
        ["read", "read"],
    ),
    "read-without-time": (
        after(READ_1, lambda chat: (chat.messages()[0]["is_read"], chat.messages()[0]["read_at"] is None)),
        (True, False),
        (True, True),
    ),
    "put-moves-in": (
        after(
            status("alice", "PUT", "/conversations/1/", {"participants": [ALICE, CAROL, 99]}),
            status("carol", "GET", LISTED),
        ),
        403,
        200,
    ),
    "delete-for-me-alone": (
        after(status("alice", "DELETE", "/conversations/1/"), status("bob", "GET", "/conversations/1/")),
        404,
        200,
    ),
    "socket-lets-anybody-in": (knock(lambda chat: chat.token("carol")), None, 1),
    "socket-trusts-alg-none": (knock(unsigned), None, 1),
    "rooms-share-a-channel": (heard_on_another_socket, ["to 2"], ["to 1", "to 2"]),
    "socket-alone-is-live": (telling(sends("alice", "x")), ["message"], []),
    "socket-is-not-kept": (
        after(speaks("alice", type="message", content="x"), listed("bob")),
        [1, 2, 5],
        [1, 2],
    ),
    "rest-needs-a-socket": (sends("alice", "x"), 201, 400),
    "stop-typing-is-not-told": (telling(speaks("alice", type="typing", is_typing=False)), ["typing"], []),
    "edit-tells-the-old-text": (told_text, "new", "Hello!"),
    "deletion-repeats-the-text": (
        deletion,
        {"type": "delete", "message_id": 1},
        {"type": "delete", "message_id": 1, "content": "Hello!"},
    ),
}


@pytest.fixture
def opened() -> Iterator[Open]:
    with opening() as open_chat:
        yield open_chat


def scene(opened: Open, *ids: str) -> Chat:
    """Conversation 1 of alice and bob with messages 1 and 2, conversation 2 of carol and alice with 3 and 4, both of them carol's."""
    chat = opened(*(f"conversations-{each}" for each in ids))
    # With members of the core, so that a defect in sending by HTTP does not spoil the scene.
    with chat.core.request():
        alice, bob, carol = chat.core.members
        said = [(alice, "Hello!", 1), (bob, "Hi there!", 1), (carol, "Psst", 2), (carol, "!", 2)]
        chat.core.chat.start_direct(alice, bob, None)
        chat.core.chat.start_direct(carol, alice, None)
        for who, text, room in said:
            chat.core.chat.send(who, chat.core.chat.room(room), text)
    return chat


def test_every_defect_is_tried() -> None:
    # The last takes a connection that ends.
    tried = [*(f"conversations-{each}" for each in ACTS), "conversations-gone-client-leaves-half"]
    assert sorted(tried) == [each.id for each in defects.catalogue("conversations")]


@pytest.mark.parametrize("defect", ACTS)
def test_a_defect_does_what_it_says(opened: Open, defect: str) -> None:
    act, right, wrong = ACTS[defect]
    assert act(scene(opened)) == right
    assert act(scene(opened, defect)) == wrong


def test_the_items_of_a_defect_are_on_the_checklist() -> None:
    known = set(spec().checklist.items)
    for each in defects.catalogue("conversations"):
        assert set(each.items) <= known
        assert each.clause in spec().checklist.clauses
