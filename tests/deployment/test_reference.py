"""The reference server comes up, or says why not; and it never outlives us."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import earwitness
from earwitness.content import content_root
from earwitness.deployment import Account, ReferenceServer, account_of, reference_deployment
from earwitness.errors import CouldNotTest, UsageError
from earwitness.history import Json

HELLO: dict[str, Json] = {
    "api": "fe16ops",
    "http": "http://127.0.0.1:1234",
    "ws": "ws://127.0.0.1:1234",
    "members": [{"name": "alice", "attributes": {"id": 1}, "token": "alice-0123456789"}],
    "levers": {"url": "http://127.0.0.1:1234/__reference__", "names": ["mint-member", "rows"]},
}
GREET = f"print({json.dumps(HELLO)!r}, flush=True)\n"
WAIT = "sys.stdin.buffer.read()\n"

Fake = Callable[[str], Path]


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    """A content folder whose reference server does what the code says."""

    def made(code: str) -> Path:
        package = tmp_path / "content" / "reference_server"
        package.mkdir(parents=True)
        body = textwrap.dedent(code)
        (package / "__main__.py").write_text(f"import os, signal, sys, time\n{body}", encoding="utf-8")
        return package.parent

    return made


def gone(pid: int, within_s: float = 20) -> bool:
    """Whether the process ``pid``, which is not our child, ends in time."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":  # dead; whoever adopted it has not looked yet
            return True
        time.sleep(0.02)
    return False


def test_a_greeting_becomes_a_deployment(fake: Fake) -> None:
    with ReferenceServer.start("fe16ops", content=fake(GREET + WAIT)) as server:
        assert server.alive()
        assert server.deployment == reference_deployment(HELLO)
    assert not server.alive()
    assert server.deployment.http == "http://127.0.0.1:1234"


def test_what_a_greeting_says() -> None:
    deployment = reference_deployment(HELLO)
    assert deployment.accounts == (Account("alice", {"id": 1}, "alice-0123456789"),)
    assert not deployment.foreign
    assert deployment.deadline_ms == 2_000
    assert deployment.allow_hosts == {"127.0.0.1:1234"}
    assert deployment.tiers == {"read", "write-own", "intrusive", "load"}
    assert deployment.levers_url == "http://127.0.0.1:1234/__reference__"
    assert deployment.levers == {"mint-member", "rows"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"http": None}, "no scheme"),
        ({"members": {}}, "members and levers.names are lists"),
        ({"members": ["alice"]}, "a member is no object"),
        ({"members": [{"name": 1}]}, "a member has a name and a token"),
        ({"levers": [1]}, "levers is no object"),
    ],
)
def test_a_greeting_that_says_too_little_is_refused(change: dict[str, Json], words: str) -> None:
    with pytest.raises(CouldNotTest, match=words):
        reference_deployment({**HELLO, **change})
    with pytest.raises(CouldNotTest, match="it has no 'api'"):
        reference_deployment({key: value for key, value in HELLO.items() if key != "api"})


def test_an_account_may_sign_in_by_credentials() -> None:
    account = account_of(
        {"name": "al", "attributes": {}, "credentials": {"username": "al", "password": "12 34"}}
    )
    assert account == Account("al", {}, "", {"username": "al", "password": "12 34"})


def test_the_server_is_told_what_to_do(fake: Fake, tmp_path: Path) -> None:
    content = fake("print(sys.argv[1:], sys.path[:2], file=sys.stderr, flush=True)\n" + GREET + WAIT)
    with ReferenceServer.start("rooms", defects=("a", "b"), db=tmp_path / "x.db", content=content) as server:
        pass
    said = server.last_words()
    assert (
        f"['rooms', '--port', '0', '--until-stdin-closes', '--defect', 'a', '--defect', 'b', '--db', '{tmp_path}/x.db']"
        in said
    )
    assert f"['{content}', '{Path(earwitness.__file__).parents[1]}']" in said


def test_what_lies_in_the_current_folder_is_not_started(
    fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = fake(GREET + WAIT)
    decoy = tmp_path / "elsewhere" / "reference_server"
    decoy.mkdir(parents=True)
    (decoy / "__main__.py").write_text("raise SystemExit('decoy')", encoding="utf-8")
    monkeypatch.chdir(decoy.parent)
    with ReferenceServer.start("fe16ops", content=content) as server:
        assert server.alive()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("sys.exit('no room at the inn')", ("ended at once with exit code 1", "no room at the inn")),
        ("raise RuntimeError('broken inside')", ("exit code 1", "RuntimeError: broken inside")),
        ("os.kill(os.getpid(), signal.SIGKILL)", ("was killed by signal 9",)),
        (
            "print('hello there', flush=True)\n" + WAIT,
            ("greeted with 'hello there', which is no JSON object",),
        ),
        ("print('[1]', flush=True)\n" + WAIT, ("greeted with '[1]'",)),
        ("print('{}', flush=True)\n" + WAIT, ("it has no 'members'",)),
        ("print('[' * 900_000, flush=True)\n" + WAIT, ("greeted with '[[[",)),
        ("sys.stdout.buffer.write(b'\\xff\\xfe' * 2_000_000)\n" + WAIT, ("which is no JSON object",)),
    ],
)
def test_a_server_that_does_not_come_up_says_why(fake: Fake, code: str, words: tuple[str, ...]) -> None:
    with pytest.raises(CouldNotTest) as caught:
        ReferenceServer.start("fe16ops", content=fake(code))
    assert [word for word in words if word not in str(caught.value)] == []


def test_a_server_that_is_silent_is_not_waited_for_forever(fake: Fake, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    code = (
        f"open({str(mark)!r}, 'w').write(str(os.getpid()))\nprint('still thinking', file=sys.stderr, flush=True)\n"
        + WAIT
    )
    with pytest.raises(CouldNotTest, match=r"did not come up within 1\.5 seconds") as caught:
        ReferenceServer.start("fe16ops", content=fake(code), limit_s=1.5)
    assert "still thinking" in str(caught.value)
    assert gone(int(mark.read_text(encoding="utf-8")))


def test_what_the_server_refuses_is_a_mistake_of_usage(fake: Fake) -> None:
    code = "print('reference_server: unknown defect', file=sys.stderr)\nsys.exit(2)"
    with pytest.raises(UsageError, match=r"^unknown defect$"):
        ReferenceServer.start("fe16ops", content=fake(code))


def test_a_folder_without_a_server_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CouldNotTest, match="No module named reference_server"):
        ReferenceServer.start("fe16ops", content=tmp_path)


def test_a_server_that_dies_later_leaves_its_last_words(fake: Fake) -> None:
    code = (
        GREET
        + "sys.stdin.buffer.readline()\nfor i in range(99): print('line', i, 'x' * 700, file=sys.stderr)\nos._exit(7)\n"
    )
    with ReferenceServer.start("fe16ops", content=fake(code)) as server:
        assert server.alive()
        assert server._process.stdin
        server._process.stdin.write(b"\n")
        server._process.stdin.flush()
        server._process.wait(20)
        server._readers[1].join(20)
        assert not server.alive()
        words = server.last_words()
        assert "line 98" in words
        assert "line 50" not in words
        assert len(words) < 20_000


def test_a_server_that_talks_too_much_is_not_blocked(fake: Fake) -> None:
    code = GREET + "for _ in range(400): print('x' * 10_000); print('y' * 10_000, file=sys.stderr)\n" + WAIT
    with ReferenceServer.start("fe16ops", content=fake(code)) as server:
        started = time.monotonic()
    assert server._process.returncode == 0
    assert time.monotonic() - started < 15


def test_stopping_is_final_and_can_be_repeated(fake: Fake) -> None:
    server = ReferenceServer.start("fe16ops", content=fake(GREET + WAIT))
    threads = [threading.Thread(target=server.stop) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    server.stop()
    assert server._process.returncode == 0  # reaped, and by its own will
    assert not Path(f"/proc/{server._process.pid}").exists()


@pytest.mark.parametrize(
    ("code", "ended"),
    [
        ("time.sleep(600)", -signal.SIGTERM),
        ("signal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(600)", -signal.SIGKILL),
    ],
)
def test_a_server_that_does_not_listen_is_ended_by_force(
    fake: Fake, code: str, ended: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earwitness.deployment.reference._PATIENCE_S", 0.3)
    body, _, rest = code.rpartition("\n")
    server = ReferenceServer.start("fe16ops", content=fake(f"{body}\n{GREET}{rest}\n"))
    server.stop()
    assert server._process.returncode == ended


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(fake: Fake) -> None:
    with ReferenceServer.start("fe16ops", content=fake(GREET + WAIT)) as server:
        assert os.getpgid(server._process.pid) == server._process.pid
        assert os.getsid(server._process.pid) != os.getsid(0)


@pytest.mark.parametrize("real", [False, True])
def test_the_server_ends_when_we_are_killed(fake: Fake, real: bool) -> None:
    content = content_root() if real else fake(GREET + WAIT)
    code = (
        "import sys; from pathlib import Path; from earwitness.deployment import ReferenceServer\n"
        f"server = ReferenceServer.start('fe16ops', content=Path({str(content)!r}))\n"
        "print(server._process.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert parent.stdin
    assert parent.stdout
    try:
        server = int(parent.stdout.readline())
        os.kill(server, 0)
    finally:
        parent.kill()
        parent.wait()
        parent.stdin.close()
        parent.stdout.close()
    assert gone(server)


def test_the_real_server_comes_up_and_goes(tmp_path: Path) -> None:
    with ReferenceServer.start("fe16ops", db=tmp_path / "chat.db", content=content_root()) as server:
        deployment = server.deployment
        assert deployment.api == "fe16ops"
        assert {"alice", "bob", "carol"} <= {account.name for account in deployment.accounts}
        assert all(account.token and account.attributes["id"] for account in deployment.accounts)
        assert "mint-member" in deployment.levers
    assert server._process.returncode == 0
    assert (tmp_path / "chat.db").exists()


def test_the_real_server_refuses_a_defect_nobody_planted() -> None:
    with pytest.raises(UsageError, match="no-such-defect"):
        ReferenceServer.start("fe16ops", defects=("no-such-defect",), content=content_root())
