"""Who has no valid token, or no standing in the room, gets no socket."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.checks.standing import STRANGERS, refusing
from earwitness.checks.weaknesses import TRESPASSES
from earwitness.world import Socket, World

CHECK = Check(
    id="handshake-refuses",
    sentence="A socket without a valid token is refused: by HTTP 401 or 403, or by a close before anything is heard.",
    severity="critical",
    tier="read",
    judges=("handshakes",),
    cwe=("CWE-306", "CWE-287", "CWE-347", "CWE-613", "CWE-639"),
    owasp=("API2:2023", "API1:2023"),
    narrowed={role: TRESPASSES[role] for role in (*STRANGERS, "not-a-member")},
    source="RFC 6455, section 4.2.2; OWASP WebSocket Security Cheat Sheet, Authentication and Authorization",
)


def find(world: World) -> Iterator[Finding]:
    for socket in world.line.sockets.values():
        if socket.entry.role == "member":
            yield from _outside(world, socket)
            continue
        channel = world.spec.channels.get(socket.entry.channel)
        refusal = channel.refusals.get("anonymous") if channel else None
        if socket.refused is not None:
            heard = (
                ""
                if socket.refused.status in (401, 403, *refusing(channel, socket.entry.role))
                else f"refused with status {socket.refused.status} {socket.refused.detail}"
            )
            # No status at all (the connection was cut during the handshake) is a refusal too, only a rude one.
            if socket.refused.status == 0 or not heard:
                continue
            expected = "refused with 401 or 403, or closed at once"
        elif socket.opened is None or (
            socket.closed is not None and socket.closed.by == "server" and not world.delivery.told(socket.id)
        ):
            continue
        else:
            heard, expected = (
                f"the socket was opened ({socket.entry.role})",
                "refused, or closed before anything is heard",
            )
        yield Finding(
            check=CHECK.id,
            cause=f"{CHECK.id}:{socket.entry.channel}:{socket.entry.role}",
            basis=refusal.basis if refusal and socket.refused is not None else "stated",
            severity=CHECK.severity,
            clause=channel.clause if channel else "",
            expected=expected,
            heard=heard,
            evidence=(socket.entry.n,),
            case=socket.entry.case,
            weak=socket.refused is None,
        )


def _outside(world: World, socket: Socket) -> Iterator[Finding]:
    """A member's socket for a room that the member is certainly not in, and that was kept open."""
    channel = world.spec.channels.get(socket.entry.channel)
    refusal = channel.refusals.get("not-a-member") if channel else None
    room = world.state.rooms.get(socket.room)
    if channel is None or refusal is None or room is None or socket.opened is None:
        return
    if world.is_open(room) or room.has(socket.member, socket.entry.t, socket.opened.t) is not False:
        return
    # A refusal may come as a close after the handshake: it has its time.
    until = socket.opened.t + world.line.run.deadline_ms * 1_000_000
    closed = socket.closed.t if socket.closed is not None else world.line.last
    if closed < until and not world.delivery.told(socket.id):
        return
    if socket.closed is not None and socket.closed.by == "server" and not world.delivery.told(socket.id):
        return
    yield Finding(
        check=CHECK.id,
        cause=f"{CHECK.id}:{socket.entry.channel}:not-a-member",
        basis="stated",
        severity=CHECK.severity,
        clause=refusal.clause or channel.clause,
        expected=f"{socket.member}, who is not in the room, opens no socket for it",
        heard="the socket was opened",
        evidence=(socket.entry.n,),
        case=socket.entry.case,
    )
