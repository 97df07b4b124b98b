"""The benchmark of listeners: its clients hear what they are sent, and a page says what was measured, ratios first."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from benchmarks.hearing.page import Audience, Held, Measured, Pressed, Results, Row, page
from benchmarks.hearing.stage import Client, drained, idle, python, timed
from benchmarks.listeners import bench

SOCKETS, ROUNDS = 5, 4
CLIENTS = [
    Client("bank", python("ours"), ("bank",)),
    Client("greenlets", python("ours"), ("greenlets",)),
    Client("recipe", python("recipe"), ("websockets.sync",)),
    Client("library", python("library"), ("asyncio",)),
]


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_every_client_hears_all_that_it_is_sent(client: Client) -> None:
    told = drained(client, SOCKETS, ROUNDS, None)
    assert told.over["frames"] == SOCKETS * ROUNDS
    assert told.over["wrong"] == 0
    assert told.over["cpu_s"] > 0


def test_ours_holds_every_frame_against_the_contract() -> None:
    same, personal = (drained(CLIENTS[0], SOCKETS, ROUNDS, None, personal=how).over for how in (False, True))
    assert (same["validated"], same["distinct"]) == (SOCKETS * ROUNDS, ROUNDS)
    assert (personal["validated"], personal["distinct"]) == (SOCKETS * ROUNDS, SOCKETS * ROUNDS)


def test_latencies_are_compared_with_what_was_sent() -> None:
    told = timed(CLIENTS[0], SOCKETS, 50, 20, None)
    assert len(told.true_ms) == SOCKETS * 20
    assert min(told.true_ms) >= 1
    # Heard after it was sent, whatever the machine is busy with.
    assert told.over["p50_ms"] >= sorted(told.true_ms)[len(told.true_ms) // 4]


def test_the_floor_hears_and_counts_what_is_not_in_order(tmp_path: Path) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        with bench() as here:
            assert here.floor is None and "no C compiler here" in here.absent.values()
        return
    source = Path(__file__).resolve().parents[2] / "benchmarks" / "floor.c"
    subprocess.run(
        [compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-o", tmp_path / "floor", source], check=True
    )
    floor = Client("floor", (str(tmp_path / "floor"),))
    over = drained(floor, SOCKETS, ROUNDS, None).over
    assert (over["frames"], over["wrong"]) == (SOCKETS * ROUNDS, 0)
    assert idle(floor, SOCKETS, None).over["frames"] == 0


def test_the_page_has_ratios_first() -> None:
    text = page(
        ["Made today."],
        Results(
            Row("ours", (8.0, 6.0, 7.0), 0.5), Row("personal", (90.0,)), Row("floor", (2.0, 2.0, 3.0), 0.1), (Row("usual", (70.0, 71.0, 10.0), 12.0),),
            {"uvloop": "not installed"}, (Measured("ours", 12_000, (2.0, 9.0), (1.5, 8.5)),), Held(15_000, 7.0, 0.9, 45_000),
        ),
    )  # fmt: skip
    first, ratios, table, said = text.split("\n\n## ")
    assert first == "# What a listener costs\n\nMade today."
    assert (
        "3.5 times the floor" in ratios
        and "10.0 times as many frames" in ratios
        and "0.50 MB for 1,000" in ratios
    )
    assert "15,000 sockets in one process" in ratios
    assert "| ours | 7.00 | 6.00 to 8.00 | 142,857 | 0.29 | 0.50 |" in table
    assert "| uvloop | not installed | | | | |" in table
    assert "| ours | 12,000 | 2.0 ms | 1.5 ms | 9.0 ms | 8.5 ms |" in said


def test_without_a_compiler_the_floor_is_left_out() -> None:
    results = Results(
        Row("ours", (7.0,)), Row("personal", (90.0,)), None, (), {"the floor": "no C compiler here"}, (), None
    )
    text = page([], results)
    assert "times the floor" not in text
    assert "| the floor | no C compiler here | | | | |" in text


def test_the_page_draws_our_cost_against_audience_and_rate() -> None:
    results = Results(
        Row("ours", (7.0,)), Row("personal", (90.0,)), None, (), {}, (), None,
        (Audience(100, 8.0, 1.2), Audience(15_000, 6.0, 0.8)), (Pressed(500, 60.0, 0.03, 2.5, 2.0),),
    )  # fmt: skip
    text = page([], results)
    assert "| 100 | 8.00 | 0.8 ms | 1.20 |" in text
    assert "| 15,000 | 6.00 | 90.0 ms | 0.80 |" in text
    assert "| 500 | 60.0 | 3% | 2.5 ms | 2.0 ms |" in text
    assert "against the audience" not in page(
        [], Results(Row("ours", (7.0,)), Row("p", (9.0,)), None, (), {}, (), None)
    )
