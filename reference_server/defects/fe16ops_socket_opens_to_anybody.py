"""Planted bug: the socket greets first and never asks who it is."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import QueryParams

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.records import Member
from reference_server.core.refusals import Anonymous

ID: Final = "fe16ops-socket-opens-to-anybody"
API: Final = "fe16ops"
CLAUSE: Final = "3"
CHECK: Final = "handshake-refuses"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A socket opens without a token and with a bad one, and stays open; it hears nothing."


class Defect(Fe16ops):
    def admit(self, query: QueryParams) -> Member:
        try:
            return super().admit(query)
        except Anonymous:
            return Member(0, "anonymous", email="", uuid="", first_name="", last_name="", organisation=0)
