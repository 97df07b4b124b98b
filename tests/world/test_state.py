"""What a history implies of rooms and messages: what is known, and what nobody can tell."""

from __future__ import annotations

from earwitness.world import NEVER, Room, State
from tests.shapes import REFUSED, ROOM, Object, conversation, message
from tests.story import Story


def state(story: Story) -> State:
    return story.world().state


def room(story: Story, room_id: str = str(ROOM)) -> Room:
    return state(story).rooms[room_id]


# -- rooms --------------------------------------------------------------------------------------------------------------


def test_a_room_that_was_started_has_the_two_who_are_in_it() -> None:
    ours = room(Story())
    assert sorted(ours.members) == ["alice", "bob"]
    assert (ours.complete, ours.ours, ours.kind) == (True, True, "direct")
    assert [ours.has(member, 0, NEVER) for member in ("alice", "bob", "carol")] == [True, True, False]


def test_a_room_that_was_new_is_known_from_its_beginning() -> None:
    story = Story(room=False)
    asked = story.starts("alice", "bob")
    assert room(story).fresh_since == story.entries[asked.n - 1].t


def test_a_room_that_was_there_before_has_a_past_that_nobody_knows() -> None:
    for before in ("listed", "started", "said to be there"):
        story = Story(room=False)
        if before == "listed":
            story.lists_rooms("bob", conversation())
        elif before == "started":
            story.starts("bob", "alice", status=200)
        story.starts("alice", "bob", status=200 if before == "said to be there" else 201)
        assert room(story).fresh_since == NEVER


def test_of_two_who_start_at_once_the_one_who_is_told_so_made_it() -> None:
    story = Story(room=False)
    one = story.begins("alice", "startConversation", verb="open-direct", body={"receiver_id": 2})
    other = story.begins("bob", "startConversation", verb="open-direct", body={"receiver_id": 1})
    for asked, status in ((one, 200), (other, 201)):
        story.answers(asked, status, {"success": True, "message": "", "conversation": conversation()})
    assert room(story).fresh_since == story.entries[other.n - 1].t


def test_who_is_no_test_member_is_known_by_an_id() -> None:
    story = Story(room=False)
    guests = {"participants": [{"id": 1, "username": "alice"}, {"id": 900, "username": "x"}]}
    story.lists_rooms("alice", conversation(8) | guests)
    theirs = room(story, "8")
    assert (sorted(theirs.members), theirs.ours) == (["#900", "alice"], False)
    assert theirs.has("bob", 0, 1) is False


def test_of_a_room_whose_members_no_answer_shows_nobody_can_tell() -> None:
    story = Story(room=False)
    story.lists("alice", message(12, "old"), room=8)
    assert (room(story, "8").has("carol", 0, 1), room(story, "8").ours) == (None, False)


def test_a_pair_of_which_one_is_shown_is_not_complete() -> None:
    story = Story(room=False)
    story.lists_rooms("alice", conversation(8) | {"participants": [{"id": 2, "username": "bob"}]})
    assert (room(story, "8").complete, room(story, "8").has("alice", 0, 1)) == (False, None)


# -- messages -----------------------------------------------------------------------------------------------------------


def test_a_message_is_there_once_its_sending_was_answered() -> None:
    story = Story()
    asked = story.sends("alice", "hi", 31)
    sent = state(story).messages["31"]
    begun, done = story.entries[asked.n - 1].t, story.entries[asked.answer - 1].t
    assert (sent.room, sent.author, sent.nonce, sent.begun, sent.done) == ("7", "alice", "hi", begun, done)
    assert [sent.exists.certain(at, at) for at in (begun - 1, begun, done, done + 1)] == [
        False,
        None,
        None,
        True,
    ]


def test_a_message_that_nobody_answered_may_be_there_and_has_no_name() -> None:
    story = Story()
    story.listens("alice")
    story.has_no_answer(story.is_sending("alice", "one")), story.says("alice", "two")
    known = state(story)
    assert ([one.nonce for one in known.nameless], dict(known.messages)) == (["one", "two"], {})
    assert all(one.exists.certain(1, NEVER) is None for one in known.nameless)


def test_what_was_refused_was_never_there() -> None:
    story = Story()
    story.answers(story.is_sending("carol", "hi"), 404, REFUSED)
    story.answers(story.is_sending("alice", "hi", role="anonymous"), 401, REFUSED)
    assert list(state(story).all_messages()) == []


def test_a_first_message_is_sent_by_starting() -> None:
    story = Story(room=False)
    story.starts("alice", "bob", text="still available?")
    assert [(one.room, one.nonce, one.author) for one in state(story).all_messages()] == [
        ("7", "still available?", "alice")
    ]


def test_the_message_of_a_file_says_its_key() -> None:
    story = Story()
    key = "uploads/a.jpg"
    asked = story.is_sending("alice", "", verb="send-file", body={"content": key, "message_type": "image"})
    story.is_sent(asked, message(31, key, message_type="image"))
    sent = state(story).messages["31"]
    assert (sent.has_file, sent.text.possible(0, NEVER)) == (True, (key,))


def test_what_is_edited_deleted_or_read_by_unknown_ids_is_left_alone() -> None:
    story = Story()
    (
        story.edits("alice", 99, "other"),
        story.deletes("alice", 99),
        story.reacts("bob", 99),
        story.marks("bob", 0, 8),
    )
    assert (dict(state(story).messages), state(story).nameless) == ({}, [])


# -- reactions and reading ------------------------------------------------------------------------------------------------


def reactions(story: Story) -> Object:
    """What a reader who comes last may see of bob's reactions."""
    sent = state(story).messages["31"]
    return {
        emoji: set(sent.reaction("bob", emoji).possible(NEVER, NEVER)) for _, emoji in list(sent.reactions)
    }


def test_a_reaction_is_what_its_answer_says() -> None:
    story = Story()
    story.sends("alice", "hi", 31)
    story.reacts("bob", 31)
    assert reactions(story) == {"👍": {True}}
    story.reacts("bob", 31, reacted=False)
    assert reactions(story) == {"👍": {False}}


def test_without_its_word_it_is_the_opposite_of_what_was_certain() -> None:
    story = Story()
    story.sends("alice", "hi", 31)
    story.answers(story.is_reacting("bob", 31), 200, {"success": True})
    assert reactions(story) == {"👍": {True}}
    story.answers(story.is_reacting("bob", 31), 200, {"success": True})
    assert reactions(story) == {"👍": {False}}


def test_another_reaction_takes_the_place_of_the_first() -> None:
    story = Story()
    story.sends("alice", "hi", 31)
    story.reacts("bob", 31), story.reacts("bob", 31, "❤️"), story.reacts("alice", 31)
    assert reactions(story) == {"👍": {False}, "❤️": {True}}


def test_a_toggle_that_nobody_answered_may_end_either_way_before_or_after_the_next() -> None:
    story = Story()
    story.sends("alice", "hi", 31)
    story.has_no_answer(story.is_reacting("bob", 31))
    assert reactions(story) == {"👍": {True, False}}
    story.reacts("bob", 31)
    assert reactions(story) == {"👍": {True, False}}


def test_of_two_reactions_at_once_either_may_stay() -> None:
    story = Story()
    story.sends("alice", "hi", 31)
    one, other = story.is_reacting("bob", 31), story.is_reacting("bob", 31, "❤️")
    story.has_reacted(one), story.has_reacted(other, "❤️")
    assert reactions(story) == {"👍": {True, False}, "❤️": {True, False}}


def test_marking_a_room_reads_what_others_had_written_by_then() -> None:
    story = Story()
    story.sends("alice", "before", 31), story.sends("bob", "bob's own", 32)
    marking = story.is_marking("bob")
    story.sends("alice", "meanwhile", 33)
    story.has_marked(marking, 1)
    story.sends("alice", "after", 34)
    known = state(story)
    read = {
        number: set(known.messages[number].read("bob").possible(NEVER, NEVER))
        for number in ("31", "33", "34")
    }
    assert read == {"31": {True}, "33": {True, False}, "34": {False}}
    assert "bob" not in known.messages["32"].read_by
