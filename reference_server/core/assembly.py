"""The core put together, and the rule every request follows: first everything is committed, then everything is heard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from reference_server.core.chat import Chat
from reference_server.core.clock import Clock
from reference_server.core.files import Files
from reference_server.core.hub import Hub
from reference_server.core.identity import Identity
from reference_server.core.records import Member
from reference_server.core.settings import PLAIN, Settings
from reference_server.core.store import Store


@dataclass(frozen=True, slots=True)
class Core:
    """All parts over one store. ``members`` are the test members the server was started with."""

    store: Store
    clock: Clock
    identity: Identity
    chat: Chat
    files: Files
    hub: Hub
    members: tuple[Member, ...]

    @contextmanager
    def request(self) -> Iterator[None]:
        """One request, or one frame: a transaction, and after it, in the order of the commits, its events.

        There is no `await` inside, so requests never overlap; whoever got an answer finds its write committed.
        """
        try:
            with self.store.transaction():
                yield
        except BaseException:
            self.hub.forget()
            raise
        self.hub.release()


@dataclass(frozen=True, slots=True)
class Parts:
    """The classes a core is made of; a defect puts its own in the place of one."""

    identity: type[Identity] = Identity
    chat: type[Chat] = Chat
    files: type[Files] = Files
    hub: type[Hub] = Hub


UNDAMAGED: Final = Parts()


def assemble(
    store: Store, names: Sequence[str], parts: Parts = UNDAMAGED, settings: Settings = PLAIN
) -> Core:
    """The core over ``store``, with a member for each of ``names``. Raises Invalid for a name that can't be one."""
    written = store.row(
        "SELECT max(created_at) AS latest FROM (SELECT created_at FROM rooms UNION SELECT created_at FROM messages)"
    )
    clock = Clock(written["latest"] if written else None)
    identity, chat = parts.identity(store, clock, settings), parts.chat(store, clock, settings)
    with store.transaction():
        members = tuple(identity.enrol(name) for name in names)
        for member in members:
            identity.token_of(member)
        chat.close_sessions()
    return Core(store, clock, identity, chat, parts.files(store, clock), parts.hub(), members)
