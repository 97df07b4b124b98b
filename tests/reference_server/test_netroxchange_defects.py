"""Each planted bug of netroxchange does what its sentence says: something is tried without it, and with it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import jwt
import pytest

from reference_server import defects
from tests.reference_server.test_hub import settle
from tests.reference_server.town import PHOTO, THREADS, Found, Town, founding

NOBODY = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Trial:
    """What is done, and what it shows without the defect and with it. ``slips``: the defect breaks the documents' shapes."""

    defect: str
    act: Callable[[Town], object]
    without: object
    with_it: object
    slips: bool = False


# Texts and who hears them


def a_text_is_said(town: Town) -> object:
    town.says("alice", "bob", "hello")
    return town.heard()


def a_file_is_announced(town: Town) -> object:
    town.announces("alice", town.upload("alice", "bob"))
    return town.heard()


def both_are_said(town: Town) -> object:
    return [a_text_is_said(town), a_file_is_announced(town)]


def texts_of_100_and_101_are_said(town: Town) -> object:
    for length in (100, 101):
        town.says("alice", "bob", "x" * length)
    heard = [len(event["message_body"]) for _, event in town.events()]
    return heard, [len(each["message"]) for each in town.messages("bob", "alice")]


def a_text_with_spaces_is_said(town: Town) -> object:
    town.says("alice", "bob", " hello\n")
    return [event["message_body"] for _, event in town.events()], town.messages("bob", "alice")[0]["message"]


def the_author_is_looked_at(town: Town) -> object:
    town.says("alice", "bob", "hello")
    ((_, event),) = town.events()
    (read,) = town.messages("bob", "alice")
    names = {town.id(who): who for who in ("alice", "bob")}
    return names[event["sender_id"]], names[event["receiver_id"]], names[read["sender"]["id"]]


def a_text_is_said_and_read(town: Town) -> object:
    town.says("alice", "bob", "hello")
    return town.heard(), [each["message"] for each in town.messages("bob", "alice")]


def two_devices_listen(town: Town) -> object:
    """How many of bob's two sockets hear a text, the first first."""
    heard: list[list[str]] = [[], []]

    def into(box: list[str]) -> Callable[[str], Awaitable[None]]:
        async def take(text: str) -> None:
            box.append(text)

        return take

    async def listen() -> None:
        ears = [town.core.hub.open(town.member("bob").id) for _ in heard]
        speaking = [ear.speak(into(box)) for ear, box in zip(ears, heard, strict=True)]
        with town.core.request():
            town.core.hub.say([town.member("bob").id], {"n": 1})
        await settle()
        for task in speaking:
            task.cancel()
        await asyncio.gather(*speaking, return_exceptions=True)

    asyncio.run(listen())
    return [len(box) for box in heard]


# What is read


def three_talk(town: Town) -> None:
    for sender, receiver, text in (("alice", "bob", "1"), ("bob", "alice", "2"), ("carol", "alice", "3")):
        town.says(sender, receiver, text)


def alice_reads_bob(town: Town) -> object:
    three_talk(town)
    return [each["message"] for each in town.messages("alice", "bob")]


def a_strangers_messages_are_read(town: Town) -> object:
    status, body = town.call("alice", "GET", f"/chat/messages/{NOBODY}/")
    return status, body["entity"]


def threads_are_listed(town: Town) -> object:
    three_talk(town)
    return {who: sorted(each["id"] for each in town.threads(who)) for who in ("alice", "bob", "carol")}


def nobody_lists_threads(town: Town) -> object:
    town.says("alice", "bob", "hello")
    status, body = town.call_with("Bearer garbage", "GET", THREADS)
    return status, body["entity"], len(town.threads("alice"))


def a_thread_is_looked_at(town: Town) -> object:
    town.says("alice", "bob", "hello")
    return sorted(town.threads("alice")[0])


# Tokens


def tokens_are_tried(town: Town) -> object:
    """How the socket, then HTTP, takes a token of bob's that another key has signed, and one that has expired."""
    claims = jwt.decode(town.token("bob"), options={"verify_signature": False})
    forged = jwt.encode(claims, "x" * 32, algorithm="HS256")
    expired = town.core.identity.expired_token(town.member("bob"))
    return [
        (town.knock({"token": token}), town.call_with(f"Bearer {token}", "GET", THREADS)[0])
        for token in (forged, expired)
    ]


# Files


def sizes_are_read(town: Town) -> object:
    uploaded = town.upload("alice", "bob")
    town.announces("alice", uploaded)
    ((_, event),) = town.events()
    return uploaded["attached_file_size"], event["attached_file_size"]


def a_file_is_uploaded(town: Town) -> object:
    town.upload("alice", "bob")
    return town.heard()


def a_file_is_announced_with_other_words(town: Town) -> object:
    town.announces("alice", town.upload("alice", "bob", "stored"), "said")
    return [event["message_body"] for _, event in town.events()]


def others_announce(town: Town) -> object:
    uploaded = town.upload("alice", "bob")
    return [(town.announces(who, uploaded) is None, town.heard()) for who in ("bob", "carol", "alice")]


def a_file_is_fetched(town: Town) -> object:
    return town.call("bob", "GET", town.upload("alice", "bob")["attached_file"])


# Frames


def bad_frames_are_said(town: Town) -> object:
    """What becomes of a text without a receiver, of one without a text, and of no JSON."""
    frames: tuple[dict[str, Any], ...] = (
        {"action": "chat_message", "message_body": "x"},
        {"action": "chat_message", "receiver_id": town.id("bob")},
    )
    answers = [town.frame("alice", said) for said in (*map(json.dumps, frames), "no JSON")]
    return [answer["action"] if isinstance(answer, dict) else answer for answer in answers]


TEXT, FILE = ("bob", "re_message"), ("bob", "re_message_file")
EVERYBODY = "alice+bob+carol"
THREAD = ["craeted", "id", "user_one", "user_two"]
RIGHT_THREADS = {"alice": [1, 2], "bob": [1], "carol": [2]}

TRIALS = (
    Trial(
        "heard-by-everybody",
        both_are_said,
        [[TEXT], [FILE]],
        [[(EVERYBODY, "re_message")], [(EVERYBODY, "re_message_file")]],
    ),
    Trial("sender-hears-it", both_are_said, [[TEXT], [FILE]], [[TEXT, ("alice", "re_message")], [FILE]]),
    Trial("file-to-both", both_are_said, [[TEXT], [FILE]], [[TEXT], [FILE, ("alice", "re_message_file")]]),
    Trial("file-unheard", both_are_said, [[TEXT], [FILE]], [[TEXT], []]),
    Trial("heard-twice", both_are_said, [[TEXT], [FILE]], [[TEXT, TEXT], [FILE]]),
    Trial("one-device", two_devices_listen, [1, 1], [0, 1]),
    Trial("not-stored", a_text_is_said_and_read, ([TEXT], ["hello"]), ([TEXT], [])),
    Trial("lost-when-long", texts_of_100_and_101_are_said, ([100, 101], [100, 101]), ([100], [100, 101])),
    Trial("another-author", the_author_is_looked_at, ("alice", "bob", "alice"), ("bob", "bob", "alice")),
    Trial("body-is-trimmed", a_text_with_spaces_is_said, ([" hello\n"], " hello\n"), (["hello"], "hello")),
    Trial("reads-all", alice_reads_bob, ["1", "2"], ["1", "2", "3"]),
    Trial("reads-one-side", alice_reads_bob, ["1", "2"], ["1"]),
    Trial("newest-first", alice_reads_bob, ["1", "2"], ["2", "1"]),
    Trial("nobody-is-fine", a_strangers_messages_are_read, (404, None), (200, {"messages": []})),
    Trial(
        "threads-of-all",
        threads_are_listed,
        RIGHT_THREADS,
        {"alice": [1, 2], "bob": [1, 2], "carol": [1, 2]},
    ),
    Trial(
        "thread-for-the-starter", threads_are_listed, RIGHT_THREADS, {"alice": [1], "bob": [], "carol": [2]}
    ),
    Trial("threads-need-no-token", nobody_lists_threads, (401, None, 1), (200, [], 1)),
    Trial("socket-takes-any-token", tokens_are_tried, [(401, 401), (401, 401)], [("bob", 401), (401, 401)]),
    Trial("expired-tokens-work", tokens_are_tried, [(401, 401), (401, 401)], [(401, 401), ("bob", 200)]),
    Trial(
        "created-is-corrected",
        a_thread_is_looked_at,
        THREAD,
        ["created", "id", "user_one", "user_two"],
        slips=True,
    ),
    Trial("size-is-a-number", sizes_are_read, ("0.01KB", "0.01KB"), (len(PHOTO[1]),) * 2, slips=True),
    Trial("upload-is-announced", a_file_is_uploaded, [], [TEXT]),
    Trial("frame-text-counts", a_file_is_announced_with_other_words, ["stored"], ["said"]),
    Trial(
        "anyone-announces",
        others_announce,
        [(False, []), (False, []), (True, [FILE])],
        [(True, [FILE])] * 3,
    ),
    Trial("files-are-cut", a_file_is_fetched, (200, PHOTO[1]), (200, PHOTO[1][:-1])),
    Trial("bad-frame-crashes", bad_frames_are_said, ["error"] * 3, ["KeyError", "error", "error"]),
)


@pytest.fixture
def found() -> Iterator[Found]:
    with founding() as found:
        yield found


def test_every_defect_is_tried() -> None:
    known = [each.id for each in defects.catalogue("netroxchange")]
    assert sorted(f"netroxchange-{each.defect}" for each in TRIALS) == known


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.defect)
def test_a_defect_does_what_it_says(trial: Trial, found: Found) -> None:
    right, wrong = found(), found(f"netroxchange-{trial.defect}")
    assert trial.act(right) == trial.without
    assert trial.act(wrong) == trial.with_it
    assert right.slips == []
    assert bool(wrong.slips) is trial.slips


@pytest.mark.parametrize("defect", defects.catalogue("netroxchange"), ids=lambda defect: defect.id)
def test_a_defect_names_clauses_and_items_that_there_are(defect: defects.DefectInfo, found: Found) -> None:
    checklist = found().spec.checklist
    assert defect.clause in checklist.clauses
    assert set(defect.items) <= set(checklist.items)
