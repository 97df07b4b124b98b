"""Every event tells of something that happened."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.world import PRESENCE, Heard, World

CHECK = Check(
    id="event-has-a-cause",
    sentence="No event tells of a change to one of the run's messages or fresh rooms that nobody made, or of somebody coming or going "
    "there who did not.",
    severity="high",
    judges=("frames",),
)


def find(world: World) -> Iterator[Finding]:
    for heard in world.delivery.heard:
        if heard.match != "none" or not heard.event or heard.event in ("typing", "error"):
            continue
        if heard.event in PRESENCE:
            if _is_ours(world, heard):
                yield _finding(heard, "stated")
            continue
        # Rooms and messages that the run did not make may be changed by others: only what is ours can be judged.
        message = world.state.messages.get(heard.shows.get("message", ""))
        room = world.state.rooms.get(heard.shows.get("room", ""))
        fresh = room is not None and room.fresh_since <= heard.entry.t
        if message is None and not fresh:
            continue
        # That nothing but marking a room as read marks its messages is said by no document.
        yield _finding(heard, "decided" if heard.event == "message-read" else "stated")


def _is_ours(world: World, heard: Heard) -> bool:
    """Whether the room is one where nobody comes and goes whom the run does not know."""
    room = world.state.rooms.get(heard.socket.room)
    return room is not None and room.ours and room.fresh_since <= heard.entry.t


def _finding(heard: Heard, basis: str) -> Finding:
    return Finding(
        check=CHECK.id,
        cause=f"{CHECK.id}:{heard.event}",
        basis=basis,
        severity=CHECK.severity,
        clause=heard.frame.clause if heard.frame else "",
        expected=f"no {heard.event}, since nobody caused one",
        heard=f"{heard.socket.member} heard {dict(heard.shows)!r:.200}",
        evidence=(heard.entry.n,),
        case=heard.entry.case,
    )
