"""What a request or a frame did: the verb that it completes, and what its answer gave."""

from __future__ import annotations

from earwitness.binding import MISSING, Binding, Reading, Seen, Sources, given, key_of
from earwitness.binding.expressions import Name
from earwitness.world.timeline import Exchange

# What is done to a message that there is, and answered by that one if by any.
_OF_A_MESSAGE = ("read-message", "edit-message", "delete-message", "react", "unreact", "mark-message-read")


def effective(exchange: Exchange) -> Reading | None:
    """The verb that an exchange completes, if it is one that changes something."""
    best = exchange.readings[0] if exchange.readings else None
    return best if best is not None and best.last else None


def what_it_gave(binding: Binding, exchange: Exchange, reading: Reading) -> dict[str, object] | None:
    """What the answer gave to the step that ``reading`` is; None when the step was not done. It is worked out once."""
    if exchange.response is None:
        return None
    key = id(reading.step)
    if key not in exchange.given:
        sources = Sources(
            arguments=reading.arguments, response=_body(exchange), headers=exchange.response.headers
        )
        gave = given(binding, reading.step, exchange.status, sources)
        exchange.given[key] = _with_its_id(gave, reading) if gave else gave
    return exchange.given[key]


def _with_its_id(gave: dict[str, object], reading: Reading) -> dict[str, object]:
    """What was given, where an answer that shows only a part of a message shows no id: it is of the message that was asked for."""
    seen, asked = gave.get("message"), reading.argument("message")
    if reading.verb not in _OF_A_MESSAGE or not asked or not isinstance(seen, Seen) or "id" in seen.fields:
        return gave
    return gave | {"message": Seen(seen.view, {"id": asked, **seen.fields})}


def _body(exchange: Exchange) -> object:
    assert exchange.response is not None
    return exchange.response.body.value if exchange.response.body.is_json else MISSING


def room_given(value: object) -> Seen | None:
    """The room that an answer gave, be it a thing or a bare id; None when it gave none."""
    if isinstance(value, Seen):
        return value if value.text("id") else None
    if isinstance(value, str | int) and not isinstance(value, bool):
        return Seen("room", {"id": str(value)})
    return None


def key_given(binding: Binding, value: object) -> str:
    """What the room is called that an answer gave; "" when it gave none."""
    seen = room_given(value)
    return key_of(binding, seen) if seen is not None else ""


def says_first_text(exchange: Exchange, reading: Reading) -> bool:
    """Whether a start sends a first message as well: it has a text, and is not answered by the room that there was already."""
    refused = exchange.response is not None and 400 <= exchange.status < 500
    return bool(reading.argument("text")) and not refused


def answered(binding: Binding, exchange: Exchange, reading: Reading) -> str:
    """The message that a message which is sent answers; "" when it answers none. It stands where a reply has it, whatever verb the
    request is besides: a file may be sent in answer to something."""
    for form in binding.verbs.get("reply", {}).values():
        for step in form.steps:
            if (step.operation, step.frame) != (reading.step.operation, reading.step.frame):
                continue
            for place, line in step.arguments.items():
                named = exchange.sent.get(place)
                if isinstance(line, Name) and line.key == "message" and named not in (None, ""):
                    return str(named)
    return ""


STARTS = ("start-direct", "open-direct", "start-group")
