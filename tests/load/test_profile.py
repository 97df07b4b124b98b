"""Profiles: those that come with us are good, and everything wrong with another is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from earwitness.errors import UsageError
from earwitness.load.profile import load_profile, profile_names

GOOD = """\
about: mine
rooms: 1
listeners: 3
rate: 2
seconds: 4
slo:
  - lost == 0
"""


def written(folder: Path, old: str = "", new: str = "") -> str:
    path = folder / "mine.yaml"
    assert not old or GOOD.count(old) == 1
    path.write_text(GOOD.replace(old, new) if old else GOOD + new, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", profile_names())
def test_ours_are_good(name: str) -> None:
    profile = load_profile(name)
    assert profile.name == name
    assert {"lost", "duplicated", "reordered", "misdelivered"} <= {slo.metric for slo in profile.slos}


def test_smoke_and_fan_out_are_there() -> None:
    assert {"smoke", "fan-out"} <= set(profile_names())


def test_the_command_line_overrides(tmp_path: Path) -> None:
    profile = load_profile(written(tmp_path), listeners=300, rate=10, seconds=20)
    assert (profile.listeners, profile.rate, profile.seconds) == (300, 10.0, 20.0)
    plain = load_profile(written(tmp_path))
    assert (plain.name, plain.senders, plain.bystanders, plain.size) == ("mine", 1, 0, 0)
    # Which rooms there are is the API's own matter then.
    assert plain.room == ""


@pytest.mark.parametrize("room", ["pair", "group"])
def test_a_profile_may_say_what_its_rooms_are(room: str, tmp_path: Path) -> None:
    assert load_profile(written(tmp_path, new=f"room: {room}\n")).room == room


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("rooms: 1", "rooms: 1\nlisteneres: 4", ("mine.yaml:3: unknown key 'listeneres'", "did you mean 'listeners'?")),
        ("rooms: 1\n", "", ("'rooms' is missing",)),
        ("rate: 2", "rate: fast", ("mine.yaml:4", "messages a second")),
        ("rate: 2", "rate: 0", ("mine.yaml:4",)),
        ("  - lost == 0", "  - lots == 0", ("mine.yaml:7", "did you mean 'lost'?")),
        ("slo:\n  - lost == 0\n", "", ("'slo' is missing",)),
        ("slo:\n  - lost == 0\n", "slo: []\n", ("slo",)),
        ("listeners: 3", "listeners: 3\nsenders: 3", ("mine.yaml:4",)),
        ("rooms: 1", "rooms: 1\nroom: channel", ("mine.yaml:3", "pair (each listener is a device", "or group")),
        ("rooms: 1", "rooms: 1\nroom_: pair", ("mine.yaml:3: unknown key 'room_'", "did you mean 'room'?")),
        ("rooms: 1", "rooms: 9", ("3 listeners cannot hear 9 senders in 9 rooms",)),
        ("seconds: 4", "seconds: 0.1", ("is not one message",)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, words: tuple[str, ...]
) -> None:
    with pytest.raises(UsageError) as caught:
        load_profile(written(tmp_path, old, new))
    assert [word for word in words if word not in str(caught.value)] == []


def test_an_unknown_profile_is_told_its_nearest() -> None:
    with pytest.raises(UsageError, match=r"did you mean 'fan-out'\?"):
        load_profile("fanout")
    with pytest.raises(UsageError, match="no such file"):
        load_profile("nowhere.yaml")
