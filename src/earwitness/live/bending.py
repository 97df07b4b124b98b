"""Frames that do not fit: the documented sample of each frame that a client may say, bent in one place."""

from __future__ import annotations

import copy
from collections.abc import Iterator

from earwitness.documents import Documents
from earwitness.member import json_bytes

# One of these is of another type, whatever a property has to be.
_OTHERS: tuple[object, ...] = ([], {"a": 1}, None, True, "")
_BEYOND = 2**63


def unfit_frames(documents: Documents, channel: str) -> Iterator[tuple[str, str]]:
    """What is wrong with it, and the frame: each property of each sample left out, and of another type, where the frame then
    fits none that the ``channel`` takes; and each number, as JSON or as text, beyond 64 bits, where nothing can have that id."""
    says = documents.spec.channels[channel].says.values()
    for frame in says:
        sample = next((one for one in frame.examples if isinstance(one, dict)), {})
        for name, value in sample.items():
            if (beyond := _beyond(value)) is not None:
                larger = copy.deepcopy(sample) | {name: beyond}
                yield f"{frame.name} with {name} beyond 64 bits", json_bytes(larger).decode("utf-8")
            shorter = {key: value for key, value in sample.items() if key != name}
            changed = (copy.deepcopy(sample) | {name: other} for other in _OTHERS)
            for what, bent in ((f"without {name}", (shorter,)), (f"{name} of another type", changed)):
                for one in bent:
                    if all(other.schema.check(one) for other in says):
                        yield f"{frame.name} {what}", json_bytes(one).decode("utf-8")
                        break


def _beyond(value: object) -> object:
    """What is written like ``value`` and beyond what 64 bits hold; None where that is no number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return _BEYOND
    return str(_BEYOND) if isinstance(value, str) and value.isdecimal() else None
