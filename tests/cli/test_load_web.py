"""A load on Locust's own pages and in its files: deliveries as a row, and the audit while it runs; started there, stopped, started again."""

from __future__ import annotations

import csv
import json
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from earwitness.content import content_root
from tests.cli.loads import CLEAN, free_port
from tests.cli.runs import (
    INTERRUPTIBLE,
    LIMIT_S,
    descendants,
    end_all,
    environment,
    is_over,
    last_words,
    until,
)

LOCUSTFILE = content_root() / "load" / "locustfile.py"
TWO = ("--processes", "2")


def ports() -> tuple[str, ...]:
    """Locust's own port for its processes is one for all loads of a machine."""
    port = str(free_port())
    return ("--master-bind-port", port, "--master-port", port)


class Web:
    """Locust with its web pages, on a port of its own; ends when the test ends."""

    def __init__(self, folder: Path, *options: str, locustfile: Path = LOCUSTFILE) -> None:
        self.port = free_port()
        self._base = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [*INTERRUPTIBLE, sys.executable, "-m", "locust", "-f", str(locustfile), "--web-port", str(self.port), "--results", "run.json", *ports(), *options],
            cwd=folder, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.workers = 2 if "--processes" in options else 0

    def __enter__(self) -> Web:
        is_ready = until(lambda: self.process.poll() is not None or self._is_ready())
        if not is_ready or self.process.poll() is not None:
            end_all(self.process.pid)
            pytest.fail(f"Locust serves nothing:\n{self.process.communicate()[1]}")
        return self

    def __exit__(self, *_: object) -> None:
        end_all(self.process.pid)
        self.process.communicate()

    def _is_ready(self) -> bool:
        try:
            text = self.get("/worker-count")[1]
        except urllib.error.URLError:
            return False
        # Who has to sign in gets a page instead.
        return text.startswith("<") or json.loads(text)["worker_count"] == self.workers

    def get(self, path: str) -> tuple[HTTPMessage, str]:
        with urllib.request.urlopen(self._base + path, timeout=LIMIT_S) as answer:
            return answer.headers, answer.read().decode()

    def post(self, path: str, **form: object) -> None:
        with urllib.request.urlopen(self._base + path, urlencode(form).encode(), timeout=LIMIT_S) as answer:
            assert json.loads(answer.read())["success"], path

    def audit(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.get("/earwitness/audit.json")[1])
        return found

    def comes_to(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The audit as soon as ``holds`` holds of it."""
        found = self.audit()

        def comes() -> bool:
            nonlocal found
            found = self.audit()
            return holds(found)

        assert until(comes), found
        return found

    def rows(self) -> dict[str, dict[str, Any]]:
        """Locust's own statistics, by name."""
        found = json.loads(self.get("/stats/requests")[1])["stats"]
        return {row["name"]: row for row in found}

    def end(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGINT)
        _, said = last_words(self.process)
        return self.process.returncode, said


def is_over_for(run: str) -> Callable[[dict[str, Any]], bool]:
    return lambda audit: audit["phase"] == "over" and audit["run"] != run


@pytest.mark.parametrize("processes", [(), TWO], ids=["1", "2"])
def test_a_run_is_started_stopped_and_started_again(processes: tuple[str, ...], tmp_path: Path) -> None:
    with Web(tmp_path, *processes) as web:
        assert web.audit()["phase"] == "waiting"
        html = web.get("/")[1]
        assert 'href="./earwitness"' in html
        assert set(template_arguments(html)["extra_options"]) == {
            "load_profile",
            "listeners",
            "rate",
            "seconds",
        }

        web.post("/swarm", user_count=2, spawn_rate=10, seconds=60, listeners="", rate="")
        live = web.comes_to(
            lambda audit: (
                audit["phase"] == "sending"
                and audit["audit"]["heard"] > 20
                and len(audit["processes"]) == max(1, web.workers)
            )
        )
        assert live["sockets"] == {"connected": 22, "planned": 22, "closed": 0}
        assert live["messages"]["planned"] == 600
        assert live["audit"]["lost"] == 0
        assert {one["held"] for one in live["slo"]} <= {True, None}
        assert sum(one["heard"] for one in live["processes"]) == live["audit"]["heard"]

        web.post("/stop")
        stopped = web.comes_to(is_over_for(""))
        assert (stopped["outcome"]["ended"], stopped["outcome"]["verdict"]) == ("interrupted", "interrupted")
        first = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
        assert (first["exit_code"], first["load"]["audit"]["lost"]) == (130, 0)
        assert stopped["results"] == str(tmp_path / "run.json")

        # Other numbers, as Locust's page sends them: of users, of listeners, of messages.
        web.post("/swarm", user_count=3, spawn_rate=10, seconds="2", listeners="8", rate="10")
        ended = web.comes_to(is_over_for(stopped["run"]))
        assert ended["outcome"]["verdict"] == "passed", ended["outcome"]
        assert ended["audit"] == {"heard": 40, "not_heard_yet": 0, "invalid": 0, **CLEAN}
        assert ended["results"] == str(tmp_path / "run-2.json")
        second = json.loads((tmp_path / "run-2.json").read_text(encoding="utf-8"))
        assert second["load"]["audit"] == {"expected": 40, "heard": 40, **CLEAN}
        assert second["load"]["sockets"] == 10
        # What the first run came to stays.
        assert json.loads((tmp_path / "run.json").read_text(encoding="utf-8")) == first
        # Processes tell Locust every three seconds.
        assert until(lambda: web.rows().get("message-created", {}).get("num_requests") == 40)

        started = descendants(web.process.pid)
        assert web.end()[0] == 0
        assert until(lambda: all(map(is_over, started)), 10)


@pytest.mark.parametrize("processes", [(), TWO], ids=["1", "2"])
def test_a_run_that_starts_by_itself_quits_by_itself(processes: tuple[str, ...], tmp_path: Path) -> None:
    options = ("--autostart", "--autoquit", "0", "--seconds", "1", "--users", "2", "--expect-workers", "2")
    web = Web(tmp_path, *processes, *options)
    try:
        _, said = last_words(web.process)
    finally:
        end_all(web.process.pid)
    assert web.process.returncode == 0, said
    load = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["load"]
    assert load["outcome"] == "finished"
    assert load["audit"]["heard"] == load["audit"]["expected"] > 0


def test_what_is_lost_is_on_the_page_and_in_the_verdict(tmp_path: Path) -> None:
    options = (
        "--load-profile",
        "fan-out",
        "--listeners",
        "3",
        "--rate",
        "100",
        "--defect",
        "fe16ops-drops-every-hundredth",
    )
    with Web(tmp_path, *options) as web:
        web.post("/swarm", user_count=1, spawn_rate=10, run_time="2s")
        # Locust's own timer would end it without a drain. A message is not heard before it is lost.
        web.comes_to(
            lambda audit: audit["phase"] != "over" and audit.get("audit", {}).get("not_heard_yet", 0) >= 3
        )
        ended = web.comes_to(is_over_for(""))
        assert (ended["audit"]["lost"], ended["audit"]["not_heard_yet"]) == (6, 0)
        assert (ended["outcome"]["exit_code"], ended["outcome"]["verdict"]) == (4, "breached")
        assert any(line.strip().startswith("LOST") for line in ended["outcome"]["summary"])
        assert web.end()[0] == 4


def test_its_pages_are_on_loopback_and_for_this_origin_alone(tmp_path: Path) -> None:
    with Web(tmp_path) as web:
        assert listening(web.port) == {"0100007F"}
        headers, html = web.get("/earwitness")
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Access-Control-Allow-Origin"] is None
        assert "<script>" in html
        assert web.get("/earwitness/audit.json")[0]["Access-Control-Allow-Origin"] is None


def test_whoever_reaches_the_page_chooses_no_files(tmp_path: Path) -> None:
    with Web(tmp_path) as web:
        named = dict.fromkeys(("results", "members", "deployment", "secrets", "progress", "lifeline"), "7")
        web.post("/swarm", user_count=1, spawn_rate=10, seconds="1", **named)
        ended = web.comes_to(is_over_for(""))
        assert (ended["outcome"]["verdict"], ended["results"]) == ("passed", str(tmp_path / "run.json"))
        assert {path.name for path in tmp_path.iterdir()} == {"run.json"}


def test_what_makes_no_sense_is_said_on_the_page_and_the_next_may_be_right(tmp_path: Path) -> None:
    wrong = [
        ({"load_profile": "/etc/passwd"}, "'/etc/passwd' is no profile of ours"),
        ({"load_profile": "smoke", "rate": "many"}, "rate: 'many' is no number"),
        ({"rate": "10", "listeners": "1"}, "1 listeners cannot hear 4 senders"),
    ]
    with Web(tmp_path) as web:
        before = ""
        for form, words in wrong:
            web.post("/swarm", user_count=1, spawn_rate=10, seconds="1", **form)
            ended = web.comes_to(is_over_for(before))
            assert words in ended["outcome"]["reason"]
            assert ended["outcome"]["exit_code"] == 2
            before = ended["run"]
        web.post("/swarm", user_count=1, spawn_rate=10, listeners="4")
        assert web.comes_to(is_over_for(before))["outcome"]["verdict"] == "passed"


def test_users_that_are_taken_away_lose_nothing(tmp_path: Path) -> None:
    with Web(tmp_path) as web:
        web.post("/swarm", user_count=2, spawn_rate=10, seconds="60")
        web.comes_to(lambda audit: audit["phase"] == "sending" and audit["audit"]["heard"] > 20)
        web.post("/swarm", user_count=1, spawn_rate=10, seconds="60")
        ended = web.comes_to(is_over_for(""))
        assert "fewer users" in ended["outcome"]["reason"]
        assert (ended["outcome"]["exit_code"], ended["audit"]["lost"]) == (3, 0)


@pytest.mark.parametrize("path", ["/earwitness", "/earwitness/audit.json"])
def test_who_has_to_sign_in_for_locust_has_to_for_the_audit(path: str, tmp_path: Path) -> None:
    options = ("--web-login",)
    with Web(tmp_path, *options, locustfile=Path(__file__).with_name("signed_in_locustfile.py")) as web:
        _, html = web.get(path)
        # Locust's own page to sign in, to which it leads.
        assert "authArgs" in html and "audit" not in html.lower()


@pytest.mark.parametrize("processes", [(), TWO], ids=["1", "2"])
def test_deliveries_are_a_row_in_the_files_of_locust(processes: tuple[str, ...], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--headless", "--only-summary", "-u", "2", "--seconds", "2", "--rate", "20", *ports(),
         "--csv", "rows", "--html", "rows.html", "--results", "run.json", *processes],
        cwd=tmp_path, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    load = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["load"]
    assert load["audit"] == {"expected": 200, "heard": 200, **CLEAN}
    with (tmp_path / "rows_stats.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["Name"]: row for row in csv.DictReader(file)}
    counts = {name: int(row["Request Count"]) for name, row in rows.items()}
    assert counts == {"message-created": 200, "send-text": 40, "open inbox": 22, "Aggregated": 262}
    row = rows["message-created"]
    assert (row["Type"], row["Failure Count"]) == ("HEAR", "0")
    # Locust takes the value one rank further up, which where few lie far apart may be much more; but never beyond the next percentile.
    exactly = dict(load["distribution"])
    for percent in (50.0, 90.0, 99.0, 100.0):
        beyond = min((one for one in exactly if one > percent), default=100.0)
        shown = float(row[f"{percent:g}%"])
        assert is_as_rounded(shown, exactly[percent], exactly[beyond]), (percent, row, exactly)
    assert abs(float(row["Max Response Time"]) - load["latency_ms"]["max"]) <= 0.5
    page = (tmp_path / "rows.html").read_text(encoding="utf-8")
    shown = template_arguments(page)["requests_statistics"]
    assert {one["name"]: one["num_requests"] for one in shown} == counts


def template_arguments(page: str) -> dict[str, Any]:
    """What a page of Locust's shows."""
    found = re.search(r"window.templateArgs = (\{.*\})\s*$", page, re.MULTILINE)
    assert found is not None
    arguments: dict[str, Any] = json.loads(found[1])
    return arguments


def is_as_rounded(shown: float, low: float, high: float) -> bool:
    """Whether a figure of Locust lies between two exact ones: it keeps whole milliseconds, from 100 two digits."""
    return low - max(1.0, 0.06 * low) <= shown <= high + max(1.0, 0.06 * high)


def listening(port: int) -> set[str]:
    """The addresses on which somebody listens at ``port``, as the kernel writes them."""
    lines = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text(encoding="ascii").splitlines()[1:]
    ]
    return {
        local.partition(":")[0]
        for _, local, _, state, *_ in lines
        if state == "0A" and int(local.partition(":")[2], 16) == port
    }
