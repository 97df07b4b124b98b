"""Learns the ids of messages whose senders were told none: from the events that tell of them, and from lists read later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from earwitness.binding import Binding
from earwitness.world.delivery import Delivery
from earwitness.world.sightings import Listing
from earwitness.world.state import Message, Name, State
from earwitness.world.timeline import Timeline


def learn(
    line: Timeline, state: State, binding: Binding, delivery: Delivery, listed: Iterable[Listing]
) -> dict[str, Name]:
    """The ids that can be told without doubt, by the exchange that sent the message: of a message that alone has its text in
    its room, which everybody who was shown it calls alike, and by an id that is no other message's."""
    alone = _alone(state)
    # A list tells only what no event told: an event is matched with its cause, a list is looked through.
    shown = _listed(line, state, listed, alone) | _heard(line, state, binding, delivery, alone)
    names = {cause: one for cause, found in shown.items() if (one := _one_of(found)) is not None}
    taken = Counter(name.id for name in names.values())
    return {
        cause: name for cause, name in names.items() if taken[name.id] == 1 and name.id not in state.messages
    }


def _alone(state: State) -> dict[tuple[str, str], Message]:
    """The messages that have no id and whose text no other message of their room has, or ever had, by room and text."""
    texts = Counter(
        (message.room, text)
        for message in state.all_messages()
        for text in {write.value.strip() for write in message.text.writes}
    )
    nameless = ((message, (message.room, message.nonce.strip())) for message in state.nameless)
    return {key: message for message, key in nameless if not message.id and key[1] and texts[key] == 1}


def _one_of(shown: Iterable[Name]) -> Name | None:
    """The one id that was shown, since the first moment at which it was; None when there are several."""
    names = sorted(shown, key=lambda name: name.shown)
    return names[0] if len({name.id for name in names}) == 1 else None


def _heard(
    line: Timeline,
    state: State,
    binding: Binding,
    delivery: Delivery,
    alone: Mapping[tuple[str, str], Message],
) -> dict[str, list[Name]]:
    by_cause = {message.cause: message for message in alone.values()}
    shown: dict[str, list[Name]] = {}
    for one in delivery.heard:
        message = by_cause.get(one.due.exchange.id) if one.due else None
        if message is None or one.match not in ("due", "again") or not one.shows.get("message"):
            continue
        if _is_by(line, state, binding, message, one.shows.get("author")):
            shown.setdefault(message.cause, []).append(Name(one.shows["message"], one.entry.t))
    return shown


def _is_by(line: Timeline, state: State, binding: Binding, message: Message, author: str | None) -> bool:
    """Whether what was heard may be taken for ``message`` although it shows ``author``. Where nobody but test members can
    write, whoever else is named is named wrongly; elsewhere somebody may have written the same text."""
    room = state.rooms.get(message.room)
    if room is not None and room.ours:
        return True
    return author == line.id_of(message.author) or (author is None and binding.correlate == "text")


def _listed(
    line: Timeline, state: State, listed: Iterable[Listing], alone: Mapping[tuple[str, str], Message]
) -> dict[str, list[Name]]:
    shown: dict[str, list[Name]] = {}
    for listing in listed if alone else ():
        response = listing.exchange.response
        for item in listing.items:
            if item.view != "message" or response is None:
                continue
            room_id = listing.room or item.text("room")
            message = alone.get((room_id, item.text("text").strip()))
            room = state.rooms.get(room_id)
            # In a room with a past, somebody may have said the same before the run.
            if message is None or room is None or not room.ours or room.fresh_since > message.begun:
                continue
            if room.has(message.author, message.begun, message.begun) is False:
                continue
            if item.text("id") and item.text("author") in ("", line.id_of(message.author)):
                shown.setdefault(message.cause, []).append(Name(item.text("id"), response.t))
    return shown
