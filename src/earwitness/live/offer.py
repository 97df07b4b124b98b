"""What an API's documents, and a deployment, offer to an exercise: operations, sockets, rules, and what is needed of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from earwitness.binding.expressions import Expression, names
from earwitness.live.bending import unfit_frames
from earwitness.live.forging import Forged, forged_frames
from earwitness.live.handles import MessageHandle, RoomHandle
from earwitness.live.outcomes import NotRun
from earwitness.live.places import fillings
from earwitness.live.rooms import group_kinds
from earwitness.live.strangers import LEVER
from earwitness.member import EXPIRED, STRANGERS, File
from earwitness.member.values import prepared, values_of

if TYPE_CHECKING:
    from earwitness.live.member import LiveMember
    from earwitness.live.session import Session


class Offer:
    """What there is to be tried on a session's deployment. Where something is not there, who asks for it is told by NotRun."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.fresh_cast = "mint-member" in session.deployment.levers

    def offers(self, verb: str, form: str = "") -> bool:
        """Whether the API has ``verb`` (in that ``form``)."""
        forms = self.session.documents.binding.verbs.get(verb, {})
        return form in forms if form else bool(forms)

    def values(self, operation: str, spoken: Mapping[str, object]) -> dict[str, object]:
        """The values by name that the binding's first verb with ``operation`` sends, filled from ``spoken`` and, where that
        says nothing, with values that fit."""
        fitting: dict[str, object] = {
            "text": "a text that fits", "emoji": "👍", "file": File("a.txt", "text/plain", b"text", "file"), "key": "a.txt",
            "name": "a name", "query": "a", "typing": True, "role": "member", "block": 10_000_000_019,
            "kind": next(iter(group_kinds(self.session.documents.binding)), ""), **spoken,
        }  # fmt: skip
        if "peer" in fitting:
            fitting.setdefault("peers", [fitting["peer"]])
        return values_of(self.expressions(operation), prepared(fitting))

    def expressions(self, operation: str) -> Mapping[str, Expression]:
        """What fills which place of ``operation``, see ``fillings``."""
        return fillings(self.session.documents.spec, self.session.documents.binding, operation)

    def operations_of(self, *verbs: str, refusing: str = "", kind: str = "") -> tuple[str, ...]:
        """The operations with which the API says ``verbs``, in whatever form; where that is asked, those alone whose spec refuses
        somebody who is ``refusing``, and those for rooms of ``kind``."""
        bound, described = self.session.documents.binding.verbs, self.session.documents.spec.operations
        forms = (form for verb in verbs for form in bound.get(verb, {}).values())
        found = dict.fromkeys(
            step.operation for form in forms for step in form.steps_for(kind) if step.operation
        )
        return tuple(name for name in found if not refusing or refusing in described[name].refusals)

    def names_both(self, verb: str, kind: str) -> bool:
        """Whether ``verb`` is an operation that names a message and, apart from it, a room of ``kind``."""
        form = self.session.documents.binding.verbs.get(verb, {}).get("http")
        steps = form.steps_for(kind) if form else ()
        told = {name for step in steps[-1:] for line in step.arguments.values() for name in names(line)}
        return {"room", "message"} <= told

    def unfit_frames(self, room: RoomHandle) -> Iterator[tuple[str, str]]:
        """Frames that do not fit what the socket of ``room`` takes, and what is wrong with each."""
        bound = self.session.documents.binding.sockets[self.socket_for(room.kind)]
        return unfit_frames(self.session.documents, bound.channel)

    def secured_operations(self) -> tuple[str, ...]:
        """The operations that need a member's token."""
        operations = self.session.documents.spec.operations.values()
        return tuple(operation.id for operation in operations if operation.secured)

    def strangers(self) -> tuple[str, ...]:
        """The roles of those without a valid token, as far as this deployment has the means to make them."""
        known = self.session.deployment.levers
        return tuple(role for role in STRANGERS if role != EXPIRED or LEVER in known)

    def forged_frames(
        self, forger: LiveMember, room: RoomHandle, message: MessageHandle
    ) -> tuple[Forged, ...]:
        """Frames for ``forger`` to say, one for each event of the socket that hears of ``room``, as if the server told of
        ``message``. Raises NotRun when the API takes all of them from clients, or shows none."""
        documents = self.session.documents
        forged = forged_frames(documents, self.socket_for(room.kind), forger, room, message)
        if not forged:
            raise NotRun("nothing that this API's sockets hear could be told from what clients may say")
        return forged

    def socket_for(self, kind: str) -> str:
        """The socket that hears of rooms of ``kind``. Raises NotRun when the API has none."""
        for name in self.sockets_for(kind):
            return name
        raise NotRun(f"no socket hears of rooms of kind {kind}")

    def sockets_for(self, kind: str) -> tuple[str, ...]:
        """Every socket that hears of rooms of ``kind``, in the binding's order."""
        sockets = self.session.documents.binding.sockets.items()
        return tuple(name for name, one in sockets if not kind or not one.kinds or kind in one.kinds)

    def needs_a_socket_for_new_rooms(self) -> None:
        """Raises NotRun when no socket of this API hears of a room that is started while it is open."""
        if not any(socket.per == "member" for socket in self.session.documents.binding.sockets.values()):
            raise NotRun("a socket hears of one room alone, which has to be there before")

    def needs_a_new_room(self, room: RoomHandle) -> None:
        """Raises NotRun when ``room`` may have a past that nobody here knows: a pair's, on a deployment that mints no members."""
        described = self.session.documents.binding.rooms[room.kind]
        if described.pair and not self.fresh_cast and room.done.gave.get("created") is not True:
            raise NotRun("the two have talked before, and this deployment has no lever to mint a member")

    def number_of(self, rule: str, otherwise: int) -> int:
        """The number that the API's ``rule`` says; ``otherwise`` where it says none."""
        found = self.session.documents.binding.rule(rule)
        return found.value if found and isinstance(found.value, int) else otherwise

    @property
    def page_size(self) -> int:
        """How many messages a page has when nothing is asked for; 20 where the API does not say."""
        return self.number_of("page-size", 20)
