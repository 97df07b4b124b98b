"""What a command line chose says where each API's data is."""

from __future__ import annotations

from pathlib import Path

import pytest

from earwitness.cli.choose import Choice


@pytest.mark.parametrize(
    ("apis", "file", "expected"),
    [
        (("fe16ops",), "data/chat.sqlite", "data/chat.sqlite"),
        (("fe16ops", "rooms"), "data/chat.sqlite", "data/chat-fe16ops.sqlite"),
        (("fe16ops", "rooms"), "chat", "chat-fe16ops"),
    ],
)
def test_several_servers_have_a_database_each(apis: tuple[str, ...], file: str, expected: str) -> None:
    assert Choice(apis, database=Path(file)).database_of("fe16ops") == Path(expected)


def test_without_a_database_everything_is_in_memory() -> None:
    assert Choice(("fe16ops", "rooms")).database_of("fe16ops") is None
