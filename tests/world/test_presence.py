"""Who comes and goes: what opened and closed sockets make due, in the rooms of a document that has them."""

from __future__ import annotations

import pytest

from earwitness.history import SocketOpened
from tests.saga import Saga
from tests.tale import Told

STORMS = 6


def in_a_group(*, foreign: bool = False) -> Saga:
    """A group of alice, bob and carol, where alice listens."""
    saga = Saga(foreign=foreign)
    saga.founded(5, "group", "alice", "bob", "carol")
    saga.listens("alice", 5)
    return saga


def test_who_comes_and_goes_is_heard_by_the_others_once() -> None:
    saga = in_a_group()
    saga.listens("bob", 5), saga.hears_of("alice-5", "user_joined", "bob")
    saga.waits()
    saga.closes("bob-5"), saga.hears_of("alice-5", "user_left", "bob")
    assert saga.found() == []


@pytest.mark.parametrize("event", ["user_joined", "user_left"])
def test_one_that_nobody_heard_of_is_found(event: str) -> None:
    saga = in_a_group()
    saga.listens("bob", 5)
    if event == "user_left":
        saga.hears_of("alice-5", "user_joined", "bob")
    saga.waits()
    saga.closes("bob-5")
    if event == "user_joined":
        saga.hears_of("alice-5", "user_left", "bob")
    assert saga.found() == [("delivery-lost", "stated")]


def test_the_one_who_comes_may_hear_it_on_every_device() -> None:
    saga = in_a_group()
    for name in ("first", "second"):
        saga.listens("bob", 5, name), saga.hears_of("alice-5", "user_joined", "bob")
        saga.hears_of(name, "user_joined", "bob")
    saga.hears_of("first", "user_joined", "bob")
    assert saga.found() == []


def test_that_each_device_is_told_of_is_our_reading() -> None:
    saga = in_a_group()
    saga.listens("bob", 5, "first"), saga.hears_of("alice-5", "user_joined", "bob")
    saga.listens("bob", 5, "second")
    assert saga.found() == [("delivery-lost", "decided")]


def test_one_connection_is_told_of_once() -> None:
    saga = in_a_group()
    saga.listens("bob", 5)
    for _ in range(2):
        saga.hears_of("alice-5", "user_joined", "bob")
    assert saga.found() == [("delivery-duplicate", "decided")]


def test_an_event_that_names_somebody_else_is_found_by_what_it_shows() -> None:
    saga = in_a_group()
    saga.listens("bob", 5), saga.hears_of("alice-5", "user_joined", "bob")
    saga.waits()
    closed, heard = saga.closes("bob-5"), saga.hears_of("alice-5", "user_left", "alice")
    assert [(one.check, one.evidence) for one in saga.findings()] == [("event-content", (closed, heard))]


def test_who_closes_right_after_hears_nothing_of_that() -> None:
    """What names the hearer, who goes in the next moment, is about the one who has gone."""
    saga = in_a_group()
    saga.listens("bob", 5), saga.hears_of("alice-5", "user_joined", "bob")
    saga.waits(10)
    closed, heard = saga.closes("bob-5"), saga.hears_of("alice-5", "user_left", "alice")
    saga.closes("alice-5")
    assert [(one.check, one.evidence) for one in saga.findings()] == [("event-content", (closed, heard))]


def test_presence_of_another_room_is_a_stray() -> None:
    for stray in (False, True):
        saga = in_a_group()
        saga.founded(6, "group", "bob", "dave")
        saga.listens("bob", 6)
        if stray:
            saga.hears_of("alice-5", "user_joined", "bob")
        assert saga.found() == ([("delivery-stray", "stated")] if stray else [])


def test_presence_that_nothing_caused_is_found() -> None:
    saga = in_a_group()
    saga.hears_of("alice-5", "user_left", "carol")
    assert saga.found() == [("event-has-a-cause", "stated")]


def test_of_a_stranger_in_a_room_that_anybody_may_enter_nothing_is_known() -> None:
    saga = Saga(foreign=True)
    saga.founded(5, "public", "alice", "bob")
    saga.listens("alice", 5)
    saga.hears(
        "alice-5", type="user_joined", user="z@example.com", user_id="00000000-0000-0000-0000-0000000000ff"
    )
    saga.listens("bob", 5), saga.hears_of("alice-5", "user_joined", "bob")
    assert saga.found() == []


def test_a_socket_that_was_refused_is_no_coming() -> None:
    for heard in (False, True):
        saga = in_a_group()
        saga.listens("dave", 5, refused=403)
        if heard:
            saga.hears_of("alice-5", "user_joined", "dave")
        assert saga.found() == ([("refused-changes-nothing", "stated")] if heard else [])


def test_a_socket_that_was_accepted_and_closed_is_refused_as_well() -> None:
    saga = in_a_group()
    saga.listens("dave", 5), saga.closes("dave-5", by="server", code=4403)
    assert saga.found() == []


@pytest.mark.parametrize(
    "how", [{"by": "server"}, {"by": "nobody", "code": 1006}, {"by": "us", "code": 1006}]
)
@pytest.mark.parametrize("heard", [False, True])
def test_a_socket_that_we_did_not_close_may_be_told_of_or_not(how: dict[str, str], heard: bool) -> None:
    saga = in_a_group()
    saga.listens("bob", 5), saga.hears_of("alice-5", "user_joined", "bob")
    saga.closes("bob-5", **how)
    if heard:
        saga.hears_of("alice-5", "user_left", "bob")
    assert "delivery-lost" not in [check for check, _ in saga.found()]


def test_others_may_hear_of_a_closing_before_we_know_that_it_is_over() -> None:
    saga = in_a_group()
    saga.listens("bob", 5), saga.hears_of("alice-5", "user_joined", "bob")
    saga.waits()
    saga.hears_of("alice-5", "user_left", "bob"), saga.closes("bob-5")
    assert saga.found() == []


@pytest.mark.parametrize("heard", [False, True])
def test_the_socket_of_who_has_left_may_go_unnoticed(heard: bool) -> None:
    saga = in_a_group()
    saga.listens("bob", 5), saga.hears_of("alice-5", "user_joined", "bob")
    saga.leaves("bob"), saga.waits(), saga.closes("bob-5")
    if heard:
        saga.hears_of("alice-5", "user_left", "bob")
    assert saga.found() == []


def test_sockets_for_a_peer_come_and_go_in_the_room_of_the_two() -> None:
    for missed in (False, True):
        saga = Saga()
        saga.met(5, "alice", "bob")
        saga.listens("alice", 5), saga.listens("bob", "alice")
        if not missed:
            saga.hears_of("alice-5", "user_joined", "bob")
        assert saga.found() == ([("delivery-lost", "stated")] if missed else [])


def test_who_opens_last_of_all_hears_nothing_of_who_was_there() -> None:
    saga = in_a_group()
    for number in range(STORMS):
        saga.listens("bob", 5, f"bob-{number}"), saga.hears_of("alice-5", "user_joined", "bob")
    late = saga.listens("carol", 5)
    saga.hears_of("alice-5", "user_joined", "carol")
    for number in range(STORMS):
        saga.hears_of(f"bob-{number}", "user_joined", "carol")
    saga.waits()
    for number in range(STORMS):
        saga.closes(f"bob-{number}")
        saga.hears_of("alice-5", "user_left", "bob"), saga.hears_of(late, "user_left", "bob")
    assert saga.found() == []


def test_opening_that_takes_its_time_is_due_from_its_end() -> None:
    """Alice closes within the time that the event may take, counted from when bob's socket was open."""
    saga = in_a_group()
    saga.is_opening("bob", 5)
    saga.waits(900).add(SocketOpened(socket="bob-5"))
    saga.waits(500).closes("alice-5"), saga.hears_of("bob-5", "user_left", "alice")
    assert saga.found() == []


# -- typing, which names its member in the same way ----------------------------------------------------------------------


def type_in(saga: Saga, socket: str, typing: bool = True) -> Told:
    return saga.says(socket, "type", type="typing", is_typing=typing)


def test_typing_that_comes_back_to_who_types_is_a_stray() -> None:
    saga = in_a_group()
    type_in(saga, "alice-5"), saga.hears_of("alice-5", "typing", "alice", is_typing=True)
    assert saga.found() == [("delivery-stray", "stated")]


def test_of_typing_that_is_told_on_another_device_nothing_is_concluded_alone() -> None:
    saga = in_a_group()
    saga.listens("alice", 5, "other")
    type_in(saga, "alice-5"), saga.hears_of("other", "typing", "alice", is_typing=True)
    assert saga.found() == [("delivery-stray", "decided")]


def test_typing_is_told_as_it_was_said() -> None:
    for told in (False, True):
        saga = in_a_group()
        saga.listens("bob", 5), saga.hears_of("alice-5", "user_joined", "bob")
        type_in(saga, "alice-5"), saga.hears_of("bob-5", "typing", "alice", is_typing=True)
        type_in(saga, "alice-5", False), saga.hears_of("bob-5", "typing", "alice", is_typing=told)
        assert saga.found() == ([("event-content", "stated")] if told else [])


def test_typing_that_is_heard_in_another_room_is_a_stray() -> None:
    saga = in_a_group()
    saga.founded(6, "group", "alice", "dave")
    saga.listens("dave", 6)
    type_in(saga, "alice-5"), saga.hears_of("dave-6", "typing", "alice", is_typing=True)
    assert saga.found() == [("delivery-stray", "stated")]


def test_what_is_typed_by_who_has_left_is_heard_by_nobody() -> None:
    for heard in (False, True):
        saga = in_a_group()
        saga.listens("bob", 5), saga.hears_of("alice-5", "user_joined", "bob")
        saga.leaves("bob"), type_in(saga, "bob-5")
        if heard:
            saga.hears_of("alice-5", "typing", "bob", is_typing=True)
        assert saga.found() == ([("refused-changes-nothing", "stated")] if heard else [])


def test_a_server_may_take_a_frame_that_fits_no_document_for_typing() -> None:
    saga = in_a_group()
    saga.founded(6, "group", "alice", "dave")
    saga.listens("alice", 6), saga.listens("dave", 6), saga.hears_of("alice-6", "user_joined", "dave")
    type_in(saga, "alice-5")
    (
        saga.says("alice-6", "", type="typing", is_typing=1),
        saga.hears_of("dave-6", "typing", "alice", is_typing=True),
    )
    assert saga.found() == []
