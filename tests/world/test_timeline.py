"""A history is put together whatever order its entries come in, and members are who their ids say they are."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from earwitness.history import MemberJoined
from earwitness.world.register import NEVER
from tests.shapes import REFUSED, Object, documents, message, new_message
from tests.story import Story


def told() -> Story:
    story = Story()
    story.listens("alice"), story.listens("bob")
    story.sends("alice", "hi", 31)
    story.hears("bob", new_message(message(31, "hi")))
    story.says("bob", "said")
    story.has_no_answer(story.is_reacting("bob", 31))
    story.settles()
    story.claims("socket-opens", socket="s-bob", member="bob")
    story.closes("s-bob")
    return story.case_ends().ends()


def test_requests_meet_their_answers_and_sockets_their_frames() -> None:
    line = told().world().line
    sent, said, reacted = (line.exchanges[one] for one in ("x2", "x3", "x4"))
    assert (sent.status, sent.succeeded, sent.form, sent.member) == (201, True, "http", "alice")
    assert (said.form, said.member, said.uncertain, said.done) == ("socket", "bob", True, NEVER)
    assert (reacted.status, reacted.uncertain, reacted.done) == (0, True, NEVER)
    bob = line.sockets["s-bob"]
    assert (bob.member, len(bob.heard), bob.closed is not None) == ("bob", 1, True)
    case = line.cases["c"]
    assert (len(case.claims), len(case.settled), case.ended is not None) == (1, 1, True)
    assert line.ended is not None


@pytest.mark.parametrize("seed", range(5))
def test_entries_that_come_out_of_order_are_taken_by_their_times(seed: int) -> None:
    """Another engine's log comes in late: its entries have later numbers and earlier times."""
    story = told()
    entries = list(story.entries)
    random.Random(seed).shuffle(entries)
    mixed = documents().world(replace(entry, n=n) for n, entry in enumerate(entries, start=1))
    plain = story.world()
    assert {x.id: (x.begun, x.done, x.member) for x in mixed.line.exchanges.values()} == {
        x.id: (x.begun, x.done, x.member) for x in plain.line.exchanges.values()
    }
    assert set(mixed.state.messages) == set(plain.state.messages)
    assert [one.match for one in mixed.delivery.heard] == [one.match for one in plain.delivery.heard]


@pytest.mark.parametrize("length", range(len(told().entries) + 1))
def test_a_history_that_was_cut_off_anywhere_can_be_put_together(length: int) -> None:
    world = documents().world(told().entries[:length])
    assert len(world.line.exchanges) <= 4


def test_what_has_no_beginning_is_left_out() -> None:
    story = told()
    rootless = [
        e for e in story.entries if e.kind not in ("request", "socket-opening", "case-started", "frame-said")
    ]
    line = documents().world(rootless).line
    assert (dict(line.exchanges), dict(line.sockets), dict(line.cases)) == ({}, {}, {})
    assert len(line.settled) == 1


@pytest.mark.parametrize(
    ("status", "uncertain"),
    [(200, False), (404, False), (429, False), (500, True), (503, True), (301, True), (303, True)],
)
def test_an_answer_that_does_not_say_whether_it_was_done_leaves_it_open(status: int, uncertain: bool) -> None:
    story = Story()
    asked = story.answers(story.is_sending("alice", "hi"), status, REFUSED)
    exchange = story.world().line.exchanges[asked.exchange]
    assert exchange.uncertain is uncertain
    assert (exchange.done == NEVER) is uncertain


@pytest.mark.parametrize(
    ("reason", "uncertain"), [("timeout", True), ("cut", True), ("malformed", True), ("refused", False)]
)
def test_a_request_that_never_left_was_not_done(reason: str, uncertain: bool) -> None:
    story = Story()
    asked = story.has_no_answer(story.is_sending("alice", "hi"), reason)
    assert story.world().line.exchanges[asked.exchange].uncertain is uncertain


# -- members ------------------------------------------------------------------------------------------------------------


def test_each_exercise_may_have_an_alice_of_its_own() -> None:
    story = Story(room=False).case("d").member("alice", 41).case("e").member("alice", 1)
    line = story.world().line
    assert [line.who(case, "alice") for case in ("c", "d", "e", "")] == ["alice", "alice/2", "alice", "alice"]
    assert (line.id_of("alice/2"), line.member_with_id("41"), line.member_with_id("900")) == (
        "41",
        "alice/2",
        "",
    )


def test_what_the_second_alice_does_is_hers() -> None:
    story = Story().case("d").member("alice", 41)
    story.listens("alice", "hers")
    asked = story.is_sending("alice", "hi")
    line = story.world().line
    assert (line.exchanges[asked.exchange].member, line.sockets["hers"].member) == ("alice/2", "alice/2")


def test_members_without_an_id_are_told_apart_by_their_names() -> None:
    """A deployment file may name members by username alone."""
    story = Story(members=(), room=False)
    for name in ("alice", "bob", "alice"):
        story.add(MemberJoined(member=name, attributes={"username": name}))
    line = story.world().line
    assert sorted(line.members) == ["alice", "bob"]
    assert [line.who("", name) for name in ("alice", "bob")] == ["alice", "bob"]
    assert line.id_of("bob") == ""


def test_an_id_is_the_same_as_a_number_and_as_text() -> None:
    story = Story(members=(), room=False)
    story.member("alice", 1).member("alice", "1")
    assert list(story.world().line.members) == ["alice"]


# -- what was asked -----------------------------------------------------------------------------------------------------


def test_a_request_is_read_by_its_path_whatever_it_calls_itself() -> None:
    story = Story()
    asked = story.is_sending("alice", "a b")
    story.entries[-1] = replace(story.entries[-1], operation="")  # type: ignore[call-arg]  # a Request has it
    exchange = story.world().line.exchanges[asked.exchange]
    assert exchange.operation is not None and exchange.operation.id == "sendMessage"
    assert dict(exchange.sent) == {"conversation_id": "7", "content": "a b"}
    assert exchange.readings[0].verb == "send-text"


def test_a_request_that_says_it_is_no_operation_is_none() -> None:
    story = Story()
    asked = story.is_sending("alice", "hi")
    story.entries[-1] = replace(story.entries[-1], operation="-")  # type: ignore[call-arg]  # a Request has it
    exchange = story.world().line.exchanges[asked.exchange]
    assert (exchange.operation, exchange.readings) == (None, ())


def test_a_path_is_unquoted_and_a_query_is_read() -> None:
    story = Story(room=False)
    asked = story.begins("alice", "getConversation", query={"page": "2", "q": "a&b"}, conversation_id="7%2F8")
    exchange = story.world().line.exchanges[asked.exchange]
    assert dict(exchange.sent) == {"conversation_id": "7/8", "page": "2", "q": "a&b"}


@pytest.mark.parametrize(
    "payload", [{"message": 7, "conversation_id": 7}, {"message": "no room"}, {"type": "nothing"}]
)
def test_a_frame_that_fits_nothing_is_no_verb(payload: Object) -> None:
    story = Story()
    story.listens("alice")
    asked = story.says("alice", "hi")
    said = story.entries[-1]
    story.entries[-1] = replace(said, payload=replace(said.payload, value=payload))  # type: ignore[attr-defined,call-arg]
    assert story.world().line.exchanges[asked.exchange].readings == ()


def test_an_empty_history_is_an_empty_world() -> None:
    world = documents().world(())
    assert (world.line.last, world.line.ended, list(world.line.exchanges)) == (0, None, [])
