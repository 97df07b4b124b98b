"""Who has no valid token, or no standing in the room, gets no socket."""

from __future__ import annotations

from collections.abc import Iterator

from earwitness.checks.model import Check, Finding
from earwitness.checks.standing import refusing
from earwitness.world import World

CHECK = Check(
    id="handshake-refuses",
    sentence="A socket without a valid token is refused: by HTTP 401 or 403, or by a close before anything is heard.",
    severity="critical",
    tier="read",
    cwe=("CWE-306", "CWE-1385"),
    owasp=("API2:2023",),
    source="RFC 6455, section 4.2.2; OWASP WebSocket Security Cheat Sheet, Authentication",
)


def find(world: World) -> Iterator[Finding]:
    for socket in world.line.sockets.values():
        if socket.entry.role == "member":
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
        )
