"""Calls an operation as somebody who stands to its objects in a given relation, and claims the refusal the spec names."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from earwitness.binding import MISSING
from earwitness.binding.expressions import Name
from earwitness.live.handles import MessageHandle, RoomHandle
from earwitness.live.outcomes import NotRun
from earwitness.live.uploads import changed_urls
from earwitness.member import STRANGERS, File

if TYPE_CHECKING:
    from earwitness.live.member import LiveMember
    from earwitness.live.stage import Stage
    from earwitness.spec import Operation

# Which of an operation's values name a thing that may be absent.
_THINGS = ("room", "message", "peer.id")


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

    Raises NotRun for a relation that nobody in ``there`` stands in.
    """
    about: dict[str, object] = {"room": there.room, "message": there.message, "peer": there.peer}
    if operation.presigned:
        _presigned(stage, relation, there)
    elif relation in STRANGERS:
        there.owner.is_refused(operation.id, relation, about, role=relation)
    elif relation == "not-a-member":
        there.outsider.is_refused(operation.id, relation, about)
    elif relation == "not-the-sender":
        there.peer.is_refused(operation.id, relation, about)
    elif relation == "absent":
        for replace in _absent(stage, operation, there):
            there.owner.is_refused(operation.id, relation, about, unfit=Unfit(replace=replace))
    elif relation == "invalid":
        for unfit in unfit_requests(stage, operation, there):
            there.owner.is_refused(operation.id, relation, about, unfit=unfit)
    else:
        raise NotRun(f"nobody here is {relation}")


def _absent(stage: Stage, operation: Operation, there: Situation) -> Iterator[Mapping[str, object]]:
    """For each thing that ``operation`` addresses: the values that address one which is not there."""
    raw = {"room": there.room.raw_id, "message": there.message.id, "peer.id": there.peer.id}
    for name, expression in stage.expressions(operation.id).items():
        if isinstance(expression, Name) and expression.key in _THINGS:
            yield {name: nobody_has(raw[expression.key])}


def nobody_has(known: object) -> object:
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
    body that is no object or no JSON, a parameter out of its range."""
    for parameter in operation.parameters:
        for text in ("0", "-1", "x") if parameter.location == "query" else ():
            if not parameter.schema.fits(text) and not (
                text.lstrip("-").isdigit() and parameter.schema.fits(int(text))
            ):
                yield Unfit(replace={parameter.name: text})
    schema = next(iter(operation.request.content.values()), None) if operation.request else None
    if schema is None:
        return
    yield Unfit(content=b'{"cut": "off')
    if schema.fits([]):
        return
    spoken = {"room": there.room.raw_id, "message": there.message.id, "peer": there.peer.arguments}
    fitting = stage.values(operation.id, spoken)
    places = {parameter.name for parameter in operation.parameters}
    body = {name: value for name, value in fitting.items() if name not in places}
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
