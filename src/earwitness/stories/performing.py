"""Performs a story: its lines are run as they stand, so that what a failure prints is what was done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from earwitness.live import File, LiveMember, MessageHandle, Stage, Stopped
from earwitness.live.handles import thing_id
from earwitness.stories.telling import Story


def at_once(*acts: Callable[[], MessageHandle]) -> tuple[MessageHandle, ...]:
    """Do several things at the same time, each in a thread of its own; what each of them gave."""
    with ThreadPoolExecutor(len(acts)) as pool:
        return tuple(future.result() for future in [pool.submit(act) for act in acts])


def known(message: MessageHandle) -> MessageHandle:
    """``message`` with its id, which its author looks up where nothing has told it. Raises Stopped when it is not there."""
    if message.id:
        return message
    author = message.author
    found = author.stage.learn_id(author.lists_messages(message.room), message)
    if found == "-":
        author.sees(message, text=message.text)
        raise Stopped(f"{message.text!r} is not in the room")
    return replace(message, id=found)


def replied(who: LiveMember, asked: MessageHandle, text: str) -> MessageHandle:
    """What ``who`` answers to ``asked``."""
    done = who.must("reply", form="http", room=asked.room, message=asked, text=text)
    return who.stage.message(done, asked.room, who, text)


PHOTO = File("a-photo.jpg", "image/jpeg", b"\xff\xd8 not much of a photo \xff\xd9", "image")

# What the lines of a story may say besides the names of members.
WORDS: Mapping[str, object] = {
    "PHOTO": PHOTO, "at_once": at_once, "known": known, "replied": replied, "thing_id": thing_id
}  # fmt: skip


def perform(story: Story, stage: Stage) -> None:
    """Let the members of ``stage`` do what ``story`` says, line by line.

    Raises what a member's verbs raise: Stopped where one that must succeed does not, NotRun, Unimplemented, Unreachable.
    """
    scope: dict[str, object] = {**WORDS, "stage": stage, **{who: stage.cast(who) for who in story.cast}}
    for line in story.lines:
        exec(compile(line, "<story>", "exec"), scope)
