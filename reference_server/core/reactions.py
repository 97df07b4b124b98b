"""Reactions: one a member that toggles and replaces, or several that are added and taken back."""

from __future__ import annotations

from reference_server.core.messages import Messages
from reference_server.core.records import Change, Member, Message, Reaction


class Reactions(Messages):
    """What members think of messages."""

    def reactable_message(self, member: Member, message_id: int) -> Message:
        """A message the member may react to. Raises Absent and Outsider."""
        return self.message_for(member, message_id)

    # One a member

    def react(self, member: Member, message: Message, value: str) -> tuple[Change, Reaction]:
        """Add the member's reaction, put it in the place of another one, or, when it is the same, take it back."""
        row = self._store.row(
            "SELECT id, value FROM reactions WHERE message_id = ? AND member_id = ?", message.id, member.id
        )
        change = self.change(row["value"] if row else None, value)
        if row is None:
            return change, self._put(member, message, value)
        if change is Change.REMOVED:
            self._store.run(
                "DELETE FROM reactions WHERE message_id = ? AND member_id = ?", message.id, member.id
            )
        else:
            self._store.run(
                "UPDATE reactions SET value = ? WHERE message_id = ? AND member_id = ?",
                *(value, message.id, member.id),
            )
        in_force = change is not Change.REMOVED
        return change, Reaction(message.id, member, value, in_force=in_force, id=row["id"])

    def change(self, before: str | None, value: str) -> Change:
        """What reacting with ``value`` does to the reaction the member had before, if any."""
        if before is None:
            return Change.ADDED
        return Change.REMOVED if before == value else Change.UPDATED

    # Several a member, each once

    def add_reaction(self, member: Member, message: Message, value: str) -> Reaction:
        """The member's reaction with ``value``, beside any others; the one there is when it is the same again."""
        for each in message.reactions:
            if each.member == member and each.value == value:
                return each
        return self._put(member, message, value)

    def remove_reactions(self, member: Member, message: Message, value: str | None = None) -> int:
        """Take back the member's reaction with ``value``, or all of the member's; returns how many there were."""
        mine = "message_id = ? AND member_id = ?"
        if value is None:
            return self._store.run(f"DELETE FROM reactions WHERE {mine}", message.id, member.id)
        return self._store.run(
            f"DELETE FROM reactions WHERE {mine} AND value = ?", message.id, member.id, value
        )

    def _put(self, member: Member, message: Message, value: str) -> Reaction:
        reaction_id = self._store.insert(
            "INSERT INTO reactions (message_id, member_id, value) VALUES (?, ?, ?)",
            *(message.id, member.id, value),
        )
        return Reaction(message.id, member, value, in_force=True, id=reaction_id)
