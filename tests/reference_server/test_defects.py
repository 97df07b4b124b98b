"""Each defect breaks what it says, and nothing else: the same story with and without it differs in these steps only."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import pytest

from earwitness.errors import UsageError
from reference_server import apis, defects
from reference_server.apis.fe16ops import Fe16ops
from reference_server.app import HttpDoor
from reference_server.core.assembly import Core, assemble
from reference_server.core.chat import Chat
from reference_server.core.files import Files
from reference_server.core.hub import Hub
from reference_server.core.identity import Identity
from reference_server.core.refusals import Refusal
from reference_server.core.store import open_store
from tests.reference_server import (
    crimes_of_features,
    crimes_of_messages,
    crimes_of_rooms,
    crimes_of_strangers,
)
from tests.reference_server.conftest import NAMES, Open, opening
from tests.reference_server.crime import Crime
from tests.reference_server.story import STORY, Step, told

CRIMES = (
    *crimes_of_strangers.CRIMES,
    *crimes_of_rooms.CRIMES,
    *crimes_of_messages.CRIMES,
    *crimes_of_features.CRIMES,
)
# What does not show in the story: in times, in the bytes of an answer, or on sockets.
TRIED_APART = {
    "fe16ops-bad-frame-deafens",
    "fe16ops-edit-renews-the-time",
    "fe16ops-gone-client-leaves-half",
    "fe16ops-gone-client-takes-its-message-back",
    "fe16ops-length-counts-characters",
    "fe16ops-one-socket-a-member",
    "fe16ops-slow-reader-deafens-all",
}


@pytest.fixture(scope="module")
def right() -> Mapping[str, Step]:
    """The story, as the undamaged server tells it."""
    with opening() as opened:
        return told(opened())


def test_the_story_is_the_same_every_time(right: Mapping[str, Step], opened: Open) -> None:
    assert told(opened()) == right


def test_every_defect_is_tried() -> None:
    # The story is far too short for those that only a load shows.
    known = [each.id for each in defects.catalogue("fe16ops") if not each.load_only]
    assert sorted([*(each.defect for each in CRIMES), *TRIED_APART]) == known


@pytest.mark.parametrize("crime", CRIMES, ids=lambda crime: crime.defect)
def test_a_defect_changes_what_it_says(crime: Crime, right: Mapping[str, Step], opened: Open) -> None:
    wrong = told(opened(crime.defect))
    changed = [name for name, *_ in STORY if right[name] != wrong[name]]
    if crime.onward:
        assert changed[0] == crime.steps[0]
        assert set(crime.steps) <= set(changed)
    else:
        assert set(changed) == set(crime.steps)
    assert crime.shows(right[crime.steps[0]], wrong[crime.steps[0]])


@pytest.mark.parametrize("defect", sorted(TRIED_APART))
def test_the_others_do_not_change_the_story(defect: str, right: Mapping[str, Step], opened: Open) -> None:
    assert told(opened(defect)) == right


def test_an_edit_renews_the_time(opened: Open) -> None:
    site = opened("fe16ops-edit-renews-the-time")
    _, started = site.call("alice", "POST", "/start-conversation/", {"receiver_id": 2, "message": "a"})
    sent = started["conversation"]["last_message"]["created_at"]
    _, edited = site.call("alice", "PUT", "/messages/1/", {"content": "b"})
    assert edited["message"]["created_at"] > sent


def test_a_length_counts_characters(opened: Open) -> None:
    site = opened("fe16ops-length-counts-characters")
    site.call("alice", "POST", "/start-conversation/", {"receiver_id": 2, "message": "\N{THUMBS UP SIGN}"})
    headers = {"Authorization": f"Token {site.token('bob')}"}
    response = site.client.get("/api/messaging/conversations/1/", headers=headers)
    # Three bytes too few: the emoji stands in the message and in the preview, and has four bytes each time.
    assert int(response.headers["content-length"]) == len(response.content) - 2 * 3


@pytest.fixture
def damaged() -> Iterator[Any]:
    """Opens an API with a defect in it, and its own hub."""
    stores = []

    def open_api(defect: str) -> Fe16ops:
        chosen = defects.choose("fe16ops", [defect])
        stores.append(open_store(None, "fe16ops"))
        return defects.damaged(Fe16ops, chosen)(assemble(stores[-1], NAMES, defects.parts(chosen)))

    yield open_api
    for store in stores:
        store.close()


class Listener:
    """An open ear, and what it has heard."""

    def __init__(self, core: Core, member: int) -> None:
        self.ear = core.hub.open(core.members[member].id)
        self.heard: list[str] = []
        self._speaking = self.ear.speak(self._hear)
        self._news = asyncio.Event()

    async def _hear(self, text: str) -> None:
        self.heard.append(text)
        self._news.set()

    async def hears(self, count: int) -> None:
        while len(self.heard) < count:
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), 20)

    async def leave(self) -> None:
        self._speaking.cancel()
        with suppress(asyncio.CancelledError):
            await self._speaking


def say(api: Fe16ops, member: int, frame: str) -> None:
    with suppress(Refusal), api.core.request():
        api.hear(api.core.members[member], frame)


def with_a_room(api: Fe16ops) -> None:
    alice, bob, _ = api.core.members
    with api.core.request():
        api.core.chat.start_direct(alice, bob, None)


def test_messages_overtake(damaged: Any) -> None:
    async def scene() -> None:
        api = damaged("fe16ops-messages-overtake")
        with_a_room(api)
        bob = Listener(api.core, 1)
        for text in "abcd":
            say(api, 0, f'{{"message": "{text}", "conversation_id": 1}}')
        await bob.hears(4)
        assert [each.partition('"content":"')[2][0] for each in bob.heard] == ["b", "d", "a", "c"]
        await bob.leave()

    asyncio.run(scene())


def test_one_socket_a_member(damaged: Any) -> None:
    async def scene() -> None:
        api = damaged("fe16ops-one-socket-a-member")
        with_a_room(api)
        first, last = Listener(api.core, 1), Listener(api.core, 1)
        say(api, 0, '{"message": "a", "conversation_id": 1}')
        await last.hears(1)
        assert first.heard == []
        await first.leave()
        await last.leave()

    asyncio.run(scene())


def test_a_bad_frame_deafens(damaged: Any) -> None:
    async def scene() -> None:
        api = damaged("fe16ops-bad-frame-deafens")
        with_a_room(api)
        bob, alice = Listener(api.core, 1), Listener(api.core, 0)
        say(api, 1, "not JSON")
        say(api, 0, '{"message": "a", "conversation_id": 1}')
        say(api, 1, '{"message": "b", "conversation_id": 1}')
        await alice.hears(1)
        assert bob.heard == []
        await bob.leave()
        await alice.leave()

    asyncio.run(scene())


def test_several_at_once(right: Mapping[str, Step], opened: Open) -> None:
    wrong = told(opened("fe16ops-edit-unheard", "fe16ops-outsider-reads", "fe16ops-upload-takes-any-type"))
    assert {name for name in right if right[name] != wrong[name]} == {
        *("edit", "edit 22", "outsider reads", "upload something else")
    }


@pytest.mark.parametrize("defect", defects.catalogue(), ids=lambda defect: defect.id)
def test_a_defect_overrides_one_method_and_says_what_it_does(defect: defects.DefectInfo) -> None:
    overridden = [name for name in vars(defect.damage) if not name.startswith("__") and name != "_abc_impl"]
    assert len(overridden) == 1
    (base,) = defect.damage.__bases__
    assert base in (Identity, Chat, Files, Hub, HttpDoor, apis.find(defect.api))
    assert hasattr(base, overridden[0])
    assert defect.damage.__module__.rpartition(".")[2] == defect.id.replace("-", "_")
    assert defect.id.startswith(f"{defect.api}-")
    # A defect may turn no checklist item red.
    assert all(
        value
        for name, value in defect.facts().items()
        if name not in ("items", "load_only", "missed_because")
    )


def test_without_defects_a_class_is_itself() -> None:
    assert defects.damaged(Chat, ()) is Chat
    chosen = defects.choose("fe16ops", ["fe16ops-reactor-only"])
    assert defects.damaged(Chat, chosen) is Chat
    assert defects.damaged(Fe16ops, chosen) is not Fe16ops


def test_each_part_can_be_damaged() -> None:
    ids = (
        "any-token-will-do",
        "expired-tokens-work",
        "upload-takes-any-type",
        "one-socket-a-member",
        "edit-is-lost",
    )
    parts = defects.parts(defects.choose("fe16ops", [f"fe16ops-{each}" for each in ids]))
    assert [part.__name__ for part in (parts.identity, parts.chat, parts.files, parts.hub)] == [
        *("DamagedIdentity", "DamagedChat", "DamagedFiles", "DamagedHub")
    ]


def test_an_unknown_defect_is_told_its_nearest() -> None:
    with pytest.raises(
        UsageError, match=r"no defect 'fe16ops-reactor-onli'; did you mean 'fe16ops-reactor-only'\?"
    ):
        defects.choose("fe16ops", ["fe16ops-reactor-onli"])


def test_a_defect_is_planted_once_however_often_it_is_named() -> None:
    assert len(defects.choose("fe16ops", ["fe16ops-reactor-only"] * 2)) == 1
