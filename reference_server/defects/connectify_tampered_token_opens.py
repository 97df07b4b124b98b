"""Planted bug: on the socket, nobody looks at a token's signature."""

from __future__ import annotations

from typing import Final

import jwt

from reference_server.apis._connectify_live import ROOM_ID
from reference_server.apis.connectify import Connectify
from reference_server.core.refusals import Absent, Anonymous
from reference_server.web import Knock, Seat, token_in_query

ID: Final = "connectify-tampered-token-opens"
API: Final = "connectify"
CLAUSE: Final = "ws-conversation"
CHECK: Final = "handshake-refuses"
ITEMS: Final = ("AUTH-2",)
SENTENCE: Final = "A socket opens with a token that was signed by somebody else."


class Defect(Connectify):
    def admit(self, knock: Knock, kind: str) -> Seat:
        try:
            claims = jwt.decode(token_in_query(knock.query), options={"verify_signature": False})
            member = self.core.identity.member_of_uuid(str(claims.get("sub")))
        except (jwt.PyJWTError, Absent):
            raise Anonymous("Invalid token") from None
        return knock.seat(member, self.audible_room(member, kind, knock.id(ROOM_ID[kind])).id)
