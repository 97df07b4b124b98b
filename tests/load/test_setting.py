"""In which rooms an API is loaded is read off its documents, and a profile may say otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from earwitness.binding import Binding
from earwitness.documents import Documents, load_documents
from earwitness.errors import UsageError
from earwitness.load.profile import load_profile
from earwitness.load.setting import Setting, can_add, can_type, lists, note, setting_of
from tests.tale import clubs

PROFILE = load_profile("smoke")
NAMES = ("connectify", "conversations", "fe16ops", "netroxchange", "rooms")


def setting(documents: Documents, room: str = "", send: str = "") -> Setting:
    return setting_of(documents.spec, documents.binding, replace(PROFILE, room=room, send=send))


def without(documents: Documents, *verbs: str) -> Documents:
    """The documents of an API that lacks these verbs."""
    binding = documents.binding
    kept = {name: forms for name, forms in binding.verbs.items() if name not in verbs}
    return replace(documents, binding=replace(binding, verbs=kept))


@pytest.mark.parametrize(
    ("api", "kind", "is_pair", "must", "form"),
    [
        ("connectify", "group-chat", False, "others", "http"),
        ("conversations", "direct", True, "others", "http"),
        ("fe16ops", "direct", True, "others", "http"),
        ("netroxchange", "direct", True, "recipient", "socket"),
        ("rooms", "group", False, "everyone", "http"),
    ],
)
def test_an_api_is_loaded_in_groups_where_it_has_them(
    api: str, kind: str, is_pair: bool, must: str, form: str
) -> None:
    found = setting(load_documents(api))
    assert (found.kind, found.is_pair, found.audience.must, found.form) == (kind, is_pair, must, form)


@pytest.mark.parametrize(
    ("room", "kind", "socket"), [("", "club", "club"), ("group", "club", "club"), ("pair", "talk", "talk")]
)
def test_a_profile_may_say_which(room: str, kind: str, socket: str) -> None:
    # Its halls hold more than two as well, but anybody may enter them.
    found = setting(clubs(), room)
    assert (found.kind, found.socket.name, found.is_heard_by_room) == (kind, socket, True)


@pytest.mark.parametrize("missing", ["start-group", "send-text"])
def test_groups_that_nobody_can_start_or_write_in_are_none(missing: str) -> None:
    with pytest.raises(UsageError, match="has no group that a load could write in"):
        setting(without(clubs(), missing), "group")


def test_pairs_are_loaded_where_groups_cannot_be_started() -> None:
    assert setting(without(clubs(), "start-group")).kind == "talk"


def test_what_an_api_does_not_have_is_refused_with_what_it_has() -> None:
    with pytest.raises(UsageError, match=r"(?s)fe16ops has no group .*room: pair"):
        setting(load_documents("fe16ops"), "group")
    with pytest.raises(UsageError, match=r"(?s)netroxchange has no send-text by http.*send: socket"):
        setting(load_documents("netroxchange"), send="http")


def test_members_are_added_only_where_the_api_adds_several() -> None:
    assert can_add(load_documents("connectify").binding, "group-chat")
    assert not can_add(load_documents("connectify").binding, "conversation")
    assert not can_add(load_documents("rooms").binding, "group")


@pytest.mark.parametrize("api", NAMES)
def test_who_listens_is_told(api: str) -> None:
    documents = load_documents(api)
    told = note(documents.binding, setting(documents), foreign=False)
    assert told.startswith(api)
    expected = {
        "connectify": "has groups (group-chat): each listener is a member of its own",
        "rooms": "has groups (group): each listener is a member of its own",
    }.get(api, "has only pairs: the listeners are devices of its members")
    assert expected in told
    assert ("which answer nothing" in told) == (api == "netroxchange")


def test_pairs_that_were_chosen_are_no_lack_of_groups() -> None:
    documents = load_documents("connectify")
    told = note(documents.binding, setting(documents, "pair"), foreign=False)
    assert "is loaded in pairs (conversation): the listeners are devices" in told


@pytest.mark.parametrize(("foreign", "doubted"), [(True, True), (False, False)])
def test_what_only_we_decided_about_sockets_is_doubted_on_a_foreign_deployment(
    foreign: bool, doubted: bool
) -> None:
    documents = load_documents("fe16ops")
    told = note(documents.binding, setting(documents, send="socket"), foreign)
    assert ("a misreading of ours" in told) == doubted


def test_a_socket_for_all_rooms_of_a_member_needs_none_to_listen_in() -> None:
    heard = {name: setting(load_documents(name)).is_heard_by_room for name in NAMES}
    assert heard == {
        "connectify": True, "conversations": True, "fe16ops": False, "netroxchange": False, "rooms": True,
    }  # fmt: skip


def test_an_api_that_does_not_say_who_hears_is_told() -> None:
    documents = clubs()
    deaf: Binding = replace(documents.binding, sockets={})
    with pytest.raises(UsageError, match="does not say who hears a new message in a club"):
        setting(replace(documents, binding=deaf))


@pytest.mark.parametrize("api", NAMES)
def test_every_api_has_lists_to_read_beside_what_is_written(api: str) -> None:
    documents = load_documents(api)
    assert lists(documents.binding, setting(documents).kind) == ("list-rooms", "list-messages")
    assert lists(without(documents, "list-rooms", "list-messages").binding, "direct") == ()


def test_typing_is_said_on_sockets_where_the_api_has_it() -> None:
    found = {}
    for api in NAMES:
        documents = load_documents(api)
        found[api] = can_type(documents.binding, setting(documents).kind)
    assert found == {
        "connectify": True, "conversations": True, "fe16ops": False, "netroxchange": False, "rooms": True,
    }  # fmt: skip
