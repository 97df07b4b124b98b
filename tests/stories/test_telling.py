"""Stories are made up from the words of a binding: the same for the same seed, with nothing in them that was not there before."""

from __future__ import annotations

import ast
from collections.abc import Iterable

import pytest

from earwitness.content import api_names
from earwitness.documents import load_documents
from earwitness.stories import Story, as_test, shorten, tell_all
from earwitness.stories.moves import (
    KINDS,
    Move,
    coming_and_going,
    deleting,
    editing,
    looking,
    meddling,
    saying,
    starting,
)
from earwitness.stories.performing import WORDS
from earwitness.stories.sketch import CAST, Message, Room, Sketch
from earwitness.stories.telling import Choice


def sketch_of(api: str, *rooms: Room) -> Sketch:
    documents = load_documents(api)
    return Sketch(documents.binding, documents.spec, list(rooms))


def told(api: str, number: int = 20, seed: int = 1) -> tuple[Story, ...]:
    documents = load_documents(api)
    return tell_all(documents.binding, documents.spec, number, seed)


def lines(moves: Iterable[Move]) -> list[str]:
    return [move.line for move in moves]


def test_a_seed_tells_the_same_stories_again_and_another_seed_others() -> None:
    assert told("fe16ops") == told("fe16ops")
    assert set(told("fe16ops")).isdisjoint(told("fe16ops", seed=2))
    assert len(set(told("fe16ops"))) == 20


@pytest.mark.parametrize("api", [*api_names(), "connectify", "conversations", "rooms"])
def test_every_name_in_a_line_was_given_by_a_line_before(api: str) -> None:
    for story in told(api, 40):
        known = {*CAST, *WORDS}
        for line in story.lines:
            tree = ast.parse(line)
            names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
            assert {one.id for one in names if isinstance(one.ctx, ast.Load)} <= known, line
            known |= {one.id for one in names if isinstance(one.ctx, ast.Store)}


def test_the_stories_of_an_api_have_every_kind_of_move_that_it_can_do() -> None:
    kinds = {kind for story in told("connectify", 60) for kind, _ in story.acts}
    # Nobody reads a whole room there.
    assert kinds == set(KINDS)
    alone = {kind for story in told("netroxchange", 60) for kind, _ in story.acts}
    assert alone == {"starting", "listening", "hushing", "saying", "sharing", "looking"}


def test_only_members_say_something_and_only_outsiders_meddle() -> None:
    sketch = sketch_of("fe16ops", Room("room1", "conversation", ["alice", "bob"]))
    sketch.rooms[0].kind = next(iter(sketch.binding.rooms))
    assert {
        line.partition("= ")[2].removeprefix("known(").partition(".")[0] for line in lines(saying(sketch))
    } == {"alice", "bob"}
    assert {line.partition(".")[0] for line in lines(meddling(sketch))} == {"carol", "dave"}


def test_who_has_left_is_outside() -> None:
    sketch = sketch_of("connectify", Room("room1", "group-chat", ["alice", "bob", "carol"], ["alice"]))
    leaves = next(move for move in coming_and_going(sketch) if move.line == 'carol.must("leave", room=room1)')
    assert 'carol.may_not("list-messages", "not-a-member", room=room1)' not in lines(meddling(sketch))
    leaves.then()
    assert 'carol.may_not("list-messages", "not-a-member", room=room1)' in lines(meddling(sketch))
    assert not any("carol" in line for line in lines(saying(sketch)))


def test_who_has_no_say_is_refused_what_an_admin_does() -> None:
    sketch = sketch_of("connectify", Room("room1", "group-chat", ["alice", "bob", "carol"], ["alice"]))
    moves = lines(coming_and_going(sketch))
    assert 'alice.must("add-member", room=room1, peers=[dave])' in moves
    assert 'bob.may_not("add-member", "not-an-admin", room=room1, peers=[dave])' in moves
    assert 'bob.must("add-member", room=room1, peers=[dave])' not in moves
    # What becomes of a room whose only admin leaves is for a scenario of its own.
    assert 'alice.must("leave", room=room1)' not in moves


def test_a_message_is_its_senders_and_gone_when_it_is_deleted() -> None:
    sketch = sketch_of("fe16ops")
    room = Room("room1", next(iter(sketch.binding.rooms)), ["alice", "bob"])
    message = Message("message1", room, "alice", "hello")
    sketch.rooms, sketch.messages = [room], [message]
    assert lines(deleting(sketch)) == [
        'alice.must("delete-message", form="http", message=message1)',
        'bob.may_not("delete-message", "not-the-sender", message=message1)',
    ]
    edits = list(editing(sketch))
    edits[0].then()
    assert (message.text, message.edited) == ("alice says word 0", True)
    assert "bob.sees(message1, text='alice says word 0', author=alice, edited=True)" in lines(looking(sketch))
    next(deleting(sketch)).then()
    assert lines(deleting(sketch)) == ['alice.may_not("delete-message", "absent", message=message1)']
    assert "bob.does_not_see(message1)" in lines(looking(sketch))


def test_two_who_are_at_odds_start_nothing_and_say_nothing_to_each_other() -> None:
    sketch = sketch_of("connectify", Room("room1", "conversation", ["alice", "bob"]))
    sketch.blocks["alice", "bob"] = "block1"
    assert not any(
        {"alice", "bob"} <= set(line.replace("(", ".").replace(")", ".").split("."))
        for line in lines(starting(sketch))
    )
    assert lines(saying(sketch)) == []
    assert 'bob.may_not("send-text", "blocked", room=room1, text="bob is not heard")' in lines(
        meddling(sketch)
    )


# -- the shortest story -----------------------------------------------------------------------------------------------


def retold(choices: Iterable[Choice]) -> Story:
    """A story in which choices are lines, and a look at the end tells how many there were."""
    acts = tuple(choices)
    return Story(acts, tuple(kind for kind, _ in acts), ("look",))


LONG = retold(("abcdefghijklmnop"[number], number) for number in range(16))


def test_what_need_not_have_happened_is_left_out() -> None:
    def wrong(story: Story) -> bool:
        return "d" in story.told and "k" in story.told

    assert shorten(LONG, retold, wrong, tries=100).lines == ("d", "k")


def test_what_must_be_looked_at_stays() -> None:
    assert shorten(LONG, retold, lambda story: "look" in story.looks, tries=100).lines == ("look",)


def test_the_tries_are_counted_and_no_story_is_tried_twice() -> None:
    tried: list[tuple[str, ...]] = []

    def never(story: Story) -> bool:
        tried.append(story.lines)
        return False

    assert shorten(LONG, retold, never, tries=7) == LONG
    assert len(tried) == 7
    tried.clear()
    shorten(LONG, retold, never, tries=1_000)
    assert len(tried) == len(set(tried))
    assert LONG.lines not in tried


# -- as a file ---------------------------------------------------------------------------------------------------------


def test_a_story_written_down_is_python_that_says_what_went_wrong() -> None:
    story = next(
        one
        for one in told("connectify", 60)
        if "at_once" in "".join(one.told) and "thing_id" in "".join(one.told)
    )
    text = as_test(story, "connectify", 'a check: it said """no""" and C:\\temp')
    tree = ast.parse(text)
    assert "it said '''no''' and C:\\temp" in str(ast.get_docstring(tree))
    test = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    assert [argument.arg for argument in test.args.args] == list(story.cast)
    assert [ast.unparse(line) for line in test.body] == [ast.unparse(ast.parse(line)) for line in story.lines]
    imported = {alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert {"at_once", "thing_id", "LiveMember"} <= imported
