"""What a messaging API does: rooms, messages, reactions and reads, whatever the API calls them.

Every method runs inside the transaction of one request, and touches neither sockets nor HTTP. A method refuses by raising a Refusal.
"""

from __future__ import annotations

from reference_server.core.membership import Membership
from reference_server.core.presence import Presence
from reference_server.core.reactions import Reactions
from reference_server.core.reading import Reading
from reference_server.core.search import Search


class Chat(Membership, Reactions, Reading, Presence, Search):
    """The behaviour, one subject a base class. A defect overrides one of their methods."""
