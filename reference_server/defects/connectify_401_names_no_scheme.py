"""Planted bug: who shows no good token is not told which kind of token it takes."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reference_server.apis.connectify import Connectify
from reference_server.core.refusals import Refusal
from reference_server.web import Answer

ID: Final = "connectify-401-names-no-scheme"
API: Final = "connectify"
CLAUSE: Final = "Authentication"
CHECK: Final = "response-headers"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "A 401 has no `WWW-Authenticate`."


class Defect(Connectify):
    def refuse(self, refusal: Refusal) -> Answer:
        answer = super().refuse(refusal)
        kept = {name: text for name, text in answer.headers.items() if name != "WWW-Authenticate"}
        return replace(answer, headers=kept)
