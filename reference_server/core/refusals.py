"""Why a request is refused, in the words of the design; each API gives these its own status and body."""

from __future__ import annotations


class Refusal(Exception):
    """The root of the tree.

    Refusal
    ├── Anonymous         no token, or one that is not valid (any more)
    ├── Absent            what was addressed does not exist, or was deleted
    ├── Outsider          the caller is not in the room
    ├── NotTheSender      the message was sent by somebody else, or the block set
    ├── NotAnAdmin        the caller is in the room, but has no right to change it
    ├── Blocked           those who were addressed have blocked the caller
    ├── OtherOrganisation somebody who was addressed belongs to another organisation
    ├── Invalid           the request says something the API does not understand or does not allow
    ├── BadTicket         an upload address that was not signed here, has expired, or was used
    ├── TooLarge          the body is longer than the operation takes
    └── WrongMethod       the path exists, but not with this method
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Anonymous(Refusal):
    """No token, or one that is not valid (any more)."""


class Absent(Refusal):
    """What was addressed does not exist, or was deleted."""


class Outsider(Refusal):
    """The caller is not in the room."""


class NotTheSender(Refusal):
    """The message was sent by somebody else, or the block set."""


class NotAnAdmin(Refusal):
    """The caller is in the room, but has no right to change it."""


class Blocked(Refusal):
    """Those who were addressed have blocked the caller; ``blockers`` are their names, in the order they were addressed."""

    def __init__(self, reason: str, blockers: tuple[str, ...]) -> None:
        self.blockers = blockers
        super().__init__(reason)


class OtherOrganisation(Refusal):
    """Somebody who was addressed belongs to another organisation; ``member_id`` says who, of several the first."""

    def __init__(self, reason: str, member_id: int) -> None:
        self.member_id = member_id
        super().__init__(reason)


class Invalid(Refusal):
    """The request says something the API does not understand or does not allow."""


class BadTicket(Refusal):
    """An upload address that was not signed here, has expired, or was used."""


class TooLarge(Refusal):
    """The body is longer than the operation takes."""


class WrongMethod(Refusal):
    """The path exists, but not with this method; ``allowed`` are those it has."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self.allowed = allowed
        super().__init__(f"Method not allowed; this path takes {', '.join(allowed)}")
