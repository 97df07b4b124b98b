"""``earwitness load``, and plain Locust, from end to end: every delivery accounted for."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from earwitness.content import content_root
from reference_server.apis.fe16ops import Fe16ops
from tests.cli.loads import CLEAN, free_port, load, results
from tests.cli.runs import (
    COMMAND,
    LIMIT_S,
    earwitness,
    environment,
)
from tests.variants.servers import OtherShapes, Talkative, running


@pytest.mark.parametrize("processes", ["1", "2"])
def test_an_undamaged_server_loses_nothing(processes: str, tmp_path: Path) -> None:
    found, said = load(tmp_path, "smoke", "--seconds", "2", "--processes", processes, code=0)
    # Twenty messages, each for the five devices of the other member of its room.
    assert found["audit"] == {"expected": 100, "heard": 100, **CLEAN}
    assert found["generator"]["processes"] == int(processes)
    assert found["sockets"] == 22
    contract = found["contract"]
    assert (contract["answers"], contract["invalid"], contract["findings"]) == (20, 0, [])
    assert contract["frames"] >= 100 and contract["distinct"] <= 20 * int(processes)
    series = found["series"]
    assert series["due"][:2] == [10, 10]
    assert (sum(series["due"]), sum(series["acknowledged"]), sum(series["heard"])) == (20, 20, 100)
    assert {len(column) for column in series.values()} == {len(series["second"])}
    assert found["distribution"][-1] == [100.0, found["latency_ms"]["max"]]
    assert "fe16ops has only pairs" in found["note"]
    assert "fe16ops has only pairs" in said
    assert "greenlet" not in found["note"] + said
    own, of = found["generator"]["self_lag_ms"], found["generator"]["self_lag_of"]
    # Some sockets in each process have stamps, and each hears what one of the two in its room writes.
    assert of["deliveries"] in range(20, 81, 5) and 0 <= own["p50"] <= own["max"]
    assert "of that our own self-lag, ms" in said


@pytest.mark.parametrize("processes", ["1", "2"])
@pytest.mark.parametrize(
    ("defect", "wanted", "sequences"),
    [
        ("fe16ops-drops-every-hundredth", {"lost": 6}, [100, 200]),
        # The last digits of ids: 5 is told after 6, so of a pair one is late.
        ("fe16ops-swaps-pairs", {"reordered": 60}, list(range(5, 200, 10))),
    ],
)
def test_what_a_defect_does_is_counted_and_shown(
    defect: str, wanted: dict[str, int], sequences: list[int], processes: str, tmp_path: Path
) -> None:
    options = ("fan-out", "--listeners", "3", "--rate", "100", "--seconds", "2", "--defect", defect)
    found, said = load(tmp_path, *options, "--processes", processes, code=4)
    assert found["audit"] == {"expected": 600, "heard": 600 - wanted.get("lost", 0), **CLEAN, **wanted}
    (kind,) = wanted
    assert sorted(one["sequence"] for one in found["anomalies"]) == sequences
    assert all(one["kind"] == kind and one["sender"] == "a1" for one in found["anomalies"])
    assert all(sorted(one["listeners"]) == ["b1/1", "b1/2", "b1/3"] for one in found["anomalies"])
    assert f"{kind.upper()}  message {sequences[0]} of a1" in said
    assert f"MISSED     {kind} == 0" in said


def test_frames_and_answers_that_break_the_contract_are_counted_and_shown(tmp_path: Path) -> None:
    found, said = load(tmp_path, "smoke", "--seconds", "1", "--defect", "fe16ops-times-lack-a-zone", code=4)
    # Ten messages, each answered, and heard by five devices; as documented otherwise, so none is lost.
    assert found["audit"] == {"expected": 50, "heard": 50, **CLEAN}
    contract = found["contract"]
    assert (contract["answers"], contract["invalid"]) == (10, contract["frames"] + 10)
    assert {one["check"] for one in contract["findings"]} == {"frame-schema", "response-schema"}
    assert all("/message/created_at" in one["message"] for one in contract["findings"])
    assert "MISSED     invalid == 0" in said


@pytest.mark.parametrize("processes", ["1", "2"])
@pytest.mark.parametrize(
    ("defect", "wanted"),
    [
        ("fe16ops-new-message-twice", {"duplicated": 50}),
        ("fe16ops-new-message-to-everybody", {"misdelivered": 120}),
    ],
)
def test_copies_and_strays_are_told_apart(
    defect: str, wanted: dict[str, int], processes: str, tmp_path: Path
) -> None:
    # Ten messages for five devices each; ten devices of the other room and two of a bystander should hear none of them.
    options = ("smoke", "--seconds", "1", "--defect", defect, "--processes", processes)
    found, _ = load(tmp_path, *options, code=4)
    assert found["audit"] == {"expected": 50, "heard": 50, **CLEAN, **wanted}
    assert {one["kind"] for one in found["anomalies"]} == set(wanted)
    assert sum(len(one["listeners"]) for one in found["anomalies"]) == sum(wanted.values())


_SPOKEN = "about: said\nrooms: 2\nsenders: 2\nlisteners: 8\nbystanders: 1\nrate: 50\nseconds: 4\nsend: socket\nslo: [lost == 0, reordered == 0]\n"


@pytest.mark.parametrize("processes", ["1", "2"])
def test_texts_can_be_said_on_sockets_which_answer_nothing(processes: str, tmp_path: Path) -> None:
    (tmp_path / "said.yaml").write_text(_SPOKEN, encoding="utf-8")
    found, said = load(tmp_path, "said.yaml", "--processes", processes, code=0)
    assert found["audit"] == {"expected": 400, "heard": 400, **CLEAN}
    assert found["messages"] == {"acknowledged": 200, "unanswered": 0, "refused": 0, "unsent": 0}
    assert found["answer_ms"]["p50"] is None
    assert "which answer nothing" in said


@pytest.mark.parametrize("api", [OtherShapes, Talkative])
def test_another_correct_server_raises_no_alarm(api: type[Fe16ops], tmp_path: Path) -> None:
    (tmp_path / "said.yaml").write_text(_SPOKEN.replace("seconds: 4", "seconds: 1"), encoding="utf-8")
    with running(api) as hello:
        tokens = {f"{m['name'].upper()}_TOKEN": m["token"] for m in hello["members"]}
        members = {
            m["name"]: {"attributes": m["attributes"], "token": f"${{{m['name'].upper()}_TOKEN}}"}
            for m in hello["members"]
        }
        theirs = {"api": "fe16ops", "http": hello["http"], "members": members, "deadline": 2}
        levers = {"url": hello["levers"]["url"], "names": ["mint-member"]}
        allow = {"tiers": ["read", "write-own", "load"]}
        # JSON is YAML.
        (tmp_path / "theirs.yaml").write_text(json.dumps({**theirs, "levers": levers, "allow": allow}))
        for profile in ("smoke", "said.yaml"):
            done = earwitness(
                "load", profile, "--seconds", "1", "--deployment", "theirs.yaml", "--out", tmp_path / f"{profile[:5]}-run", cwd=tmp_path, extra=tokens
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
            found = results(tmp_path / f"{profile[:5]}-run")["load"]
            assert found["audit"]["heard"] > 0 and found["contract"]["invalid"] == 0
            assert all(one["note"] for one in found["contract"]["findings"])
            assert ("misreading of ours" in done.stderr) == (profile == "said.yaml")


def test_what_was_said_and_is_not_heard_is_lost(tmp_path: Path) -> None:
    (tmp_path / "said.yaml").write_text(_SPOKEN, encoding="utf-8")
    found, _ = load(tmp_path, "said.yaml", "--defect", "fe16ops-drops-every-hundredth", code=4)
    # Two of two hundred messages, each for the two devices of the other member of its room.
    assert found["audit"] == {"expected": 400, "heard": 396, **CLEAN, "lost": 4}
    assert [len(one["listeners"]) for one in found["anomalies"]] == [2, 2]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("smok", "--api", "fe16ops"), 2, "did you mean 'smoke'?"),
        (("smoke",), 2, "which API?"),
        (("smoke", "--api", "fe16opps"), 2, "did you mean 'fe16ops'?"),
        (("smoke", "--api", "fe16ops", "--defect", "fe16ops-swap-pairs"), 2, "did you mean 'fe16ops-swaps-pairs'?"),
        (("smoke", "--api", "fe16ops", "--members", "nobody.csv"), 2, "there is no file nobody.csv"),
        (("mine.yaml", "--api", "fe16ops"), 2, "mine.yaml:7: 'lots == 0': there is no metric 'lots'"),
        (("smoke", "--deployment", "staging.yaml"), 6, "does not allow load"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_before_anything_is_sent(
    arguments: tuple[str, ...], code: int, words: str, tmp_path: Path
) -> None:
    (tmp_path / "mine.yaml").write_text(
        "about: mine\nrooms: 1\nlisteners: 3\nrate: 2\nseconds: 4\nslo:\n  - lots == 0\n", encoding="utf-8"
    )
    (tmp_path / "staging.yaml").write_text(
        "api: fe16ops\nhttp: http://127.0.0.1:9\nmembers:\n  a: {attributes: {id: 1, username: a}, token: '${EW_TOKEN}'}\n",
        encoding="utf-8",
    )
    done = earwitness("load", *arguments, cwd=tmp_path, extra={"EW_TOKEN": "a-secret-0123456789"})
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "reports").exists()


def test_members_come_from_a_csv_file_and_their_tokens_go_nowhere(tmp_path: Path) -> None:
    server = subprocess.Popen(
        [*COMMAND, "serve", "fe16ops"], cwd=tmp_path, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    try:
        assert server.stdout is not None
        hello = json.loads(server.stdout.readline())
        rows = [(m["attributes"]["id"], m["attributes"]["username"], m["token"]) for m in hello["members"]]
        lines = ["id,username,token", *(f"{one},{name},{token}" for one, name, token in rows[:3])]
        (tmp_path / "members.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        options = ("--url", hello["http"], "--members", "members.csv", "--listeners", "2", "--seconds", "1")
        found, said = load(tmp_path, "fan-out", *options, code=0)
        assert found["audit"]["expected"] == found["audit"]["heard"] == 20
        written = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "run").iterdir())
        assert [name for _, name, token in rows if token in said + written] == []
    finally:
        server.terminate()
        server.wait(LIMIT_S)


def test_too_few_members_are_told(tmp_path: Path) -> None:
    (tmp_path / "members.csv").write_text("id,username,token\n1,a,0123456789\n", encoding="utf-8")
    options = ("--members", "members.csv", "--out", "run")
    done = earwitness("load", "smoke", "--api", "fe16ops", *options, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "has 1 members, and this profile needs 5" in done.stderr
    assert results(tmp_path / "run")["verdict"] == "usage"
    page = (tmp_path / "run" / "index.html").read_text(encoding="utf-8")
    assert "Nothing was measured" in page
    assert "has 1 members, and this profile needs 5" in page


def test_a_budget_is_kept(tmp_path: Path) -> None:
    (tmp_path / "staging.yaml").write_text(
        "api: fe16ops\nhttp: http://127.0.0.1:9\nallow: {tiers: [read, write-own, load]}\nbudget: {sockets: 5}\n"
        "members:\n  a: {attributes: {id: 1, username: a}, token: '${EW_TOKEN}'}\n",
        encoding="utf-8",
    )
    extra = {"EW_TOKEN": "a-secret-0123456789"}
    done = earwitness("load", "smoke", "--deployment", "staging.yaml", "--json", cwd=tmp_path, extra=extra)
    assert done.returncode == 6, done.stderr
    assert "asks for 22 sockets" in done.stderr
    assert json.loads(done.stdout)["verdict"] == "refused"


def test_a_terminal_shows_how_far_it_is_and_a_file_does_not(tmp_path: Path) -> None:
    screen, terminal = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "load", "smoke", "--api", "fe16ops", "--seconds", "3", "--out", "shown"],
        cwd=tmp_path, env={**environment(), "TERM": "xterm", "COLUMNS": "160"}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=terminal,
    )  # fmt: skip
    os.close(terminal)
    shown = b""
    with suppress(OSError):  # how a terminal says that the other side is gone
        while piece := os.read(screen, 65_536):
            shown += piece
    os.close(screen)
    assert process.wait(LIMIT_S) == 0
    assert process.stdout is not None and process.stdout.read() == b""
    process.stdout.close()
    assert b"sending: " in shown and b"of 30 messages due" in shown
    _, said = load(tmp_path, "smoke", "--seconds", "1", code=0)
    assert "sending: " not in said


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 0, "expected 100, heard 100; 0 lost"),
        (("--processes", "2", "-u", "2"), 0, "expected 100, heard 100; 0 lost"),
        (("--defect", "fe16ops-new-message-twice"), 4, "expected 100, heard 100; 0 lost, 100 duplicated"),
    ],
)
def test_plain_locust_does_the_same(
    arguments: tuple[str, ...], code: int, words: str, tmp_path: Path
) -> None:
    # Locust's own port for its processes is one for all loads of a machine.
    port = str(free_port())
    done = subprocess.run(
        [sys.executable, "-m", "locust", "-f", str(content_root() / "load" / "locustfile.py"), "--headless", "--only-summary", "-u", "1",
         "--run-time", "2s", "--master-bind-port", port, "--master-port", port, *arguments],
        cwd=tmp_path, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "message-created" in done.stdout + done.stderr
