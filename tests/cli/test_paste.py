"""Lines that repeat a finding run as they stand: pasted into bash, with the tokens exported, on a deployment that is still there."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.runs import COMMAND, LIMIT_S, Run, check, environment

# A websocat for those who have none: what of it our lines use.
WEBSOCAT = f"""#!{sys.executable}
import os, pathlib, sys
from websockets.sync.client import connect
stays = "-n" in sys.argv[1:]
headers = [tuple(word[3:].split(": ", 1)) for word in sys.argv[1:] if word.startswith("-H=")]
url = next(word for word in sys.argv[1:] if not word.startswith("-"))
with connect(url, additional_headers=headers) as socket:
    (pathlib.Path(os.environ["OPENED"]) / str(os.getpid())).touch()
    for line in sys.stdin:
        socket.send(line.rstrip("\\n"))
    if stays:
        for message in socket:
            print(message, flush=True)
"""

# A second is enough for a person's machine; on a busy one it lasts until all who are to listen do.
SLEEP = """#!/usr/bin/env bash
for _ in $(seq 200); do
    [ "$(ls "$OPENED" | wc -l)" -ge "$LISTENERS" ] && break
    /bin/sleep 0.1
done
exec /bin/sleep "$@"
"""


@dataclass(frozen=True, slots=True)
class Pasted:
    """A run, the tokens of its members, and a PATH on which there is a websocat."""

    run: Run
    tokens: Mapping[str, str]
    path: str

    def paste(self, lines: str, folder: Path) -> str:
        """Run ``lines`` in bash; whoever was listening in the background is given a second more, then stopped."""
        # What the listeners' pipes still hold is told before the shell goes.
        script = f"{lines}\nsleep 1\nkill $(jobs -p) 2>/dev/null\nwait\n"
        opened = folder / "opened"
        shutil.rmtree(opened, ignore_errors=True)
        opened.mkdir()
        listeners = {"OPENED": str(opened), "LISTENERS": str(lines.count("websocat -n"))}
        shell = subprocess.Popen(
            ["bash", "--norc", "-c", script],
            cwd=folder, env={**self.tokens, **listeners, "PATH": self.path, "LC_ALL": "C.UTF-8"}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        try:
            shell.wait(LIMIT_S)
        finally:
            # Who still listens holds on to the pipe that is read below.
            with suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)
        return shell.communicate(timeout=LIMIT_S)[0]


@pytest.fixture(scope="module")
def pasted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pasted]:
    """A run on a server with a planted bug, with accounts of its own as a deployment file names them; the server stays."""
    folder = tmp_path_factory.mktemp("paste")
    server = subprocess.Popen(
        [*COMMAND, "serve", "fe16ops", "--defect", "fe16ops-reactor-only"],
        cwd=folder, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        hello = json.loads(server.stdout.readline())
        tokens = {f"{one['name'].upper()}_TOKEN": one["token"] for one in hello["members"]}
        members = {
            one["name"]: {"attributes": one["attributes"], "token": f"${{{one['name'].upper()}_TOKEN}}"}
            for one in hello["members"]
        }
        # JSON is YAML.
        file = folder / "staging.yaml"
        file.write_text(
            json.dumps({"api": "fe16ops", "http": hello["http"], "ws": hello["ws"], "members": members})
        )
        run = check("--deployment", file, "--only", "checklist", folder=folder / "run", extra=tokens)
        assert run.code == 1, run.err
        bin_ = folder / "bin"
        bin_.mkdir()
        for name, text in (("websocat", WEBSOCAT), ("sleep", SLEEP)):
            (bin_ / name).write_text(text, encoding="utf-8")
            (bin_ / name).chmod(0o755)
        yield Pasted(run, tokens, f"{bin_}:{os.environ['PATH']}")
    finally:
        server.terminate()
        server.wait(LIMIT_S)


def test_the_lines_of_a_finding_show_it_again(pasted: Pasted, tmp_path: Path) -> None:
    finding = next(one for one in pasted.run.api["findings"] if one["check"] == "delivery-lost")
    lines = finding["reproduce"]
    told = pasted.paste(lines, tmp_path)
    # The reaction is taken; who must hear of it hears nothing.
    assert "HTTP/1.1 200" in told, (lines, told)
    assert "hears: /" in lines
    assert " hears: " not in told, told


def test_the_lines_would_show_what_was_heard(pasted: Pasted, tmp_path: Path) -> None:
    item = next(one for one in pasted.run.api["items"] if one["id"] == "MSG-2")
    told = pasted.paste(item["reproduce"], tmp_path)
    assert "HTTP/1.1 201" in told, (item["reproduce"], told)
    assert [line for line in told.splitlines() if " hears: " in line and "new_message" in line], (
        item["reproduce"],
        told,
    )


def test_the_lines_of_items_are_answered_as_they_were(pasted: Pasted, tmp_path: Path) -> None:
    wanted = {"AUTH-1": "HTTP/1.1 401", "AUTH-2": "HTTP/1.1 404", "CONV-1": "HTTP/1.1 200"}
    items = {one["id"]: one for one in pasted.run.api["items"]}
    told = {name: pasted.paste(items[name]["reproduce"], tmp_path) for name in wanted}
    assert [name for name, status in wanted.items() if status not in told[name]] == [], told
