"""Planted bug: without a caller, nobody asks whose message it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from reference_server.apis.fe16ops import BASE, Fe16ops
from reference_server.core.refusals import Anonymous
from reference_server.web import Answer, Call, Operation

ID: Final = "fe16ops-anonymous-deletes"
API: Final = "fe16ops"
CLAUSE: Final = "5.AUTH"
CHECK: Final = "refusal"
ITEMS: Final = ("AUTH-1",)
SENTENCE: Final = "A message is deleted by a request without a valid token."


class Defect(Fe16ops):
    def operations(self) -> Mapping[str, Mapping[str, Operation]]:
        def delete(call: Call) -> Answer:
            try:
                caller = self.authenticate(call.headers)
            except Anonymous:
                message_id = call.id("message_id")
                row = self.core.store.row("SELECT sender_id FROM messages WHERE id = ?", message_id)
                caller = self.core.identity.member(row["sender_id"] if row else 0)
            return self.delete_message(replace(call, caller=caller))

        path = f"{BASE}/messages/{{message_id}}/"
        operations = super().operations()
        return {**operations, path: {**operations[path], "DELETE": Operation(delete, public=True)}}
