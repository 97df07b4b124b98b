"""Each defect of rooms does what its sentence says: an act, and what it shows without the defect and with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

import pytest

from reference_server import defects
from reference_server.core.refusals import Refusal
from tests.reference_server.house import House, Open, furnish, opening, spec

DAY, HOUR = 24 * 3600, 3600
PAIR, TEAM, SQUARE = "/rooms/{pair}/", "/rooms/{team}/", "/rooms/{square}/"
HELLO, ANSWER = f"{TEAM}messages/{{hello}}/", f"{TEAM}messages/{{answer}}/"

Act = Callable[[House], object]


def status(who: str, method: str, path: str, body: object = None) -> Act:
    return lambda house: house.call(who, method, path, body)[0]


def answer(who: str, method: str, path: str, field: str = "", body: object = None) -> Act:
    """The answer, or a field of it."""

    def answered(house: House) -> object:
        shown = house.call(who, method, path, body)[1]
        return shown[field] if field else shown

    return answered


def listed(who: str, path: str, field: str = "id") -> Act:
    """A field of all that a list, or a page of one, holds."""

    def shown(house: House) -> object:
        found = house.call(who, "GET", path)[1]
        return [each[field] for each in (found if isinstance(found, list) else found["results"])]

    return shown


def after(*acts: Act) -> Act:
    """What the last act shows once the others were done."""

    def all_of_them(house: House) -> object:
        for act in acts[:-1]:
            act(house)
        house.told()
        return acts[-1](house)

    return all_of_them


def telling(act: Act) -> Act:
    """Who is told of an act, in which room, and which type of event."""

    def act_and_listen(house: House) -> object:
        act(house)
        return [(sorted(who), room, event["type"]) for who, room, event in house.told()]

    return act_and_listen


def says(who: str, room: str = "team", **frame: object) -> Act:
    """Say a frame on a new socket, whose opening is told to nobody here."""

    def said(house: House) -> None:
        seat = house.opens(who, room)
        house.told()
        house.says(seat, frame)

    return said


def opens(who: str, room: str = "", peer: str = "") -> Act:
    """Whether a socket opens."""

    def opened(house: House) -> object:
        with suppress(Refusal):
            house.opens(who, room, peer)
            return True
        return False

    return opened


def comes_and_goes(who: str, room: str) -> Act:
    return lambda house: house.closes(house.opens(who, room))


def names_who_goes(house: House) -> object:
    house.closes(house.opens("bob", "pair"))
    return [event["user_id"] for who, _, event in house.told() if "alice" in who]


def rooms_told_of_one(house: House) -> object:
    """Where it is told that bob comes to a room and goes."""
    house.closes(house.opens("bob", "pair"))
    return {room for _, room, _ in house.told()}


def comes_again(house: House) -> object:
    for _ in range(2):
        house.hub.open(house.member("bob").id, house.core.chat.room_id_of_uuid(house.known["team"]))
        house.opens("bob", "team")
    return len(house.told())


def speaks_after_leaving(house: House) -> object:
    seat = house.opens("bob", "team")
    house.call("bob", "POST", f"{TEAM}leave/")
    house.says(seat, {"type": "message", "content": "x"})
    return len(house.messages())


def moves(seconds: int) -> Act:
    return lambda house: house.core.clock.move(seconds)


def fills(room: str, count: int) -> Act:
    return lambda house: house.fills(room, count)


def reacts(*wishes: tuple[str, str, str]) -> Act:
    """What is in force after several reactions to one message: by whom, which, and whether to add or remove."""

    def reacted(house: House) -> object:
        for who, emoji, action in wishes:
            house.call(who, "POST", f"{HELLO}react/", {"emoji": emoji, "action": action})
        return house.messages(field="reactions")[0]

    return reacted


def direct(who: str, peer: str) -> Act:
    return status(who, "POST", "/rooms/direct_message/", {"user_id": f"{{{peer}}}"})


def next_page(house: House) -> object:
    return str(house.call("bob", "GET", f"{TEAM}messages/?page_size=1")[1]["next"]).partition("?")[2]


def readers(house: House) -> Any:
    return [[each["id"] for each in readers] for readers in house.messages(field="read_by")]


def unread(who: str, room: str = "team") -> Act:
    return lambda house: house.unread(who, room)


def number(act: Act) -> Act:
    """How many there are."""

    def counted(house: House) -> object:
        found = act(house)
        assert isinstance(found, list)
        return len(found)

    return counted


CLEANS = answer("bob", "POST", "/sessions/cleanup_old_sessions/", "deleted_sessions")
RECEIPT = says("carol", type="read_receipt", message_id="{answer}")
READ_ALL = answer("alice", "POST", f"{TEAM}mark_read/", "count")
READ_ONE = answer("alice", "POST", f"{ANSWER}mark_read/", "was_already_read")
TYPES = says("bob", type="typing", is_typing=True)
TYPISTS = listed("carol", f"{TEAM}typing_users/", "is_typing")
BODY = {"content": "x"}
EVERYBODY = ["alice", "bob", "carol"]
PAGES_OF_TWO = [f"{TEAM}messages/?page_size=2&page={page}" for page in (1, 2)]

# Without and with the defect.
ACTS: Final[dict[str, tuple[Act, object, object]]] = {
    "receipt-is-broadcast": (telling(RECEIPT), [], [(["alice", "bob"], "team", "read_receipt")]),
    "receipt-is-not-kept": (after(RECEIPT, readers), [[], ["carol"]], [[], []]),
    "receipt-marks-all-before": (after(RECEIPT, readers), [[], ["carol"]], [["carol"], ["carol"]]),
    "read-by-is-shared": (after(READ_ALL, unread("carol")), 2, 0),
    "reader-is-listed-twice": (after(READ_ONE, readers), [[], ["alice"]], [[], ["alice", "alice"]]),
    "already-read-lies": (after(READ_ONE, READ_ONE), True, False),
    "mark-room-counts-own": (READ_ALL, 1, 2),
    "unread-counts-own": (unread("alice"), 1, 2),
    "sender-hears-nothing": (
        telling(says("bob", type="message", content="x")),
        [(EVERYBODY, "team", "message")],
        [(["alice", "carol"], "team", "message")],
    ),
    "message-only-live": (after(says("bob", type="message", content="x"), number(House.messages)), 3, 2),
    "direct-leaks-by-peer": (
        after(
            direct("carol", "bob"),
            lambda house: house.learns(
                "other", "carol", "POST", "/rooms/direct_message/", {"user_id": "{bob}"}
            ),
            telling(status("alice", "POST", f"{PAIR}messages/", BODY)),
        ),
        [(["alice", "bob"], "pair", "message")],
        [(["alice", "bob"], "pair", "message"), (["carol"], "other", "message")],
    ),
    "direct-socket-makes-another": (
        after(opens("bob", peer="alice"), number(listed("bob", "/rooms/"))),
        2,
        3,
    ),
    "direct-one-way": (direct("bob", "alice"), 200, 201),
    "direct-with-oneself": (direct("bob", "bob"), 400, 201),
    "direct-can-be-left": (status("bob", "POST", f"{PAIR}leave/"), 400, 200),
    "other-user-is-oneself": (
        lambda house: [house.call(who, "GET", PAIR)[1]["other_user"]["id"] for who in ("alice", "bob")],
        ["bob", "alice"],
        ["bob", "bob"],
    ),
    "who-looks-is-not-shown": (
        lambda house: [each["id"] for each in house.call("bob", "GET", TEAM)[1]["participants"]],
        EVERYBODY,
        ["alice", "carol"],
    ),
    "typing-echoes": (
        telling(TYPES),
        [(["alice", "carol"], "team", "typing")],
        [(EVERYBODY, "team", "typing")],
    ),
    "stop-typing-is-not-told": (
        telling(says("bob", type="typing", is_typing=False)),
        [(["alice", "carol"], "team", "typing")],
        [],
    ),
    "typing-never-expires": (after(TYPES, moves(31), TYPISTS), [], [True]),
    "typing-expires-early": (after(TYPES, moves(25), TYPISTS), [True], []),
    "typists-of-all-rooms": (after(says("bob", "pair", type="typing", is_typing=True), TYPISTS), [], [True]),
    "joined-is-not-told": (comes_again, 2, 1),
    "left-names-who-stays": (names_who_goes, ["bob", "bob"], ["bob", "alice"]),
    "presence-leaks": (rooms_told_of_one, {"pair"}, {"pair", "team", "square", "theirs"}),
    "leaver-still-hears": (
        after(
            status("bob", "POST", f"{TEAM}leave/"),
            telling(status("alice", "POST", f"{TEAM}messages/", BODY)),
        ),
        [(["alice", "carol"], "team", "message")],
        [(EVERYBODY, "team", "message")],
    ),
    "leaver-still-speaks": (speaks_after_leaving, 2, 3),
    "leave-empties": (after(status("bob", "POST", f"{TEAM}leave/"), status("carol", "GET", TEAM)), 200, 403),
    "socket-wants-no-membership": (opens("dave", "team"), False, True),
    "outsider-reads-typing": (status("dave", "GET", f"{TEAM}typing_users/"), 403, 200),
    "message-of-another-room": (
        status("bob", "POST", f"{TEAM}messages/{{secret}}/react/", {"emoji": "x", "action": "add"}),
        404,
        200,
    ),
    "public-writes-unjoined": (status("dave", "POST", f"{SQUARE}messages/", BODY), 403, 201),
    "public-join-is-forgotten": (
        after(comes_and_goes("dave", "square"), status("dave", "POST", f"{SQUARE}messages/", BODY)),
        201,
        403,
    ),
    "anybody-edits": (status("bob", "PATCH", HELLO, BODY), 403, 200),
    "anybody-deletes": (status("bob", "DELETE", HELLO), 403, 204),
    "edit-is-not-marked": (answer("alice", "PATCH", HELLO, "is_edited", BODY), True, False),
    "deleted-is-searched": (
        after(status("alice", "DELETE", HELLO), listed("bob", "/search/messages/?q=hello")),
        ["answer"],
        ["answer", "hello"],
    ),
    "deleted-is-previewed": (
        after(
            status("bob", "DELETE", ANSWER),
            lambda house: house.call("bob", "GET", TEAM)[1]["last_message"]["id"],
        ),
        "hello",
        "answer",
    ),
    "first-is-previewed": (
        lambda house: house.call("bob", "GET", TEAM)[1]["last_message"]["id"],
        "answer",
        "hello",
    ),
    "search-knows-no-walls": (listed("bob", "/search/messages/?q=secret"), [], ["secret"]),
    "search-has-no-limit": (
        after(fills("team", 600), number(listed("bob", "/search/messages/?q=5"))),
        50,
        len([each for each in range(600) if "5" in str(each)]),
    ),
    "new-name-is-not-kept": (
        after(status("alice", "PATCH", TEAM, {"name": "Hall"}), answer("bob", "GET", TEAM, "name")),
        "Hall",
        "Team",
    ),
    "search-forgets-names": (listed("bob", "/search/rooms/?q=carol@"), ["team"], []),
    "reaction-replaces": (
        reacts(("bob", "👍", "add"), ("bob", "❤️", "add")),
        {"👍": ["bob"], "❤️": ["bob"]},
        {"❤️": ["bob"]},
    ),
    "reaction-toggles": (reacts(("bob", "👍", "add"), ("bob", "👍", "add")), {"👍": ["bob"]}, {}),
    "unreact-takes-everybodys": (
        reacts(("bob", "👍", "add"), ("alice", "👍", "add"), ("bob", "👍", "remove")),
        {"👍": ["alice"]},
        {},
    ),
    "page-size-has-no-limit": (
        after(fills("team", 150), number(listed("bob", f"{TEAM}messages/?page_size=150"))),
        100,
        150,
    ),
    "pages-overlap": (
        after(
            fills("team", 2),
            lambda house: [listed("bob", page, "content")(house) for page in PAGES_OF_TWO],
        ),
        [["Hello everyone!", "Hello Alice!"], ["0", "1"]],
        [["Hello everyone!", "Hello Alice!"], ["Hello Alice!", "0"]],
    ),
    "next-forgets-page-size": (next_page, "page_size=1&page=2", "page=2"),
    "cleanup-takes-the-active": (after(opens("bob", "team"), moves(DAY + HOUR), CLEANS), 0, 1),
    "cleanup-is-for-all": (after(comes_and_goes("alice", "team"), moves(DAY + HOUR), CLEANS), 0, 1),
    "cleanup-after-an-hour": (after(comes_and_goes("bob", "team"), moves(DAY - HOUR), CLEANS), 0, 1),
    "sessions-of-others": (
        after(opens("alice", "team"), number(listed("bob", "/sessions/active_sessions/", "is_active"))),
        0,
        1,
    ),
    "reply-crosses-rooms": (
        status("bob", "POST", f"{TEAM}messages/", {"content": "x", "reply_to": "{secret}"}),
        404,
        201,
    ),
}


@pytest.fixture
def opened() -> Iterator[Open]:
    with opening() as open_house:
        yield open_house


def scene(opened: Open, *ids: str) -> House:
    return furnish(opened(*(f"rooms-{each}" for each in ids)))


def test_every_defect_is_tried() -> None:
    assert sorted(f"rooms-{each}" for each in ACTS) == [each.id for each in defects.catalogue("rooms")]


@pytest.mark.parametrize("defect", ACTS)
def test_a_defect_does_what_it_says(opened: Open, defect: str) -> None:
    act, right, wrong = ACTS[defect]
    assert act(scene(opened)) == right
    assert act(scene(opened, defect)) == wrong


def test_the_items_of_a_defect_are_on_the_checklist() -> None:
    known = set(spec().checklist.items)
    for each in defects.catalogue("rooms"):
        assert set(each.items) <= known
        assert each.clause in spec().checklist.clauses
