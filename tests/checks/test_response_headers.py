"""An answer without a header that is documented as required is found, and one with another value; the others are not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from earwitness.history import Body, Response
from tests.story import Story


def found(status: int, headers: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What this check finds in the answer to somebody who shows no token: cause, basis, what was heard."""
    story = Story()
    asked = story.begins("alice", "listConversations", verb="list-rooms")
    body = Body("json", {"success": False, "message": "no"})
    told = {"Content-Type": "application/json", **headers}
    story.add(Response(exchange=asked.exchange, status=status, headers=told, body=body))
    return [(one.cause, one.basis, one.heard) for one in story.findings() if one.check == "response-headers"]


CAUSE = "response-headers:listConversations:401:www-authenticate"


@pytest.mark.parametrize(
    ("headers", "heard"),
    [
        ({}, "there is no header WWW-Authenticate"),
        ({"WWW-Authenticate": "Basic"}, 'the header WWW-Authenticate is "Basic", not text like "^Token"'),
    ],
)
def test_a_401_that_does_not_name_the_scheme_is_found(headers: dict[str, str], heard: str) -> None:
    assert found(401, headers) == [(CAUSE, "decided", heard)]


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (401, {"WWW-Authenticate": "Token"}),
        (401, {"www-authenticate": 'Token realm="chat"'}),
        (404, {}),
        (500, {}),
    ],
)
def test_what_is_as_documented_or_not_documented_is_no_finding(status: int, headers: dict[str, str]) -> None:
    assert found(status, headers) == []
