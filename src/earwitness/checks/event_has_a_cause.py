"""Every event tells of something that happened."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.world import World

CHECK = Check(
    id="event-has-a-cause",
    sentence="No event tells of a change to one of the run's messages or fresh rooms that nobody made.",
    severity="high",
)


def find(world: World) -> Iterator[Finding]:
    for heard in world.delivery.heard:
        if (
            heard.match != "none"
            or not heard.event
            or heard.event in ("typing", "error", "came-online", "went-offline")
        ):
            continue
        # Rooms and messages that the run did not make may be changed by others: only what is ours can be judged.
        message = world.state.messages.get(heard.shows.get("message", ""))
        room = world.state.rooms.get(heard.shows.get("room", ""))
        fresh = room is not None and room.fresh_since <= heard.entry.t
        if message is None and not fresh:
            continue
        yield Finding(
            check=CHECK.id,
            cause=f"{CHECK.id}:{heard.event}",
            # That nothing but marking a room as read marks its messages is said by no document.
            basis="decided" if heard.event == "message-read" else "stated",
            severity=CHECK.severity,
            clause=heard.frame.clause if heard.frame else "",
            expected=f"no {heard.event}, since nobody caused one",
            heard=f"{heard.socket.member} heard {dict(heard.shows)!r:.200}",
            evidence=(heard.entry.n,),
            case=heard.entry.case,
        )
