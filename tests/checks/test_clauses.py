"""Where the documents say what a check holds an API to is read out of the specs and the binding."""

from __future__ import annotations

import pytest

from earwitness.checks import Check, catalogue
from earwitness.checks.clauses import clauses
from earwitness.documents import load_documents


def told(api: str, check: Check) -> list[tuple[str, str]]:
    documents = load_documents(api)
    return [(one.id, one.basis) for one in clauses(check, documents.spec, documents.binding)]


def of(**said: tuple[str, ...]) -> Check:
    return Check("told", "It is so.", "low", **said)  # type: ignore[arg-type]  # tuples of words, all of them


@pytest.mark.parametrize(
    ("api", "check", "expected"),
    [
        # The verb's operation and the rule are of one section, and the rule rests on a sample alone.
        ("fe16ops", "message-order", [("2.C", "shown")]),
        ("fe16ops", "room-order", [("2.A", "stated")]),
        # The list of rooms is stated; that it is in an order is our reading.
        ("rooms", "room-order", [("list-rooms", "decided")]),
        # The rule says that no order is promised.
        ("connectify", "room-order", []),
        ("fe16ops", "file-keys-are-unique", [("4.1", "decided")]),
        # Nobody deletes a message there.
        ("netroxchange", "deleted-is-gone", []),
        ("rooms", "already-read-is-told", [("mark-message-read", "stated"), ("ws-read-receipt", "stated")]),
        ("connectify", "already-read-is-told", []),
        ("rooms", "messages-across-rooms", [("search-messages", "stated")]),
        ("fe16ops", "messages-across-rooms", []),
        ("netroxchange", "response-schema", [("1", "stated"), ("2", "stated"), ("3", "stated")]),
    ],
)
def test_a_check_rests_on_the_clauses_of_what_it_looks_at(
    api: str, check: str, expected: list[tuple[str, str]]
) -> None:
    assert told(api, catalogue()[check].check) == expected


def test_one_of_what_is_looked_at_besides_is_enough_where_nothing_is_needed() -> None:
    assert told("fe16ops", of(also=("list-sessions", "list-rooms"))) == [("2.A", "stated")]
    assert told("fe16ops", of(also=("list-sessions",))) == []
    assert told("fe16ops", of(needs=("list-rooms",), also=("list-sessions",))) == [("2.A", "stated")]
    assert told("fe16ops", of(needs=("list-sessions",), also=("list-rooms",))) == []


def test_a_field_is_needed_and_what_shows_it_has_the_clause() -> None:
    assert told("fe16ops", of(needs=("message.edited", "edit-message"))) == [("5.MSG", "stated")]
    assert told("fe16ops", of(needs=("message.read_by", "edit-message"))) == []


@pytest.mark.parametrize(("judged", "number"), [("refusals", 9), ("handshakes", 1), ("audiences", 3)])
def test_what_is_gone_through_as_a_whole_has_every_clause_of_it(judged: str, number: int) -> None:
    assert len(told("fe16ops", of(judges=(judged,)))) == number
