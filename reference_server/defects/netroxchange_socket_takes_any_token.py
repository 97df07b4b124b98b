"""Planted bug: the socket reads tokens by itself, and leaves out who signed them."""

from __future__ import annotations

from typing import Final

import jwt

from reference_server.apis.netroxchange import Netroxchange
from reference_server.core.refusals import Anonymous
from reference_server.web import Knock, Seat, token_in_query

ID: Final = "netroxchange-socket-takes-any-token"
API: Final = "netroxchange"
CLAUSE: Final = "socket"
CHECK: Final = "handshake-refuses"
ITEMS: Final = ("AUTH-3",)
SENTENCE: Final = "A socket opens with a token that somebody else has signed; HTTP refuses it."


class Defect(Netroxchange):
    def admit(self, knock: Knock) -> Seat:
        token = token_in_query(knock.query)
        try:
            claims = jwt.decode(token, options={"verify_signature": False})
        except jwt.PyJWTError:
            raise Anonymous("Invalid token") from None
        expires, subject = claims.get("exp"), claims.get("sub")
        if not isinstance(expires, int) or self.core.identity.is_over(expires):
            raise Anonymous("Invalid token")
        return knock.seat(self.core.identity.member_of_uuid(str(subject)))
