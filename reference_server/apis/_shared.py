"""What several API modules do in the same way: the headers of a refusal, its words, pages, and files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from reference_server.core.assembly import Core
from reference_server.core.records import Attachment
from reference_server.core.refusals import Anonymous, Refusal, WrongMethod
from reference_server.web import Answer, Call, Seat


def headers_of(refusal: Refusal) -> dict[str, str]:
    """What HTTP wants to be said with a refusal: which scheme of tokens there is, or which methods."""
    headers: dict[str, str] = {}
    if isinstance(refusal, Anonymous):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, WrongMethod):
        headers["Allow"] = ", ".join(refusal.allowed)
    return headers


@contextmanager
def saying(refusal: type[Refusal], text: str) -> Iterator[None]:
    """Give a refusal of this type the words of the document."""
    try:
        yield
    except refusal:
        raise refusal(text) from None


def page_of(
    call: Call, path: str, number: int, size: int, count: int, results: Sequence[object]
) -> dict[str, object]:
    """Page ``number`` of the ``count`` things at ``path``, with the way to its neighbours."""
    neighbours = call.neighbours(path, number, followed=number * size < count)
    return {"count": count, **neighbours, "results": results}


def file_of(core: Core, attachment: Attachment) -> Answer:
    """The bytes of a file, with the type that it came with."""
    media_type = attachment.media_type or "application/octet-stream"
    return Answer(200, core.chat.content_of(attachment), {"Content-Type": media_type})


def room_of(seat: Seat) -> int:
    """The room that a socket is for, in an API where every socket is a room's."""
    assert seat.room_id is not None, "every socket is a room's"
    return seat.room_id
