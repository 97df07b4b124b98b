"""The checks on an API whose rooms change: audiences, refusals, lists and sockets follow who is in, who is out, who is blocked."""

from __future__ import annotations

import pytest

from earwitness.checks import judge_claim
from earwitness.history import Json
from tests.tale import IDS, REFUSED, Tale


def in_a_club(*, foreign: bool = False) -> tuple[Tale, dict[str, str]]:
    """A club of three, each with a socket."""
    tale = Tale(foreign=foreign)
    tale.founds("alice", "bob", "carol")
    ears = {one: tale.opens(one, "club", 5) for one in ("alice", "bob", "carol")}
    tale.hears(ears["alice"], type="came", member=2)
    tale.hears(ears["alice"], type="came", member=3)
    tale.hears(ears["bob"], type="came", member=3)
    return tale, ears


# -- who hears -----------------------------------------------------------------------------------------------------------


def test_the_members_of_a_club_hear_what_is_written_there() -> None:
    tale, ears = in_a_club()
    tale.writes("alice", "hello, all", 31, club=5)
    for one in ("bob", "carol"):
        tale.hears_letter(ears[one], "alice", "hello, all", 31)
    assert tale.found() == []


def test_whoever_misses_it_is_found() -> None:
    tale, ears = in_a_club()
    tale.writes("alice", "hello, all", 31, club=5)
    tale.hears_letter(ears["bob"], "alice", "hello, all", 31)
    assert tale.found() == [("delivery-lost", "stated")]


@pytest.mark.parametrize("who", ["removed", "left"])
def test_who_is_out_hears_nothing_more(who: str) -> None:
    for heard in (False, True):
        tale, ears = in_a_club()
        tale.removes("alice" if who == "removed" else "carol", "carol")
        tale.writes("alice", "among ourselves", 31, club=5)
        tale.hears_letter(ears["bob"], "alice", "among ourselves", 31)
        if heard:
            tale.hears_letter(ears["carol"], "alice", "among ourselves", 31)
        assert tale.found() == ([("delivery-stray", "stated")] if heard else [])


def test_who_is_removed_meanwhile_may_hear_it_or_not() -> None:
    for heard in (False, True):
        tale, ears = in_a_club()
        asked = tale.is_asking("alice", "removeMember", verb="remove-member", query={"member": 3}, club=5)
        tale.writes("bob", "just then", 31, club=5)
        tale.hears_letter(ears["alice"], "bob", "just then", 31)
        if heard:
            tale.hears_letter(ears["carol"], "bob", "just then", 31)
        tale.is_told(asked, 200, {})
        assert tale.found() == []


def test_a_talk_hears_nothing_of_the_club_of_the_same_number() -> None:
    for stray in (False, True):
        tale = Tale()
        tale.talks("alice", "bob", 5)
        tale.founds("alice", "bob", club=5)
        ear = tale.opens("bob", "talk", 5)
        tale.writes("alice", "for the club alone", 31, club=5)
        if stray:
            tale.hears_letter(ear, "alice", "for the club alone", 31)
        assert tale.found() == ([("delivery-stray", "stated")] if stray else [])


def test_both_sockets_of_a_talk_hear_what_is_said_on_one() -> None:
    tale = Tale()
    tale.talks("alice", "bob")
    said_on = tale.opens("alice", "peer", IDS["bob"])
    ears = [tale.opens("bob", "talk", 5), tale.opens("bob", "peer", IDS["alice"])]
    for one in (said_on, ears[0]):
        tale.hears(one, type="came", member=2)
    tale.hears(said_on, type="came", member=2)
    tale.says(said_on, "send-text", type="write", text="to your ear alone")
    tale.hears_letter(ears[0], "alice", "to your ear alone", 31)
    assert [one for one in tale.found() if one[0] == "delivery-lost"] == [("delivery-lost", "stated")]


# -- who is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("relation", "right", "wrong"),
    [
        ("outsider", 403, 404),
        ("former", 403, 200),
        ("plain", 403, 200),
        ("blocked", 403, 201),
        ("blocked start", 400, 201),
        ("blocked club", 400, 201),
        ("elsewhere", 400, 201),
        ("lifting", 403, 204),
        ("gone", 404, 403),
    ],
)
def test_who_may_not_is_refused_by_the_relation(relation: str, right: int, wrong: int) -> None:
    for status in (right, wrong):
        tale = Tale(elsewhere=("dave",))
        tale.founds("alice", "bob")
        tale.talks("alice", "bob")
        shown: Json = {"id": 9, "members": [2, 1]} if status in (200, 201) else REFUSED
        match relation:
            case "outsider":
                tale.writes("carol", "from outside", 31, club=5, status=status)
            case "former":
                tale.removes("alice", "bob")
                body: Json = {"member": 1, "role": "member"}
                tale.asks("bob", "changeRole", status, REFUSED, verb="change-role", body=body, club=5)
            case "plain":
                tale.adds("bob", "carol", status=status)
            case "blocked":
                tale.blocks("alice", "bob")
                tale.writes("bob", "let me in", 31, talk=5, status=status)
            case "blocked start":
                tale.blocks("carol", "bob")
                tale.asks("bob", "startTalk", status, shown, verb="open-direct", body={"with": 3})
            case "blocked club":
                tale.blocks("carol", "bob")
                asked: Json = {"name": "us", "members": [1, 3]}
                tale.asks("bob", "startClub", status, shown, verb="start-group", body=asked)
            case "elsewhere":
                tale.asks("bob", "startTalk", status, shown, verb="open-direct", body={"with": 4})
            case "lifting":
                tale.blocks("alice", "bob")
                answer = None if status == 204 else REFUSED
                tale.asks("bob", "unblock", status, answer, verb="unblock", block=8)
            case "gone":
                tale.blocks("alice", "bob")
                tale.asks("alice", "unblock", 204, verb="unblock", block=8)
                tale.asks("alice", "unblock", status, REFUSED, verb="unblock", block=8)
        checks = [check for check, _ in tale.found() if check == "refusal"]
        assert checks == ([] if status == right else ["refusal"]), (relation, status)


def test_the_blocker_and_a_club_are_not_touched_by_a_block() -> None:
    for member, where in (("alice", {"talk": 5}), ("bob", {"club": 5})):
        for status in (201, 403):
            tale = Tale()
            tale.founds("alice", "bob")
            tale.talks("alice", "bob")
            tale.blocks("alice", "bob")
            tale.writes(member, "still here", 31, status=status, **where)
            assert [check for check, _ in tale.found()] == ([] if status == 201 else ["members-are-served"])


def test_who_was_unblocked_is_served_again() -> None:
    for status in (201, 403):
        tale = Tale()
        tale.talks("alice", "bob")
        tale.blocks("alice", "bob")
        tale.asks("alice", "unblock", 204, verb="unblock", block=8)
        tale.writes("bob", "thank you", 31, talk=5, status=status)
        assert [check for check, _ in tale.found()] == ([] if status == 201 else ["members-are-served"])


def test_where_nobody_can_tell_whether_a_block_holds_any_answer_is_fine() -> None:
    for status in (201, 403):
        tale = Tale()
        tale.talks("alice", "bob")
        tale.is_asking("alice", "block", verb="block", body={"whom": 2})
        tale.writes("bob", "am I blocked?", 31, talk=5, status=status)
        assert [check for check, _ in tale.found() if check in ("refusal", "members-are-served")] == []


def test_an_open_hall_may_be_read_by_anybody() -> None:
    for status in (200, 403):
        tale = Tale()
        started: Json = {"hall": "h", "members": [2]}
        tale.asks("alice", "startHall", 201, {"id": 7, "members": [1, 2]}, verb="start-group", body=started)
        answer: Json = {"letters": [], "next": None} if status == 200 else REFUSED
        tale.asks("carol", "listHallLetters", status, answer, verb="list-messages", hall=7)
        assert tale.found() == ([("members-are-served", "decided")] if status == 403 else [])


def test_of_a_club_that_is_made_later_nobody_was_an_outsider() -> None:
    for status in (404, 403):
        tale = Tale()
        tale.asks("bob", "addMembers", status, REFUSED, body={"members": [3]}, source="generated", club=5)
        tale.founds("alice", "bob")
        assert [check for check, _ in tale.found()] == ([] if status == 404 else ["refusal"])


# -- lists ---------------------------------------------------------------------------------------------------------------


def test_each_list_has_the_rooms_of_its_kind() -> None:
    tale = Tale()
    tale.talks("alice", "bob", 5)
    tale.founds("alice", "bob", club=6)
    tale.lists("alice", "listTalks", 5)
    tale.lists("alice", "listClubs", 6)
    assert tale.found() == []


def test_a_room_that_is_left_out_is_found() -> None:
    tale = Tale()
    tale.talks("alice", "bob", 5)
    tale.founds("alice", "bob", club=5)
    tale.lists("alice", "listTalks", 5)
    tale.lists("alice", "listClubs")
    assert tale.found() == [("rooms-listed", "stated")]


def test_where_a_list_holds_many_it_may_hold_the_latest_only() -> None:
    tale = Tale()
    tale.talks("alice", "bob", 5)
    tale.lists("alice", "listTalks", *range(20, 30))
    assert tale.found() == [("rooms-listed", "decided")]


def test_who_has_left_finds_the_room_in_no_list() -> None:
    for shown in ((), (5,)):
        tale = Tale()
        tale.founds("alice", "bob")
        tale.removes("bob", "bob")
        tale.lists("bob", "listClubs", *shown)
        assert tale.found() == ([("rooms-listed", "stated")] if shown else [])


def test_a_search_that_finds_nothing_is_no_empty_list() -> None:
    tale = Tale()
    tale.talks("alice", "bob", 5)
    tale.lists("alice", "listTalks", query={"search": "nobody"})
    assert tale.found() == []


def test_a_talk_that_was_deleted_may_be_followed_by_another() -> None:
    for deleted in (False, True):
        tale = Tale()
        tale.talks("alice", "bob", 5)
        if deleted:
            tale.asks("alice", "deleteTalk", 204, verb="delete-room", talk=5)
        tale.talks("alice", "bob", 6)
        assert tale.found() == ([] if deleted else [("start-is-idempotent", "stated")])


# -- sockets -------------------------------------------------------------------------------------------------------------


def test_presence_is_heard_by_the_others_in_the_room() -> None:
    for heard in (True, False):
        tale = Tale()
        tale.founds("alice", "bob")
        ear = tale.opens("alice", "club", 5)
        other = tale.opens("bob", "club", 5)
        if heard:
            tale.hears(ear, type="came", member=2)
        tale.closes(other)
        if heard:
            tale.hears(ear, type="went", member=2)
        assert tale.found() == ([] if heard else [("delivery-lost", "stated")] * 2)


def test_sockets_that_come_and_go_in_haste_owe_nobody_anything() -> None:
    tale = Tale()
    tale.founds("alice", "bob")
    for number in range(3):
        ears = [tale.opens(one, "club", 5, socket=f"{one}-{number}") for one in ("alice", "bob")]
        if number == 1:
            tale.hears(ears[0], type="came", member=2)
            tale.hears(ears[1], type="came", member=2)
        for ear in ears:
            tale.closes(ear)
        if number == 2:
            tale.waits(1)
    assert tale.found() == []


def test_typing_again_is_told_again_to_who_came_later() -> None:
    tale = Tale()
    tale.founds("alice", "bob")
    ear = tale.opens("alice", "club", 5)
    tale.says(ear, "type", type="type", on=True)
    later = tale.opens("bob", "club", 5)
    tale.hears(ear, type="came", member=2)
    tale.says(ear, "type", type="type", on=True)
    tale.hears(later, type="typing", member=1, on=True)
    assert tale.found() == []


def test_a_frame_that_is_refused_is_answered_by_an_error_where_there_are_errors() -> None:
    for told in (True, False):
        tale = Tale()
        tale.talks("alice", "bob")
        ear = tale.opens("bob", "talk", 5)
        tale.blocks("alice", "bob")
        tale.says(ear, "send-text", type="write", text="let me in")
        if told:
            tale.hears(ear, type="error", what="blocked")
        assert tale.found() == ([] if told else [("delivery-lost", "decided")])


def test_what_a_blocked_member_says_is_heard_by_nobody() -> None:
    tale = Tale()
    tale.talks("alice", "bob")
    ear, other = tale.opens("bob", "talk", 5), tale.opens("alice", "talk", 5)
    tale.hears(ear, type="came", member=1)
    tale.blocks("alice", "bob")
    tale.says(ear, "send-text", type="write", text="you cannot stop me")
    tale.hears(ear, type="error", what="blocked")
    tale.hears_letter(other, "bob", "you cannot stop me", 31)
    assert tale.found() == [("refused-changes-nothing", "stated")]


def test_a_room_s_socket_may_be_refused_to_who_is_outside_and_must_be() -> None:
    for member, refused, found in (
        ("carol", 403, []),
        ("carol", 0, ["handshake-refuses"]),
        ("bob", 403, ["handshake-accepts"]),
        ("bob", 0, []),
    ):
        tale = Tale()
        tale.founds("alice", "bob")
        tale.opens(member, "club", 5, refused=refused)
        assert [check for check, _ in tale.found()] == found, (member, refused)


# -- pages, fields, claims -----------------------------------------------------------------------------------------------


def page(tale: Tale, number: int, size: int, *letters: int, more: bool) -> None:
    query = {"page": number, "page_size": size}
    shown: list[Json] = [{"id": one, "by": 1, "text": f"letter {one}"} for one in letters]
    answer: Json = {"letters": shown, "next": "more" if more else None}
    tale.asks("alice", "listTalkLetters", 200, answer, verb="list-messages", query=query, talk=5)


def written(*letters: int) -> Tale:
    tale = Tale()
    tale.talks("alice", "bob")
    for one in letters:
        tale.writes("alice", f"letter {one}", one, talk=5)
    return tale


def test_pages_of_another_size_are_another_walk() -> None:
    tale = written(1, 2, 3)
    page(tale, 1, 2, 1, 2, more=True)
    page(tale, 1, 1, 1, more=True)
    page(tale, 2, 2, 3, more=False)
    assert tale.found() == []


def test_a_page_is_as_long_as_is_asked_for_and_not_longer_than_the_most() -> None:
    tale = written(1, 2, 3)
    page(tale, 1, 2, 1, 2, 3, more=False)
    assert tale.found() == [("page-size", "stated")]
    tale = written(1, 2, 3, 4, 5)
    page(tale, 1, 5, 1, 2, 3, 4, 5, more=False)
    assert tale.found() == [("page-size", "decided")]


@pytest.mark.parametrize(
    ("field", "held", "basis"),
    [
        ("edited", False, "decided"),  # optional, and its basis is ours
        ("file", False, "stated"),
        ("text", False, "stated"),
        ("kind", True, "stated"),  # no view of this API has it
    ],
)
def test_only_what_an_api_shows_is_held_against_it(field: str, held: bool, basis: str) -> None:
    tale = Tale()
    tale.founds("alice", "bob")
    told = tale.writes("alice", "hello", 31, club=5)
    claim = tale.claims(
        "shows", exchanges=[told.exchange], name="message", id="31", fields={field: "something"}
    )
    outcome, finding = judge_claim(claim, tale.world())
    assert outcome.held is held
    assert held or (finding is not None and finding.basis == basis)


@pytest.mark.parametrize("frames", [1, 2])
def test_of_two_that_are_alike_each_wants_a_frame_of_its_own(frames: int) -> None:
    tale = Tale()
    tale.founds("alice", "bob")
    ears = [tale.opens(one, "club", 5) for one in ("alice", "bob")]
    said = [tale.says(ears[0], "type", type="type", on=True) for _ in range(2)]
    for _ in range(frames):
        tale.hears(ears[1], type="typing", member=1, on=True)
    claims = [tale.claims("hears", member="bob", event="typing", exchange=one.exchange) for one in said]
    world = tale.world()
    assert [judge_claim(one, world)[0].held for one in claims].count(True) == frames


def test_a_claim_about_a_room_means_the_one_that_its_exercise_started() -> None:
    tale = Tale()
    tale.founds("alice", "bob", club=5)
    ears = [tale.opens(one, "club", 5) for one in ("alice", "bob")]
    tale.writes("alice", "to the club", 31, club=5)
    tale.hears_letter(ears[1], "alice", "to the club", 31)
    nothing = tale.claims("hears-nothing", member="bob", room="5")
    other = tale.claims("hears-nothing", member="bob", room="5", kind="talk")
    world = tale.world()
    assert judge_claim(nothing, world)[0].held is False
    assert judge_claim(other, world)[0].held is True


@pytest.mark.parametrize(
    ("asked", "shown", "right"),
    [(31, 31, True), (31, None, False), (31, 7, False), (None, None, True), (None, 31, False)],
)
def test_a_reply_says_what_it_answers(asked: int | None, shown: int | None, right: bool) -> None:
    tale = Tale()
    tale.founds("alice", "bob")
    tale.writes("alice", "a question", 31, club=5)
    body: Json = {"text": "an answer", "reply_to": asked}
    answer: Json = {"id": 32, "by": 2, "text": "an answer", "reply_to": shown}
    verb = "reply" if asked else "send-text"
    tale.asks("bob", "writeToClub", 201, answer, verb=verb, body=body, club=5)
    assert tale.found() == ([] if right else [("text-comes-back", "stated")])


@pytest.mark.parametrize(
    ("member", "status", "found"),
    [
        ("alice", 404, False), ("bob", 404, False), ("alice", 403, True), ("bob", 403, True), ("bob", 200, True),
        # Whether somebody is outside, or whether anything is there: which of them is looked at first, no document says.
        ("carol", 404, False), ("carol", 403, False), ("carol", 200, True),
    ],
)  # fmt: skip
def test_a_deleted_room_is_absent_for_those_who_were_in_it(member: str, status: int, found: bool) -> None:
    tale = Tale()
    tale.talks("alice", "bob", 5)
    tale.asks("alice", "deleteTalk", 204, verb="delete-room", talk=5)
    tale.asks(member, "listTalkLetters", status, {"letters": [], "next": None}, verb="list-messages", talk=5)
    assert ("refusal" in {check for check, _ in tale.found()}) is found


def test_a_message_is_judged_where_a_room_shows_it_too() -> None:
    for author, found in (("alice", False), ("bob", True)):
        tale = Tale()
        tale.talks("alice", "bob", 5)
        tale.writes("alice", "who wrote this?", 31, talk=5)
        letter: Json = {"id": 31, "by": IDS[author], "text": "who wrote this?"}
        tale.asks("bob", "listTalks", 200, [{"id": 5, "letters": [letter]}], verb="list-rooms")
        assert (("author-is-caller", "stated") in tale.found()) is found


@pytest.mark.parametrize(("asked", "shown", "right"), [(31, 31, True), (31, None, False), (None, 31, False)])
def test_a_file_may_be_sent_in_answer_to_something(asked: int | None, shown: int | None, right: bool) -> None:
    tale = Tale()
    tale.founds("alice", "bob")
    tale.writes("alice", "a question", 31, club=5)
    body: Json = {"text": "an answer", "enclosure": "a.txt", "enclosed": "file", "reply_to": asked}
    answer: Json = {"id": 32, "by": 2, "text": "an answer", "reply_to": shown}
    sent = tale.asks("bob", "writeToClub", 201, answer, verb="send-file", body=body, club=5)
    assert tale.world().line.exchanges[sent.exchange].readings[0].verb == "send-file"
    assert tale.found() == ([] if right else [("text-comes-back", "stated")])
