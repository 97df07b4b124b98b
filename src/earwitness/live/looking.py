"""What a member can claim of whole lists: their pages, their order, what a search finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from earwitness.binding import Sources, Step, given
from earwitness.live.claiming import Claiming
from earwitness.live.handles import MessageHandle, RoomHandle
from earwitness.member import HttpRequest

if TYPE_CHECKING:
    from earwitness.live.handles import Done
    from earwitness.wire import Answer


class Looking(Claiming):
    """Lists that are walked to their end, and searches."""

    # -- walking ------------------------------------------------------------------------------------------------------

    def walks(self, verb: str, **arguments: object) -> tuple[str, ...]:
        """Ask for all pages of what ``verb`` lists, each at the address that the page before names as the next, or else by its
        number; returns the exchanges, of at most ``Stage.most_pages`` pages. ``verb`` is done by one operation."""
        done = self._me.act(verb, arguments)
        room = arguments.get("room")
        kind = room.kind if isinstance(room, RoomHandle) else ""
        exchanges, following = list(done.exchanges), done.gave.get("next")
        while following and len(exchanges) < self.stage.most_pages:
            if isinstance(following, str) and (following.startswith("/") or "://" in following):
                answer = self._follows(verb, urljoin(f"{self.stage.session.deployment.http}/", following))
                exchanges.append(answer.exchange)
                following = self._named_as_next(done.form.steps_for(kind)[0], answer)
            else:
                another = self._me.act(verb, {**arguments, "page": len(exchanges) + 1})
                exchanges += another.exchanges
                following = another.gave.get("next")
        return tuple(exchanges)

    def _follows(self, verb: str, link: str) -> Answer:
        request = HttpRequest("GET", link, credentials=self._me.shows_who_it_is())
        return self.stage.send(self._me, request, verb=verb)

    def _named_as_next(self, step: Step, answer: Answer) -> object:
        """What the answer at a page's address names as the next page, by the ``step`` that asked for the first one."""
        if not answer.answered:
            return None
        sources = Sources({}, response=answer.json, headers=answer.headers)
        gave = given(self.stage.session.documents.binding, step, answer.status, sources)
        return (gave or {}).get("next")

    # -- claims -------------------------------------------------------------------------------------------------------

    def lists_in_pages(self, verb: str, size: int, *things: MessageHandle | RoomHandle, asked: int | None = None,
                       room: RoomHandle | None = None) -> None:  # fmt: skip
        """Walk the pages of what ``verb`` lists, asking for ``asked`` things a page, and claim that every page that is followed by
        another holds ``size``, that none holds more, and that all of them together hold each of ``things`` once."""
        exchanges = self.walks(verb, room=room, page_size=asked)
        name, rules = _name(verb), self.stage.session.documents.binding.rules
        rule = rules.get("page-size-max" if asked is not None and asked > size else "page-size")
        self.claim(
            "pages", f"{self.name} is shown {name} {size} a page", basis=rule.basis_of(verb) if rule else "stated",
            exchanges=list(exchanges), name=name, size=size, check="page-size",
        )  # fmt: skip
        self.claim(
            "holds", f"the pages hold each of {len(things)} {name} once", exchanges=list(exchanges), name=name,
            ids=[thing.id for thing in things], check="pages-partition",
        )  # fmt: skip

    def sees_in_order(self, room: RoomHandle, *messages: MessageHandle) -> None:
        """List the room's messages and claim that ``messages``, given in the order of sending, are in the order that the API's
        rule says; nothing is claimed where it says none."""
        rule = self.stage.session.documents.binding.rule("message-order")
        exchanges = self._me.lists_messages(room)
        if rule is None:
            return
        ids = self._ids(exchanges, messages)
        self.claim(
            "holds", f"{self.name} sees {len(ids)} messages, {str(rule.value).replace('-', ' ')}",
            basis=rule.basis_of("list-messages"), exchanges=list(exchanges), name="messages",
            ids=ids[::-1] if rule.value == "newest-first" else ids, in_order=True, check="message-order",
        )  # fmt: skip

    def sees_nothing_between(self, one: MessageHandle, other: MessageHandle) -> None:
        """List the messages of a room and claim that two of them, sent one after the other, have none between them: what was
        refused meanwhile was not sent."""
        exchanges = self._me.lists_messages(one.room)
        self.claim(
            "holds", f"{self.name} sees nothing between {one.text!r:.40} and {other.text!r:.40}", exchanges=list(exchanges),
            name="messages", ids=self._ids(exchanges, (one, other)), next_to=True, check="refused-changes-nothing",
        )  # fmt: skip

    def counts_what_it_lists(self, room: RoomHandle) -> None:
        """List the messages of ``room`` and claim that the count that the list gives is the number of those on its pages; nothing
        where lists have no count."""
        exchanges = self._me.lists_messages(room)
        steps = (
            step
            for form in self.stage.session.documents.binding.verbs["list-messages"].values()
            for step in form.steps
        )
        if any("count" in gives for step in steps for gives in step.gives.values()):
            self.claim(
                "counts", f"{self.name} is told how many messages there are", basis="decided", exchanges=list(exchanges),
                name="messages", check="pages-partition",
            )  # fmt: skip

    def _ids(self, exchanges: tuple[str, ...], messages: Sequence[MessageHandle]) -> list[str]:
        return [message.id or self.stage.learn_id(exchanges, message) for message in messages]

    def finds(self, verb: str, thing: MessageHandle | RoomHandle, **arguments: object) -> None:
        """Do ``verb``, a search or a list across rooms, and claim that ``thing`` is among what it shows; a message with its text
        and author."""
        shown = {"text": thing.text, "author": thing.author} if isinstance(thing, MessageHandle) else {}
        self._shows(
            _name(verb), self.walks(verb, **arguments), thing.id, f"{self.name} finds {_called(thing)}{_for(arguments)}", shown,
            _check(thing),
        )  # fmt: skip

    def does_not_find(self, verb: str, thing: MessageHandle | RoomHandle, **arguments: object) -> None:
        """Do ``verb`` and claim that ``thing`` is not among what it shows."""
        self.claim(
            "lacks", f"{self.name} does not find {_called(thing)}{_for(arguments)}",
            exchanges=list(self.walks(verb, **arguments)), name=_name(verb), id=thing.id, check=_check(thing),
        )  # fmt: skip

    def finds_at_most(self, verb: str, number: int, **arguments: object) -> None:
        """Do the search ``verb`` and claim that it finds no more than ``number``."""
        done = self._me.act(verb, arguments)
        self.claim(
            "pages", f"{self.name} finds {number} at the most{_for(arguments)}", exchanges=list(done.exchanges), name=_name(verb),
            size=number, check="messages-across-rooms",
        )  # fmt: skip

    def is_shown_room(self, done: Done, room: RoomHandle, *messages: MessageHandle, **fields: object) -> None:
        """Claim that the answer to ``done`` shows ``room`` with ``fields``, and ``messages`` among those that it shows of the
        room; where an API shows no messages there, nothing is claimed of them."""
        self._shows("room", done.exchanges, room.id, "the answer shows the room", fields, "rooms-listed")
        views = self.stage.session.documents.binding.views
        steps = done.form.steps
        if "messages" not in views.get("room", {}) and not any(
            "messages" in gives for step in steps for gives in step.gives.values()
        ):
            return
        for message in messages:
            said = {"text": message.text, "author": message.author}
            self._shows("messages", done.exchanges, message.id, f"the room shows {message.text!r:.40}", said)


def _name(verb: str) -> str:
    return "rooms" if verb.endswith("-rooms") else "messages"


def _check(thing: MessageHandle | RoomHandle) -> str:
    return "messages-across-rooms" if isinstance(thing, MessageHandle) else "rooms-listed"


def _called(thing: MessageHandle | RoomHandle) -> str:
    return f"{thing.text!r:.40}" if isinstance(thing, MessageHandle) else "the room"


def _for(arguments: dict[str, object]) -> str:
    return f", searching {arguments['query']!r:.40}" if "query" in arguments else " in all rooms"
