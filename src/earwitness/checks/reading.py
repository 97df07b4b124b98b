"""What the checks on reading have in common: who may have read without saying so, and whose saying nobody has answered."""

from __future__ import annotations

from earwitness.world import Message, World

# Of looking, and of answering, no document says whether it is reading.
_PERHAPS_READING = (
    "list-messages",
    "list-all-messages",
    "read-room",
    "read-message",
    "send-text",
    "send-file",
    "reply",
)


def has_looked(world: World, message: Message, member: str, until: float) -> bool:
    """Whether ``member`` did, or may have done, something in the room since ``message`` was sent and before ``until`` that a server
    may take for reading it."""
    return any(
        exchange.member == member
        and message.begun <= exchange.done
        and exchange.begun <= until
        and any(
            reading.verb in _PERHAPS_READING and reading.argument("room") in ("", message.room)
            for reading in exchange.readings
        )
        for exchange in world.line.exchanges.values()
    )


def told_by_frames_alone(world: World, message: Message, member: str, begun: float, done: float) -> bool:
    """Whether all that says that ``member`` has read ``message`` was said on a socket, where nothing answers it: that it is kept by
    the time that an event may take is our reading."""
    exchanges = world.line.exchanges
    writes = [write for write in message.read(member).candidates(begun, done) if write.value]
    return not any(write.cause in exchanges and exchanges[write.cause].by_http for write in writes)
