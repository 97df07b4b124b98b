"""``earwitness load`` over TLS: the listener bank hears there as it does without."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.runs import COMMAND, LIMIT_S, earwitness, environment, schema_errors
from tests.load.certificates import contexts


@contextmanager
def tls_before(port: int, context: ssl.SSLContext) -> Iterator[int]:
    """The port of a proxy that speaks TLS, and passes on what is said to ``port``."""
    ready = threading.Event()
    found: list[tuple[int, asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pass_on(reader, there[1]), pass_on(there[0], writer))

    async def serve() -> None:
        over = asyncio.Event()
        server = await asyncio.start_server(take, "127.0.0.1", 0, ssl=context)
        found.append((server.sockets[0].getsockname()[1], asyncio.get_running_loop(), over))
        ready.set()
        await over.wait()
        server.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(LIMIT_S)
    its_port, loop, over = found[0]
    try:
        yield its_port
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(LIMIT_S)


def test_a_load_over_tls_is_heard_in_the_bank(tmp_path: Path) -> None:
    context, _ = contexts(tmp_path)
    server = subprocess.Popen(
        [*COMMAND, "serve", "fe16ops"], cwd=tmp_path, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    try:
        assert server.stdout is not None
        hello = json.loads(server.stdout.readline())
        with tls_before(int(hello["http"].rsplit(":", 1)[1]), context) as port:
            members, secrets = [], {}
            for number, member in enumerate(hello["members"][:3]):
                secrets[f"EW_TOKEN_{number}"] = member["token"]
                members.append(
                    f"  m{number}: {{attributes: {json.dumps(member['attributes'])}, token: '${{EW_TOKEN_{number}}}'}}"
                )
            (tmp_path / "staging.yaml").write_text(
                f"api: fe16ops\nhttp: https://127.0.0.1:{port}\nws: wss://127.0.0.1:{port}\nca-file: certificate.pem\n"
                "allow: {tiers: [read, write-own, load]}\nmembers:\n" + "\n".join(members) + "\n",
                encoding="utf-8",
            )
            options = ("--listeners", "40", "--rate", "10", "--seconds", "2", "--out", "run")
            done = earwitness(
                "load", "fan-out", "--deployment", "staging.yaml", *options, cwd=tmp_path, extra=secrets
            )
        assert done.returncode == 0, done.stderr
        assert schema_errors(tmp_path / "run" / "results.json", "results.schema.json") == []
        found = json.loads((tmp_path / "run" / "results.json").read_text(encoding="utf-8"))["load"]
        assert found["audit"]["expected"] == found["audit"]["heard"] == 800
        assert "greenlet" not in found["note"]
        # The kernel tells of bytes when they were received, whatever is in them.
        assert found["generator"]["self_lag_of"]["deliveries"] in range(80, 161, 20)
        assert found["closed"] == {}
    finally:
        server.terminate()
        server.wait(LIMIT_S)
