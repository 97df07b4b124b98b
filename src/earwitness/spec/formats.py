"""What the formats of a schema mean: those we check, what we call them, and those that are known but mean nothing to check."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from jsonschema import FormatChecker

_DATE: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME: Final = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII)
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_URI_TEXT: Final = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_EMAIL: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)


def is_date(text: str) -> bool:
    """A full-date of RFC 3339, section 5.6: a day that the calendar has."""
    found = _DATE.fullmatch(text)
    if found is None:
        return False
    year, month, day = map(int, found.groups())
    # 400 years repeat, and the calendar module has no year 0.
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year % 400 + 400, month)[1]


def is_time(text: str) -> bool:
    """A full-time of RFC 3339, section 5.6: with an offset; second 60 only where a leap second can be."""
    found = _TIME.fullmatch(text)
    if found is None:
        return False
    hour, minute, second = (int(found[i]) for i in (1, 2, 3))
    ahead, behind = int(found[5] or 0), int(found[6] or 0)
    if hour > 23 or minute > 59 or second > 60 or ahead > 23 or behind > 59:
        return False
    offset = (ahead * 60 + behind) * (-1 if found[4] == "-" else 1)
    return second < 60 or (hour * 60 + minute - offset) % 1440 == 1439


def is_date_time(text: str) -> bool:
    """A date-time of RFC 3339, section 5.6: a T between date and time, an offset at the end."""
    return text[10:11] in ("T", "t") and is_date(text[:10]) and is_time(text[11:])


def is_uuid(text: str) -> bool:
    """A UUID in the notation of RFC 9562, section 4."""
    return _UUID.fullmatch(text) is not None


def is_uri_reference(text: str) -> bool:
    """A URI or a relative reference by the characters of RFC 3986, with no more than one fragment."""
    if _URI_TEXT.fullmatch(text) is None or text.count("#") > 1:
        return False
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    # A host is not optional for the schemes that are there to be connected to (RFC 9110, section 4.2.1).
    return parts.scheme not in ("http", "https", "ws", "wss") or bool(parts.hostname)


def is_uri(text: str) -> bool:
    """A URI of RFC 3986, section 3: it has a scheme."""
    return _SCHEME.match(text) is not None and is_uri_reference(text)


def is_email(text: str) -> bool:
    """A mailbox of RFC 5321, section 4.1.2, without quoted local parts and address literals."""
    return _EMAIL.fullmatch(text) is not None


def is_regex(text: str) -> bool:
    """A regular expression that can be compiled."""
    try:
        re.compile(text)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


_CHECKS: Final[dict[str, tuple[Callable[[str], bool], str]]] = {
    "date": (is_date, "a date such as 2025-10-22"),
    "date-time": (is_date_time, "a time such as 2025-10-22T14:30:00Z (RFC 3339)"),
    "email": (is_email, "an e-mail address"),
    "regex": (is_regex, "a regular expression"),
    "time": (is_time, "a time of day such as 14:30:00Z (RFC 3339)"),
    "uri": (is_uri, "a URI such as https://example.com/a"),
    "uri-reference": (is_uri_reference, "a URI or a relative reference"),
    "uuid": (is_uuid, "a UUID"),
}

# Formats of JSON Schema and of the OpenAPI registry that say something to people and nothing that we check.
UNCHECKED: Final = frozenset(
    (
        *("binary", "byte", "double", "duration", "float", "int32", "int64", "password"),
        *("hostname", "idn-email", "idn-hostname", "iri", "iri-reference", "uri-template"),
        *("json-pointer", "relative-json-pointer"),
    )
)


def known_formats() -> frozenset[str]:
    """Every format that a schema may name."""
    return frozenset(CHECKER.checkers) | UNCHECKED


def meaning(name: str) -> str:
    """What a value of the format is, for people."""
    return _CHECKS[name][1] if name in _CHECKS else f"the format {name}"


def _checker() -> FormatChecker:
    # Built from an empty choice: what the library checks depends on which other packages happen to be installed.
    checker = FormatChecker(formats=("ipv4", "ipv6"))
    for name, (check, _) in _CHECKS.items():
        checker.checks(name)(_for_text(check))
    return checker


# The same formats, for a validator that asks about texts alone.
CHECKS: Final = {name: check for name, (check, _) in _CHECKS.items()}


def _for_text(check: Callable[[str], bool]) -> Callable[[object], bool]:
    return lambda instance: not isinstance(instance, str) or check(instance)


CHECKER: Final = _checker()
