"""The claims that a member makes: what must have been heard, shown, served or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from earwitness.binding.vocabulary import VIEWS
from earwitness.history import Body, Claimed, Json
from earwitness.live.handles import SOMETHING, Done, MessageHandle, RoomHandle

if TYPE_CHECKING:
    from earwitness.binding import Binding
    from earwitness.binding.model import View
    from earwitness.live.forging import Forged
    from earwitness.live.member import LiveMember
    from earwitness.live.relations import Unfit
    from earwitness.live.stage import Stage
    from earwitness.wire import Ear

_T = TypeVar("_T")

# Which check a broken claim about a message's field belongs to.
_CHECKS = {
    "edited": "edited-is-flagged",
    "reactions": "reactions-follow-the-rule",
    "author": "author-is-caller",
    "kind": "rest-equals-socket",
    "unread": "unread-count",
    "read_by": "readers-are-shown",
    "read": "readers-are-shown",
    "members": "rooms-listed",
}


class Claiming:
    """What a member can say must be so. Every claim goes into the history and is judged from there."""

    name: str

    @property
    def stage(self) -> Stage:
        raise AttributeError("stage")

    @property
    def _me(self) -> LiveMember:
        return self.stage.cast(self.name)

    def claim(self, kind: str, sentence: str, /, **args: Json) -> None:
        """Put a claim into the history; ``basis`` among ``args`` is that of the reading which it rests on, where that is ours."""
        basis = str(args.pop("basis", "stated"))
        given = {name: value for name, value in args.items() if value is not None and value != ""}
        self.stage.journal.append(Claimed(claim=kind, args=given, sentence=sentence, basis=basis))

    # -- hearing ----------------------------------------------------------------------------------------------------

    def hears(self, event: str, message: MessageHandle | None = None, *, of: Done | None = None, since: int = 0,
              **fields: object) -> None:  # fmt: skip
        """Claim that this member hears ``event`` about ``message``, or because of what was done (``of``), showing ``fields``, and later
        than the entry ``since`` (see ``Stage.mark``); waits until it does, or must have."""
        shown = {name: _spelt(value) for name, value in fields.items()}
        args: dict[str, Json] = {
            "member": self.name,
            "event": event,
            "fields": dict(shown_fields(self.stage.session.documents.binding, "message", shown)),
        }
        if message is not None:
            cause = self.stage.latest_exchange(event, message)
            args |= {"message": message.id, "text": "" if message.id else message.text, "exchange": cause}
        if of is not None:
            args["exchange"] = of.exchange
        if since:
            args["after"] = since
        about = f" of {message.text!r:.60}" if message else ""
        with_fields = "".join(f", {name} {_said(value)}" for name, value in fields.items() if name != "text")
        self.stage.settle_dues()
        self.claim("hears", f"{self.name} hears {event}{about}{with_fields}", **args)

    def hears_text(self, event: str, text: str, **fields: object) -> None:
        """Claim that this member hears ``event`` of the message with ``text``, which somebody was shown, whether its sender was
        answered or not; waits until it does, or must have."""
        shown = {name: _spelt(value) for name, value in {"text": text, **fields}.items()}
        given = dict(shown_fields(self.stage.session.documents.binding, "message", shown))
        self.stage.session.wait(
            lambda: self._has_heard(event, text), self.stage.session.deployment.deadline_ms / 1000
        )
        sentence = f"{self.name} hears {event} of {text!r:.60}, since it is there"
        self.claim("hears", sentence, member=self.name, event=event, text=text, fields=given)

    def _has_heard(self, event: str, text: str) -> bool:
        world = self.stage.world()
        me = world.line.who(self.stage.case, self.name)
        return any(
            one.event == event and one.socket.member == me and one.shows.get("text") == text
            for one in world.delivery.heard
        )

    def hears_nothing_of(self, room: RoomHandle) -> None:
        """Claim that this member hears nothing about ``room``, up to the end of the exercise.

        Nothing is claimed of whoever was refused the room's socket (see ``overhears``): that it was is claimed already.
        """
        if room.id not in self._me.shut_out:
            self.claim(
                "hears-nothing",
                f"{self.name} hears nothing of the room",
                member=self.name,
                room=room.id,
                kind=room.kind,
            )

    def hears_no_forgery(self, forged: Forged, exchange: str) -> None:
        """Claim that this member hears nothing of ``forged``, which was said as ``exchange``, up to the end of the exercise."""
        args: dict[str, Json] = {
            "member": self.name,
            "message": forged.message,
            "event": forged.event,
            "exchange": exchange,
        }
        self.stage.journal.append(
            Claimed(
                claim="hears-nothing",
                args=args | {"check": "event-has-a-cause"},
                sentence=f"{self.name} hears no {forged.event} that a client has forged",
                # That a room is read in no other way than the documented one is said by no document.
                basis="decided" if forged.event == "message-read" else "stated",
            )
        )

    def still_listens(self, ear: Ear) -> None:
        """Claim that a socket of this member is still open."""
        self.claim("socket-stays", f"{self.name}'s socket is still open", socket=ear.id, member=self.name)

    # -- being refused ----------------------------------------------------------------------------------------------

    def may_not(self, verb: str, relation: str, *, basis: str = "stated", **arguments: object) -> Done:
        """Try ``verb`` and claim that it is refused as the spec says for ``relation``; ``basis`` where no operation's spec has it."""
        done = self._me.act(verb, arguments, source="refusal")
        self.claim(
            "refused", f"{self.name} may not {verb} ({relation})", basis=basis, exchange=done.exchange, relation=relation
        )  # fmt: skip
        return done

    def is_refused(
        self,
        operation: str,
        relation: str,
        arguments: Mapping[str, object],
        *,
        role: str = "member",
        unfit: Unfit | None = None,
    ) -> None:
        """Call ``operation`` as ``role``, with each token that this role may show (see ``LiveMember.tokens_as``), and claim
        that it is refused as the spec says for ``relation``."""
        tokens = [("", "")] if role == "member" else self._me.tokens_as(role)
        for what, token in tokens:
            exchange = self._me.calls(
                operation, arguments, role=role, token=token, source="refusal", unfit=unfit
            )
            who = f"a caller {what}" if what else self.name
            self.claim(
                "refused", f"{who} may not {operation} ({relation})", exchange=exchange, relation=relation
            )

    def is_turned_away(self, exchange: str, what: str) -> None:
        """Claim that an exchange was refused, with whatever status of the 4xx."""
        self.claim("refused", f"{self.name} is turned away: {what}", exchange=exchange, relation="")

    # -- being served and shown -------------------------------------------------------------------------------------

    def was_served(self, exchange: str) -> None:
        """Claim that an exchange succeeded."""
        self.claim("succeeds", f"{self.name} is served", exchange=exchange)

    def is_let_in(self, exchange: str) -> None:
        """Claim that an exchange succeeded though this member is outside: who may look into what others talk in is our reading."""
        args: dict[str, Json] = {"exchange": exchange}
        sentence = f"{self.name} may look in from outside"
        self.stage.journal.append(Claimed(claim="succeeds", args=args, sentence=sentence, basis="decided"))

    def is_answered(self, done: Done, expression: str, value: object) -> None:
        """Claim that the answer to ``done`` holds ``value`` at ``expression``."""
        sentence = f"{self.name} is answered {expression.rpartition('#')[2]} {value!r}"
        check = "start-is-idempotent" if done.verb in ("start-direct", "open-direct") else None
        self.claim(
            "answers",
            sentence,
            exchange=done.exchange,
            expression=expression,
            value=_spelt(value),
            check=check,
        )

    def is_given_bytes(self, done: Done, content: bytes) -> None:
        """Claim that the answer to ``done`` is ``content``, byte for byte."""
        body = Body.of(content)
        self.claim(
            "answers", f"{self.name} is given the file as it was", exchange=done.exchange,
            body={"form": body.form, "value": body.value},
        )  # fmt: skip

    def is_given(self, done: Done, name: str, field: str = "") -> None:
        """Claim that the answer to ``done`` holds something under the binding's name ``name``, or in ``field`` of it."""
        expression = self.stage.expression(done, name, field)
        self.claim(
            "answers", f"{self.name} is given {name.replace('_', ' ')}", exchange=done.exchange, expression=expression,
            present=True,
        )  # fmt: skip

    def is_told_whether_new(self, room: RoomHandle, new: bool) -> None:
        """Claim that the answer to starting ``room`` calls it new, or does not; nothing where the API does not tell."""
        gives = [each for step in room.done.form.steps for each in step.gives.values()]
        if any("created" in each for each in gives):
            self.claim(
                "gives", f"{self.name} is told that the room {'is new' if new else 'was there'}",
                exchange=room.done.exchange, name="created", value=True if new else None, check="start-is-idempotent",
            )  # fmt: skip

    def is_told_what_was_sent(self, message: MessageHandle, **fields: object) -> None:
        """Claim that the answer to sending ``message`` shows it, with its text, its author and ``fields``; nothing where sending
        is answered by no message."""
        if "message" in message.done.gave:
            said = {"text": message.text, "author": message.author, **fields}
            self._shows(
                "message",
                (message.done.exchange,),
                message.id,
                f"the answer shows {message.text!r:.40}",
                said,
            )

    def is_shown(self, done: Done, message: MessageHandle, **fields: object) -> None:
        """Claim that the answer to ``done`` itself shows ``message`` with ``fields``."""
        self._shows("message", (done.exchange,), message.id, f"the answer shows {message.text!r:.40}", fields)

    def sees(self, message: MessageHandle, *, basis: str = "stated", **fields: object) -> None:
        """List the room's messages and claim that ``message`` is there, with ``fields``; ``basis`` as in ``claim``."""
        exchanges = self._me.lists_messages(message.room)
        wanted = message.id or self.stage.learn_id(exchanges, message)
        said, args = self._showing(
            "messages", exchanges, wanted, f"{self.name} sees {message.text!r:.40}", fields
        )
        self.claim("shows", said, basis=basis, **args)

    def sees_unchanged(self, message: MessageHandle) -> None:
        """List the room's messages and claim that ``message`` is there as it was sent: what was refused has not happened."""
        exchanges = self._me.lists_messages(message.room)
        wanted = message.id or self.stage.learn_id(exchanges, message)
        unchanged: Mapping[str, Json] = {"text": message.text, "edited": False, "reactions": []}
        self.claim(
            "shows", f"{self.name} sees {message.text!r:.40} unchanged", exchanges=list(exchanges), name="messages", id=wanted,
            fields=dict(shown_fields(self.stage.session.documents.binding, "message", unchanged)),
            check="refused-changes-nothing",
        )  # fmt: skip

    def sees_in_all(self, room: RoomHandle, *messages: MessageHandle) -> None:
        """List all pages of ``room`` once and claim that each of ``messages`` is there, with its text and author."""
        exchanges = self._me.lists_messages(room)
        for message in messages:
            fields: Mapping[str, object] = {"text": message.text, "author": message.author}
            wanted = message.id or self.stage.learn_id(exchanges, message)
            self._shows("messages", exchanges, wanted, f"{self.name} sees {message.text!r:.40}", fields)

    def sees_at_most_once(self, room: RoomHandle, text: str) -> bool:
        """List all pages of ``room`` and claim that the message with ``text`` is there once or not at all, and whole; returns whether
        it is there."""
        exchanges = self._me.lists_messages(room, at_once=True)
        args: dict[str, Json] = {"exchanges": list(exchanges), "name": "messages", "text": text}
        self.claim("at-most-once", f"{self.name} sees {text!r:.40} once or not at all", **args)
        self.claim("whole", f"{self.name} sees no part of {text!r:.40} alone", **args)
        return any(one.text("text") == text for one in self.stage.shown(exchanges, "messages"))

    def does_not_see(self, message: MessageHandle) -> None:
        """List all pages of the room and claim that ``message`` is on none of them."""
        exchanges = self._me.lists_messages(message.room)
        sentence = f"{self.name} does not see {message.text!r:.40} any more"
        self.claim("lacks", sentence, exchanges=list(exchanges), name="messages", id=message.id)

    def does_not_see_text(self, room: RoomHandle, text: str) -> None:
        """List all pages of ``room`` and claim that no message there has ``text``."""
        exchanges = self._me.lists_messages(room)
        self.claim(
            "lacks", f"{self.name} sees no {text!r:.40}", exchanges=list(exchanges), name="messages", text=text,
            check="refused-changes-nothing",
        )  # fmt: skip

    def pages_at_least(self, room: RoomHandle, number: int) -> None:
        """Claim that the list of ``room``'s messages has a next page after each of the first ``number - 1``."""
        for page in range(1, number):
            done = self._me.does("list-messages", room=room, page=page if page > 1 else None)
            expression = self.stage.expression(done, "next")
            self.claim(
                "answers", f"page {page} names a next one", exchange=done.exchange, expression=expression,
                present=True, check="pages-partition",
            )  # fmt: skip

    def lists_room(self, room: RoomHandle, **fields: object) -> None:
        """List this member's rooms and claim that ``room`` is there, with ``fields``."""
        exchanges, wanted = self._me.lists_rooms(), room.id
        sentence = f"{self.name} lists the room"
        self._shows("rooms", exchanges, wanted, sentence, fields, "rooms-listed", self._kind_of(room))

    def does_not_list(self, room: RoomHandle) -> None:
        """List this member's rooms and claim that ``room`` is not there."""
        exchanges, unwanted = self._me.lists_rooms(), room.id
        self.claim(
            "lacks", f"{self.name} does not list the room", exchanges=list(exchanges), name="rooms", id=unwanted,
            check="rooms-listed", kind=self._kind_of(room),
        )  # fmt: skip

    def _kind_of(self, room: RoomHandle) -> str:
        """The kind of ``room``, where its id alone does not tell it from a room of another kind; else ""."""
        described = self.stage.session.documents.binding.rooms.get(room.kind)
        return room.kind if described is not None and described.separate_ids else ""

    def _shows(
        self,
        name: str,
        exchanges: Sequence[str],
        wanted: str,
        sentence: str,
        fields: Mapping[str, object],
        check: str = "",
        kind: str = "",
    ) -> None:
        said, args = self._showing(name, exchanges, wanted, sentence, fields, check, kind)
        self.claim("shows", said, **args)

    def _showing(
        self,
        name: str,
        exchanges: Sequence[str],
        wanted: str,
        sentence: str,
        fields: Mapping[str, object],
        check: str = "",
        kind: str = "",
    ) -> tuple[str, dict[str, Json]]:
        """The sentence and the arguments of the claim that ``exchanges`` show ``wanted`` with ``fields``."""
        fields = shown_fields(self.stage.session.documents.binding, name.rstrip("s"), fields)
        spelt = {key: _spelt(value) for key, value in fields.items()}
        told = ", ".join(f"{key} {_said(value)}" for key, value in fields.items())
        belongs = next((_CHECKS[key] for key in fields if key in _CHECKS), check)
        args: dict[str, Json] = {"exchanges": list(exchanges), "name": name, "id": wanted, "fields": spelt}
        args |= {"check": belongs} if belongs else {}
        return f"{sentence}{': ' + told if told else ''}", args | ({"kind": kind} if kind else {})

    def messages_for_a_page(self) -> int:
        """How many messages fill a page exactly, by the API's own rule."""
        return self.stage.page_size

    def messages_for_two_pages(self) -> int:
        """How many messages it takes to fill a page and begin another, by the API's own rule."""
        return self.stage.page_size + 3


def shown_fields(binding: Binding, view: str, fields: Mapping[str, _T]) -> Mapping[str, _T]:
    """Those of ``fields`` that the API shows in ``view``: what it does not show, nobody can claim of it."""
    known = binding.views.get(view, {})
    return {
        name: value
        for name, value in fields.items()
        if name not in VIEWS[view] or (name in known and not _of_a_file(name, value, known))
    }


def _of_a_file(name: str, value: object, view: View) -> bool:
    """Whether a claim that something is a text is one about its file: a kind that stands below another thing is that one's."""
    return name == "kind" and value == "text" and len(view[name].tokens) > 1


def _spelt(value: object) -> Json:
    """A value as a claim carries it: members by id, lists sorted where their order does not matter."""
    from earwitness.live.member import LiveMember

    if isinstance(value, LiveMember):
        return str(value.id)
    if isinstance(value, list | tuple):
        return [_spelt(element) for element in value]
    if value is SOMETHING:
        return {"something": True}
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"a claim cannot carry {value!r}")


def _said(value: object) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_said(element) for element in value) + "]"
    if value is SOMETHING:
        return "that is there"
    return str(value) if not isinstance(value, str) else repr(value)[:60]
