"""Lists are walked to their end, by the addresses that their pages name; what is claimed of them, and of searches, holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from earwitness.history import Claimed, MemberJoined, Request
from earwitness.live import LiveMember, NotRun, RoomHandle, Session, Stage
from earwitness.verdict import Verdict
from tests.live.stages import reference_session, stage_of, verdict


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    """Conversations: lists with links and sizes, a search, a login."""
    with reference_session(api="conversations") as session:
        yield session


def asked(stage: Stage, verb: str) -> list[Request]:
    return [one for one in stage.entries() if isinstance(one, Request) and one.verb == verb]


def test_a_walk_goes_where_the_pages_lead(stage: Stage, alice: LiveMember, room: RoomHandle) -> None:
    for number in range(5):
        alice.sends(room, f"number {number}")
    exchanges = alice.walks("list-messages", room=room, page_size=2)
    walked = asked(stage, "list-messages")
    assert tuple(one.exchange for one in walked) == exchanges
    led = stage.shown(exchanges, "messages")
    assert [one.text("text") for one in led] == [f"number {number}" for number in range(5)]
    # The addresses of the second and third are the server's own, word for word; by them it is known who asks.
    assert ["page=2" in one.url and "page_size=2" in one.url for one in walked] == [False, True, False]
    assert all(
        one.operation == "" and "authorization" in {h.lower() for h in one.headers} for one in walked[1:]
    )


def test_what_is_claimed_of_lists_and_searches_holds(
    stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    sent = [alice.sends(room, f"a walk, number {number}") for number in range(5)]
    other = alice.starts_direct(carol)
    elsewhere = carol.sends(other, "somewhere else")
    bob.lists_in_pages("list-messages", 2, *sent, asked=2, room=room)
    bob.lists_in_pages("list-messages", 500, *sent, asked=600, room=room)
    bob.sees_in_order(room, *sent)
    bob.sees_nothing_between(sent[1], sent[2])
    bob.counts_what_it_lists(room)
    bob.finds("list-all-messages", sent[0])
    bob.does_not_find("list-all-messages", elsewhere)
    alice.finds("search-rooms", room, query=bob.is_found_by)
    alice.does_not_find("search-rooms", other, query=bob.is_found_by)
    alice.finds_at_most("list-all-messages", 6)
    alice.is_told_whether_new(room, True)
    alice.is_told_whether_new(alice.starts_direct(bob), False)
    alice.is_told_what_was_sent(sent[0], read=False)
    bob.is_shown_room(bob.must("read-room", room=room), room, *sent, members=[alice, bob])
    kinds = {one.claim for one in stage.entries() if isinstance(one, Claimed)}
    assert kinds >= {"pages", "holds", "counts", "gives", "shows", "lacks"}
    judged = verdict(stage)
    assert (judged.verdict, judged.findings) == (Verdict.PASS, ())


@pytest.mark.parametrize("claim", ["size", "order", "between", "missing", "new", "search"])
def test_what_is_not_so_does_not_hold(
    claim: str, stage: Stage, alice: LiveMember, bob: LiveMember, room: RoomHandle
) -> None:
    one, two, three = (alice.sends(room, f"out of step, number {number}") for number in range(3))
    if claim == "size":
        bob.lists_in_pages("list-messages", 2, one, two, three, asked=1, room=room)
    elif claim == "order":
        bob.sees_in_order(room, two, one)
    elif claim == "between":
        bob.sees_nothing_between(one, three)
    elif claim == "missing":
        alice.deletes(three)
        bob.lists_in_pages("list-messages", 50, one, two, three, room=room)
    elif claim == "new":
        alice.is_told_whether_new(alice.starts_direct(bob), True)
    else:
        alice.finds("search-rooms", room, query="nobody-is-called-like-that")
    assert verdict(stage).verdict == Verdict.FAIL


def test_whoever_signs_in_goes_on_with_the_token_that_was_given(stage: Stage, bob: LiveMember) -> None:
    account = stage.session.mint("dora")
    stage.journal.append(MemberJoined(member="dora", attributes=account.attributes))
    dora = stage.members["dora"] = LiveMember(stage, replace(account, token="a-token-gone-stale"))
    assert not dora.does("list-rooms").done
    dora.signs_in()
    room = dora.starts_direct(bob)
    dora.sees(dora.sends(room, "with a token of my own"), text="with a token of my own")
    token = dora.shows_who_it_is()["Authorization"].removeprefix("Bearer ")
    assert not any(token in str(entry) for entry in stage.entries()), "the token is in the history"


def test_a_pair_that_may_have_talked_before_is_no_new_room(fixed: Stage) -> None:
    alice, bob = fixed.cast("alice"), fixed.cast("bob")
    fixed.needs_a_new_room(alice.starts_direct(bob))
    with pytest.raises(NotRun, match="have talked before"):
        fixed.needs_a_new_room(alice.starts_direct(bob))


def test_operations_are_those_of_a_kind_that_refuse(session: Session) -> None:
    with stage_of(session, "operations") as stage:
        assert stage.operations_of("list-messages", "authenticate") == ("listConversationMessages", "login")
        assert stage.operations_of("list-rooms", "send-text", refusing="absent", kind="direct") == (
            "sendMessage",
        )
        assert (stage.number_of("page-size-max", 1), stage.number_of("search-max", 1)) == (500, 1)
