"""Who may be addressed by whom: organisations are walls, and a block is one between two members."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from reference_server.core.identity import columns_of, member_from
from reference_server.core.lookup import Lookup
from reference_server.core.records import Block, Member
from reference_server.core.refusals import Absent, Blocked, Invalid, NotTheSender, OtherOrganisation


class Walls(Lookup):
    """Organisations and blocks."""

    def check_organisation(self, member: Member, others: Sequence[Member]) -> None:
        """Raises OtherOrganisation for the first of ``others`` that ``member`` may not address."""
        for other in others:
            if not self.shares_organisation(member, other):
                raise OtherOrganisation(
                    f"User with ID {other.id} doesn't belong to this organization", other.id
                )

    def shares_organisation(self, member: Member, other: Member) -> bool:
        return member.organisation == other.organisation

    def check_not_blocked(self, member: Member, others: Sequence[Member]) -> None:
        """Raises Blocked when one of ``others`` has blocked ``member``, and names all who have."""
        blockers = tuple(other.username for other in others if self.is_blocked(member, other))
        if blockers:
            raise Blocked(f"You are blocked by: {', '.join(blockers)}", blockers)

    def is_blocked(self, member: Member, by: Member) -> bool:
        """Whether ``by`` has blocked ``member``."""
        where = "blocker_id = ? AND blocked_id = ?"
        return self._store.row(f"SELECT 1 FROM blocks WHERE {where}", by.id, member.id) is not None

    def block(self, member: Member, other: Member) -> Block:
        """The block of ``other`` by ``member``, new or known. Raises OtherOrganisation, and Invalid for oneself."""
        if member.id == other.id:
            raise Invalid("You can't block yourself")
        if not self.shares_organisation(member, other):
            raise OtherOrganisation("The user to block doesn't belong to this organization", other.id)
        self._store.run(
            """INSERT INTO blocks (blocker_id, blocked_id, organisation, created_at) VALUES (?, ?, ?, ?)
               ON CONFLICT DO NOTHING""",
            *(member.id, other.id, member.organisation, self._clock.stamp()),
        )
        (block,) = self._blocks(member, "b.blocked_id = ?", other.id)
        return block

    def blocks_of(self, member: Member) -> list[Block]:
        """The blocks the member has set, oldest first."""
        return self._blocks(member, "b.blocker_id = ?", member.id)

    def unblock(self, member: Member, block_id: int) -> None:
        """Lift a block of the member's own. Raises Absent, and NotTheSender for one that somebody else has set."""
        row = self._store.row("SELECT blocker_id FROM blocks WHERE id = ?", block_id)
        if row is None:
            raise Absent("No such block")
        if not self.may_unblock(member, row["blocker_id"]):
            raise NotTheSender("You can only unblock users you have blocked")
        self._store.run("DELETE FROM blocks WHERE id = ?", block_id)

    def may_unblock(self, member: Member, blocker_id: int) -> bool:
        return member.id == blocker_id

    def _blocks(self, blocker: Member, where: str, value: int) -> list[Block]:
        def block(row: sqlite3.Row) -> Block:
            return Block(row["id"], blocker, member_from(row), row["organisation"], row["created_at"])

        rows = self._store.rows(
            f"""SELECT b.id, b.organisation, b.created_at, {columns_of("m")}
                FROM blocks b JOIN members m ON m.id = b.blocked_id
                WHERE b.blocker_id = ? AND {where} ORDER BY b.id""",
            *(blocker.id, value),
        )
        return [block(row) for row in rows]
