"""Calls an operation as somebody who stands to its objects in a given relation, and claims the refusal the spec names."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from earwitness.binding import MISSING, VERBS
from earwitness.binding.expressions import Name
from earwitness.history import Json
from earwitness.live.handles import MessageHandle, RoomHandle, thing_id
from earwitness.live.outcomes import NotRun
from earwitness.live.rooms import offers, startable_kinds
from earwitness.live.uploads import changed_urls
from earwitness.member import STRANGERS, File
from earwitness.member.requests import JSON, MULTIPART

if TYPE_CHECKING:
    from earwitness.live.member import LiveMember
    from earwitness.live.stage import Stage
    from earwitness.spec import Operation, Schema

# Which of an operation's values name a thing that may be absent.
_THINGS = ("room", "message", "peer.id", "room.peer.id", "peers.id", "block")


@dataclass(frozen=True, slots=True)
class Situation:
    """Two members in a room, a message that ``owner`` sent there, and somebody who is not in the room."""

    room: RoomHandle
    message: MessageHandle
    owner: LiveMember
    peer: LiveMember
    outsider: LiveMember


@dataclass(frozen=True, slots=True)
class Unfit:
    """What a request does not fit its schema by: values put in the place of others, another body, or bytes for a body."""

    replace: Mapping[str, object] = field(default_factory=dict)
    body: object = MISSING
    content: bytes | None = None


def try_relation(stage: Stage, operation: Operation, relation: str, there: Situation) -> None:
    """Call ``operation`` in every way that makes ``relation``, and claim that each is refused.

    Raises NotRun for a relation that nobody in ``there`` stands in, or can be made to.
    """
    about: dict[str, object] = {"room": there.room, "message": there.message, "peer": there.peer}
    if operation.presigned:
        _presigned(stage, relation, there)
    elif relation in STRANGERS:
        there.owner.is_refused(operation.id, relation, about, role=relation)
    elif relation == "not-a-member":
        if _may_look_in(stage, operation, there):
            there.outsider.is_let_in(there.outsider.calls(operation.id, about))
            return
        there.outsider.is_refused(operation.id, relation, about)
        _ex_member(stage, operation, there)
    elif relation == "not-the-sender":
        there.peer.is_refused(operation.id, relation, about | _block(stage, operation, there))
    elif relation == "not-an-admin":
        if stage.session.documents.binding.rooms[there.room.kind].pair:
            raise NotRun(f"in a {there.room.kind} nobody is more than the other")
        there.peer.is_refused(operation.id, relation, about | {"peer": there.owner})
    elif relation == "blocked":
        _blocked(stage, operation, there)
    elif relation == "other-organisation":
        foreigner = stage.foreigner("organisation", there.owner)
        there.owner.is_refused(operation.id, relation, about | {"peer": foreigner})
    elif relation == "oneself":
        there.owner.is_refused(operation.id, relation, about | {"peer": there.owner})
    elif relation == "absent":
        about |= _block(stage, operation, there)
        ways = [*_absent(stage, operation, there)]
        if not ways:
            raise NotRun(f"{operation.id} names nothing that could be absent")
        for replace in ways:
            there.owner.is_refused(operation.id, relation, about, unfit=Unfit(replace=replace))
    elif relation == "invalid":
        unfit_ones = [*unfit_requests(stage, operation, there)]
        others = [*_rooms_of_other_kinds(stage, operation, there)]
        if not unfit_ones and not others:
            raise NotRun(f"no request to {operation.id} is known that does not fit")
        for other in others:
            there.owner.is_refused(operation.id, relation, about | {"room": other})
        for unfit in unfit_ones:
            there.owner.is_refused(operation.id, relation, about, unfit=unfit)
    else:
        raise NotRun(f"nobody here is {relation}")


def _rooms_of_other_kinds(stage: Stage, operation: Operation, there: Situation) -> Iterator[RoomHandle]:
    """A room of each kind that the binding does not do ``operation`` to, where the operation could name it all the same."""
    binding = stage.session.documents.binding
    steps = [step for form in binding.forms() for step in form.steps if step.operation == operation.id]
    if not steps or not all(step.kinds for step in steps):
        return
    for kind in startable_kinds(binding):
        if not any(kind in step.kinds for step in steps) and not binding.rooms[kind].separate_ids:
            yield stage.start(kind, there.owner, there.peer)


def _may_look_in(stage: Stage, operation: Operation, there: Situation) -> bool:
    """Whether ``operation`` only reads, and the room is one that anybody may look into."""
    binding = stage.session.documents.binding
    verbs = {
        form.verb for form in binding.forms() if any(step.operation == operation.id for step in form.steps)
    }
    return binding.rooms[there.room.kind].open and bool(verbs) and all(VERBS[verb].reads for verb in verbs)


def _ex_member(stage: Stage, operation: Operation, there: Situation) -> None:
    """Call ``operation`` on a room that its caller was in and is no longer, where rooms can be left; it is an outsider then."""
    binding = stage.session.documents.binding
    ways = [verb for verb in ("remove-member", "leave") if offers(binding, verb, there.room.kind)]
    if not ways or binding.rooms[there.room.kind].pair:
        return
    for way in ways:
        room = stage.start(there.room.kind, there.owner, there.peer)
        message = there.owner.sends(room, f"before somebody is out of it by {way}")
        if way == "leave":
            there.peer.must("leave", room=room)
        else:
            there.owner.must("remove-member", room=room, peer=there.peer)
        about = {"room": room, "message": message, "peer": there.owner}
        there.peer.is_refused(operation.id, "not-a-member", about)


def _blocked(stage: Stage, operation: Operation, there: Situation) -> None:
    """Call ``operation`` as somebody whom the owner has blocked; whether the owner may still call it, no relation says."""
    if "block" not in stage.session.documents.binding.verbs:
        raise NotRun("nobody can block anybody here")
    done = there.owner.must("block", peer=there.peer)
    about: dict[str, object] = {"room": there.room, "message": there.message}
    there.peer.is_refused(operation.id, "blocked", about | {"peer": there.owner})
    if "unblock" in stage.session.documents.binding.verbs:
        there.owner.must("unblock", block=thing_id(done, "block"))


def _block(stage: Stage, operation: Operation, there: Situation) -> dict[str, object]:
    """A block of the owner's, where ``operation`` is about one."""
    named = (line.key for line in stage.expressions(operation.id).values() if isinstance(line, Name))
    if "block" not in named:
        return {}
    return {"block": thing_id(there.owner.must("block", peer=there.outsider), "block")}


def _absent(stage: Stage, operation: Operation, there: Situation) -> Iterator[Mapping[str, object]]:
    """For each thing that ``operation`` addresses: the values that address one which is not there. Things in its body count
    only where its address names none: a spec has one status for absent things, and that is the address's."""
    known = {
        "room": there.room.raw_id,
        "message": there.message.id,
        "peer.id": there.peer.id,
        "room.peer.id": there.peer.id,
        "block": there.peer.id,
    }
    things = {
        name: expression.key
        for name, expression in stage.expressions(operation.id).items()
        if isinstance(expression, Name) and expression.key in _THINGS
    }
    for name in _credentials(stage, operation):
        # Made of nothing that is known: a secret turned round would still be one that is written down.
        yield {name: "nobody-has-this"}
    placed = {parameter.name for parameter in operation.parameters}
    for name, key in things.items():
        if name in placed or not placed & set(things):
            yield {name: [nobody_has(there.peer.id)] if key == "peers.id" else nobody_has(known[key])}


def _credentials(stage: Stage, operation: Operation) -> list[str]:
    """The values of ``operation`` that say who signs in: whoever they fit not is absent."""
    credentials = {f"me.{name}" for name in stage.session.documents.binding.credentials}
    return [
        name
        for name, expression in stage.expressions(operation.id).items()
        if isinstance(expression, Name) and expression.key in credentials
    ]


def nobody_has(known: object) -> Json:
    """An id of the same form as ``known`` that nothing has, as far as can be told."""
    text = str(known)
    if text.isascii() and text.isdigit():
        return int(text) + 10_000_000_019  # beyond 32 bits, too: such an id is absent, and no reason to fail
    try:
        return str(UUID(int=UUID(text).int ^ (1 << 64) - 1))
    except ValueError:
        return text[::-1] + "-absent"


def unfit_requests(stage: Stage, operation: Operation, there: Situation) -> Iterator[Unfit]:
    """Requests that break the schema, each in one way: a required property of the body left out, one of another type, a
    body that is no object or no JSON, a parameter out of its range, or left out where the address needs it."""
    for parameter in operation.parameters:
        for text in ("0", "-1", "x") if parameter.location == "query" else ():
            if not parameter.schema.fits(text) and not (
                text.lstrip("-").isdigit() and parameter.schema.fits(int(text))
            ):
                yield Unfit(replace={parameter.name: text})
        if parameter.location == "query" and parameter.required:
            yield Unfit(replace={parameter.name: MISSING})
            if not parameter.schema.fits(""):
                yield Unfit(replace={parameter.name: ""})
    content = operation.request.content if operation.request else {}
    spoken = {
        "room": there.room.seen_by(there.owner), "message": there.message.id, "peer": there.peer.arguments,
    }  # fmt: skip
    places = {parameter.name for parameter in operation.parameters}
    fitting = stage.values(operation.id, spoken)
    body = {name: value for name, value in fitting.items() if name not in places}
    schema = content.get(JSON)
    if schema is None:
        yield from _unfit_forms(content.get(MULTIPART), body)
        return
    yield Unfit(content=b'{"cut": "off')
    if schema.fits([]):
        return
    # A file makes a form of the body, and this one is to be JSON.
    body = {name: value for name, value in body.items() if not isinstance(value, File)}
    for name in body:
        shorter = {key: value for key, value in body.items() if key != name}
        if not schema.fits(shorter):
            yield Unfit(body=shorter)
        others: tuple[object, ...] = ([], {"a": 1}, None, "")
        for other in others:
            changed = copy.deepcopy(body) | {name: other}
            if not schema.fits(changed):
                yield Unfit(body=changed)
                break
    yield Unfit(body=["not", "an", "object"])


def _unfit_forms(schema: Schema | None, body: Mapping[str, object]) -> Iterator[Unfit]:
    """Forms that lack something they need, or have nothing in it. Everything in a form is a text or a file, so nothing else can be
    wrong with its types."""
    shown = {name: value.name if isinstance(value, File) else value for name, value in body.items()}
    for name, value in body.items() if schema is not None else ():
        if schema is not None and not schema.fits({key: one for key, one in shown.items() if key != name}):
            yield Unfit(replace={name: MISSING})
        if schema is not None and isinstance(value, str) and not schema.fits({**shown, name: ""}):
            yield Unfit(replace={name: ""})


def _presigned(stage: Stage, relation: str, there: Situation) -> None:
    """Put a file where nobody was given leave to (the URL that was given out, changed), or one of another type than asked for.

    Raises NotRun when the URL has nothing in it that could be changed.
    """
    file = File("a.txt", "text/plain", b"text", "file")
    asked = there.owner.asks_for_upload(file)
    url = str(asked.gave.get("upload_url", ""))
    if relation == "invalid":
        exchange = stage.put(there.owner, url, File("a.bin", "application/x-other", b"other", "file"))
        there.owner.claim(
            "refused", "an upload of another type is refused", exchange=exchange, relation=relation
        )
        return
    changed = changed_urls(url)
    if not changed:
        raise NotRun(
            "this upload URL has no query that signs it, so nobody can tell what must not be changed"
        )
    for what, other in changed.items():
        exchange = stage.put(there.owner, other, file, role=relation)
        there.owner.claim(
            "refused", f"an upload to the URL {what} is refused", exchange=exchange, relation=relation
        )
