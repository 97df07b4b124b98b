"""Claims: what an exercise says must be so is judged from the history, and from nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from earwitness.checks import judge_claim
from earwitness.checks.claims import KINDS
from earwitness.history import Claimed, Json
from tests.checks.claiming import judged
from tests.shapes import (
    REFUSED,
    Object,
    conversation,
    message,
    new_message,
    reaction,
)
from tests.story import Asked, Story
from tests.tale import Tale

HI = new_message(message(31, "hi"))


def test_a_claim_of_an_unknown_kind_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="hears-all"):
        judge_claim(Claimed(claim="hears-all"), Story().world())


def test_a_finding_says_its_check_its_place_and_the_weakest_of_its_bases() -> None:
    story = Story()
    asked = story.answers(story.is_sending("alice", "hi"), 404, REFUSED)
    outcome, finding = judged(
        story, "succeeds", exchange=asked.exchange, check="rooms-listed", basis="decided"
    )
    assert outcome.held is False
    assert finding is not None
    assert (finding.check, finding.cause, finding.basis) == (
        "rooms-listed",
        "rooms-listed:sendMessage",
        "decided",
    )
    assert (finding.evidence, finding.case, finding.clause) == ((asked.n, asked.answer), "c", "2.D")


# -- being answered -----------------------------------------------------------------------------------------------------


def answered(
    status: int | None, body: Json = None, member: str = "carol", role: str = "member"
) -> tuple[Story, Asked]:
    story = Story()
    asked = story.is_sending(member, "hi", role=role)
    if status is None:
        return story, story.has_no_answer(asked)
    return story, story.answers(asked, status, body)


@pytest.mark.parametrize(
    ("relation", "status", "held", "basis"),
    [
        ("not-a-member", 404, True, "stated"),
        ("not-a-member", 403, False, "stated"),
        ("not-a-member", 201, False, "stated"),
        ("anonymous", 401, True, "stated"),
        ("bad-token", 401, True, "stated"),
        ("bad-token", 403, False, "stated"),
        ("tampered-token", 401, True, "stated"),
        ("tampered-token", 201, False, "stated"),
        ("expired", 401, True, "stated"),
        ("expired", 403, False, "stated"),
        ("absent", 410, False, "decided"),
        ("absent", 201, False, "decided"),
        ("invalid", 201, False, "decided"),
        # Where the document names no refusal any of the 4xx will do.
        ("", 418, True, "stated"),
        ("", 200, False, "stated"),
        ("", 500, False, "stated"),
    ],
)
def test_a_refusal_is_what_its_relation_says(relation: str, status: int, held: bool, basis: str) -> None:
    story, asked = answered(status, REFUSED)
    outcome, finding = judged(story, "refused", exchange=asked.exchange, relation=relation)
    assert outcome.held is held
    assert (finding is None) is held
    if finding is not None:
        assert (finding.check, finding.basis) == ("refusal", basis)
        assert finding.evidence == (asked.n, asked.answer)


@pytest.mark.parametrize("claim", ["refused", "succeeds", "answers", "shows", "lacks"])
@pytest.mark.parametrize("status", [None, 429, 0])
def test_without_an_answer_nobody_can_tell(claim: str, status: int | None) -> None:
    """A 429 tells to come back later, and nothing else; 0: it was never asked."""
    story, asked = answered(status or None, REFUSED) if status != 0 else (Story(), Asked("x99", 0))
    if status == 429:
        story, asked = answered(429, REFUSED)
    args: dict[str, Json] = {
        "exchange": asked.exchange,
        "exchanges": [asked.exchange],
        "name": "messages",
        "id": "31",
    }
    args |= {"relation": "absent", "expression": "status", "value": 404}
    outcome, finding = judged(story, claim, **args)
    assert (outcome.held, finding) == (None, None)


@pytest.mark.parametrize(
    ("status", "held"), [(201, True), (200, True), (404, False), (500, False), (302, False)]
)
def test_to_succeed_is_any_2xx(status: int, held: bool) -> None:
    story, asked = answered(status, {"success": True, "message": message(31, "hi")}, "alice")
    outcome, finding = judged(story, "succeeds", exchange=asked.exchange)
    assert outcome.held is held
    assert (finding.check if finding else None) == (None if held else "members-are-served")


@pytest.mark.parametrize(
    ("args", "held"),
    [
        ({"expression": "$response.body#/message/id", "value": 31}, True),
        ({"expression": "$response.body#/message/id", "value": 31.0}, True),
        ({"expression": "$response.body#/message/id", "value": "31"}, False),
        ({"expression": "$response.body#/success", "value": True}, True),
        ({"expression": "$response.body#/success", "value": 1}, False),
        ({"expression": "$response.body#/nothing", "value": None}, False),
        ({"expression": "status", "value": 201}, True),
        ({"expression": "$response.body#/message/content", "present": True}, True),
        ({"expression": "$response.body#/message/nothing", "present": True}, False),
        ({"expression": "$response.body#/empty", "present": True}, False),
        ({"expression": "$response.header.Content-Type", "value": "application/json"}, True),
    ],
)
def test_an_answer_holds_what_is_claimed(args: dict[str, Json], held: bool) -> None:
    story, asked = answered(201, {"success": True, "message": message(31, "hi"), "empty": ""}, "alice")
    outcome, finding = judged(story, "answers", exchange=asked.exchange, **args)
    assert outcome.held is held
    assert (finding.check if finding else None) == (None if held else "members-are-served")


# -- being shown --------------------------------------------------------------------------------------------------------


def listed(*shown: Object) -> tuple[Story, Asked]:
    story = Story()
    return story, story.lists("bob", *shown)


SHOWN = message(31, "hi", reactions=[reaction(31, "bob", "+1"), reaction(31, "alice", "👍", reacted=False)])


@pytest.mark.parametrize(
    ("claimed", "held"),
    [
        ({}, True),
        ({"text": "hi", "author": "1", "edited": False, "kind": "text"}, True),
        ({"reactions": [["2", "+1"]]}, True),
        ({"text": "ho"}, False),
        ({"author": "2"}, False),
        ({"edited": True}, False),
        ({"reactions": []}, False),
        ({"reactions": [["2", "+1"], ["1", "👍"]]}, False),
    ],
)
def test_a_list_shows_what_is_claimed(claimed: dict[str, Json], held: bool) -> None:
    story, asked = listed(message(32, "other"), SHOWN)
    outcome, finding = judged(
        story, "shows", exchanges=[asked.exchange], name="messages", id="31", fields=claimed
    )
    assert outcome.held is held
    if finding is not None:
        assert (finding.check, finding.basis, finding.clause) == ("text-comes-back", "stated", "2.C")
        assert finding.evidence == (asked.answer,)


def test_what_is_on_one_of_several_pages_is_shown() -> None:
    story, first = listed(message(32, "other"))
    second = story.lists("bob", SHOWN, page=2)
    args: dict[str, Json] = {"exchanges": [first.exchange, second.exchange], "name": "messages", "id": "31"}
    assert judged(story, "shows", **args)[0].held is True


def test_what_is_not_in_the_list_is_not_shown() -> None:
    story, asked = listed(message(32, "other"))
    outcome, finding = judged(story, "shows", exchanges=[asked.exchange], name="messages", id="31")
    assert outcome.held is False
    assert finding is not None and "not among 1: 32" in finding.heard


@pytest.mark.parametrize(("reactions", "held"), [([{"emoji": "👍", "count": 1}], True), ([], False)])
def test_reactions_in_another_shape_can_only_be_counted(reactions: list[Object], held: bool) -> None:
    story, asked = listed(message(31, "hi", reactions=reactions))
    args: dict[str, Json] = {
        "exchanges": [asked.exchange],
        "name": "messages",
        "id": "31",
        "fields": {"reactions": [["2", "👍"]]},
    }
    assert judged(story, "shows", **args)[0].held is held


def test_a_trimmed_text_in_a_list_breaks_our_reading_only() -> None:
    story, asked = listed(message(31, "hi"))
    args: dict[str, Json] = {
        "exchanges": [asked.exchange],
        "name": "messages",
        "id": "31",
        "fields": {"text": " hi "},
    }
    outcome, finding = judged(story, "shows", **args)
    assert outcome.held is False
    assert finding is not None and finding.basis == "decided"


@pytest.mark.parametrize(
    ("claimed", "held"),
    [({"unread": 2, "members": ["2", "1"]}, True), ({"unread": 1}, False), ({"members": ["1"]}, False)],
)
def test_a_room_shows_what_is_claimed(claimed: dict[str, Json], held: bool) -> None:
    story = Story()
    asked = story.lists_rooms("bob", conversation(unread=2))
    args: dict[str, Json] = {"exchanges": [asked.exchange], "name": "rooms", "id": "7", "fields": claimed}
    assert judged(story, "shows", **args)[0].held is held


def test_a_list_lacks_what_is_not_in_it() -> None:
    for shown, held in (((message(32, "other"),), True), ((SHOWN,), False)):
        story, asked = listed(*shown)
        outcome, finding = judged(story, "lacks", exchanges=[asked.exchange], name="messages", id="31")
        assert outcome.held is held
        assert (finding.check if finding else None) == (None if held else "deleted-is-gone")


def test_a_list_lacks_a_text_that_nobody_has_an_id_of() -> None:
    for wanted, held in (("never sent", True), ("other", False)):
        story, asked = listed(message(32, "other"))
        claimed: dict[str, Json] = {"exchanges": [asked.exchange], "name": "messages", "text": wanted}
        assert judged(story, "lacks", **claimed)[0].held is held


def test_a_list_that_was_not_given_lacks_nothing_that_anybody_knows() -> None:
    story, asked = answered(404, REFUSED, "bob")
    assert judged(story, "lacks", exchanges=[asked.exchange], name="messages", id="31")[0].held is None


@pytest.mark.parametrize(
    ("having", "held"),
    [
        ({"members": "2"}, False),
        ({"members": "3"}, True),
        ({"last_text": "hi"}, False),
        ({"last_text": "hi", "members": "3"}, True),
        ({"last_text": "h"}, True),
    ],
)
def test_a_list_lacks_what_has_all_of_some_traits(having: dict[str, Json], held: bool) -> None:
    story = Story()
    asked = story.lists_rooms("bob", conversation(last=message(31, "hi")))
    args: dict[str, Json] = {"exchanges": [asked.exchange], "name": "rooms", "having": having}
    outcome, finding = judged(story, "lacks", **args)
    assert (outcome.held, finding is None) == (held, held)


@pytest.mark.parametrize(
    ("said", "held"),
    [("blocked by: alice, bob", True), ("blocked by: alice", False), ("blocked by: alice, bob-2", False)],
)
def test_an_answer_names_everybody_whom_it_has_to(said: str, held: bool) -> None:
    story, asked = answered(400, {"success": False, "message": said})
    args: dict[str, Json] = {"exchange": asked.exchange, "mentions": ["alice", "bob"]}
    outcome, finding = judged(story, "answers", **args)
    assert outcome.held is held
    if finding is not None:
        assert finding.heard.endswith("not bob")


def test_a_room_is_shown_by_its_kind_where_kinds_are_numbered_apart() -> None:
    for kind, held in (("talk", True), ("club", False)):
        tale = Tale()
        tale.talks("alice", "bob", 5)
        asked = tale.lists("alice", "listTalks", 5)
        shown = tale.claims("shows", exchanges=[asked.exchange], name="rooms", id="5", kind=kind)
        lacking = tale.claims("lacks", exchanges=[asked.exchange], name="rooms", id="5", kind=kind)
        world = tale.world()
        assert judge_claim(shown, world)[0].held is held
        assert judge_claim(lacking, world)[0].held is not held


# -- sockets ------------------------------------------------------------------------------------------------------------

Told = Callable[[Story], object]


def opens(story: Story) -> None:
    story.listens("bob")


def refuses(status: int) -> Told:
    return lambda story: story.is_turned_away(story.is_opening("bob"), status)


def ends(by: str, code: int = 1000) -> Told:
    return lambda story: (story.listens("bob"), story.closes("s-bob", by, code))  # type: ignore[arg-type]  # us, server, nobody


@pytest.mark.parametrize(
    ("claim", "told", "held"),
    [
        ("socket-opens", opens, True),
        ("socket-opens", refuses(401), False),
        ("socket-opens", refuses(0), None),
        ("socket-opens", refuses(429), None),
        ("socket-opens", lambda story: story.is_opening("bob"), None),
        ("socket-opens", lambda story: None, None),
        ("socket-refused", refuses(401), True),
        ("socket-refused", refuses(403), True),
        ("socket-refused", refuses(0), True),
        ("socket-refused", refuses(404), False),
        ("socket-refused", opens, False),
        ("socket-refused", ends("server", 4401), True),
        ("socket-refused", ends("us"), False),
        ("socket-refused", lambda story: None, None),
        ("socket-stays", opens, True),
        ("socket-stays", ends("us"), True),
        ("socket-stays", ends("server", 1011), False),
        ("socket-stays", ends("nobody", 1006), False),
        ("socket-stays", refuses(401), None),
    ],
)
def test_sockets_do_what_is_claimed(claim: str, told: Told, held: bool | None) -> None:
    story = Story()
    told(story)
    outcome, finding = judged(story, claim, socket="s-bob", member="bob")
    assert outcome.held is held
    assert (finding.check if finding else None) == (KINDS[claim][0] if held is False else None)


def test_a_socket_that_closes_after_the_claim_had_stayed() -> None:
    story = Story()
    story.listens("bob")
    n = story.claims("socket-stays", socket="s-bob", member="bob")
    story.closes("s-bob", "server", 1001)
    world = story.ends().world()
    (claim,) = (one for one in world.line.cases["c"].claims if one.n == n)
    assert judge_claim(claim, world)[0].held is True


def test_a_stranger_who_is_told_why_and_closed_was_refused() -> None:
    for frame, held in (({"type": "error"}, True), (HI, False)):
        story = Story()
        story.listens("bob", role="bad-token")
        story.hears("bob", frame)
        story.closes("s-bob", "server", 4401)
        assert judged(story, "socket-refused", socket="s-bob", member="bob")[0].held is held
