"""A member with a valid token gets a socket, and keeps it."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.world import Socket, World

CHECK = Check(
    id="handshake-accepts",
    sentence="A member with a valid token gets a socket, and the server does not end it on its own.",
    severity="high",
    tier="read",
    judges=("handshakes",),
    source="RFC 6455, sections 4.2.2 and 7.4.1",
)

# Close codes that say the server failed, rather than that it had a reason (RFC 6455, section 7.4.1).
_FAILED = (1002, 1006, 1011)


def find(world: World) -> Iterator[Finding]:
    for socket in world.line.sockets.values():
        # What ends behind a fault of ours was not ended by the server, as far as anybody can tell.
        if socket.entry.role != "member" or socket.struck is not None:
            continue
        channel = world.spec.channels.get(socket.entry.channel)
        if (
            socket.refused is not None
            and socket.refused.status not in (0, 429)
            and _may_open(world, socket, socket.refused.t)
        ):
            heard, n = (
                f"refused with status {socket.refused.status} {socket.refused.detail}".strip(),
                socket.refused.n,
            )
        elif socket.closed is not None and socket.closed.by != "us" and socket.closed.code in _FAILED:
            heard, n = (
                f"closed by {socket.closed.by} with {socket.closed.code} {socket.closed.reason}".strip(),
                socket.closed.n,
            )
        else:
            continue
        yield Finding(
            check=CHECK.id,
            cause=f"{CHECK.id}:{socket.entry.channel}:{heard.split(' ')[0]}",
            basis=_basis(world, socket),
            severity=CHECK.severity,
            clause=channel.clause if channel else "",
            expected=f"{socket.member}'s socket opens and stays open",
            heard=heard,
            evidence=(socket.entry.n, n),
            case=socket.entry.case,
        )


def _may_open(world: World, socket: Socket, refused: int) -> bool:
    """Whether the socket was certainly its member's to open: one for a room is for those who are in it, or for all where it is open."""
    bound = world.binding.sockets.get(socket.entry.name)
    if bound is None or bound.per != "room":
        return True
    room = world.state.rooms.get(socket.room)
    if room is None or room.is_gone(socket.entry.t, refused) is not False:
        return False
    return world.is_open(room) or room.has(socket.member, socket.entry.t, refused) is True


def _basis(world: World, socket: Socket) -> str:
    """What it rests on that the socket opens: that who is outside enters an open room in this way is ours."""
    room = world.state.rooms.get(socket.room)
    outside = room is not None and room.has(socket.member, socket.entry.t, socket.entry.t) is not True
    return "decided" if room is not None and world.is_open(room) and outside else "stated"
