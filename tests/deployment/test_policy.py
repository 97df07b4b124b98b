"""The allow-list is read strictly: what is not understood is not allowed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earwitness.deployment import Deployment, allowed, host_of
from earwitness.deployment.policy import hosts_named

HOSTS = frozenset({"api.example.com:443", "127.0.0.1:8000", "[::1]:8000", "files.example.com:80"})
DEPLOYMENT = Deployment(
    "fe16ops", "staging", "https://api.example.com", "wss://api.example.com", allow_hosts=HOSTS
)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://example.com", "example.com:80"),
        ("https://example.com/a?b#c", "example.com:443"),
        ("ws://example.com/ws/", "example.com:80"),
        ("wss://example.com?token=x", "example.com:443"),
        ("HTTPS://Example.COM:8443/", "example.com:8443"),
        ("https://example.com.", "example.com:443"),
        ("https://example.com:/", "example.com:443"),
        ("http://[::1]:80/", "[::1]:80"),
        ("http://[0:0:0:0:0:0:0:1]", "[::1]:80"),
        ("https://[2001:DB8::0:1]/", "[2001:db8::1]:443"),
        ("http://allowed@evil/", "evil:80"),
        ("http://allowed:80@evil/", "evil:80"),
        ("http://evil/@allowed", "evil:80"),
        ("http://evil#@allowed", "evil:80"),
        ("http://evil?@allowed", "evil:80"),
    ],
)
def test_the_host_of_an_address(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    "url",
    [
        "", "example.com", "//example.com", "/path", "http:example.com", "http:///path", "http://", "mailto:a@b",
        "ftp://example.com", "file:///etc/hosts", "javascript://example.com", "http://a b/", " http://example.com",
        "http://example.com\n", "http://exa\tmple.com", "http://allowed\\@evil/", "http://evil\\.allowed/", "http://a@b@c/",
        "http://ex%61mple.com", "http://exämple.com", "http://example.com:0", "http://example.com:65536",
        "http://example.com:+80", "http://example.com:80a", "http://a..b", "http://.", "http://[::1", "http://[::1]evil/",
        "http://[fe80::1%25eth0]/", "http://[1.2.3]/", "http://::1/", "http://example.com\x00/",
    ],
)  # fmt: skip
def test_what_is_no_address_has_no_host(url: str) -> None:
    with pytest.raises(ValueError, match=r"^\S.*"):
        host_of(url)
    assert not allowed(DEPLOYMENT, url)


@pytest.mark.parametrize(
    ("url", "yes"),
    [
        ("https://api.example.com/x", True),
        ("wss://API.example.com./ws/?token=x", True),
        ("http://127.0.0.1:8000/a b/ä?q=ü", True),
        ("http://[::1]:8000", True),
        ("http://files.example.com/", True),
        ("http://api.example.com/x", False),
        ("https://api.example.com:8443/", False),
        ("https://files.example.com/", False),
        ("http://127.0.0.1/", False),
        ("http://127.1:8000/", False),
        ("http://2130706433:8000/", False),
        ("http://localhost:8000/", False),
        ("https://sub.api.example.com/", False),
        ("https://api.example.com.evil.test/", False),
        ("https://api.example.com@evil.test/", False),
        ("https://user:pass@api.example.com/", False),
        ("https://@api.example.com/", False),
    ],
)
def test_only_hosts_on_the_list_are_allowed(url: str, yes: bool) -> None:
    assert allowed(DEPLOYMENT, url) is yes


@given(st.text(max_size=30))
def test_whatever_stands_before_the_host_does_not_let_it_through(text: str) -> None:
    assert not allowed(DEPLOYMENT, f"https://{text}evil.test/api.example.com")
    assert not allowed(DEPLOYMENT, f"https://{text}@evil.test/")


@pytest.mark.parametrize(
    ("entry", "hosts"),
    [
        ("a.example.com", {"a.example.com:80", "a.example.com:443"}),
        ("A.example.com.:9000", {"a.example.com:9000"}),
        ("http://a.example.com/", {"a.example.com:80"}),
        ("wss://a.example.com", {"a.example.com:443"}),
        ("[::1]", {"[::1]:80", "[::1]:443"}),
        ("[::1]:8080", {"[::1]:8080"}),
    ],
)
def test_what_an_entry_of_the_list_stands_for(entry: str, hosts: set[str]) -> None:
    assert hosts_named(entry) == hosts


@pytest.mark.parametrize(
    "entry", ["", "*", "*.example.com", "a/b", "a?b", "u@a", "::1", "a b", "ftp://a", "https://a/b"]
)
def test_an_entry_that_names_no_host_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match=r"^\S.*"):
        hosts_named(entry)
