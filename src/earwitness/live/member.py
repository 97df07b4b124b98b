"""A member with hands and ears: does verbs, opens sockets, and claims what it heard and saw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from earwitness.binding import MISSING, Form, Seen, by_peer
from earwitness.binding.expressions import names
from earwitness.deployment import Account
from earwitness.errors import CouldNotTest
from earwitness.history import Json
from earwitness.live.handles import Done, MessageHandle, RoomHandle
from earwitness.live.looking import Looking
from earwitness.live.noticing import Noticing
from earwitness.live.outcomes import NotRun, Stopped, Unimplemented
from earwitness.live.relations import Unfit
from earwitness.live.rooms import first_text, group_kinds
from earwitness.live.strangers import shown_tokens
from earwitness.live.witnessing import Witnessing
from earwitness.member import File, HttpRequest, Plan, auth_headers, operation_request, socket_address

if TYPE_CHECKING:
    from earwitness.live.stage import Stage
    from earwitness.live.ways import Way
    from earwitness.wire import Ear


class LiveMember(Looking, Noticing, Witnessing):
    """A test member on a deployment, for the length of one exercise.

    Verbs (``sends``, ``edits``, ...) claim that they succeed and stop the exercise when they do not; ``does`` claims
    nothing. Claims are judged from the history at the end, all of them together.
    """

    def __init__(self, stage: Stage, account: Account) -> None:
        self._stage = stage
        self._account = account
        self.name = account.name
        self.ears: list[Ear] = []
        # The rooms whose sockets are closed to this member: what is said there cannot reach it.
        self.shut_out: set[str] = set()
        # The way that everything takes which this member does; None: straight to the deployment.
        self.way: Way | None = None

    def __repr__(self) -> str:
        return self.name

    @property
    def stage(self) -> Stage:
        return self._stage

    @property
    def id(self) -> Json:
        """The member's id as the API spells it."""
        return self._account.attributes.get("id")

    @property
    def arguments(self) -> Mapping[str, object]:
        """The member as an argument of a verb: its attributes."""
        return {**self._account.attributes, **self._account.credentials, "name": self.name}

    @property
    def is_found_by(self) -> str:
        """What others look this member up by: an e-mail address or a name."""
        named = (self._account.attributes.get(name) for name in ("email", "username"))
        return next((str(one) for one in named if one), self.name)

    # -- doing ------------------------------------------------------------------------------------------------------

    def does(
        self, verb: str, *, form: str = "", source: str = "", on: Ear | None = None, **arguments: object
    ) -> Done:
        """Do ``verb`` with ``arguments``, see ``act``."""
        return self.act(verb, arguments, form=form, source=source, on=on)

    def act(self, verb: str, arguments: Mapping[str, object], *, form: str = "", source: str = "",
            on: Ear | None = None) -> Done:  # fmt: skip
        """Do ``verb`` with ``arguments`` (handles, members and plain values), in the form that is asked for or the first.

        ``source`` marks what is not meant to succeed, or is only there to end a wait. What is said on sockets is said ``on`` that
        ear, open or not, or on one that hears of the room, opened where there is none. Raises Unimplemented when the API
        does not offer the verb, Unreachable when the deployment does not answer at all.
        """
        return self._run(verb, self._form(verb, form), arguments, source, on)

    def finishes(self, verb: str, *, form: str = "", source: str = "", **arguments: object) -> Done:
        """Do only the last step of ``verb``, with what its earlier ones had given to somebody."""
        how = self._form(verb, form)
        return self._run(verb, replace(how, steps=how.steps[-1:]), arguments, source)

    def _run(
        self, verb: str, how: Form, arguments: Mapping[str, object], source: str, on: Ear | None = None
    ) -> Done:
        documents, deployment = self.stage.session.documents, self.stage.session.deployment
        room = arguments.get("room")
        if isinstance(room, RoomHandle) and by_peer(documents.binding) and self not in room.members:
            raise Unimplemented(
                f"rooms of {documents.api} are addressed by the peer, so they have no outsiders"
            )
        message = arguments.get("message")
        if room is None and isinstance(message, MessageHandle):
            room = message.room
        kind = room.kind if isinstance(room, RoomHandle) else ""
        plan = Plan(
            documents.spec, documents.binding, how, self._spoken(arguments), kind=kind, token=self._account.token,
            paths=deployment.paths,
        )  # fmt: skip
        exchanges: list[str] = []
        status = 0
        while (outgoing := plan.next()) is not None:
            if isinstance(outgoing, HttpRequest):
                answer = self.stage.send(self, outgoing, verb=verb, source=source)
                exchanges.append(answer.exchange)
                status = answer.status
                if not answer.answered:
                    plan.failed()
                    break
                plan.take(answer.status, answer.headers, answer.json, answer.content)
            else:
                ear = on or self._ear(outgoing.socket, room if isinstance(room, RoomHandle) else None)
                exchanges.append(self.stage.say(ear, outgoing, verb=verb, source=source))
                status = 0  # nothing answers a frame
                plan.said()
        return Done(verb, how, self, tuple(exchanges), status, plan.state == "done", plan.gave)

    def calls(self, operation: str, arguments: Mapping[str, object], *, role: str = "member", token: str = "",
              source: str = "call", unfit: Unfit | None = None) -> str:  # fmt: skip
        """Call one ``operation`` as ``role`` (with ``token`` instead of the member's, where it is given), with the values that
        the binding's first verb for it would send, but for what ``unfit`` puts in their place. Returns the exchange."""
        documents, deployment = self.stage.session.documents, self.stage.session.deployment
        unfit = unfit or Unfit()
        values = self.stage.values(operation, self._spoken(arguments)) | dict(unfit.replace)
        if unfit.body is not MISSING or unfit.content is not None:
            places = {parameter.name for parameter in documents.spec.operations[operation].parameters}
            values = {name: value for name, value in values.items() if name in places}
        request = operation_request(
            documents.spec, documents.binding, operation, values, role=role, token=token or self._account.token,
            me=self.arguments, paths=deployment.paths, fit=True, body=unfit.body, content=unfit.content,
            content_type="application/json" if unfit.content is not None else "",
        )  # fmt: skip
        return self.stage.send(self, request, source=source).exchange

    def shows_who_it_is(self) -> Mapping[str, str]:
        """The headers that say who asks, for a request at an address that an answer named."""
        return auth_headers(
            self.stage.session.documents.binding, "member", self._account.token, self.arguments
        )

    def signs_in(self) -> None:
        """Sign in anew: whatever this member does from now on carries the token that it is given for that."""
        done = self.must("authenticate")
        self.is_given(done, "token")
        token = done.gave.get("token")
        if not isinstance(token, str) or not token:
            raise Stopped(f"{self} was given no token")
        self._account = replace(self._account, token=token)

    def tokens_as(self, role: str) -> Iterator[tuple[str, str]]:
        """What a stranger of ``role`` shows instead of this member's token: in words, and the token; see ``shown_tokens``."""
        return shown_tokens(self.stage.session, self._account, role)

    def gets_no_socket(self, role: str, room: RoomHandle | None = None) -> None:
        """Claim that every socket which hears of ``room`` is refused to a stranger of ``role``, whatever it shows for a token."""
        for socket in self.stage.sockets_for(room.kind if room else ""):
            for what, token in self.tokens_as(role):
                self.listens(room, role=role, token=token, what=what, socket=socket)

    def listens_everywhere(self, room: RoomHandle) -> tuple[Ear, ...]:
        """Open each of the sockets that hear of ``room``."""
        return tuple(self.listens(room, socket=socket) for socket in self.stage.sockets_for(room.kind))

    def listens(self, room: RoomHandle | None = None, *, role: str = "member", token: str = "", what: str = "",
                claim: bool = True, socket: str = "", to: LiveMember | None = None) -> Ear:  # fmt: skip
        """Open the socket that hears of ``room`` (or the member's own, where sockets are per member), the first of several unless
        one is named; ``to`` is the peer whom a socket is opened to before there is a room. ``role`` and ``token`` as in ``calls``,
        which ``what`` says in words."""
        documents = self.stage.session.documents
        kind = room.kind if room else ""
        to_peers = (
            (name for name, one in documents.binding.sockets.items() if one.per == "peer") if to else iter(())
        )
        name = socket or next(to_peers, "") or self.stage.socket_for(kind)
        peer = to.arguments if to else room.seen_by(self)["peer"] if room else None
        address = socket_address(
            documents.spec, documents.binding, name, me=self.arguments, room=room.seen_by(self) if room else None, peer=peer,
            role=role, token=token or self._account.token,
        )  # fmt: skip
        ear = self.stage.open(self, address, room.id if room else "")
        if role == "member":
            self.ears.append(ear)
        elif ear.is_open:
            # A refusal may come as a close after the handshake: give it its time.
            self.stage.session.wait(lambda: not ear.is_open, self.stage.session.deployment.deadline_ms / 1000)
        if claim:
            kind_of_claim = "socket-opens" if role == "member" else "socket-refused"
            who = (
                f"{self}'s socket opens"
                if role == "member"
                else f"a socket opened {what or f'as {role}'} is refused"
            )
            self.claim(kind_of_claim, who, socket=ear.id, member=self.name)
        if role == "member" and claim and not ear.is_open:
            raise Stopped(f"{self}'s socket did not open")
        return ear

    def overhears(self, room: RoomHandle) -> Ear | None:
        """Listen as somebody who is not in ``room``: by the member's own socket, where sockets are per member; else try the
        room's, and claim that it is refused where the channel's spec refuses outsiders. Gives the ear, None where there is nothing to try."""
        documents = self.stage.session.documents
        bound = documents.binding.sockets[self.stage.socket_for(room.kind)]
        if bound.per == "member":
            return self.listens()
        if bound.per == "peer" or documents.binding.rooms[room.kind].open:
            # A socket per peer leads to a room of one's own, and whoever opens the socket of an open room is in it.
            self.shut_out.add(room.id)
            return None
        named = documents.spec.channels[bound.channel].refusals
        outsider = "not-a-member"
        ear = self.listens(room, role=outsider, what="by an outsider", claim=outsider in named)
        if not ear.is_open:
            self.shut_out.add(room.id)
        return ear

    def stops_listening(self, ear: Ear) -> None:
        """Close a socket."""
        self.stage.session.close_ear(ear)

    def loses(self, ear: Ear) -> None:
        """Wait until a fault has ended a socket of this member. Raises CouldNotTest when none has before the deadline."""
        seconds = self.stage.session.deployment.deadline_ms / 1000
        if not self.stage.session.wait(lambda: not ear.is_open, seconds):
            raise CouldNotTest(f"{self}'s socket was to be cut by a fault, and was not")

    def _ear(self, socket: str, room: RoomHandle | None) -> Ear:
        for ear in self.ears:
            if (
                ear.name == socket
                and ear.is_open
                and (room is None or self.stage.room_of(ear) in ("", room.id))
            ):
                return ear
        return self.listens(room, socket=socket)

    def _form(self, verb: str, form: str) -> Form:
        forms = self.stage.session.documents.binding.verbs.get(verb)
        if not forms or (form and form not in forms):
            raise Unimplemented(
                f"{self.stage.session.documents.api} does not offer {verb}{' by ' + form if form else ''}"
            )
        return forms[form] if form else next(iter(forms.values()))

    def _spoken(self, arguments: Mapping[str, object]) -> dict[str, object]:
        spoken: dict[str, object] = {"me": self.arguments}
        for name, value in arguments.items():
            if isinstance(value, LiveMember):
                spoken[name] = value.arguments
            elif isinstance(value, RoomHandle):
                spoken[name] = value.seen_by(self)
            elif isinstance(value, MessageHandle):
                given = value.done.gave.get("message")
                shown = given.fields if isinstance(given, Seen) else {}
                spoken[name] = {**shown, "id": value.id} if shown else value.id
                spoken.setdefault("room", value.room.seen_by(self))
            elif (
                isinstance(value, list | tuple)
                and value
                and all(isinstance(one, LiveMember) for one in value)
            ):
                spoken[name] = [one.arguments for one in value]
            elif value is not None:
                spoken[name] = value
        return spoken

    # -- the verbs, as people say them ------------------------------------------------------------------------------

    def must(self, verb: str, *, form: str = "", basis: str = "stated", **arguments: object) -> Done:
        """Do ``verb``, claim that it succeeds, and stop the exercise when it does not. ``basis``: on what that rests, where no
        document says that this member may."""
        done = self.act(verb, arguments, form=form)
        if done.status or not done.done:
            self.claim("succeeds", f"{self} can {verb}", exchange=done.exchange, basis=basis)
        if not done.done:
            raise Stopped(f"{self}'s {verb} did not succeed ({done.status or 'no answer'})")
        return done

    def may_do(self, verb: str, *, form: str = "", **arguments: object) -> Done:
        """Do ``verb`` with something that a server may take or refuse; claim that it does the one or the other."""
        done = self.act(verb, arguments, form=form, source="odd")
        if not done.done:
            self.is_turned_away(done.exchange, f"{verb}, if it is not served")
        return done

    def may_send(self, room: RoomHandle, text: str) -> MessageHandle | None:
        """Send a ``text`` that a server may refuse (by HTTP, where refusals are answered); None when it did.

        Raises Unimplemented when the API takes no texts by HTTP.
        """
        done = self.may_do("send-text", form="http", room=room, text=text)
        return self.stage.message(done, room, self, text) if done.done else None

    def starts_direct(
        self, peer: LiveMember, text: str | None = None, subject: int | None = None
    ) -> RoomHandle:
        """Start a room with ``peer``, or find the one there is; ``subject`` is what it is about, said with a ``text``."""
        binding = self.stage.session.documents.binding
        if by_peer(binding):
            return self.stage.room_with(self, peer, text)
        if text is None:
            text = first_text(binding)
        told = text if "start-direct" in binding.verbs else None
        done = self.must(
            "open-direct" if told is None else "start-direct", peer=peer, text=told, subject=subject
        )
        room = self.stage.room(done, (self, peer), told)
        # Where a room is opened without a word, the first one follows.
        return room if told == text else replace(room, first=self.sends(room, str(text)))

    def starts_group(
        self,
        *others: LiveMember,
        kind: str = "",
        name: str = "",
        text: str | None = None,
        picture: File | None = None,
    ) -> RoomHandle:
        """Start a room with ``others``, of ``kind`` (the first kind for more than two when none is given), with a ``text``, and with a
        ``picture``.

        Raises NotRun when the API has no such kind.
        """
        kinds = group_kinds(self.stage.session.documents.binding)
        if not kinds or (kind and kind not in kinds):
            raise NotRun(f"members cannot start a room of kind {kind or 'group'!r} here")
        called = name or f"{self} and {', '.join(map(str, others))}"
        done = self.must(
            "start-group", peers=list(others), name=called, kind=kind or kinds[0], text=text, file=picture
        )
        return self.stage.room(done, (self, *others), text, kind=kind or kinds[0])

    def starts_fresh_direct(
        self, peer: LiveMember, text: str | None = None, subject: int | None = None
    ) -> RoomHandle:
        """Start a room with somebody that ``self`` has no room with; NotRun when the deployment has nobody like that."""
        room = self.starts_direct(peer, text, subject)
        if room.done.gave.get("created") is not True and not self.stage.fresh_cast:
            raise NotRun(
                f"{self} and {peer} have talked before, and this deployment has no lever to mint a member"
            )
        return room

    def sends(self, room: RoomHandle, text: str, *, form: str = "") -> MessageHandle:
        """Send ``text`` to ``room``."""
        done = self.must("send-text", form=form, room=room, text=text)
        return self.stage.message(done, room, self, text)

    def sends_anew(self, room: RoomHandle, text: str) -> MessageHandle:
        """Send ``text`` in a way that no socket opened before has a part in: over HTTP, or on a new one."""
        if self.stage.offers("send-text", "http"):
            return self.sends(room, text, form="http")
        self.ears = [self.listens(room)]
        return self.sends(room, text, form="socket")

    def sends_file(self, room: RoomHandle, file: File, *more: File, alone: bool = False) -> MessageHandle:
        """Send ``file`` to ``room``, in as many steps as the API wants, with a text where it takes one, unless the file is to go
        ``alone``, and with ``more`` files at once where it takes them."""
        form = self._form("send-file", "")
        takes = {
            name
            for step in form.steps_for(room.kind)
            for line in step.arguments.values()
            for name in names(line)
        }
        text = f"this is {file.name}" if "text" in takes and not alone else None
        done = self.must("send-file", room=room, file=file, files=list(more) or None, text=text)
        key = done.gave.get("key")
        # Where a file has no text of its own, the key of its place stands for one; else there is none.
        return self.stage.message(done, room, self, text or ("" if key is None else str(key)))

    def downloads(self, message: MessageHandle) -> Done:
        """Get the file that came with ``message``."""
        return self.must("download-file", message=message)

    def edits(self, message: MessageHandle, text: str) -> Done:
        return self.must("edit-message", message=message, text=text)

    def deletes(self, message: MessageHandle) -> Done:
        return self.must("delete-message", message=message)

    def reacts(self, message: MessageHandle, emoji: str) -> Done:
        return self.must("react", message=message, emoji=emoji)

    def reads(self, room: RoomHandle) -> Done:
        return self.must("mark-room-read", room=room)

    def asks_for_upload(self, file: File) -> Done:
        return self.must("request-upload", file=file)

    def puts(self, file: File, upload: Done) -> str:
        """Put ``file`` where ``upload`` says; returns the exchange, whatever its answer."""
        url = upload.gave.get("upload_url")
        if not isinstance(url, str):
            self.is_given(upload, "upload_url")
            raise Stopped("no upload URL was given out")
        return self.stage.put(self, url, file)

    # -- looking ----------------------------------------------------------------------------------------------------

    def lists_messages(self, room: RoomHandle, *, at_once: bool = False) -> tuple[str, ...]:
        """Ask for all pages of ``room``'s messages; returns the exchanges, of at most ``Stage.most_pages`` pages. What was said on
        sockets is waited for first, unless ``at_once``."""
        if not at_once:
            self.stage.let_arrive()
        return self._walks("list-messages", room=room)

    def lists_rooms(self) -> tuple[str, ...]:
        """Ask for all of this member's rooms, page by page where they come in pages; returns the exchanges."""
        self.stage.let_arrive()
        return self._walks("list-rooms")

    def _walks(self, verb: str, **arguments: object) -> tuple[str, ...]:
        exchanges: list[str] = []
        for page in range(1, self.stage.most_pages + 1):
            done = self.act(verb, {**arguments, "page": page if page > 1 else None})
            exchanges += done.exchanges
            if not done.done or not done.gave.get("next"):
                break
        return tuple(exchanges)
