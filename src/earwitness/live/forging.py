"""Frames that a client says as if it were the server: the documented sample of each event, made to speak of a test's message."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from earwitness.binding import Binding, EventBinding
from earwitness.binding.expressions import Pointer, names
from earwitness.live.relations import nobody_has
from earwitness.member import json_bytes
from earwitness.member.values import prepared, values_of

if TYPE_CHECKING:
    from earwitness.documents import Documents
    from earwitness.live.handles import MessageHandle, RoomHandle
    from earwitness.live.member import LiveMember

_FORGED_TEXT = "a text that nobody has written"
# What these show comes and goes: it is no news of a message.
_PASSING = frozenset({"typing", "came-online", "went-offline", "error"})


@dataclass(frozen=True, slots=True)
class Forged:
    """A frame that looks like ``event``; ``message`` is the id of the message that it speaks of."""

    event: str
    message: str
    payload: str = field(repr=False)


def forged_frames(
    documents: Documents, socket: str, forger: LiveMember, room: RoomHandle, message: MessageHandle
) -> tuple[Forged, ...]:
    """A frame for each event that ``socket`` (a name out of the binding) hears and the API documents by a sample.

    The sample speaks of ``message``, or, where it would be a new one, of a message that there is not; it names the room as a
    client's frame does, too. Left out is what the API takes from clients: that would be no forgery.
    """
    if not message.id:
        return ()
    binding = documents.binding
    channel = documents.spec.channels[binding.sockets[socket].channel]
    forged: list[Forged] = []
    for event in binding.events.values():
        frame = next((channel.hears[name] for name in event.messages if name in channel.hears), None)
        if frame is None or not frame.examples or event.name in _PASSING:
            continue
        spoken_of = str(nobody_has(message.id)) if event.name == "message-created" else message.id
        known = {"message": spoken_of, "room": room.id, "text": _FORGED_TEXT}
        payload = copy.deepcopy(frame.examples[0])
        if not isinstance(payload, dict) or not _made_to_say(payload, _places(binding, event), known):
            continue
        payload = {**_addressing(binding, room.seen_by(forger)), **payload}
        if any(not said.schema.check(payload) for said in channel.says.values()):
            continue
        forged.append(Forged(event.name, spoken_of, json_bytes(payload).decode("utf-8")))
    return tuple(forged)


def _places(binding: Binding, event: EventBinding) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Where the frame of ``event`` shows what: names (``message``, ``room``, ``text``) with their places."""
    for name, shown in event.gives.items():
        if not isinstance(shown.at, Pointer) or shown.each:
            continue
        yield name, shown.at.tokens
        for key, inner in binding.views[shown.view].items() if shown.view else ():
            yield ("message" if key == "id" and name == "message" else key), (*shown.at.tokens, *inner.tokens)


def _made_to_say(
    payload: dict[str, object], places: Iterator[tuple[str, tuple[str, ...]]], known: Mapping[str, str]
) -> bool:
    """Put what is ``known`` at its place in ``payload``, spelt as the sample spells it; returns whether the message is named."""
    named = False
    for name, tokens in places:
        holder: object = payload
        for token in tokens[:-1]:
            holder = holder.get(token) if isinstance(holder, dict) else None
        there = holder.get(tokens[-1]) if isinstance(holder, dict) and tokens else None
        if name not in known or not isinstance(holder, dict) or not isinstance(there, str | int):
            continue
        holder[tokens[-1]] = (
            int(known[name]) if isinstance(there, int) and known[name].isdigit() else known[name]
        )
        named = named or name == "message"
    return named


def _addressing(binding: Binding, room: Mapping[str, object]) -> dict[str, object]:
    """What a client's frame says besides its text: the room that it is for, in most cases."""
    form = binding.verbs.get("send-text", {}).get("socket")
    if form is None:
        return {}
    step = form.steps[-1]
    open_to_all = {name: line for name, line in step.arguments.items() if "text" not in names(line)}
    return values_of(open_to_all, prepared({"room": room}))
