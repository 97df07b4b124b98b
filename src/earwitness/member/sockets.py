"""Works out the address at which a member opens a socket."""

from __future__ import annotations

import re
from typing import Final

from earwitness.binding import Binding
from earwitness.errors import Problem, UsageError, nearest
from earwitness.member.credentials import as_headers, credentials
from earwitness.member.outgoing import SocketAddress, segment, with_query
from earwitness.member.values import plain, prepared, values_of
from earwitness.spec import Spec

PLACE: Final = re.compile(r"\{([^{}]+)\}")


def socket_address(
    spec: Spec,
    binding: Binding,
    name: str,
    *,
    me: object = None,
    room: object = None,
    peer: object = None,
    role: str = "member",
    token: str = "",
) -> SocketAddress:
    """The address of the socket ``name`` of the binding, as ``role`` opens it.

    ``room`` is a room or its id, ``me`` and ``peer`` are members (maps of their attributes). What the channel's address
    has a place for fills it; the rest becomes its query. Raises UsageError for a socket that the binding does not have,
    and when nothing fills a place of the address.
    """
    socket = binding.sockets.get(name)
    if socket is None:
        raise UsageError(
            Problem(f"{binding.api} has no socket {name!r}", hint=nearest(name, binding.sockets))
        )
    channel = spec.channels[socket.channel]
    known = {key: value for key, value in (("me", me), ("room", room), ("peer", peer)) if value is not None}
    arguments = prepared(known | credentials(role, token))
    values = values_of(socket.arguments, arguments)
    places = PLACE.findall(channel.address)
    for place in places:
        if place not in values:
            raise UsageError(
                Problem(f"nothing fills {{{place}}} of {channel.address}", socket.where, f"a {socket.per}")
            )
    path = PLACE.sub(lambda match: segment(values[match[1]]), channel.address)
    query = tuple((key, str(value)) for key, value in values.items() if key not in places)
    return SocketAddress(
        name=name,
        channel=channel.id,
        target=with_query(path, query),
        headers=as_headers(values_of(socket.headers, arguments)),
        role=role,
        room="" if room is None or socket.per != "room" else str(plain(room)),
    )
