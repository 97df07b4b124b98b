"""The pages that links lead to are one walk, whatever the links say: together they hold every message once."""

from __future__ import annotations

from earwitness.checks import Finding
from earwitness.history import Json
from tests.tale import IDS, Tale, Told

TALK = "http://told.test/talks/5/letters/"


def told(number: int) -> Tale:
    """A talk of alice and bob with ``number`` letters, 1 to ``number``."""
    tale = Tale()
    tale.talks("alice", "bob", 5)
    for letter in range(1, number + 1):
        tale.writes("alice", f"letter number {letter}", letter, talk=5)
    return tale


def page(tale: Tale, letters: range, following: str | None, **query: int) -> Told:
    """Bob asks with ``query`` for a page, gets ``letters`` and the link to the next."""
    answer: Json = {
        "letters": [{"id": one, "by": IDS["alice"], "text": f"letter number {one}"} for one in letters],
        "next": following,
    }
    return tale.asks("bob", "listTalkLetters", 200, answer, verb="list-messages", query=query, talk=5)


def of_pages(tale: Tale) -> list[Finding]:
    return [one for one in tale.findings() if one.check == "pages-partition"]


def test_links_that_lead_from_page_to_page_are_fine() -> None:
    tale = told(5)
    page(tale, range(1, 3), f"{TALK}?page_size=2&page=2", page_size=2)
    page(tale, range(3, 5), f"{TALK}?page_size=2&page=3", page_size=2, page=2)
    page(tale, range(5, 6), None, page_size=2, page=3)
    assert tale.findings() == ()


def test_a_link_may_look_like_anything() -> None:
    """Where it leads counts, not how it is spelt: here the next page has another size, and no number."""
    tale = told(5)
    page(tale, range(1, 3), f"{TALK}?page_size=3", page_size=2)
    page(tale, range(3, 6), None, page_size=3)
    assert of_pages(tale) == []


def test_a_link_that_leads_past_messages_is_found() -> None:
    tale = told(5)
    first = page(tale, range(1, 3), f"{TALK}?page=2", page_size=2)
    second = page(tale, range(5, 6), None, page=2)
    (finding,) = of_pages(tale)[:1]
    assert (finding.cause, finding.basis) == ("pages-partition:missing", "stated")
    assert finding.evidence == (first.n, second.n)


def test_a_link_that_leads_back_is_found() -> None:
    tale = told(4)
    page(tale, range(1, 4), f"{TALK}?page=2", page_size=3)
    page(tale, range(3, 5), None, page=2)
    assert [one.cause for one in of_pages(tale)] == ["pages-partition:twice"]


def test_a_link_that_leads_nowhere_is_found() -> None:
    tale = told(3)
    page(tale, range(1, 3), f"{TALK}?page=2", page_size=2)
    lost = tale.asks(
        "bob", "listTalkLetters", 404, {"detail": "no"}, verb="list-messages", query={"page": 2}, talk=5
    )
    finding = next(one for one in of_pages(tale))
    assert (finding.cause, finding.heard, finding.evidence[-1]) == ("pages-partition:next", "404", lost.n)


def test_a_list_that_begins_anew_is_another_walk() -> None:
    tale = told(3)
    page(tale, range(1, 3), f"{TALK}?page=2", page_size=2)
    page(tale, range(1, 4), None)
    assert of_pages(tale) == []
