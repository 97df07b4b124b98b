"""Rooms that are numbered apart, entered and left, deleted, opened by anybody, or addressed by a peer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from earwitness.history import Json, Request
from earwitness.world import NEVER, Room
from tests.tale import IDS, Tale

END = 10**15


def room(tale: Tale, key: str) -> Room:
    return tale.world().state.rooms[key]


def inside(tale: Tale, key: str, *members: str) -> list[bool | None]:
    """Who is in a room at the end of what was told."""
    return [room(tale, key).has(member, END, END) for member in members]


def test_a_talk_and_a_club_of_the_same_number_are_two_rooms() -> None:
    tale = Tale()
    tale.talks("alice", "bob", 5)
    tale.founds("alice", "carol", club=5)
    tale.writes("alice", "to bob", 1, talk=5)
    tale.writes("alice", "to carol", 2, club=5)
    state = tale.world().state
    assert [m.nonce for m in state.in_room("talk:5")] == ["to bob"]
    assert [m.nonce for m in state.in_room("club:5")] == ["to carol"]
    assert sorted(state.rooms["talk:5"].members) == ["alice", "bob"]
    assert sorted(state.rooms["club:5"].members) == ["alice", "carol"]


def test_who_was_grouped_is_in_and_who_was_not_is_out() -> None:
    tale = Tale()
    tale.founds("alice", "bob")
    assert inside(tale, "club:5", "alice", "bob", "carol") == [True, True, False]
    assert room(tale, "club:5").ours


def test_who_is_asked_for_and_not_shown_may_be_in_or_not() -> None:
    tale = Tale()
    body: Json = {"name": "us", "members": [2, 3]}
    tale.asks("alice", "startClub", 201, {"id": 5, "members": [1, 2]}, verb="start-group", body=body)
    assert inside(tale, "club:5", "alice", "bob", "carol") == [True, True, None]


def test_members_come_and_go() -> None:
    tale = Tale()
    tale.founds("alice", "bob")
    tale.adds("alice", "carol")
    tale.removes("alice", "bob")
    assert inside(tale, "club:5", "alice", "bob", "carol") == [True, False, True]
    tale.removes("carol", "carol")
    tale.adds("alice", "bob")
    assert inside(tale, "club:5", "alice", "bob", "carol") == [True, True, False]


def test_what_was_refused_moves_nobody() -> None:
    tale = Tale()
    tale.founds("alice", "bob")
    tale.adds("bob", "carol", status=403)
    tale.removes("bob", "alice", status=403)
    assert inside(tale, "club:5", "alice", "bob", "carol") == [True, True, False]


def test_between_request_and_answer_nobody_can_tell() -> None:
    tale = Tale()
    tale.founds("alice", "bob")
    asked = tale.is_asking("alice", "removeMember", verb="remove-member", query={"member": 2}, club=5)
    at = tale.entries[asked.n - 1].t
    tale.is_told(asked, 200, {})
    club = room(tale, "club:5")
    assert [club.has("bob", moment, moment) for moment in (at - 1, at + 1, END)] == [True, None, False]


def test_a_removal_that_nobody_answered_may_be_done() -> None:
    tale = Tale()
    tale.founds("alice", "bob")
    tale.is_asking("alice", "removeMember", verb="remove-member", query={"member": 2}, club=5)
    assert inside(tale, "club:5", "alice", "bob") == [True, None]


def test_a_list_that_still_shows_who_was_removed_puts_nobody_back() -> None:
    tale = Tale()
    tale.founds("alice", "bob")
    tale.removes("alice", "bob")
    tale.asks("alice", "listClubs", 200, [{"id": 5, "members": [1, 2]}], verb="list-rooms")
    assert inside(tale, "club:5", "bob") == [False]


def test_who_is_shown_and_was_never_brought_in_may_be_there() -> None:
    tale = Tale()
    tale.founds("alice", "bob")
    tale.asks("alice", "listClubs", 200, [{"id": 5, "members": [1, 2, 3]}], verb="list-rooms")
    assert inside(tale, "club:5", "carol") == [None]


def test_who_starts_a_club_is_its_admin_and_roles_change() -> None:
    tale = Tale()
    tale.founds("alice", "bob", "carol")
    body: Json = {"member": 2, "role": "admin"}
    tale.asks("alice", "changeRole", 200, {}, verb="change-role", body=body, club=5)
    club = room(tale, "club:5")
    assert [club.is_admin(one, END, END) for one in ("alice", "bob", "carol")] == [True, True, False]


def test_who_takes_the_last_admins_place_is_not_known() -> None:
    tale = Tale()
    tale.founds("alice", "bob", "carol")
    tale.removes("alice", "alice")
    club = room(tale, "club:5")
    assert [club.is_admin(one, END, END) for one in ("bob", "carol")] == [None, None]


def test_a_deleted_talk_is_gone_for_both_and_comes_back_when_it_is_started() -> None:
    tale = Tale()
    tale.talks("alice", "bob")
    tale.asks("alice", "deleteTalk", 204, verb="delete-room", talk=5)
    assert inside(tale, "talk:5", "alice", "bob") == [False, False]
    assert room(tale, "talk:5").is_gone(END, END) is True
    tale.talks("bob", "alice")
    assert inside(tale, "talk:5", "alice", "bob") == [True, True]
    assert room(tale, "talk:5").is_gone(END, END) is False


def test_opening_the_socket_of_a_hall_is_entering_it() -> None:
    tale = Tale()
    body: Json = {"hall": "h", "members": [2]}
    tale.asks("alice", "startHall", 201, {"id": 7, "members": [1, 2]}, verb="start-group", body=body)
    tale.opens("carol", "hall", 7)
    tale.opens("dave", "hall", 7, refused=403)
    assert inside(tale, "hall:7", "bob", "carol", "dave") == [True, True, False]


def test_a_socket_for_a_peer_is_the_talk_of_the_two() -> None:
    tale = Tale()
    tale.talks("alice", "bob")
    ear = tale.opens("bob", "peer", IDS["alice"])
    said = tale.says(ear, "send-text", type="write", text="on the peer's socket")
    world = tale.world()
    assert world.line.sockets[ear].room == "talk:5"
    sent = world.state.sent_by(said.exchange)
    assert sent is not None
    assert sent.room == "talk:5"


def test_a_talk_that_a_socket_made_is_known_before_anything_shows_it() -> None:
    tale = Tale()
    tale.opens("alice", "peer", IDS["bob"])
    ear = tale.opens("bob", "peer", IDS["alice"])
    said = tale.says(ear, "send-text", type="write", text="hello")
    state = tale.world().state
    sent = state.sent_by(said.exchange)
    assert sent is not None
    assert sorted(state.rooms[sent.room].members) == ["alice", "bob"]


# -- starting ------------------------------------------------------------------------------------------------------------


def test_a_refusal_that_gives_the_room_sends_no_first_text() -> None:
    tale = Tale()
    tale.talks("alice", "bob", text="the first")
    tale.talks("bob", "alice", status=400, text="not sent")
    world = tale.world()
    assert [m.nonce for m in world.state.in_room("talk:5")] == ["the first"]
    assert [due.shows["text"] for due in world.delivery.dues] == ["the first"]


def test_a_club_without_a_text_makes_no_message_due() -> None:
    tale = Tale()
    tale.founds("alice", "bob")
    assert tale.world().delivery.dues == []
    tale.founds("alice", "bob", club=6, text="welcome")
    assert [(due.room, due.shows["text"]) for due in tale.world().delivery.dues] == [("club:6", "welcome")]


@pytest.mark.parametrize("listed", [(), (4,), (5,), tuple(range(20, 40))])
def test_elsewhere_a_talk_is_new_when_a_short_list_from_before_lacks_it(listed: tuple[int, ...]) -> None:
    tale = Tale(foreign=True)
    tale.lists("bob", "listTalks", *listed)
    asked = tale.talks("alice", "bob")
    new = room(tale, "talk:5").fresh_since
    short = 5 not in listed and len(listed) < 10
    assert new == (tale.entries[asked.n - 1].t if short else NEVER)


def test_elsewhere_a_talk_is_not_new_because_its_start_says_so() -> None:
    tale = Tale(foreign=True)
    tale.talks("alice", "bob")
    assert room(tale, "talk:5").fresh_since == NEVER


def test_a_room_that_shows_what_nobody_sent_has_a_past() -> None:
    for older in (False, True):
        tale = Tale(foreign=True)
        tale.lists("bob", "listTalks")
        tale.talks("alice", "bob")
        tale.writes("alice", "hello", 31, talk=5)
        shown: list[Json] = [{"id": 31, "by": 1, "text": "hello"}]
        if older:
            shown.append({"id": 3, "by": 1, "text": "long ago"})
        tale.asks(
            "bob", "listTalkLetters", 200, {"letters": shown, "next": None}, verb="list-messages", talk=5
        )
        assert (room(tale, "talk:5").fresh_since == NEVER) is older


# -- blocks --------------------------------------------------------------------------------------------------------------


def test_a_block_holds_from_its_setting_to_its_lifting() -> None:
    tale = Tale()
    tale.blocks("alice", "bob")
    blocked = tale.world().state.blocks
    assert (blocked.holds("alice", "bob", END, END), blocked.holds("bob", "alice", END, END)) == (True, False)
    tale.asks("alice", "unblock", 204, verb="unblock", block=8)
    assert tale.world().state.blocks.holds("alice", "bob", END, END) is False


def test_of_a_block_that_was_there_before_nobody_knows_since_when() -> None:
    tale = Tale()
    tale.asks("alice", "listBlocks", 200, [{"id": 8, "whom": 2}], verb="list-blocks")
    assert tale.world().state.blocks.holds("alice", "bob", 0, 0) is None


# -- reactions -----------------------------------------------------------------------------------------------------------


def test_taking_back_without_an_emoji_takes_all() -> None:
    tale = Tale()
    tale.founds("alice", "bob")
    tale.writes("alice", "hello", 31, club=5)
    for emoji in ("👍", "👎"):
        tale.asks(
            "bob", "react", 201, {"id": 31, "text": "hello"}, verb="react", body={"emoji": emoji}, letter=31
        )
    tale.asks("bob", "unreact", 200, {"id": 31, "text": "hello"}, verb="unreact", letter=31)
    message = tale.world().state.messages["31"]
    assert [message.reaction("bob", one).certain(END, END) for one in ("👍", "👎")] == [False, False]


def test_a_reply_to_nothing_is_a_text() -> None:
    tale = Tale()
    tale.founds("alice", "bob")
    told = tale.writes("alice", "hello", 31, club=5, reply_to=None)
    assert [reading.verb for reading in tale.world().line.exchanges[told.exchange].readings] == ["send-text"]


def test_what_is_asked_for_at_another_spelling_of_its_path_is_the_same() -> None:
    tale = Tale()
    tale.talks("alice", "bob")
    tale.blocks("alice", "bob")
    lifted = tale.asks("alice", "unblock", 204, verb="unblock", block=8)
    at = lifted.n - 1
    request = tale.entries[at]
    assert isinstance(request, Request)
    tale.entries[at] = replace(request, url=request.url.replace("/blocks/8/", "/blocks/8/lift/"))
    world = tale.world()
    assert world.line.exchanges[lifted.exchange].sent == {"block": "8"}
    later = tale.entries[-1].t + 1
    assert world.state.blocks.holds("alice", "bob", later, later) is False
