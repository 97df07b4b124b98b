"""What the record of a load holds besides its figures, and that no secret gets into it."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from earwitness.cli.sweep import write_swept
from earwitness.errors import CouldNotTest, ExitCode
from earwitness.redact import Redactor
from earwitness.report import LoadResult
from tests.cli.runs import earwitness, schema_errors
from tests.cli.theirs import theirs

_PROFILE = "about: mine\nrooms: 1\nlisteners: 3\nrate: 10\nseconds: 1\nslo: [lost == 0, invalid == 0]\n"


@contextmanager
def staging(folder: Path, *defects: str, **more: Any) -> Iterator[dict[str, str]]:
    """A deployment of theirs, ``staging.yaml``, and a profile of ours; yields the tokens by variable."""
    (folder / "mine.yaml").write_text(_PROFILE, encoding="utf-8")
    with theirs(folder / "staging.yaml", *defects, **more) as tokens:
        yield tokens


def results(folder: Path) -> dict[str, Any]:
    assert schema_errors(folder / "results.json", "results.schema.json") == []
    found: dict[str, Any] = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return found


def test_the_record_says_on_what_and_by_what_line_it_was_made(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(_PROFILE, encoding="utf-8")
    words = ("load", "mine.yaml", "--api", "fe16ops", "--out", "run")
    done = earwitness(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = results(tmp_path / "run")["load"]
    assert found["command"] == " ".join(("earwitness", *words))
    assert found["seed"] is None
    assert platform.python_version() in found["environment"]["python"]
    assert found["environment"]["platform"] == platform.platform()
    assert found["versions"] == {
        name: version(name) for name in ("earwitness", "locust", "gevent", "websockets")
    }
    page = (tmp_path / "run" / "index.html").read_text(encoding="utf-8")
    assert platform.platform() in page and version("locust") in page


def known(match: str, days: int = 1) -> dict[str, str]:
    return {"match": match, "reason": "mended in May", "expires": str(date.today() + timedelta(days))}


@pytest.mark.parametrize(
    ("failures", "code", "invalid"),
    [
        ([], 4, True),
        ([known("response-schema")], 4, True),
        ([known("response-schema"), known("frame-schema")], 0, False),
        ([known("response-schema"), known("frame-schema", -1)], 4, True),
    ],
    ids=["none", "answers", "both", "expired"],
)
def test_what_is_known_to_fail_is_not_invalid_under_load(
    failures: list[dict[str, str]], code: int, invalid: bool, tmp_path: Path
) -> None:
    with staging(tmp_path, "fe16ops-times-lack-a-zone", **{"known-failures": failures}) as tokens:
        words = ("load", "mine.yaml", "--deployment", "staging.yaml", "--out", "run")
        done = earwitness(*words, cwd=tmp_path, extra=tokens)
    assert done.returncode == code, done.stderr
    contract = results(tmp_path / "run")["load"]["contract"]
    assert (contract["invalid"] > 0) == invalid
    now = {one["match"] for one in failures if one["expires"] >= str(date.today())}
    assert {one["check"]: one.get("known", "") for one in contract["findings"]} == {
        check: "mended in May" if check in now else "" for check in ("frame-schema", "response-schema")
    }
    assert ("no longer applies" in done.stderr) == (len(now) < len(failures))


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_token_on_the_command_line_is_taken_out_of_the_report_and_fails_the_run(
    processes: str, tmp_path: Path
) -> None:
    with staging(tmp_path) as tokens:
        # Whoever has put a token into a file's name has it in the line that repeats the run.
        (tmp_path / f"{tokens['T0']}.yaml").write_text(_PROFILE, encoding="utf-8")
        words = (f"{tokens['T0']}.yaml", "--deployment", "staging.yaml", "--processes", processes)
        done = earwitness("load", *words, "--json", "--out", "run", cwd=tmp_path, extra=tokens)
    assert done.returncode == 3, done.stderr
    assert "a secret stood in index.html" in done.stderr
    written = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "run").iterdir())
    assert [token for token in tokens.values() if token in written + done.stdout + done.stderr] == []
    found = results(tmp_path / "run")
    assert (found["verdict"], found["exit_code"]) == ("could-not-test", 3)
    assert "a secret stood in" in found["load"]["reason"]
    # What was measured stands all the same.
    assert found["load"]["audit"]["expected"] == found["load"]["audit"]["heard"] == 30


SECRET = "sesame-0123456789"


def redactor() -> Redactor:
    made = Redactor()
    made.add(SECRET, "$TOKEN")
    return made


def test_a_clean_report_is_written_once(tmp_path: Path) -> None:
    written: list[str] = []

    def write(loads: Any, command: str) -> ExitCode:
        written.append(command)
        (tmp_path / "results.json").write_text(json.dumps(dict(loads[0].record)), encoding="utf-8")
        return ExitCode.BREACHED

    load = LoadResult({"profile": "smoke"}, ExitCode.BREACHED, "earwitness load smoke")
    assert write_swept(write, [load], "earwitness demo", tmp_path, redactor()) is ExitCode.BREACHED
    assert written == ["earwitness demo"]


def test_a_secret_that_stays_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    def write(_: Any, command: str) -> ExitCode:
        (tmp_path / "index.html").write_text(f"{command} {SECRET}", encoding="utf-8")
        return ExitCode.PASSED

    load = LoadResult({"profile": "smoke"}, ExitCode.PASSED, "earwitness load smoke")
    with pytest.raises(CouldNotTest, match=r"index\.html") as caught:
        write_swept(write, [load], "earwitness load smoke", tmp_path, redactor())
    assert SECRET not in str(caught.value)
