"""Reads frames off sockets as load messages; a payload that many sockets hear is read once."""

from __future__ import annotations

import json
from typing import Final

from earwitness.binding import Binding, Seen, Sources, show
from earwitness.load.stamp import Stamp, read_stamp
from earwitness.spec import Spec

EVENT: Final = "message-created"
# Distinct payloads that are remembered: in a fan-out only the latest few are heard again.
_REMEMBERED: Final = 4_096


class Hearing:
    """Tells what a frame on a channel is. Frames that are no new message are none of the ledger's business."""

    def __init__(self, spec: Spec, binding: Binding) -> None:
        self._spec, self._binding = spec, binding
        self._known: dict[tuple[str, str], tuple[bool, Stamp | None]] = {}

    def read(self, channel: str, payload: str) -> tuple[bool, Stamp | None]:
        """Whether the frame tells of a new message, and the stamp in its text; None when that is not one that was sent."""
        key = channel, payload
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[key] = self._read(channel, payload)
        return found

    def _read(self, channel: str, payload: str) -> tuple[bool, Stamp | None]:
        try:
            value = json.loads(payload)
        except (ValueError, RecursionError):
            return True, None
        frame = self._spec.channels[channel].recognise(value)
        event = self._binding.events[EVENT]
        if frame is None or frame.name not in event.messages:
            return False, None
        for shown in event.gives.values():
            seen = show(self._binding, shown, Sources({}, message=value))
            text = seen.get("text") if isinstance(seen, Seen) else seen
            if isinstance(text, str) and (stamp := read_stamp(text)):
                return True, stamp
        return True, None
