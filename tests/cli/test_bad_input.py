"""What a user can get wrong is told in a few clear words, with the nearest right one, before anything is started."""

from __future__ import annotations

import errno
import re
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from earwitness import documents
from earwitness.cli import main
from earwitness.content import spec_folder
from tests.cli.runs import earwitness

Said = Callable[..., tuple[int, str]]


@pytest.fixture
def said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Said]:
    """Runs the command line in this process; gives its exit code and what people read. Nothing may go to stdout."""
    monkeypatch.chdir(tmp_path)
    before = signal.getsignal(signal.SIGTERM)

    def run(*arguments: str | Path) -> tuple[int, str]:
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert out == ""
        assert "Traceback" not in err
        return code, err

    yield run
    signal.signal(signal.SIGTERM, before)
    assert not (tmp_path / "reports").exists(), "a run was begun"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "fe16opz"], "unknown API 'fe16opz'.*did you mean 'fe16ops'"),
        (["serve", "fe16opz"], "unknown API 'fe16opz'.*did you mean 'fe16ops'"),
        (["prove", "fe16opz"], "unknown API 'fe16opz'.*did you mean 'fe16ops'"),
        (["chek"], "chek.*check"),
        (["check", "fe16ops", "--onyl", "checklist"], "--onyl.*--only"),
        (["check", "fe16ops", "--only", "checklst"], "--only 'checklst'.*did you mean 'checklist'"),
        (
            ["check", "fe16ops", "--defect", "fe16ops-reactor-onlyy"],
            "no defect.*did you mean 'fe16ops-reactor-only'",
        ),
        (["explain", "delivery-losst"], "no check 'delivery-losst'.*did you mean 'delivery-lost'"),
        (["check"], "which API.*fe16ops"),
        (["check", "--all", "fe16ops"], "--all and the name of an API"),
        (["check", "fe16ops", "--seed", "one"], "--seed 'one'.*a whole number, or `random`"),
        (["check", "fe16ops", "--seed", "-1"], "--seed"),
        (["check", "fe16ops", "--deployment", "staging.yaml"], "staging.yaml: there is no such file"),
        (["check", "--deployment", "staging.yaml"], "staging.yaml: there is no such file"),
        (
            ["check", "fe16ops", "--deployment", "a.yaml", "--url", "http://127.0.0.1:1"],
            "--deployment and --url",
        ),
        (
            ["check", "fe16ops", "--url", "http://127.0.0.1:1", "--defect", "x"],
            "--defect is for a reference server",
        ),
        (["check", "fe16ops", "--url", "http://127.0.0.1:1", "--db", "x"], "--db is for a reference server"),
        (
            ["check", "connectify", "--url", "http://127.0.0.1:1", "--paths", "client"],
            "--paths is for a reference server.*under `paths`",
        ),
        (["check", "connectify", "--paths", "cliend"], "no such set of paths.*did you mean 'client'"),
        (["check", "fe16ops", "--paths", "client"], "fe16ops has no such set of paths"),
        (
            ["check", "fe16ops", "--url", "localhost"],
            "'localhost' is no address: it has no scheme.*http://127.0.0.1:8000",
        ),
        (
            ["check", "fe16ops", "--url", "ftp://127.0.0.1"],
            "'ftp://127.0.0.1' is no address: its scheme is none of",
        ),
        (
            ["check", "fe16ops", "--url", "ws://127.0.0.1:8000"],
            "is the address of a socket.*http://127.0.0.1:8000",
        ),
        (["check", "fe16ops", "--url", "http://127.0.0.1:0"], "0 is no port"),
        (["serve", "fe16ops", "--port", "99999"], "--port.*65535"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_slip_is_met_with_the_nearest_right_word(arguments: list[str], words: str, said: Said) -> None:
    code, err = said(*arguments)
    assert code == 2
    assert re.search(words, err, re.DOTALL), err
    assert len(err.splitlines()) <= 6, "few words"


def test_a_deployment_of_another_api_is_not_taken_for_this_one(said: Said, tmp_path: Path) -> None:
    file = tmp_path / "staging.yaml"
    file.write_text("api: fe16opz\nhttp: https://staging.example.com\n", encoding="utf-8")
    assert said("check", "--deployment", file) == (2, said("check", "fe16opz")[1])


def test_nothing_is_disturbed_that_the_deployment_file_does_not_allow(said: Said, tmp_path: Path) -> None:
    file = tmp_path / "staging.yaml"
    members = "{alice: {attributes: {id: 1, username: alice}, token-file: t}}"
    (tmp_path / "t").write_text("alice-0123456789")
    file.write_text(f"api: fe16ops\nhttp: http://127.0.0.1:9\nmembers: {members}\n")
    code, err = said("check", "--deployment", file, "--intrusive")
    assert code == 6
    assert "does not allow that" in err and "add intrusive to allow: tiers:" in err


def test_a_deployment_file_that_is_no_good_is_told_with_file_and_line(said: Said, tmp_path: Path) -> None:
    file = tmp_path / "staging.yaml"
    lines = [
        "api: fe16ops",
        "htpp: https://staging.example.com",
        "members:",
        "  alice:",
        "    token: secret-in-the-file",
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    code, err = said("check", "fe16ops", "--deployment", file)
    assert code == 2
    assert re.search(rf"{file}:2: unknown key 'htpp'\n.*did you mean 'http'", err), err
    assert re.search(rf"{file}:5: .*written out in the file", err)
    assert "secret-in-the-file" not in err


def test_an_address_where_nothing_answers_cannot_be_tested(said: Said) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    code, err = said("check", "fe16ops", "--url", f"http://127.0.0.1:{port}")
    assert code == 3
    assert f"http://127.0.0.1:{port} cannot be reached" in err
    assert "start it, or mend --url" in err


# -- where a run is written -------------------------------------------------------------------------------------------


def test_a_folder_that_is_not_empty_is_left_alone(said: Said, tmp_path: Path) -> None:
    precious = tmp_path / "out" / "precious.txt"
    precious.parent.mkdir()
    precious.write_text("mine", encoding="utf-8")
    code, err = said("check", "fe16ops", "--out", precious.parent)
    assert code == 2
    assert f"{precious.parent} is not empty" in err
    assert "name another --out" in err
    assert [path.name for path in precious.parent.iterdir()] == ["precious.txt"]


def test_a_file_is_no_folder_to_write_to(said: Said, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        code, err = said("check", "fe16ops", "--out", out)
        assert code == 2
        assert f"{out} cannot be written to: " in err


@pytest.mark.parametrize("call", ["mkdir", "touch", "iterdir"])
def test_a_folder_without_permission_is_told_in_one_line(
    call: str, said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    real = getattr(Path, call)

    def refused(self: Path, *arguments: object, **options: object) -> object:
        if out in (self, self.parent):
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return real(self, *arguments, **options)

    monkeypatch.setattr(Path, call, refused)
    code, err = said("check", "fe16ops", "--out", out)
    assert code == 2
    assert f"{out} cannot be written to: Permission denied" in err.splitlines()[0]


def test_a_full_disk_is_told_in_one_line(tmp_path: Path) -> None:
    # No file may grow beyond 60 kB, as if the disk were full then; the history alone wants several times as much.
    command = ["sh", "-c", 'ulimit -f 120; exec "$@"', "sh"]
    done = earwitness(
        "check", "fe16ops", "--only", "checklist", "--out", tmp_path / "run", cwd=tmp_path, through=command
    )
    assert done.returncode == 3
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("earwitness: ")]
    assert re.fullmatch(rf"earwitness: {tmp_path}/run/\S+ cannot be written: File too large", line)
    assert "Traceback" not in done.stderr + done.stdout
    assert max(path.stat().st_size for path in (tmp_path / "run").iterdir() if path.is_file()) <= 61_440


# -- documents --------------------------------------------------------------------------------------------------------


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of an API's documents that is read instead of them."""
    folder = tmp_path / "specs" / "fe16ops"
    shutil.copytree(spec_folder("fe16ops"), folder)
    monkeypatch.setattr(documents, "spec_folder", lambda api: folder)
    return folder


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("openapi.yaml", "paths:\n", "paths: [\n", "YAML|expected"),
        ("openapi.yaml", "#/components/schemas/Message", "#/components/schemas/Massage", "Massage.*did you mean.*Message"),
        ("openapi.yaml", "required: true", "required: perhaps", "required.*expected"),
        ("asyncapi.yaml", "address: /ws/messaging/", "address: [7]", "address.*expected"),
        ("binding.yaml", "verbs:\n", "verbs:\n  sendtext: {}\n", "sendtext.*did you mean 'send-text'"),
        ("checklist.yaml", "clause: \"5.AUTH\"", "clause: \"9.AUTH\"", "9.AUTH"),
    ],
)  # fmt: skip
def test_a_document_with_an_error_is_told_with_file_and_line(
    file: str, old: str, new: str, words: str, copied: Path, said: Said
) -> None:
    path = copied / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    line = text[: text.index(old)].count("\n") + 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    code, err = said("check", "fe16ops")
    assert code == 2
    places = [int(n) for n in re.findall(rf"{re.escape(file)}:(\d+)", err)]
    assert any(line <= place <= line + 3 for place in places), err
    assert re.search(words, err, re.DOTALL), err


def test_a_document_that_is_missing_is_told(copied: Path, said: Said) -> None:
    (copied / "binding.yaml").unlink()
    code, err = said("check", "fe16ops")
    assert code == 2
    assert "binding.yaml" in err
