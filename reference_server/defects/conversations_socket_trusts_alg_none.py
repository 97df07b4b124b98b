"""Planted bug: on the socket, a token says itself whether it has to be signed."""

from __future__ import annotations

from typing import Final

import jwt

from reference_server.apis.conversations import Conversations
from reference_server.core.records import Member

ID: Final = "conversations-socket-trusts-alg-none"
API: Final = "conversations"
CLAUSE: Final = "websocket"
CHECK: Final = "handshake-refuses"
ITEMS: Final = ("LIVE-7",)
SENTENCE: Final = "A socket opens with a JWT that says it is unsigned."


class Defect(Conversations):
    def bearer_of_socket(self, token: str) -> Member:
        try:
            if jwt.get_unverified_header(token)["alg"] == "none":
                claims = jwt.decode(token, options={"verify_signature": False})
                return self.core.identity.member_of_uuid(str(claims["sub"]))
        except jwt.PyJWTError:
            pass  # no JWT at all: refused as ever
        return super().bearer_of_socket(token)
