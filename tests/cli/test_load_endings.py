"""``earwitness load`` ends however it comes to its end: interrupted, killed, without its server, its folder, or a process of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
from pathlib import Path

import pytest

from tests.cli.loads import CLEAN, results
from tests.cli.runs import Started, descendants, earwitness, until, words_of


class UnderWay(Started):
    """A load of half a minute that is going on."""

    def __init__(self, folder: Path, *arguments: str, profile: str = "fan-out") -> None:
        self.folder = folder
        options = [
            profile,
            "--api",
            "fe16ops",
            "--listeners",
            "20",
            "--rate",
            "20",
            "--out",
            str(folder),
            *arguments,
        ]
        super().__init__("load", *options, cwd=folder.parent)

    def is_sending(self) -> int:
        """Wait until the server holds the sockets and messages have come; returns the server's process."""
        # Twenty ears and two bystanders, the sender's own, which opens when the first message is due, that on which the room was started, the
        # listening one, and the two by which the server's event loop wakes itself.
        return self.has_sockets(27)

    def has_sockets(self, wanted: int) -> int:
        """Wait until the server holds so many sockets; returns its process."""

        def server() -> int:
            return next(
                (pid for pid in descendants(self.process.pid) if "-m reference_server" in words_of(pid)), 0
            )

        def sockets(pid: int) -> int:
            try:
                return sum("socket:" in str(fd.readlink()) for fd in Path(f"/proc/{pid}/fd").iterdir())
            except OSError:
                return 0  # one was closed while we looked, or the process is not there any more

        assert until(lambda: server() != 0 and sockets(server()) >= wanted)
        self.started = descendants(self.process.pid)
        return server()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("arguments", [(), ("--processes", "2")], ids=["one", "two"])
def test_an_interrupted_load_reports_what_there_was(
    arguments: tuple[str, ...], how: signal.Signals, tmp_path: Path
) -> None:
    with UnderWay(tmp_path / "run", *arguments) as under_way:
        under_way.is_sending()
        under_way.process.send_signal(how)
        code, said = under_way.ends()
        assert code == 130, said
        found = results(tmp_path / "run")
        assert found["verdict"] == "interrupted"
        assert found["load"]["audit"]["expected"] == found["load"]["audit"]["heard"]
        assert found["load"]["drained"] is False
        assert found["load"]["outcome"] == "interrupted"
        assert under_way.left_nobody(20)


def test_it_can_be_interrupted_while_sockets_open(tmp_path: Path) -> None:
    with UnderWay(tmp_path / "run", "--listeners", "2000") as under_way:
        under_way.has_sockets(50)
        under_way.process.send_signal(signal.SIGINT)
        code, said = under_way.ends()
        assert code == 130, said
        assert results(tmp_path / "run")["load"]["audit"]["lost"] == 0
        assert "Traceback" not in said
        assert under_way.left_nobody(20)


def test_a_process_that_goes_away_is_named_and_what_it_did_not_report_is_no_loss(tmp_path: Path) -> None:
    with UnderWay(tmp_path / "run", "--processes", "2") as under_way:
        under_way.is_sending()
        locust = [pid for pid in under_way.started if "locustfile.py" in words_of(pid)]
        worker = next(pid for pid in locust if not set(descendants(pid)) & set(locust))
        os.kill(worker, signal.SIGKILL)
        code, said = under_way.ends()
        assert code == 3, said
        found = results(tmp_path / "run")["load"]
        assert found["outcome"] == "died"
        assert f"process {worker} on {socket.gethostname()}" in found["reason"]
        assert "went away" in found["reason"] and "it had 11 of 22 sockets" in found["reason"]
        assert found["audit"] == {**found["audit"], **CLEAN}
        assert under_way.left_nobody(20)


def test_a_folder_that_vanishes_is_told_and_not_in_a_traceback(tmp_path: Path) -> None:
    with UnderWay(tmp_path / "run") as under_way:
        under_way.is_sending()
        shutil.rmtree(tmp_path / "run")
        under_way.process.send_signal(signal.SIGINT)
        code, said = under_way.ends()
        assert code == 3, said
        assert "results.json cannot be written: No such file" in said
        assert "Traceback" not in said
        assert under_way.left_nobody(20)


def test_too_few_descriptors_are_told(tmp_path: Path) -> None:
    few = "import os, resource, sys; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)); os.execv(sys.argv[1], sys.argv[1:])"
    options = ("--api", "fe16ops", "--listeners", "200", "--out", "run")
    done = earwitness("load", "fan-out", *options, cwd=tmp_path, through=(sys.executable, "-c", few))
    assert done.returncode == 3, done.stderr
    assert "a process may hold 64 open files" in done.stderr
    assert "Traceback" not in done.stderr
    assert results(tmp_path / "run")["load"]["outcome"] == "died"


@pytest.mark.parametrize("form", ["http", "socket"])
def test_a_server_that_dies_ends_the_load(form: str, tmp_path: Path) -> None:
    about = "about: mine\nrooms: 1\nlisteners: 20\nbystanders: 2\nrate: 20\nseconds: 30\nslo: [lost == 0]\n"
    (tmp_path / "mine.yaml").write_text(f"{about}send: {form}\n", encoding="utf-8")
    with UnderWay(tmp_path / "run", profile="mine.yaml") as under_way:
        os.kill(under_way.is_sending(), signal.SIGKILL)
        code, said = under_way.ends()
        assert code == 3, said
        found = results(tmp_path / "run")["load"]
        assert found["outcome"] == "died"
        assert "cannot be reached" in found["reason"]
        # The ears, and the socket on which texts are said.
        assert sum(map(len, found["closed"].values())) == (22 if form == "http" else 23)
        assert found["audit"] == {**found["audit"], **CLEAN}
        assert under_way.left_nobody(20)


@pytest.mark.parametrize("arguments", [(), ("--processes", "2")], ids=["one", "two"])
def test_a_killed_command_line_leaves_nobody_behind(arguments: tuple[str, ...], tmp_path: Path) -> None:
    with UnderWay(tmp_path / "run", *arguments) as under_way:
        under_way.is_sending()
        under_way.process.kill()
        under_way.process.wait()
        assert under_way.left_nobody(20)
