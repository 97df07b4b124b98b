"""Upload tickets: one file each, for as long as they last."""

from __future__ import annotations

import re
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference_server.core.assembly import Core, assemble
from reference_server.core.files import TICKET_SECONDS, Ticket
from reference_server.core.records import Member
from reference_server.core.refusals import BadTicket
from reference_server.core.store import open_store

JPEG = "image/jpeg"


@pytest.fixture
def ticket(core: Core, alice: Member) -> Ticket:
    return core.files.ticket(alice, "my-cool-photo.jpg", JPEG)


def put(core: Core, ticket: Ticket, filetype: str = JPEG, content: bytes = b"pixels") -> None:
    core.files.put(ticket.key, str(ticket.expires), ticket.signature, filetype, content)


def stored(core: Core, ticket: Ticket) -> object:
    return core.store.rows("SELECT content FROM files WHERE key = ?", ticket.key)[0]["content"]


def test_a_ticket_stores_its_file(core: Core, ticket: Ticket) -> None:
    put(core, ticket, content=b"\x00\xff")
    assert stored(core, ticket) == b"\x00\xff"


def test_a_ticket_is_good_for_one_file(core: Core, ticket: Ticket) -> None:
    put(core, ticket, content=b"first")
    with pytest.raises(BadTicket, match="used"):
        put(core, ticket, content=b"second")
    assert stored(core, ticket) == b"first"


def test_a_ticket_expires(core: Core, ticket: Ticket) -> None:
    core.clock.move(TICKET_SECONDS - 5)
    with pytest.raises(BadTicket, match="Content-Type"):  # still good, so the type is looked at
        put(core, ticket, filetype="image/png")
    core.clock.move(6)
    with pytest.raises(BadTicket, match="expired"):
        put(core, ticket)
    assert stored(core, ticket) is None


def test_a_ticket_can_be_neither_changed_nor_made_up(core: Core, ticket: Ticket, bob: Member) -> None:
    other = core.files.ticket(bob, "a", JPEG)
    later = str(ticket.expires + 1)
    for key, expires, signature in (
        (other.key, str(ticket.expires), ticket.signature),
        (ticket.key, later, ticket.signature),
        (ticket.key, str(ticket.expires), ""),
        (ticket.key, str(ticket.expires), "é" * 64),
        (ticket.key, "", ticket.signature),
        ("uploads/../etc", "never", "0" * 64),
    ):
        with pytest.raises(BadTicket, match="signature"):
            core.files.put(key, expires, signature, JPEG, b"")


def test_only_the_type_that_was_asked_for(core: Core, ticket: Ticket) -> None:
    with pytest.raises(BadTicket, match="Content-Type"):
        put(core, ticket, filetype="image/png")
    put(core, ticket)


@pytest.mark.parametrize(
    "name, pattern",
    [
        ("my-cool-photo.jpg", r"uploads/my-cool-photo-UUID\.jpg"),
        ("archive.tar.gz", r"uploads/archive-tar-UUID\.gz"),
        ("../../etc/passwd", r"uploads/passwd-UUID"),
        ("C:\\photos\\me.png", r"uploads/me-UUID\.png"),
        (".bashrc", r"uploads/bashrc-UUID"),
        ("👍.png", r"uploads/file-UUID\.png"),
    ],
)
def test_a_key_keeps_what_is_harmless_of_the_name(core: Core, alice: Member, name: str, pattern: str) -> None:
    key = core.files.ticket(alice, name, JPEG).key
    assert re.fullmatch(pattern.replace("UUID", "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), key)


@settings(max_examples=50, deadline=None)
@given(name=st.text(min_size=1))
def test_any_name_gives_a_key_that_is_one_path_segment(name: str) -> None:
    with closing(open_store(None, "fe16ops")) as store:
        core = assemble(store, ["alice"])
        key = core.files.ticket(core.members[0], name, JPEG).key
        assert re.fullmatch(r"uploads/[A-Za-z0-9_.-]{1,120}", key)
        assert core.files.ticket(core.members[0], name, JPEG).key != key
