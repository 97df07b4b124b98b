"""Planted bug: whoever sends what does not fit is shown where in the server it was refused."""

from __future__ import annotations

import traceback
from typing import Final

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.refusals import Invalid, Refusal
from reference_server.web import Answer

ID: Final = "fe16ops-invalid-shows-a-trace"
API: Final = "fe16ops"
CLAUSE: Final = "2.D"
CHECK: Final = "errors-show-no-internals"
ITEMS: Final[tuple[str, ...]] = ()
SENTENCE: Final = "What does not fit is refused with the stack trace of the refusal for a message."


class Defect(Fe16ops):
    def refuse(self, refusal: Refusal) -> Answer:
        return super().refuse(Invalid(traceback.format_exc()) if isinstance(refusal, Invalid) else refusal)
