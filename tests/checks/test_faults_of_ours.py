"""What a fault of ours has taken is held against nobody; what it has not taken is judged like anything else."""

from __future__ import annotations

import pytest

from earwitness.history import Json
from tests.checks.claiming import judged
from tests.shapes import message, new_message
from tests.story import DEADLINE_MS, Story

TEXT = "what was never answered, and long enough"


def story_of_two() -> Story:
    story = Story()
    story.listens("alice"), story.listens("bob")
    return story


# -- requests ---------------------------------------------------------------------------------------------------------


def test_an_answer_that_a_fault_took_is_not_missed() -> None:
    story = story_of_two()
    asked = story.is_sending("alice", TEXT)
    story.strikes(asked)
    story.has_no_answer(asked, "cut")
    assert story.findings() == ()


def test_an_answer_to_what_came_in_slices_is_missed() -> None:
    story = story_of_two()
    asked = story.is_sending("alice", TEXT)
    story.strikes(asked, lossy=False)
    story.has_no_answer(asked, "cut")
    story.the_finding("answered")


def test_what_was_answered_is_due_though_its_connection_was_cut_then() -> None:
    story = story_of_two()
    asked = story.is_sending("alice", TEXT)
    story.strikes(asked)
    story.is_sent(asked, message(31, TEXT, "alice"))
    story.the_finding("delivery-lost")


def test_what_was_not_answered_may_be_there_and_heard() -> None:
    story = story_of_two()
    asked = story.is_sending("alice", TEXT)
    story.strikes(asked)
    story.has_no_answer(asked, "cut")
    story.hears("bob", new_message(message(31, TEXT, "alice")))
    story.lists("bob", message(31, TEXT, "alice"))
    assert story.findings() == ()


def test_a_server_error_stays_one() -> None:
    story = story_of_two()
    asked = story.is_sending("alice", TEXT)
    story.strikes(asked)
    story.answers(asked, 500, {"success": False, "message": "Internal server error"})
    assert "server-error" in [one.check for one in story.findings()]


# -- sockets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", [True, False])
def test_a_socket_that_a_fault_has_struck_need_not_hear_nor_stay(ends: bool) -> None:
    story = story_of_two()
    story.strikes(socket="s-bob")
    story.sends("alice", "hi", 31)
    if ends:
        story.closes("s-bob", "nobody", 1006)
    assert story.findings() == ()


def test_another_socket_of_the_same_member_must_hear() -> None:
    story = story_of_two()
    story.listens("bob", "s-bob-2")
    story.strikes(socket="s-bob")
    story.sends("alice", "hi", 31)
    assert "on 1 of 1 sockets" in story.the_finding("delivery-lost").heard


def test_a_socket_whose_frames_come_in_slices_must_hear_and_stay() -> None:
    story = story_of_two()
    story.strikes(socket="s-bob", lossy=False)
    story.sends("alice", "hi", 31)
    story.waits().closes("s-bob", "nobody", 1006)
    assert {one.check for one in story.findings()} == {"delivery-lost", "handshake-accepts"}


def test_what_was_due_long_before_a_fault_was_lost_without_it() -> None:
    story = story_of_two()
    story.sends("alice", "hi", 31)
    story.waits()
    story.strikes(socket="s-bob")
    story.the_finding("delivery-lost")


def test_what_was_heard_before_a_fault_was_heard() -> None:
    story = story_of_two()
    sent = story.sends("alice", "hi", 31)
    story.hears("bob", new_message(message(31, "hi", "alice")))
    story.strikes(socket="s-bob")
    due = next(due for due in story.ends().world().delivery.dues if due.exchange.id == sent.exchange)
    assert due.must == ("s-bob",) and not due.missing


def test_what_is_said_on_a_socket_that_a_fault_strikes_may_not_have_arrived() -> None:
    for struck_after_ms, lost in ((1, False), (DEADLINE_MS + 1, True)):
        story = story_of_two()
        story.says("alice", TEXT)
        story.waits(struck_after_ms)
        story.strikes(socket="s-alice")
        assert bool(story.findings()) is lost


def test_a_claim_about_a_socket_that_was_struck_is_left_open() -> None:
    story = story_of_two()
    story.strikes(socket="s-bob")
    story.closes("s-bob", "nobody", 1006)
    assert judged(story, "socket-stays", socket="s-bob", member="bob")[0].held is None


def test_a_claim_of_hearing_is_left_open_where_the_only_socket_was_struck() -> None:
    story = story_of_two()
    sent = story.sends("alice", "hi", 31)
    story.strikes(socket="s-bob")
    args: dict[str, Json] = {"member": "bob", "event": "message-created", "message": "31"}
    assert judged(story, "hears", exchange=sent.exchange, **args)[0].held is None
