"""Profiles: those that come with us are good, and everything wrong with another is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from earwitness.errors import UsageError
from earwitness.load.pacing import Bursts, Constant, Pace, Poisson, Ramp, Shape, Steps
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
        ("rate: 2\n", "", ("mine.yaml", "'rate' is missing", "one of rate (messages a second) and pace")),
        ("rate: 2", "rate: 2\npace: {kind: constant, rate: 2}", ("mine.yaml:5", "both say when messages are due")),
        ("rate: 2", "pace: {kind: rampe, from: 1, to: 2}", ("mine.yaml:4", "constant, ramp, steps, poisson, bursts or trace")),
        ("rate: 2", "pace: {kind: ramp, form: 1, to: 2}", ("mine.yaml:4: unknown key 'form'", "did you mean 'from'?")),
        ("rate: 2", "pace: {kind: ramp, to: 2}", ("mine.yaml:4: 'from' is missing", "messages a second at the start")),
        ("rate: 2", "pace: {kind: bursts, size: 0, every: 2}", ("mine.yaml:4", "how many messages are due at once")),
        ("rate: 2", "pace: {kind: ramp, from: 0, to: 0}", ("is not one message",)),
        ("rate: 2\nseconds: 4", "pace: {kind: poisson, rate: 90000}\nseconds: 600000", ("54,000,000,000 messages", "10,000,000 at most")),
        ("rate: 2", "pace: {kind: trace, file: nowhere.txt}", ("nowhere.txt cannot be read",)),
        ("rate: 2", "rate: 2\nreconnect: {evry: 3}", ("mine.yaml:5: unknown key 'evry'", "did you mean 'every'?")),
        ("rate: 2", "rate: 2\nreads: many", ("mine.yaml:5", "requests for lists a second")),
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


@pytest.mark.parametrize(
    ("pace", "shape"),
    [
        ("{kind: constant, rate: 3}", Constant(3)),
        ("{kind: ramp, from: 1, to: 20}", Ramp(1, 20)),
        ("{kind: steps, rates: [1, 0, 5]}", Steps((1, 0, 5))),
        ("{kind: bursts, size: 50, every: 2}", Bursts(50, 2)),
        ("{kind: poisson, rate: 20}", Poisson(20, 1)),
        ("{kind: poisson, rate: 20, seed: 9}", Poisson(20, 9)),
    ],
)
def test_a_pace_may_be_uneven_and_a_rate_on_the_command_line_makes_it_even(
    pace: str, shape: Shape, tmp_path: Path
) -> None:
    path = written(tmp_path, "rate: 2", f"pace: {pace}")
    assert load_profile(path).pace() == Pace(shape, 4.0)
    assert load_profile(path).rate == load_profile(path).pace().rate
    assert load_profile(path, rate=7).pace() == Pace(Constant(7), 4.0)


def test_a_trace_is_read_from_beside_the_profile(tmp_path: Path) -> None:
    (tmp_path / "due.txt").write_text("# as of Monday\n0.5\n\n 1.25\n1.25\n9\n", encoding="utf-8")
    pace = load_profile(written(tmp_path, "rate: 2", "pace: {kind: trace, file: due.txt}")).pace()
    assert [pace.due(0, n) for n in (1, 2, 3)] == [500_000_000, 1_250_000_000, 1_250_000_000]
    assert pace.messages == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0.5\n0.4\n", "due.txt:2: '0.4' is no due time here"),
        ("0.5\nsoon\n", "due.txt:2: 'soon' is no due time here"),
        ("-1\n", "due.txt:1: '-1' is no due time here"),
        ("nan\n", "due.txt:1: 'nan' is no due time here"),
        ("# nothing\n", "has 0 due times"),
    ],
)
def test_a_trace_that_goes_back_or_says_nothing_is_an_error(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "due.txt").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_profile(written(tmp_path, "rate: 2", "pace: {kind: trace, file: due.txt}"))
    assert words in str(caught.value)


def test_sockets_drop_at_planned_times_and_not_at_the_very_end(tmp_path: Path) -> None:
    profile = load_profile(written(tmp_path, new="reconnect: {every: 2}\n"))
    assert (profile.drops(), profile.reconnect_share) == ((2_000_000_000,), 1.0)
    assert load_profile(written(tmp_path, new="reconnect: {every: 1.5}\n")).drops() == (
        1_500_000_000,
        3_000_000_000,
    )
    assert load_profile(written(tmp_path)).drops() == ()
