"""Member: a verb becomes requests and frames, an answer becomes what it gave; sans-I/O."""

from earwitness.member.credentials import (
    ANONYMOUS,
    BAD_TOKEN,
    EXPIRED,
    STRANGERS,
    TAMPERED_TOKEN,
    auth_headers,
    bad_token,
    credentials,
    tampered_tokens,
    turned,
)
from earwitness.member.outgoing import File, FrameToSay, HttpRequest, Part, SocketAddress, json_bytes
from earwitness.member.plan import Outgoing, Plan
from earwitness.member.requests import operation_request
from earwitness.member.sockets import socket_address

__all__ = [
    "ANONYMOUS",
    "BAD_TOKEN",
    "EXPIRED",
    "STRANGERS",
    "TAMPERED_TOKEN",
    "File",
    "FrameToSay",
    "HttpRequest",
    "Outgoing",
    "Part",
    "Plan",
    "SocketAddress",
    "auth_headers",
    "bad_token",
    "credentials",
    "json_bytes",
    "operation_request",
    "socket_address",
    "tampered_tokens",
    "turned",
]
