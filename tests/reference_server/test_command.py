"""The command: one line when it listens, one line when it can't, and an end in good order."""

from __future__ import annotations

import contextlib
import io
import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from reference_server import defects
from reference_server.command import run

PATIENCE_SECONDS = 30


class Server:
    """`python -m reference_server fe16ops` as a process."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "reference_server", "fe16ops", *options],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        # A server that says nothing must not hold up the tests for ever.
        watch = threading.Timer(PATIENCE_SECONDS, self.process.kill)
        watch.start()
        line = self.process.stdout.readline()
        watch.cancel()
        assert line, self.process.communicate()[1]
        self.hello: dict[str, Any] = json.loads(line)

    def headers(self, n: int) -> dict[str, str]:
        return {"Authorization": f"Token {self.hello['members'][n]['token']}"}

    def post(self, n: int, path: str, **body: object) -> httpx.Response:
        return httpx.post(f"{self.hello['http']}/api/messaging{path}", json=body, headers=self.headers(n))

    def contents(self) -> list[str]:
        """What was said in conversation 1, oldest first."""
        found: list[str] = []
        link = f"{self.hello['http']}/api/messaging/conversations/1/"
        while link:
            page = httpx.get(link, headers=self.headers(0)).json()
            found += [message["content"] for message in page["messages"]]
            link = page["next"]
        return found[::-1]

    def end(self) -> tuple[int, str, str]:
        """Exit code, and what else came on stdout and stderr."""
        out, err = self.process.communicate(timeout=PATIENCE_SECONDS)
        return self.process.returncode, out, err


@contextmanager
def server(*options: str) -> Iterator[Server]:
    running = Server(*options)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.communicate()


def test_one_line_says_everything() -> None:
    with server("--members", "zoe,yan", "--defect", "fe16ops-reactor-only") as running:
        hello = running.hello
        address = hello["allow_hosts"][0]
        assert address.startswith("127.0.0.1:")
        assert (hello["http"], hello["ws"]) == (f"http://{address}", f"ws://{address}")
        assert [member["name"] for member in hello["members"]] == ["zoe", "yan"]
        assert hello["defects"] == ["fe16ops-reactor-only"]
        assert httpx.get(f"{hello['levers']['url']}/hello").json() == hello


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_good_order_with_sockets_open(number: signal.Signals) -> None:
    with server() as running:
        token = running.hello["members"][1]["token"]
        with connect(f"{running.hello['ws']}/ws/messaging/?token={token}"):
            assert running.post(0, "/start-conversation/", receiver_id=2).status_code == 201
            running.process.send_signal(number)
            assert running.end() == (0, "", "")


def test_it_ends_when_stdin_does() -> None:
    with server("--until-stdin-closes") as running:
        assert running.process.stdin is not None
        running.process.stdin.write("anything\n")
        running.process.stdin.flush()
        assert running.post(0, "/start-conversation/", receiver_id=2).status_code == 201
        assert running.end() == (0, "", "")  # communicate() closes stdin


def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    options = ("--db", str(tmp_path / "chat.sqlite"))
    acknowledged: list[str] = []
    with server(*options) as running:
        members = running.hello["members"]
        running.post(0, "/start-conversation/", receiver_id=2)
        enough = threading.Event()

        def send() -> None:
            with (
                contextlib.suppress(httpx.TransportError),
                httpx.Client(headers=running.headers(0)) as client,
            ):
                for n in range(2000):
                    address = f"{running.hello['http']}/api/messaging/conversations/1/messages/"
                    if client.post(address, json={"content": str(n)}).status_code == 201:
                        acknowledged.append(str(n))
                    if n == 50:
                        enough.set()

        sender = threading.Thread(target=send)
        sender.start()
        assert enough.wait(PATIENCE_SECONDS)
        running.process.kill()  # in the middle of it
        sender.join(PATIENCE_SECONDS)
    assert len(acknowledged) > 50
    with server(*options) as again:
        assert again.hello["members"] == members
        survived = again.contents()
        # One more may have been written whose answer was never read.
        assert survived[: len(acknowledged)] == acknowledged
        assert len(survived) <= len(acknowledged) + 1


def refused(*argv: str) -> tuple[int, str]:
    """Exit code and error of a command that must not start; nothing may come on stdout."""
    out, err = io.StringIO(), io.StringIO()
    code = run(argv, out, err)
    assert out.getvalue() == ""
    assert len(err.getvalue().splitlines()) == 1, err.getvalue()
    return code, err.getvalue()


@pytest.mark.parametrize(
    "argv, words",
    [
        ((), "required: api"),
        (("fe16op",), "there is no API 'fe16op'; did you mean 'fe16ops'?"),
        (("fe16ops", "--defect", "fe16ops-outsider-read"), "did you mean 'fe16ops-outsider-reads'?"),
        (("fe16ops", "--host", "0.0.0.0"), "for this machine only; expected 127.0.0.1"),
        (("fe16ops", "--host", "example.test"), "expected a loopback address"),
        (("fe16ops", "--port", "70000"), "expected a number from 0 to 65535"),
        (("fe16ops", "--port", "http"), "expected a number from 0 to 65535"),
        (("fe16ops", "--members", "alice,alice"), "a name is there twice"),
        (("fe16ops", "--members", "alice,two words"), "can't be a member's name"),
        (("fe16ops", "--db", "nowhere/at/all.sqlite"), "there is no folder"),
        (("fe16ops", "--colour"), "unrecognized arguments: --colour"),
    ],
)
def test_what_has_to_be_mended(argv: tuple[str, ...], words: str) -> None:
    code, error = refused(*argv)
    assert code == 2
    assert words in error


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("x" * 1000)
    code, error = refused("fe16ops", "--db", str(notes))
    assert (code, "not a database" in error) == (2, True)


def test_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, error = refused("fe16ops", "--port", str(port))
    assert (code, f"--port {port}: in use already" in error) == (3, True)


def test_what_can_be_planted_is_listed() -> None:
    out = io.StringIO()
    assert run(["fe16ops", "--list-defects"], out, io.StringIO()) == 0
    listed = json.loads(out.getvalue())
    files = {path.stem.replace("_", "-") for path in Path(defects.__file__).parent.glob("fe16ops_*.py")}
    assert [each["id"] for each in listed] == sorted(files)
    assert {"id", "api", "clause", "check", "items", "sentence", "load_only", "missed_because"} == set(
        listed[0]
    )
