"""Claims of hearing something, and of hearing nothing, are judged from what sockets heard."""

from __future__ import annotations

import pytest

from earwitness.checks import Finding, Outcome, judge_claim
from earwitness.history import CaseEnded, Claimed, Json, Request, RunEnded, SocketOpening
from tests.checks.claiming import judged
from tests.shapes import (
    Object,
    message,
    message_edited,
    new_message,
    reaction,
    reaction_updated,
)
from tests.story import Asked, Story
from tests.tale import Tale

HI = new_message(message(31, "hi"))


# -- hearing ------------------------------------------------------------------------------------------------------------


def heard(*frames: Object, text: str = "hi") -> tuple[Story, Asked]:
    story = Story()
    story.listens("bob")
    asked = story.sends("alice", text, 31)
    for frame in frames:
        story.hears("bob", frame)
    return story, asked


def bob_hears(
    story: Story, asked: Asked, event: str = "message-created", **args: Json
) -> tuple[Outcome, Finding | None]:
    about: dict[str, Json] = {
        "member": "bob",
        "event": event,
        "exchange": asked.exchange,
        "message": "31",
    } | args
    return judged(story, "hears", **about)


def test_the_evidence_of_silence_has_the_sockets_that_were_open() -> None:
    """Whoever repeats it has to listen there."""
    story, asked = heard()
    (opening,) = [entry.n for entry in story.entries if isinstance(entry, SocketOpening)]
    outcome, _ = bob_hears(story, asked)
    assert outcome.entries[:2] == (asked.n, opening)


@pytest.mark.parametrize("everywhere", [True, False])
def test_a_member_hears_on_every_device(everywhere: bool) -> None:
    story = Story()
    story.listens("bob")
    story.listens("bob", "s-bob-phone")
    asked = story.sends("alice", "hi", 31)
    story.hears("bob", HI)
    if everywhere:
        story.hears("bob", HI, socket="s-bob-phone")
    outcome, finding = bob_hears(story, asked)
    assert outcome.held is everywhere
    assert (finding is None) is everywhere
    assert ("nothing on 1" in outcome.heard) is not everywhere


def test_whose_socket_closes_in_the_meantime_proves_nothing() -> None:
    story, asked = heard()
    story.closes("s-bob", by="nobody", code=1006)
    outcome, finding = bob_hears(story, asked)
    assert (outcome.held, finding) == (None, None)


def test_whose_socket_closes_after_the_time_is_over_does_prove_something() -> None:
    story, asked = heard()
    story.waits()
    story.closes("s-bob")
    assert bob_hears(story, asked)[0].held is False


@pytest.mark.parametrize("fields", [{}, {"text": "hi"}, {"text": "hi", "author": 1, "kind": "text"}])
def test_who_hears_it_as_claimed_hears_it(fields: Object) -> None:
    outcome, finding = bob_hears(*heard(HI), fields=fields)
    assert (outcome.held, finding) == (True, None)


@pytest.mark.parametrize(
    "frames", [(), (new_message(message(32, "other")),), (new_message(message(31, "ho")),)]
)
def test_who_hears_nothing_or_something_else_does_not(frames: tuple[Object, ...]) -> None:
    story, asked = heard(*frames)
    outcome, finding = bob_hears(story, asked, fields={"text": "hi"})
    assert outcome.held is False
    assert finding is not None
    assert (finding.check, finding.basis, finding.clause) == ("delivery-lost", "stated", "5.MSG")
    assert finding.evidence[0] == asked.n


def test_hearing_without_an_answer_is_unknown() -> None:
    """An operation without an answer is unknown: that nobody hears of it proves nothing."""
    for end in ("timeout", 503, None):
        story = Story()
        story.listens("bob")
        asked = story.is_sending("alice", "hi")
        if end == "timeout":
            story.has_no_answer(asked)
        elif end == 503:
            story.answers(asked, 503)
        outcome, finding = bob_hears(story, asked, message="", text="hi")
        assert (outcome.held, finding) == (None, None)


def test_what_was_heard_though_nobody_answered_was_heard() -> None:
    story = Story()
    story.listens("bob")
    asked = story.has_no_answer(story.is_sending("alice", "hi"))
    story.hears("bob", HI)
    assert bob_hears(story, asked, message="", text="hi")[0].held is True


def test_a_text_that_was_trimmed_breaks_our_reading_only() -> None:
    outcome, finding = bob_hears(*heard(HI, text="  hi  "), fields={"text": "  hi  "})
    assert outcome.held is False
    assert finding is not None and finding.basis == "decided"


def test_what_an_event_does_not_show_is_for_its_schema_to_judge() -> None:
    story = Story()
    story.sends("alice", "hi", 31)
    story.listens("bob")
    asked = story.reacts("alice", 31)
    story.hears("bob", {"type": "reaction_updated", "reaction": {"on": 31}})
    assert bob_hears(story, asked, "reaction-changed", fields={"emoji": "👍"})[0].held is True


def test_what_another_exercise_or_another_member_hears_does_not_count() -> None:
    story, asked = heard()
    story.listens("alice")
    story.hears("alice", HI)
    story.case_ends().case("d")
    story.listens("bob", "later")
    story.hears("bob", HI, "later")
    story.case_ends()
    world = story.ends().world()
    claim = Claimed(
        n=99, case="c", claim="hears", args={"member": "bob", "event": "message-created", "message": "31"}
    )
    assert judge_claim(claim, world)[0].held is False
    assert asked.n


def test_what_was_heard_before_may_be_left_out() -> None:
    story, asked = heard(HI)
    assert bob_hears(story, asked, after=len(story.entries))[0].held is False


@pytest.mark.parametrize(
    ("fields", "held"), [({"in_force": True, "emoji": "👍"}, True), ({"in_force": False}, False)]
)
def test_a_reaction_is_heard_with_its_outcome(fields: Object, held: bool) -> None:
    story = Story()
    story.sends("alice", "hi", 31)
    story.listens("bob")
    asked = story.reacts("alice", 31)
    story.hears("bob", reaction_updated(reaction(31, "alice")))
    assert bob_hears(story, asked, "reaction-changed", fields=fields)[0].held is held


# -- hearing nothing ----------------------------------------------------------------------------------------------------


def carol_hears_nothing(story: Story, **about: Json) -> tuple[Outcome, Finding | None]:
    return judged(story, "hears-nothing", member="carol", **(about or {"room": "7"}))


def test_who_listens_and_hears_nothing_of_it_hears_nothing() -> None:
    story = Story()
    story.starts("bob", "carol", room=8)
    story.listens("carol")
    story.sends("alice", "hi", 31), story.sends("bob", "hey", 32, room=8)
    story.hears("carol", new_message(message(32, "hey", "bob", conversation_id=8)))
    assert carol_hears_nothing(story)[0].held is True


@pytest.mark.parametrize("about", [{"room": "7"}, {"message": "31"}])
def test_who_hears_of_it_does_not_hear_nothing(about: dict[str, Json]) -> None:
    story = Story()
    story.listens("carol")
    story.sends("alice", "hi", 31)
    n = story.hears("carol", HI)
    outcome, finding = carol_hears_nothing(story, **about)
    assert outcome.held is False
    assert finding is not None
    assert (finding.check, finding.evidence, finding.basis) == ("delivery-stray", (n,), "stated")


@pytest.mark.parametrize(("member", "who"), [("carol", "outsider"), ("bob", "member")])
def test_a_claim_calls_who_hears_something_as_the_check_does(member: str, who: str) -> None:
    story = Story()
    story.listens(member)
    story.sends("alice", "hi", 31)
    story.hears(member, HI)
    _, finding = judged(story, "hears-nothing", member=member, room="7")
    assert finding is not None
    assert finding.cause.endswith(f":message-created:send-text/http:{who}")


def test_a_frame_that_names_no_room_is_known_by_its_message() -> None:
    story = Story()
    story.listens("carol")
    story.sends("alice", "hi", 31)
    story.edits("alice", 31, "ho")
    shown = message(31, "ho", is_edited=True)
    del shown["conversation_id"]
    story.hears("carol", message_edited(shown))
    assert carol_hears_nothing(story)[0].held is False


def test_what_comes_after_the_claim_still_counts() -> None:
    story = Story()
    story.listens("carol")
    story.sends("alice", "hi", 31)
    n = story.claims("hears-nothing", member="carol", room="7")
    story.case_ends().waits()
    story.hears("carol", HI)
    world = story.ends().world()
    (claim,) = (one for one in world.line.cases["c"].claims if one.n == n)
    assert judge_claim(claim, world)[0].held is False


@pytest.mark.parametrize(("event", "held"), [("message-created", False), ("message-deleted", True)])
def test_of_an_event_that_was_forged_only_this_one_may_not_be_heard(event: str, held: bool) -> None:
    """The evidence is what the forger said, and what was heard."""
    story = Story()
    story.listens("carol"), story.listens("alice")
    asked = story.says("alice", "hi")
    n = story.hears("carol", HI)
    outcome, finding = carol_hears_nothing(
        story, message="31", event=event, exchange=asked.exchange, check="event-has-a-cause"
    )
    assert outcome.held is held
    if not held:
        assert outcome.entries == (asked.n, n)
        assert finding is not None
        assert (finding.check, finding.cause) == ("event-has-a-cause", "event-has-a-cause:message-created")


def test_who_does_not_listen_proves_nothing() -> None:
    story = Story()
    story.sends("alice", "hi", 31)
    assert carol_hears_nothing(story)[0].held is None


def test_who_is_not_let_in_hears_nothing() -> None:
    story = Story()
    story.is_turned_away(story.is_opening("carol"), 403)
    story.sends("alice", "hi", 31)
    assert carol_hears_nothing(story)[0].held is True


# -- hearing nothing on one socket, from a moment on, of one cause ------------------------------------------------------


def two_clubs() -> tuple[Tale, dict[str, str]]:
    """Alice and bob in two clubs, 5 and 6, each with a socket in both."""
    tale = Tale()
    for club in (5, 6):
        tale.founds("alice", "bob", club=club)
    return tale, {
        f"{name}{club}": tale.opens(name, "club", club) for name in ("alice", "bob") for club in (5, 6)
    }


def held(tale: Tale, claim: Claimed) -> bool | None:
    tale.waits().add(RunEnded())
    return judge_claim(claim, tale.world())[0].held


@pytest.mark.parametrize(("on", "expected"), [("bob5", False), ("bob6", True)])
def test_one_socket_may_hear_what_another_must_not(on: str, expected: bool) -> None:
    tale, ears = two_clubs()
    claim = tale.claims("hears-nothing", member="bob", socket=ears[on])
    tale.writes("alice", "hi", 31, club=5)
    tale.hears_letter(ears["bob5"], "alice", "hi", 31)
    assert held(tale, claim) is expected


@pytest.mark.parametrize(("room", "expected"), [("5", False), ("6", True)])
def test_a_room_of_a_kind_is_not_the_room_of_that_number_of_another(room: str, expected: bool) -> None:
    tale, ears = two_clubs()
    tale.talks("alice", "bob", talk=6)
    claim = tale.claims("hears-nothing", member="bob", room=room, kind="club" if room == "5" else "talk")
    tale.writes("alice", "hi", 31, club=5)
    tale.hears_letter(ears["bob5"], "alice", "hi", 31)
    assert held(tale, claim) is expected


def test_what_was_heard_before_is_no_part_of_hearing_nothing_more() -> None:
    tale, ears = two_clubs()
    written = tale.writes("alice", "hi", 31, club=5)
    begun = next(
        entry.n for entry in tale.entries if isinstance(entry, Request) and entry.exchange == written.exchange
    )
    heard = tale.hears_letter(ears["bob5"], "alice", "hi", 31)
    claims = [
        tale.claims("hears-nothing", member="bob", room="5", kind="club", after=after)
        # The last but one: it was done before, and is only heard late.
        for after in (begun - 1, heard - 1, heard)
    ]
    assert [held(tale, claim) for claim in claims] == [False, True, True]


@pytest.mark.parametrize(
    ("frame", "about", "expected"),
    [
        ({"type": "error", "what": "no"}, {"socket": "bob-club-5"}, True),
        ({"type": "what nobody knows"}, {"room": "5", "kind": "club"}, True),
        ({"type": "what nobody knows"}, {"socket": "bob-club-5"}, False),
    ],
)
def test_to_be_told_that_one_is_refused_is_to_be_told_of_nothing(
    frame: dict[str, Json], about: dict[str, Json], expected: bool
) -> None:
    """Of what no document knows nobody can say which room it is about; on one socket it is something all the same."""
    tale, ears = two_clubs()
    claim = tale.claims("hears-nothing", member="bob", **about)
    tale.hears(ears["bob5"], **frame)
    assert held(tale, claim) is expected


def test_typing_that_nobody_has_caused_is_something_too() -> None:
    """A socket of a room that tells of somebody who types tells of that room, whatever the cause."""
    tale, ears = two_clubs()
    claim = tale.claims("hears-nothing", member="bob", room="6", kind="club")
    tale.hears(ears["bob6"], type="typing", member=1, on=True)
    assert held(tale, claim) is False


@pytest.mark.parametrize("echo", [True, False])
def test_whoever_caused_it_hears_nothing_of_that_cause(echo: bool) -> None:
    tale, ears = two_clubs()
    said = tale.says(ears["alice5"], "send-text", type="write", text="mine")
    claim = tale.claims("hears-nothing", member="alice", event="message-created", of=said.exchange)
    tale.writes("bob", "his", 32, club=5)
    tale.hears_letter(ears["alice5"], "bob", "his", 32)
    if echo:
        tale.hears_letter(ears["alice5"], "alice", "mine", 31)
    assert held(tale, claim) is not echo


def test_what_the_end_of_the_exercise_causes_is_no_part_of_it() -> None:
    """Sockets that are left are closed then, and the others hear of it."""
    tale, ears = two_clubs()
    claim = tale.claims("hears-nothing", member="bob", room="5", kind="club")
    tale.add(CaseEnded(outcome="done"))
    tale.closes(ears["alice5"], by="us", code=1000)
    tale.hears(ears["bob5"], type="went", member=1)
    assert held(tale, claim) is True


def test_hearing_may_have_to_be_later_than_a_moment() -> None:
    """Each socket that opens is told of; having heard of the first is not having heard of the second."""
    tale, ears = two_clubs()
    tale.hears(ears["bob5"], type="came", member=1)
    between = tale.opens("alice", "club", 5, "alice-phone")
    n = len(tale.entries) - 2
    claim = tale.claims("hears", member="bob", event="came-online", fields={"member": "1"}, after=n)
    anytime = tale.claims("hears", member="bob", event="came-online", fields={"member": "1"})
    assert between and (held(tale, claim), held(tale, anytime)) == (False, True)
