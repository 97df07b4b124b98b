"""Whom rooms are shown with: who is in them by what members did, where that is known; told wrong it is found, and in doubt nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from earwitness.documents import Documents, load_documents
from earwitness.history import Body, Json, NoAnswer, Request
from tests.saga import Saga, room
from tests.tale import IDS, Tale, Told

CHECK = "room-shows-its-members"


@cache
def connectify() -> Documents:
    return load_documents("connectify")


class Groups(Tale):
    """A history of Connectify's group chats; who is shown in one is called by name, or by name and role."""

    api = "connectify"

    def documents(self) -> Documents:
        return connectify()

    def attributes(self, name: str, elsewhere: bool) -> dict[str, Json]:
        return {"id": IDS[name], "username": name, "organisation": 1}

    def is_founding(self, member: str, *others: str, **more: Any) -> Told:
        body: Json = {"name": "us", "organization_id": 1, "member_ids": [IDS[one] for one in others]}
        return self.is_asking(member, "createGroupChat", verb="start-group", body=body, **more)

    def is_founded(self, told: Told, *shown: str) -> Told:
        return self.is_told(told, 201, {**group(*shown), "messages": []})

    def is_started(self, member: str, *others: str) -> Groups:
        """A group chat of these."""
        self.is_founded(self.is_founding(member, *others), f"{member} admin", *others)
        return self

    def does(self, member: str, operation: str, verb: str, body: Json) -> Told:
        return self.is_asking(member, operation, verb=verb, body=body, group_chat_id=5)

    def is_adding(self, member: str, *newcomers: int) -> Told:
        return self.does(member, "addMembers", "add-member", {"member_ids": list(newcomers)})

    def is_removing(self, member: str, other: str) -> Told:
        verb = "leave" if member == other else "remove-member"
        return self.does(member, "removeMember", verb, {"member_id": IDS[other]})

    def is_changing(self, member: str, other: str, role: str) -> Told:
        return self.does(member, "changeRole", "change-role", {"member_id": IDS[other], "role": role})

    def is_done(self, told: Told) -> None:
        self.is_told(told, 200, {})

    def is_never_answered(self, told: Told) -> None:
        self.add(NoAnswer(exchange=told.exchange, reason="timeout", detail="told"))

    def is_looking(self, member: str = "alice") -> Told:
        return self.is_asking(member, "listGroupChats", verb="list-rooms")

    def is_shown(self, told: Told, *shown: str) -> None:
        self.is_told(told, 200, [{**group(*shown), "last_message": None, "unread_count": 0}])

    def looks(self, *shown: str) -> None:
        self.is_shown(self.is_looking(), *shown)


def group(*shown: str) -> dict[str, Any]:
    members = [one.split() for one in shown]
    return {
        "id": 5, "name": "us", "description": "", "avatar": None, "organization_id": 1,
        "members": [
            {"id": IDS.get(name, name), "username": name, "role": role[0] if role else "member"} for name, *role in members
        ],
    }  # fmt: skip


def wrong(tale: Tale) -> list[tuple[str, str]]:
    """In which ways rooms were shown with others than who is in them, and what each rests on."""
    return [(one.cause.rpartition(":")[2], one.basis) for one in tale.findings() if one.check == CHECK]


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        (("alice admin", "bob", "carol"), []),
        (("carol", "alice admin", "bob"), []),
        (("alice admin", "bob", "carol", "dave"), ["foreign"]),
        (("alice admin", "bob", "carol", "99"), ["foreign"]),
        (("alice admin", "bob"), ["missing"]),
        (("bob", "carol"), ["missing"]),
        ((), ["missing", "missing", "missing"]),
        (("alice admin", "bob", "carol", "bob"), ["twice"]),
        (("alice admin", "bob", "dave"), ["missing", "foreign"]),
    ],
)
def test_a_group_is_shown_with_those_who_are_in_it(shown: tuple[str, ...], found: list[str]) -> None:
    tale = Groups().is_started("alice", "bob", "carol")
    tale.looks(*shown)
    # That a group chat shows its members is stated; that it shows all of them, and not the first few, is our reading.
    assert wrong(tale) == [(subject, "decided" if subject == "missing" else "stated") for subject in found]


@pytest.mark.parametrize("by", ["alice", "carol"])
def test_who_was_removed_or_has_left_is_shown_no_more(by: str) -> None:
    for shown, found in (((), []), (("carol",), ["foreign"])):
        tale = Groups().is_started("alice", "bob", "carol")
        tale.is_done(tale.is_removing(by, "carol"))
        tale.looks("alice admin", "bob", *shown)
        assert [subject for subject, _ in wrong(tale)] == found


def test_who_was_added_is_shown_and_who_came_back_too() -> None:
    for shown, found in ((("carol", "dave"), []), (("carol",), ["missing"]), (("dave",), ["missing"])):
        tale = Groups().is_started("alice", "bob", "carol")
        tale.is_done(tale.is_removing("alice", "carol"))
        tale.is_done(tale.is_adding("alice", IDS["carol"], IDS["dave"]))
        tale.looks("alice admin", "bob", *shown)
        assert [subject for subject, _ in wrong(tale)] == found


@pytest.mark.parametrize("shown", [(), ("carol",)])
@pytest.mark.parametrize("answered", [True, False])
def test_who_comes_or_goes_while_somebody_looks_may_be_shown_or_not(
    shown: tuple[str, ...], answered: bool
) -> None:
    for others in (("bob", "carol"), ("bob",)):
        tale = Groups().is_started("alice", *others)
        looking = tale.is_looking("bob")
        changing = (
            tale.is_removing("alice", "carol") if "carol" in others else tale.is_adding("alice", IDS["carol"])
        )
        tale.is_done(changing) if answered else tale.is_never_answered(changing)
        tale.is_shown(looking, "alice admin", "bob", *shown)
        if not answered:
            tale.waits()
            tale.looks("alice admin", "bob", *shown)
        assert wrong(tale) == []


def test_what_was_refused_changes_nothing() -> None:
    for shown, found in (("carol",), []), (("carol", "dave"), ["foreign"]), ((), ["missing"]):
        tale = Groups().is_started("alice", "bob", "carol")
        tale.is_told(tale.is_adding("bob", IDS["dave"]), 403, {"detail": "no"})
        tale.is_told(tale.is_removing("bob", "carol"), 403, {"detail": "no"})
        tale.looks("alice admin", "bob", *shown)
        assert [subject for subject, _ in wrong(tale)] == found


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        (("alice admin", "bob", "carol"), []),
        (("bob", "carol"), ["missing"]),
        (("alice admin", "bob"), ["missing"]),
        (("alice admin", "bob", "carol", "dave"), ["foreign"]),
        (("alice admin", "bob", "carol", "99"), ["foreign"]),
    ],
)
def test_a_group_begins_with_those_who_were_asked_for(shown: tuple[str, ...], found: list[str]) -> None:
    tale = Groups()
    tale.is_founded(tale.is_founding("alice", "bob", "carol"), *shown)
    assert [subject for subject, _ in wrong(tale)] == found


@pytest.mark.parametrize("shown", [(), ("dave",)])
def test_who_was_told_of_uncalled_when_a_group_began_is_told_once(shown: tuple[str, ...]) -> None:
    tale = Groups()
    tale.is_founded(tale.is_founding("alice", "bob"), "alice admin", "bob", "dave")
    tale.looks("alice admin", "bob", *shown)
    assert [subject for subject, _ in wrong(tale)] == ["foreign"]


@pytest.mark.parametrize("later", [("bob",), ()])
def test_who_may_have_blocked_the_founder_may_be_left_out(later: tuple[str, ...]) -> None:
    for blocking, found in ((True, []), (False, ["missing"])):
        tale = Groups()
        if blocking:
            body: Json = {"blocked_id": IDS["alice"], "organization_id": 1}
            tale.is_never_answered(tale.is_asking("bob", "createBlock", verb="block", body=body))
        tale.is_founded(tale.is_founding("alice", "bob", "carol"), "alice admin", "carol")
        tale.looks("alice admin", "carol", *later)
        assert sorted({subject for subject, _ in wrong(tale)}) == found


def test_who_founds_a_group_is_in_it_whoever_else_may_be_left_out() -> None:
    tale = Groups()
    body: Json = {"blocked_id": IDS["alice"], "organization_id": 1}
    tale.is_never_answered(tale.is_asking("bob", "createBlock", verb="block", body=body))
    tale.is_founded(tale.is_founding("alice", "bob", "carol"), "carol")
    assert wrong(tale) == [("missing", "decided")]


def test_a_group_that_was_there_before_is_not_what_a_start_says_of_it() -> None:
    tale = Groups()
    tale.looks("alice admin", "carol", "dave")
    tale.is_founded(tale.is_founding("alice", "bob"), "alice admin", "carol", "dave")
    assert wrong(tale) == []


def test_what_shows_a_group_while_it_is_founded_may_show_half_of_it() -> None:
    tale = Groups()
    founding, looking = tale.is_founding("alice", "bob", "carol"), tale.is_looking("bob")
    tale.is_founded(founding, "alice admin", "bob", "carol")
    tale.is_shown(looking, "alice admin", "bob")
    assert wrong(tale) == []


def test_of_a_group_that_others_have_started_nobody_knows_who_is_in_it() -> None:
    tale = Groups()
    tale.looks("alice admin", "bob", "99")
    tale.looks("carol admin", "dave")
    assert wrong(tale) == []


@pytest.mark.parametrize("name", ["99", "dave"])
def test_where_somebody_unknown_was_added_anybody_unknown_may_be(name: str) -> None:
    for added, found in ((99, []), (IDS["carol"], ["foreign"])):
        tale = Groups().is_started("alice", "bob")
        tale.is_done(tale.is_adding("alice", added))
        tale.looks("alice admin", "bob", "carol", name)
        assert [subject for subject, _ in wrong(tale)] == found


def as_form(tale: Groups, *fields: tuple[str, object]) -> None:
    """What was asked last was generated, and sent as a form."""
    said = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields
    )
    asked = tale.entries[-1]
    assert isinstance(asked, Request)
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    body = Body("text", f"{said}--b--\r\n")
    tale.entries[-1] = replace(asked, headers=headers, body=body, source="schemathesis")


@pytest.mark.parametrize(("form", "found"), [(True, []), (False, ["foreign", "foreign"])])
def test_a_generated_form_may_found_a_group_of_more_than_can_be_read(form: bool, found: list[str]) -> None:
    tale = Groups()
    told = tale.is_founding("alice", "bob", source="schemathesis")
    if form:
        as_form(tale, ("name", "us"), ("organization_id", 1), ("member_ids", 2), ("member_ids", 3))
    tale.is_founded(told, "alice admin", "bob", "carol")
    tale.is_done(tale.is_removing("alice", "bob"))
    tale.looks("alice admin", "bob")
    assert [subject for subject, _ in wrong(tale)] == found


@pytest.mark.parametrize(("form", "found"), [(True, []), (False, ["foreign"])])
def test_a_generated_form_may_add_more_than_can_be_read(form: bool, found: list[str]) -> None:
    tale = Groups().is_started("alice", "bob")
    told = tale.is_adding("alice", IDS["carol"])
    if form:
        as_form(tale, ("member_ids", 3), ("member_ids", 4))
    tale.is_done(told)
    tale.looks("alice admin", "bob", "carol", "dave")
    assert [subject for subject, _ in wrong(tale)] == found


# -- roles


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        (("alice admin", "bob"), []),
        (("alice member", "bob"), ["role"]),
        (("alice admin", "bob admin"), ["role"]),
        (("alice owner", "bob guest"), []),  # roles that the run knows nothing of
    ],
)
def test_members_are_shown_in_their_roles(shown: tuple[str, ...], found: list[str]) -> None:
    tale = Groups().is_started("alice", "bob")
    tale.looks(*shown)
    assert wrong(tale) == [(subject, "decided") for subject in found]


@pytest.mark.parametrize(
    ("status", "role", "found"),
    [
        (200, "admin", []),
        (200, "member", ["stated"]),
        (403, "member", []),
        (403, "admin", ["decided", "decided"]),  # which role somebody begins with is our reading
    ],
)
def test_a_role_that_was_given_is_shown_from_then_on(status: int, role: str, found: list[str]) -> None:
    tale = Groups().is_started("alice", "bob")
    looking = tale.is_looking()
    changing = tale.is_changing("alice", "bob", "admin")
    tale.is_shown(looking, "alice admin", f"bob {role}")
    tale.is_told(changing, status, {})
    tale.looks("alice admin", f"bob {role}")
    assert wrong(tale) == [("role", basis) for basis in found]


@pytest.mark.parametrize(("number", "found"), [(2.0, []), (IDS["carol"], ["role"])])
def test_a_role_that_was_given_to_nobody_known_may_be_anybody_s(number: float, found: list[str]) -> None:
    tale = Groups().is_started("alice", "bob", "carol")
    body: Json = {"member_id": number, "role": "admin"}
    tale.is_done(tale.does("alice", "changeRole", "change-role", body))
    tale.looks("alice admin", "bob admin", "carol admin")
    assert [subject for subject, _ in wrong(tale)] == found


@pytest.mark.parametrize("answered", [True, False])
def test_who_was_perhaps_never_out_may_have_kept_the_role(answered: bool) -> None:
    tale = Groups().is_started("alice", "bob")
    tale.is_done(tale.is_changing("alice", "bob", "admin"))
    removing = tale.is_removing("alice", "bob")
    tale.is_done(removing) if answered else tale.is_never_answered(removing)
    tale.is_done(tale.is_adding("alice", IDS["bob"]))
    tale.looks("alice admin", "bob admin")
    # Who comes back does so as a member: our reading.
    assert wrong(tale) == ([("role", "decided")] if answered else [])


@pytest.mark.parametrize("roles", [("admin", "member"), ("member", "admin"), ("admin", "admin")])
def test_who_becomes_admin_after_the_last_is_the_server_s_affair(roles: tuple[str, str]) -> None:
    tale = Groups().is_started("alice", "bob", "carol")
    tale.is_done(tale.is_removing("alice", "alice"))
    tale.is_shown(tale.is_looking("bob"), *(f"{one} {role}" for one, role in zip(("bob", "carol"), roles, strict=True)))  # fmt: skip
    assert wrong(tale) == []


# -- rooms of two, open rooms, rooms that are gone


@pytest.mark.parametrize("member", ["alice", "bob"])
@pytest.mark.parametrize(
    ("shown", "found"),
    [
        (("alice", "bob"), []),
        (("bob", "alice"), []),
        (("alice",), ["missing"]),
        (("alice", "alice"), ["twice", "missing"]),
        (("alice", "bob", "carol"), ["foreign"]),
        (("alice", "carol"), ["missing", "foreign"]),
    ],
)
def test_a_room_of_two_is_shown_with_the_two(member: str, shown: tuple[str, ...], found: list[str]) -> None:
    saga = Saga()
    saga.met(5, "alice", "bob")
    saga.looks_at(member, room(5, *shown, kind="direct"))
    assert wrong(saga) == [(subject, "stated") for subject in found]


def test_a_room_of_two_that_was_there_before_is_known_once_it_was_asked_for() -> None:
    for asked, found in ((False, []), (True, ["foreign"])):
        saga = Saga(foreign=True)
        if asked:
            saga.met(5, "alice", "bob", status=200)
        saga.lists_rooms("alice", room(5, "alice", "bob", "carol", kind="direct"))
        assert [subject for subject, _ in wrong(saga)] == found


def test_a_room_of_two_that_one_of_them_may_have_left_says_nothing() -> None:
    saga = Saga()
    saga.met(5, "alice", "bob")
    saga.leaves("bob")
    for shown in (("alice", "bob"), ("alice",)):
        saga.looks_at("alice", room(5, *shown, kind="direct"))
    assert wrong(saga) == []


def test_a_room_with_oneself_is_none_of_two() -> None:
    saga = Saga()
    saga.met(5, "alice", "alice")
    saga.looks_at("alice", room(5, "alice", "bob", kind="direct"))
    assert wrong(saga) == [("twice", "stated")]


def test_a_room_of_two_that_was_gone_is_there_again_for_both() -> None:
    for shown, found in (("alice", "bob"), []), (("alice",), ["missing"]):
        saga = Saga()
        saga.lists_rooms("alice", room(5, "alice", "bob", kind="direct"))
        saga.acts("alice", "deleteRoom", "delete-room", 204)
        saga.met(5, "alice", "bob")
        saga.looks_at("bob", room(5, *shown, kind="direct"))
        assert [subject for subject, _ in wrong(saga)] == found


@pytest.mark.parametrize("again", [True, False])
def test_of_a_room_that_is_gone_nothing_is_asked_until_it_is_back(again: bool) -> None:
    saga = Saga()
    saga.met(5, "alice", "bob")
    saga.acts("alice", "deleteRoom", "delete-room", 204)
    if again:
        saga.met(5, "bob", "alice")
    saga.looks_at("alice", room(5, "alice", kind="direct"))
    assert [subject for subject, _ in wrong(saga)] == (["missing"] if again else [])


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        (("alice", "bob"), []),
        (("alice", "bob", "carol", "dave"), []),  # they may have come in unseen
        (("alice",), ["missing"]),
        (("alice", "bob", "bob"), ["twice"]),
    ],
)
def test_an_open_room_may_show_others_as_well(shown: tuple[str, ...], found: list[str]) -> None:
    saga = Saga()
    saga.founded(5, "public", "alice", "bob")
    saga.looks_at("dave", room(5, *shown, kind="public"))
    assert [subject for subject, _ in wrong(saga)] == found


@pytest.mark.parametrize("how", ["through", "cut off", "refused"])
def test_who_has_entered_an_open_room_is_shown_in_it(how: str) -> None:
    saga = Saga()
    saga.founded(5, "public", "alice", "bob")
    match how:
        case "through":
            saga.listens("carol", 5), saga.waits()
        case "cut off":
            saga.is_opening("carol", 5)
        case "refused":
            saga.listens("carol", 5, refused=403)
    saga.looks_at("alice", room(5, "alice", "bob", kind="public"))
    assert wrong(saga) == ([("missing", "decided")] if how == "through" else [])


@pytest.mark.parametrize("shown", [None, "nobody", ["1"], [{"id": None}]])
def test_what_shows_no_members_says_nothing_of_them(shown: Json) -> None:
    saga = Saga()
    saga.founded(5, "group", "alice", "bob")
    saga.looks_at("alice", room(5, "alice", "bob", participants=shown))
    assert wrong(saga) == []
