"""What processes have seen, put together, is what one would have seen that had heard it all."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from earwitness.history import Json
from earwitness.load.last import LastHeard
from earwitness.load.ledger import Ledger, Sent
from earwitness.load.outcome import Circumstances, outcome
from earwitness.load.part import Part
from earwitness.load.profile import load_profile
from earwitness.load.stamp import Stamp

# What happens in a load: in which process, what, to which message, how late (µs), in which second.
HAPPENINGS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(
            ("heard", "heard", "heard", "answered", "opened", "read", "lag", "waited", "presence")
        ),
        st.integers(1, 1_200),
        st.integers(-5, 3_000_000),
        st.integers(0, 9),
    ),
    max_size=80,
)
ABOUT = Circumstances("fe16ops", "here", "r", "", senders=("a",))


def part(*listeners: str) -> Part:
    made = Part(Ledger("r", {"a": 1_200}))
    for name in listeners:
        made.ledger.listen(name, ["a"])
    return made


def happen(made: Part, listener: str, what: str, number: int, late: int, second: int) -> None:
    if what == "heard":
        if made.ledger.hear(listener, Stamp("r", "a", number, 0), second * 10**9):
            made.delivered("a", number, second, late)
    elif what == "answered":
        made.acknowledged(second, late)
    elif what == "read":
        made.read("answered", late)
    elif what == "waited":
        made.lagged(second, late, 1, is_bound=number % 2 == 0)
    elif what == "presence":
        made.presence["came-online"] = made.presence.get("came-online", 0) + 1
    else:
        made.times["connect" if what == "opened" else "lag"].add(late)


def record(made: Part) -> dict[str, Json]:
    made.ledger.sent["a"] = Sent(1_200, 1_200)
    return outcome(load_profile("smoke"), made, ABOUT)[1]


@given(HAPPENINGS, st.permutations([0, 1, 2]))
def test_the_merge_of_parts_is_the_whole(
    happenings: list[tuple[int, str, int, int, int]], order: list[int]
) -> None:
    names = ("b/1", "b/2", "b/3")
    whole, parts = part(*names), [part(name) for name in names]
    for process, *what in happenings:
        happen(parts[process], names[process], *what)  # type: ignore[arg-type]
        happen(whole, names[process], *what)  # type: ignore[arg-type]
    merged = Part(Ledger("r", {}))
    for i in order:
        merged.merge(Part.load(json.loads(json.dumps(parts[i].dump()))))
    assert record(merged) == record(whole)


@given(HAPPENINGS, st.lists(st.integers(0, 80), max_size=4))
def test_reports_of_what_changed_add_up_to_all(
    happenings: list[tuple[int, str, int, int, int]], cuts: list[int]
) -> None:
    # Seconds go on, and a report names those that may have changed since the one before.
    made, told, since = part("b/1"), dict[str, Json](), 0
    for i, (_, what, number, late, _) in enumerate(happenings):
        second = i // 10
        happen(made, "b/1", what, number, late, second)
        if i in cuts:
            told, since = _added(told, made.dump(since)), second
    told = _added(told, made.dump(since))
    assert record(Part.load(told)) == record(made)


def _added(before: dict[str, Json], report: dict[str, Json]) -> dict[str, Json]:
    fresh: dict[str, Json] = json.loads(json.dumps(report))
    for name in ("seconds", "last"):
        old, new = before.get(name, {}), fresh[name]
        assert isinstance(old, dict) and isinstance(new, dict)
        fresh[name] = {**old, **new}
    return fresh


@given(
    st.lists(st.tuples(st.integers(1, 3_000), st.integers(-9, 10**10)), max_size=60), st.integers(0, 3_000)
)
def test_the_last_listener_of_each_message_is_the_latest(heard: list[tuple[int, int]], upto: int) -> None:
    made, true = LastHeard(), dict[int, int]()
    for number, late in heard:
        made.hear("a", number, 0, late)
        true[number] = max(true.get(number, 0), min(max(0, late), 2**32 - 2))
    spread = made.spread({"a": [(1, upto + 1)], "nobody": [(1, 9)]})
    wanted = [late for number, late in true.items() if number <= upto]
    assert (spread.n, spread.total, spread.max) == (len(wanted), sum(wanted), max(wanted, default=0))
