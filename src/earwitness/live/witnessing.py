"""The claims about what goes on beside messages: silence, typing, receipts, sessions, and what a frame comes to that nothing answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from earwitness.checks import judge_claim
from earwitness.history import Claimed, Json
from earwitness.live.claiming import Claiming
from earwitness.live.handles import Done, MessageHandle, RoomHandle
from earwitness.world import in_words

if TYPE_CHECKING:
    from earwitness.live.member import LiveMember
    from earwitness.spec import Audience
    from earwitness.wire import Ear


class Witnessing(Claiming):
    """What a member can say of sockets that must be silent, and of lists that follow what was said on sockets.

    Nothing answers a frame, so a list is asked again until it shows what it must, for as long as an event may take.
    """

    # -- silence ----------------------------------------------------------------------------------------------------

    def hears_nothing_on(self, ear: Ear) -> None:
        """Claim that ``ear``, a socket of this member, tells of nothing from now to the end of the exercise."""
        self._hears_nothing(f"{self.name} hears nothing more on that socket", socket=ear.id)

    def hears_nothing_more_of(
        self, room: RoomHandle, *, on: Ear | None = None, basis: str = "stated"
    ) -> None:
        """Claim that this member hears nothing about ``room`` from now to the end of the exercise, or not ``on`` that socket;
        ``basis`` as in ``claim``."""
        where = " on that socket" if on else ""
        self._hears_nothing(f"{self.name} hears nothing more of the room{where}", basis, room=room.id, kind=room.kind,
                            socket=on.id if on else "")  # fmt: skip

    def hears_nothing_come_of(self, done: Done) -> None:
        """Claim that this member hears nothing of what was ``done``, which had to be refused; nothing where it was not even said."""
        if done.exchange:
            sentence = f"{self.name} hears nothing of {done.member}'s {done.verb}"
            self.claim(
                "hears-nothing", sentence, member=self.name, of=done.exchange, check="refused-changes-nothing"
            )

    def _hears_nothing(self, sentence: str, basis: str = "stated", **args: Json) -> None:
        self.claim("hears-nothing", sentence, basis=basis, member=self.name, after=self.stage.mark(), **args)

    def hears_own(
        self, event: str, done: Done, message: MessageHandle | None = None, **fields: object
    ) -> None:
        """Claim what the spec's audience says of this member, who caused ``event`` by what was ``done``: that it hears it, or that it
        does not; nothing where either is right."""
        audience = self._audience(event)
        if audience is None:
            return
        if in_words(audience.must, self.name, self.name):
            self.hears(event, message, of=done, since=0, **fields)
        elif not in_words(audience.may, self.name, self.name):
            sentence = f"{self.name} hears no {event} of the own"
            self.claim("hears-nothing", sentence, member=self.name, event=event, of=done.exchange)

    def _audience(self, event: str) -> Audience | None:
        documents = self.stage.session.documents
        told = documents.binding.events[event].messages
        heard = (channel.hears.get(name) for channel in documents.spec.channels.values() for name in told)
        return next((frame.audience for frame in heard if frame is not None and frame.audience), None)

    # -- being told -------------------------------------------------------------------------------------------------

    def is_told(self, done: Done, name: str, value: Json) -> None:
        """Claim that the answer to ``done`` gives ``value`` under the binding's ``name``; nothing where the API does not tell."""
        if any(name in gives for gives in done.form.steps[-1].gives.values()):
            self.claim(
                "gives", f"{self.name} is told {name} {value}", exchange=done.exchange, name=name, value=value,
                check=_CHECKS.get(done.verb),
            )  # fmt: skip

    # -- lists that follow what was said ----------------------------------------------------------------------------

    def comes_to_see(self, message: MessageHandle, **fields: object) -> None:
        """Claim that the room's list of messages comes to show ``message`` with ``fields``."""

        def look() -> tuple[str, dict[str, Json]]:
            exchanges = self._me.lists_messages(message.room)
            wanted = message.id or self.stage.learn_id(exchanges, message)
            return self._showing(
                "messages", exchanges, wanted, f"{self.name} sees {message.text!r:.40}", fields
            )

        self._comes_to("shows", look)

    def comes_not_to_see(self, message: MessageHandle) -> None:
        """Claim that the room's list of messages comes to be without ``message``."""
        sentence = f"{self.name} does not see {message.text!r:.40} any more"

        def look() -> tuple[str, dict[str, Json]]:
            exchanges = self._me.lists_messages(message.room)
            return sentence, {"exchanges": list(exchanges), "name": "messages", "id": message.id}

        self._comes_to("lacks", look)

    def sees_typing(self, member: LiveMember, room: RoomHandle) -> None:
        """Claim that ``member`` comes to be listed as typing in ``room``."""
        self._comes_to("shows", lambda: self._typists(f"{self.name} sees that {member} types", member, room))

    def sees_no_typing(self, member: LiveMember, room: RoomHandle) -> None:
        """Claim that ``member`` comes not to be listed as typing in ``room`` any more."""
        self._comes_to(
            "lacks", lambda: self._typists(f"{self.name} sees that {member} does not type", member, room)
        )

    def _typists(self, sentence: str, member: LiveMember, room: RoomHandle) -> tuple[str, dict[str, Json]]:
        done = self._me.does("list-typing", room=room)
        args: dict[str, Json] = {"exchanges": list(done.exchanges), "name": "typists", "id": str(member.id)}
        return sentence, args | {"check": "typing-expires"}

    def lists_sessions(self) -> tuple[str, ...]:
        """Ask for this member's sessions; returns the exchanges."""
        return self._me.does("list-sessions").exchanges

    def comes_to_list(
        self, name: str, by: int, before: Sequence[str], ask: Callable[[], Sequence[str]]
    ) -> None:
        """Claim that what ``ask`` asks for comes to show ``by`` more things under ``name`` than the answers to ``before`` did."""
        check = _CHECKS[name]
        sentence = f"{self.name} has {by} more {name}" if by else f"{self.name} has as many {name} as before"
        self._comes_to(
            "grows",
            lambda: (
                sentence,
                {"exchanges": list(ask()), "before": list(before), "name": name, "by": by, "check": check},
            ),
        )

    def _comes_to(self, kind: str, look: Callable[[], tuple[str, dict[str, Json]]]) -> None:
        """Make the claim that ``look`` gives the sentence and the arguments of, once it holds, or when its time is over."""
        looked: list[tuple[str, dict[str, Json]]] = []

        def holds() -> bool | None:
            looked.append(look())
            sentence, args = looked[-1]
            claim = Claimed(claim=kind, args=args, sentence=sentence, case=self.stage.case)
            return judge_claim(claim, self.stage.world())[0].held or None

        self.stage.until(holds)
        sentence, args = looked[-1]
        self.claim(kind, sentence, **args)


# Which check a broken claim belongs to, by the verb whose answer tells it, or by what the list is of.
_CHECKS = {
    "mark-room-read": "unread-count",
    "mark-message-read": "already-read-is-told",
    "clean-sessions": "cleaning-takes-the-old",
    "sessions": "sessions-are-own",
    "rooms": "start-is-idempotent",
}
