"""The checklist names its items once, and clauses that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.spec.conftest import Api


def test_items_and_clauses_are_read(api: Api) -> None:
    checklist = api.load().checklist
    assert checklist.clauses == {"1": "Rooms", "2": "Sockets"}
    room, sock = checklist.items.values()
    assert (room.id, room.section, room.text, room.clause) == (
        "ROOM-1",
        "Rooms",
        "A member reads a room.",
        "1",
    )
    assert (room.manual, room.observed, room.where.line) == (None, None, 5)
    assert (sock.manual, sock.observed) == ("needs two people", "by what the socket hears")


@pytest.mark.parametrize(
    "old, new, told",
    [
        ("  1: Rooms", "  1: [Rooms] #!", "the heading of clause 1 is a list"),
        ("    text: A member", "    txt: A member #!\n    text: A member", "unknown key 'txt' in the item\n    did you mean 'text'?"),
        ("items:", "itms: 1 #!\nitems:", "unknown key 'itms' in checklist.yaml\n    did you mean 'items'?"),
        ("  - id: SOCK-1", "  - id: ROOM-1 #!", "the item ROOM-1 is here twice, first on line 5\n    expected: every id once"),
        ("  - id: SOCK-1", "  - id: SOCK 1 #!", "id is \"SOCK 1\"\n    expected: an id such as MSG-2"),
        ("  - id: SOCK-1\n    section: Sockets", "  - section: Sockets #!", "id is missing\n    expected: a text"),
        ("  - id: SOCK-1", "  - SOCK-0 #!\n  - id: SOCK-1", "the item is text\n    expected: a map with id, section, text and clause"),
        ('    clause: "1"', "    clause: 1 #!", 'clause is a number\n    expected: a text\n    quote it: "1"'),
        ('    clause: "1"', "    clause: 1.x #!", "clause '1.x' is no clause of checklist.yaml\n    known: 1, 2"),
        ("    manual: needs two people", "    manual: true #!", "manual is true\n    expected: a text"),
        ("    section: Sockets", "    section: '' #!", "section is empty\n    expected: a text"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_told_with_its_line(api: Api, old: str, new: str, told: str) -> None:
    api.listed(old, new)
    assert api.problem().startswith(told)


def test_an_item_has_to_name_its_clause(api: Api) -> None:
    api.listed("  - id: SOCK-1\n", "  - id: SOCK-1 #!\n").listed('    clause: "2"\n', "")
    assert api.problem() == "clause is missing\n    expected: a text"


def test_the_parts_of_a_checklist_are_required(api: Api) -> None:
    api.files["checklist.yaml"] = "api: small\n"
    shown = "\n".join(map(str, api.problems()))
    assert "clauses is missing" in shown
    assert "items is missing" in shown
