"""Formats are judged by their RFCs, whatever other packages are installed."""

from __future__ import annotations

import pytest

from earwitness.spec.formats import CHECKER, known_formats, meaning

GOOD = {
    "date-time": [
        "2025-10-22T14:30:00Z",
        "2025-10-22t14:30:00z",
        "2025-10-22T14:30:00.123456+05:30",
        "2024-02-29T00:00:00-00:00",
        "0000-02-29T00:00:00Z",
        "1990-12-31T23:59:60Z",
        "1990-12-31T15:59:60-08:00",
    ],
    "date": ["2025-10-22"],
    "time": ["14:30:00Z"],
    "uuid": ["6F9619FF-8B86-d011-b42d-00c04fc964ff"],
    "uri": ["https://example.com/a?b=c#d", "urn:isbn:0451450523", "http://[::1]:80/%7Ea", "mailto:a@b"],
    "uri-reference": ["/a/b?c", "", "#x", "https://example.com"],
    "email": ["a.b+c@example.co.uk", "root@localhost"],
    "regex": ["^a+$"],
    "ipv4": ["127.0.0.1"],
}
BAD = {
    "date-time": [
        "2025-10-22 14:30:00Z",
        "2025-10-22T14:30:00",
        "2025-10-22T14:30Z",
        "2025-02-29T00:00:00Z",
        "2025-13-01T00:00:00Z",
        "2025-00-01T00:00:00Z",
        "2025-10-22T24:00:00Z",
        "2025-10-22T14:30:60Z",
        "2025-10-22T14:30:00+24:00",
        "2025-10-22T14:30:00+0530",
        "2025-10-22T14:30:00.Z",
        "2025-10-22",
        "２０２５-10-22T14:30:00Z",
        "2025-10-22T14:30:00Z\n",
        "",
    ],
    "date": ["2025-2-3", "2025-02-30"],
    "time": ["14:30", "14:30:00"],
    "uuid": [
        "6f9619ff8b86d011b42d00c04fc964ff",
        "{6f9619ff-8b86-d011-b42d-00c04fc964ff}",
        "6f9619ff-8b86-d011-b42d-00c04fc964f",
        "0_000000-0000-0000-0000-000000000000",
    ],
    "uri": [
        "/a",
        "http://",
        "https:///a",
        "http://exa mple.com",
        "http://a/%zz",
        "http://a:port/",
        "http://[::1",
        "a#b#c",
    ],
    "uri-reference": ["a b", "%", "http://"],
    "email": ["a", "a@", "@b", "a b@c", "a@b_c", ".a@b"],
    "regex": ["("],
    "ipv4": ["127.0.0.256"],
}


@pytest.mark.parametrize("name, text", [(name, text) for name, texts in GOOD.items() for text in texts])
def test_what_the_rfc_allows_conforms(name: str, text: str) -> None:
    assert CHECKER.conforms(text, name)


@pytest.mark.parametrize("name, text", [(name, text) for name, texts in BAD.items() for text in texts])
def test_what_the_rfc_does_not_allow_does_not_conform(name: str, text: str) -> None:
    assert not CHECKER.conforms(text, name)


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_format_is_about_texts_only(name: str) -> None:
    assert CHECKER.conforms(12, name)


def test_the_formats_of_both_registries_are_known() -> None:
    assert {"date-time", "uuid", "int64", "binary", "ipv6"} <= known_formats()
    assert "datetime" not in known_formats()


def test_people_are_told_what_a_format_means() -> None:
    assert "RFC 3339" in meaning("date-time")
    assert meaning("ipv6") == "the format ipv6"
