"""A room as the history implies it: who is in it, who has which role there, and between which moments that changed."""

from __future__ import annotations

from dataclasses import dataclass, field

from earwitness.world.register import BEGINNING, NEVER, Register

# The role that the refusal `not-an-admin` is about; who starts a room has it.
ADMIN = "admin"
MEMBER = "member"


@dataclass(slots=True)
class Room:
    """A room: what it is called, its kind, who is in it (``complete`` when nobody else is), since when its past is known
    (``NEVER`` when it existed before the run), when an answer had first shown it, and when, as far as answers say, it was made.
    ``crowded`` when people whom the run does not know may come in unseen."""

    id: str
    kind: str = ""
    members: dict[str, Register[bool]] = field(default_factory=dict)
    complete: bool = False
    fresh_since: float = NEVER
    shown_since: float = NEVER
    made_since: float = BEGINNING
    crowded: bool = False
    started_by: list[str] = field(default_factory=list)
    gone: Register[bool] = field(default_factory=Register)
    roles: dict[str, Register[str]] = field(default_factory=dict)

    @property
    def ours(self) -> bool:
        """Whether only test members are in it, so that nothing happens there that the history does not hold."""
        return (
            self.complete and not self.crowded and not any(member.startswith("#") for member in self.members)
        )

    def has(self, member: str, begun: float, done: float) -> bool | None:
        """Whether ``member`` was in the room all the time between two moments; None when nobody can tell."""
        register = self.members.get(member)
        if register is None:
            return False if self.complete else None
        return register.certain(begun, done)

    def standing(self, begun: float, done: float) -> tuple[str, ...]:
        """The members that may have been in the room between two moments."""
        return tuple(m for m, register in self.members.items() if register.allows(True, begun, done))

    def is_gone(self, begun: float, done: float) -> bool | None:
        """Whether the room was deleted before ``begun``; None when nobody can tell."""
        return self.gone.certain(begun, done) if self.gone.writes else False

    def lost_by_deletion(self, member: str, begun: float, done: float) -> bool:
        """Whether ``member`` was certainly in the room until it was deleted, and it was before ``begun``: to such a member nothing is
        there any more, while of an outsider nobody can tell what is looked at first."""
        last = max((w for w in self.gone.writes if w.value), key=lambda w: w.begun, default=None)
        return (
            last is not None
            and self.is_gone(begun, done) is True
            and self.has(member, last.begun - 1, last.begun - 1) is True
        )

    def is_admin(self, member: str, begun: float, done: float) -> bool | None:
        """Whether ``member`` had the role of an admin all the time between two moments; None when nobody can tell."""
        register = self.roles.get(member)
        role = register.certain(begun, done) if register is not None else None
        return None if role is None else role.lower() == ADMIN

    # -- what happens to it -------------------------------------------------------------------------------------------

    def was_entered(self, member: str) -> None:
        """``member`` was in it before the run, and stays as far as anybody can tell."""
        if member not in self.members:
            self.members[member] = Register()
            self.members[member].write(True, BEGINNING, BEGINNING)

    def is_entered(self, member: str, begun: float, done: float, cause: str) -> None:
        """``member`` comes in between two moments."""
        self._register(member, begun).write(True, begun, done, cause)
        role = self.roles.get(member)
        if role is None and self.fresh_since <= begun:
            role = self.roles[member] = Register()
        if role is not None:
            role.write(MEMBER, begun, done, cause)

    def is_left(self, member: str, begun: float, done: float, cause: str) -> None:
        """``member`` leaves, or is removed, between two moments."""
        self._register(member, begun).write(False, begun, done, cause)
        was_admin = self.is_admin(member, begun, begun)
        others = [one for one in self.members if one != member and self.has(one, begun, done) is not False]
        if was_admin is not False and not any(self.is_admin(one, begun, done) for one in others):
            # Who takes the last admin's place, and when, is the API's own affair: any of the others may have it from now on.
            for one in others:
                if one in self.roles:
                    self.roles[one].write(ADMIN, begun, NEVER, cause)

    def is_deleted(self, begun: float, done: float, cause: str) -> None:
        """The room goes, and everybody is out of it."""
        if not self.gone.writes:
            self.gone.write(False, BEGINNING, begun)
        self.gone.write(True, begun, done, cause)
        for register in self.members.values():
            register.write(False, begun, done, cause)

    def is_shown_with(self, member: str, begun: float, done: float) -> None:
        """An answer shows ``member`` in it. What the run has done itself says more than what is shown."""
        if member in self.members:
            return
        register: Register[bool] = Register(open_start=True)
        if not self.complete or member.startswith("#"):
            register.write(True, begun, done)
        self.members[member] = register

    def _register(self, member: str, begun: float) -> Register[bool]:
        if member not in self.members:
            self.members[member] = Register(open_start=not self.complete)
            if self.complete:
                self.members[member].write(False, BEGINNING, begun)
        return self.members[member]
