"""A path leads to one operation: what is spelt out wins over a template."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earwitness.spec.routes import Routes, blank, variables

ROUTES = Routes.of(
    [
        ("list", "GET", "/rooms/"),
        ("read", "GET", "/rooms/{id}/"),
        ("mine", "GET", "/rooms/mine/"),
        ("send", "POST", "/rooms/{id}/"),
        ("minePeer", "GET", "/rooms/mine/{peer}"),
        ("roomLast", "GET", "/rooms/{id}/last"),
        ("file", "GET", "/files/{name}.{ext}"),
    ]
)


@pytest.mark.parametrize(
    "method, path, found",
    [
        ("GET", "/rooms/", ("list", {})),
        ("GET", "/rooms/7/", ("read", {"id": "7"})),
        ("get", "/rooms/7/", ("read", {"id": "7"})),
        ("GET", "/rooms/mine/", ("mine", {})),
        ("POST", "/rooms/mine/", ("send", {"id": "mine"})),
        ("GET", "/rooms/mine/last", ("minePeer", {"peer": "last"})),
        ("GET", "/rooms/7/last", ("roomLast", {"id": "7"})),
        ("GET", "/rooms/a%2Fb%20c/", ("read", {"id": "a/b c"})),
        ("GET", "/files/a.tar.gz", ("file", {"name": "a.tar", "ext": "gz"})),
        ("GET", "/rooms", None),
        ("GET", "/rooms//", None),
        ("GET", "/rooms/7/last/", None),
        ("PUT", "/rooms/7/", None),
        ("GET", "rooms/", None),
        ("GET", "", None),
    ],
)
def test_a_path_leads_to_its_operation(
    method: str, path: str, found: tuple[str, dict[str, str]] | None
) -> None:
    assert ROUTES.match(method, path) == found


NAME = st.text("abcdefgh", min_size=1, max_size=3)
SEGMENTS = st.lists(st.one_of(NAME, NAME.map(lambda name: f"{{{name}}}")), min_size=1, max_size=4)


@given(st.lists(SEGMENTS, min_size=1, max_size=8), st.data())
def test_the_path_that_is_spelt_out_wins_in_any_order_of_declaration(
    paths: list[list[str]], data: st.DataObject
) -> None:
    unique = {blank("/".join(segments)): "/" + "/".join(segments) for segments in paths}.values()
    chosen = data.draw(st.sampled_from(sorted(unique)))
    literal = chosen.replace("{", "").replace("}", "")
    routes = Routes.of(
        ("literal" if path == literal else path, "GET", path)
        for path in data.draw(st.permutations([*unique, literal]))
    )
    assert routes.match("GET", literal) == ("literal", {})


@given(st.text(min_size=1).filter(lambda text: text.isprintable()))
def test_a_parameter_comes_back_as_it_was_sent(value: str) -> None:
    assert ROUTES.match("GET", f"/rooms/-{quote(value, safe='')}/") == ("read", {"id": f"-{value}"})


def test_a_template_tells_its_names() -> None:
    assert variables("/a/{b}/c-{d}.{e}") == ("b", "d", "e")
    assert blank("/a/{b}") == blank("/a/{x}") == "/a/{}"
