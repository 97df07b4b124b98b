"""Rooms of every kind: which can be started, who overhears them, and what is claimed of what an API does not show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from earwitness.binding import Form, RoomKind, Shown, Step
from earwitness.binding.expressions import parse
from earwitness.documents import load_documents
from earwitness.errors import Where
from earwitness.history import Claimed
from earwitness.live import LiveMember, NotRun, RoomHandle, Stage, group_kinds, startable_kinds
from earwitness.live.claiming import shown_fields
from earwitness.live.relations import nobody_has
from earwitness.live.rooms import offers
from tests.live.stages import verdict

HERE = Where("binding.yaml", 1)


def starting(verb: str, kind: str, **arguments: str) -> dict[str, Form]:
    """A verb that starts rooms shown to be of ``kind``, called with ``arguments``."""
    gives = {0: {"room": Shown(parse("$response.body"), "room", kind=kind)}}
    step = Step(HERE, operation="start", arguments={k: parse(v) for k, v in arguments.items()}, gives=gives)
    return {"http": Form(verb, "http", (step,))}


def test_kinds_can_be_started_by_what_makes_them_and_by_nothing_else() -> None:
    kinds = {
        "direct": RoomKind("direct", pair=True),
        "group": RoomKind("group"),
        "project": RoomKind("project"),
    }
    binding = replace(load_documents("fe16ops").binding, rooms=kinds)
    one = replace(binding, verbs={"start-group": starting("start-group", "group")})
    assert startable_kinds(one) == ("group",)
    taken = replace(binding, verbs={"start-group": starting("start-group", "", room_type="$kind")})
    assert startable_kinds(taken) == group_kinds(taken) == ("group", "project")
    pairs = replace(binding, verbs={"open-direct": starting("open-direct", "direct")})
    assert (startable_kinds(pairs), group_kinds(pairs)) == (("direct",), ())
    by_peer = replace(binding, rooms={"direct": RoomKind("direct", pair=True, address="peer")}, verbs={})
    assert startable_kinds(by_peer) == ("direct",)


def test_an_api_of_pairs_offers_no_groups(alice: LiveMember, bob: LiveMember, carol: LiveMember) -> None:
    binding = alice.stage.session.documents.binding
    (kind,) = startable_kinds(binding)
    assert group_kinds(binding) == ()
    assert offers(binding, "send-text", kind) and not offers(binding, "add-member", kind)
    with pytest.raises(NotRun):
        alice.starts_group(bob, carol)
    with pytest.raises(NotRun):
        alice.stage.start(kind, alice, bob, carol)


def test_an_outsider_with_a_socket_of_their_own_opens_that(
    stage: Stage, alice: LiveMember, carol: LiveMember, room: RoomHandle
) -> None:
    ear = carol.overhears(room)
    assert ear is not None and ear.is_open
    alice.sends(room, "not for carol")
    carol.hears_nothing_of(room)
    assert verdict(stage).verdict == "pass"
    assert any(isinstance(entry, Claimed) and entry.claim == "hears-nothing" for entry in stage.entries())


def test_what_a_view_does_not_have_is_not_claimed() -> None:
    binding = load_documents("fe16ops").binding
    asked = {"text": "hello", "reply_to": "7", "kind": "text"}
    assert shown_fields(binding, "message", asked) == {"text": "hello", "kind": "text"}


def test_nobody_is_of_an_organisation_where_there_is_none(stage: Stage, alice: LiveMember) -> None:
    with pytest.raises(NotRun, match="organisation"):
        stage.foreigner("organisation", alice)
    assert nobody_has(3) != 3
