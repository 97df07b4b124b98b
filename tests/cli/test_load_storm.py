"""Loads whose sockets drop and return, whose server never comes to an end, and whose machines have clocks of their own."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from reference_server.apis.fe16ops import Fe16ops
from reference_server.core.assembly import Parts
from reference_server.core.hub import Ear, Hub
from tests.cli.runs import LIMIT_S, earwitness, environment, schema_errors
from tests.variants.servers import OtherShapes, Talkative, running

# Two rooms of one sender; each of the two who listen has three sockets, which drop once, in the middle.
STORM = """\
about: a storm
rooms: 2
listeners: 6
bystanders: 1
rate: 20
seconds: 5
reconnect: {every: 30}
slo: [lost == 0, duplicated == 0, reordered == 0, misdelivered == 0, phantom == 0, achieved >= 90 %]
"""
DEVICES = 3


class Counting(Hub):
    """A hub that knows which of a member's sockets are those that returned."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: Counter[int] = Counter()

    def has_returned(self, member_id: int) -> bool:
        self.opened[member_id] += 1
        return self.opened[member_id] > DEVICES


class ForgetfulHub(Counting):
    """Whoever returns is let in, and told nothing any more."""

    def open(self, member_id: int, room_id: int | None = None) -> Ear:
        if self.has_returned(member_id):
            return self.new_ear(member_id, room_id)
        return super().open(member_id, room_id)

    def close(self, ear: Ear) -> None:
        if ear in self._ears.get(ear.member_id, {}):
            super().close(ear)


class Remembering(Ear):
    """Knows what it was told."""

    def __init__(self, member_id: int, room_id: int | None = None) -> None:
        super().__init__(member_id, room_id)
        self.told: list[str] = []

    def offer(self, text: str) -> None:
        self.told.append(text)
        super().offer(text)


class ReplayingHub(Counting):
    """Whoever returns is told the first ten events again."""

    def __init__(self) -> None:
        super().__init__()
        self._all: dict[int, list[Remembering]] = {}

    def new_ear(self, member_id: int, room_id: int | None) -> Ear:
        ear = Remembering(member_id, room_id)
        before = self._all.setdefault(member_id, [])
        if self.has_returned(member_id):
            for text in before[0].told[:10]:
                Ear.offer(ear, text)
        else:
            before.append(ear)
        return ear


class LateEar(Ear):
    """Is told one thing after the other, and slowly."""

    def speak(self, send: Callable[[str], Awaitable[None]]) -> asyncio.Task[None]:
        async def slowly(text: str) -> None:
            await asyncio.sleep(0.2)
            await send(text)

        return super().speak(slowly)


class LateHub(Hub):
    def new_ear(self, member_id: int, room_id: int | None) -> Ear:
        return LateEar(member_id, room_id)


class Forgetful(Fe16ops):
    parts: ClassVar[Parts] = Parts(hub=ForgetfulHub)


class Replaying(Fe16ops):
    parts: ClassVar[Parts] = Parts(hub=ReplayingHub)


class Late(Fe16ops):
    parts: ClassVar[Parts] = Parts(hub=LateHub)


def load(
    folder: Path, api: type[Fe16ops], profile: str, *options: str, deadline_s: float = 1.0
) -> tuple[int, dict[str, Any], str]:
    """Load a variant; returns the exit code, the part ``load`` of the results, and what was said."""
    (folder / "mine.yaml").write_text(profile, encoding="utf-8")
    with running(api) as hello:
        theirs = {
            "api": "fe16ops",
            "http": hello["http"],
            "deadline": deadline_s,
            "members": {
                "alice": {"attributes": hello["members"][0]["attributes"], "token": "${ALICE_TOKEN}"}
            },
            "levers": {"url": hello["levers"]["url"], "names": ["mint-member"]},
            "allow": {"tiers": ["read", "write-own", "load"]},
        }
        (folder / "theirs.yaml").write_text(json.dumps(theirs), encoding="utf-8")
        done = earwitness(
            "load", "mine.yaml", "--deployment", "theirs.yaml", "--out", folder / "run", *options, cwd=folder,
            extra={"ALICE_TOKEN": hello["members"][0]["token"]},
        )  # fmt: skip
    assert (folder / "run" / "results.json").is_file(), done.stderr
    assert schema_errors(folder / "run" / "results.json", "results.schema.json") == []
    found = json.loads((folder / "run" / "results.json").read_text(encoding="utf-8"))
    return done.returncode, found["load"], done.stderr


@pytest.mark.parametrize(("api", "processes"), [(OtherShapes, "1"), (Talkative, "2")])
def test_correct_servers_lose_nothing_in_a_storm(api: type[Fe16ops], processes: str, tmp_path: Path) -> None:
    code, found, said = load(tmp_path, api, STORM, "--processes", processes)
    assert code == 0, said
    # A hundred messages for three sockets each. They drop at 2.5 s; what is said from a second before until half a second after they are
    # back is not due: thirty messages, and as many again on a busy machine.
    assert found["audit"]["expected"] == found["audit"]["heard"]
    assert found["audit"]["expected"] + found["excused"] == 300
    assert 30 * DEVICES <= found["excused"] <= 60 * DEVICES
    assert found["plan"]["drops"] == 1
    assert "deliveries are not judged" in said
    assert found["connect_ms"]["max"] is not None


def test_who_returns_and_is_told_nothing_more_has_lost_it(tmp_path: Path) -> None:
    code, found, said = load(tmp_path, Forgetful, STORM)
    assert code == 4, said
    # All that was due after they were back: at most two seconds of it.
    lost = found["audit"]["lost"]
    assert 15 * DEVICES <= lost <= 40 * DEVICES
    assert found["audit"]["heard"] + lost + found["excused"] == 300
    assert {one["kind"] for one in found["anomalies"]} == {"lost"}
    assert min(one["at_s"] for one in found["anomalies"]) > 2.9


def test_what_a_new_socket_hears_again_of_old_is_duplicated(tmp_path: Path) -> None:
    code, found, said = load(tmp_path, Replaying, STORM)
    assert code == 4, said
    # Five messages of each sender, more than a second before they dropped, for each of the six sockets.
    counts = {
        name: found["audit"][name] for name in ("lost", "duplicated", "reordered", "misdelivered", "phantom")
    }
    assert counts == {"lost": 0, "duplicated": 60, "reordered": 0, "misdelivered": 0, "phantom": 0}
    assert all(one["at_s"] >= 2.5 for one in found["anomalies"])


def test_sockets_that_drop_too_often_to_judge_anything_are_refused(tmp_path: Path) -> None:
    code, found, said = load(tmp_path, OtherShapes, STORM.replace("every: 30", "every: 1.9"))
    assert (code, found["outcome"]) == (2, "died"), said
    assert "sockets drop every 1.9 s, and a message may take 1 s" in said
    assert found["messages"]["acknowledged"] == 0


def test_a_drain_that_does_not_end_is_inconclusive(tmp_path: Path) -> None:
    profile = "about: late\nrooms: 1\nlisteners: 2\nrate: 30\nseconds: 2\nslo: [lost == 0]\n"
    code, found, said = load(tmp_path, Late, profile, deadline_s=0.5)
    assert code == 5, said
    assert (found["outcome"], found["drained"]) == ("inconclusive", False)
    assert "deliveries still came 4 deadlines after the last message" in found["reason"]
    assert found["audit"]["lost"] == 0 and found["audit"]["heard"] < 120


def test_what_comes_late_and_then_ends_is_late_and_not_lost(tmp_path: Path) -> None:
    # Ten messages in a second, each told 0.2 s after the one before: the last is a second late, and the deadline is half of that.
    profile = (
        "about: late\nrooms: 1\nlisteners: 2\nrate: 10\nseconds: 1\nslo: [lost == 0, delivery max < 900 ms]\n"
    )
    code, found, said = load(tmp_path, Late, profile, deadline_s=0.5)
    assert code == 4, said
    assert (found["audit"]["heard"], found["audit"]["lost"], found["drained"]) == (20, 0, True)
    assert [one["held"] for one in found["slo"]] == [True, False]


# -- machines ---------------------------------------------------------------------------------------------------------------------


def test_processes_on_machines_whose_clocks_are_days_apart_measure_the_same(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    done = subprocess.run(
        [sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("skewed_locustfile.py")), "--headless", "--only-summary", "-u", "4",
         "--processes", "2", "--run-time", "3s", "--results", "found.json", "--master-bind-port", port, "--master-port", port],
        cwd=tmp_path, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S, check=False,
    )  # fmt: skip
    assert (tmp_path / "found.json").is_file(), done.stderr
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))["load"]
    # Two rooms, two senders each, five devices for either.
    assert (found["audit"]["expected"], found["audit"]["heard"]) == (150, 150)
    assert found["clocks"]["machines"] == 3
    bound = found["clocks"]["bound_ms"]
    assert 0 < bound < 1_000
    latencies = [ms for ms in found["latency_ms"].values() if ms is not None]
    # Days apart, and yet no delivery took longer than a busy machine makes it.
    assert all(bound <= ms < 2_000 for ms in latencies)
    assert sum(found["series"]["heard"][:5]) == 150
    assert done.returncode in (0, 5), done.stderr
