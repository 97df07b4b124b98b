"""A proof says which defects were caught by the check they name, and fails on anything that weakens that."""

from __future__ import annotations

import json
import signal
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from earwitness.cli.choose import Choice
from earwitness.cli.proof import Found, Proof, Proven, matrix, record, weigh
from earwitness.cli.prove import Prover, Run
from earwitness.content import api_names, content_root
from earwitness.deployment import PlantedDefect, list_defects
from earwitness.errors import ExitCode
from tests.cli.runs import COMMAND, earwitness, environment, schema_errors

LOST = PlantedDefect("x-lost", "x", "1", "delivery-lost", (), "An event is lost.")
TWICE = PlantedDefect("x-twice", "x", "2", "delivery-duplicate", (), "An event comes twice.")
CHECKS = ("delivery-lost", "delivery-duplicate")
CLEAN = Found({})
FOUND_LOST = Found({"delivery-lost": ("lost:a",)}, ("MSG-1",), case="scenarios/test_x.py::test_it")
FOUND_TWICE = Found({"delivery-duplicate": ("again:a",), "delivery-order": ("order:a",)})
ALL = {"x": CLEAN, "x-lost": FOUND_LOST, "x-twice": FOUND_TWICE}


def proven(**changed: Found) -> Proven:
    found = ALL | {name.replace("_", "-"): value for name, value in changed.items()}
    return weigh((LOST, TWICE), ("x",), found, CHECKS)


def defects_of(whole: Proven) -> list[dict[str, Any]]:
    """What results.json says of each defect."""
    found: Any = record("run", "earwitness prove x", whole)["defects"]
    return list(found)


def test_all_caught_and_nothing_else_found_is_a_proof() -> None:
    whole = proven()
    assert whole.exit_code is ExitCode.PASSED
    lines = list(matrix(whole))
    assert lines[0] == "caught  x-lost   delivery-lost"
    assert lines[1] == "caught  x-twice  delivery-duplicate  (also delivery-order)"
    assert lines[-1] == (
        "PROVEN: 2 of 2 defects caught by the check they name, 0 checks that none of them trips, 0 false alarms; exit 0"
    )


def test_a_defect_that_only_another_check_notices_is_missed() -> None:
    missed = proven(x_lost=Found({"delivery-duplicate": ("again:b",)}))
    assert missed.exit_code is ExitCode.FAILED
    assert missed.untripped == ("delivery-lost",)
    assert "MISSED  x-lost (clause 1): An event is lost." in list(matrix(missed))
    assert "UNPROVEN  delivery-lost: no defect trips it" in list(matrix(missed))


def test_a_known_miss_is_counted_with_its_reason_and_fails_nothing() -> None:
    known = replace(LOST, missed_because="nobody can see it")
    missed = weigh((known, TWICE), ("x",), ALL | {"x-lost": CLEAN}, ("delivery-duplicate",))
    lines = list(matrix(missed))
    assert missed.exit_code is ExitCode.PASSED
    assert "known miss  x-lost (clause 1): An event is lost. Missed because nobody can see it." in lines
    assert lines[-1].startswith("PROVEN: 1 of 2 defects caught")
    assert [one["missed_because"] for one in defects_of(missed)] == ["nobody can see it", ""]


@pytest.mark.parametrize(
    ("first", "second", "word", "runs"),
    [
        (FOUND_LOST, FOUND_LOST, "caught", ["x-lost"]),
        (CLEAN, FOUND_LOST, "caught at the second try", ["x-lost", "x-lost"]),
        (Found({}, broken="it was late"), FOUND_LOST, "caught at the second try", ["x-lost", "x-lost"]),
        (CLEAN, CLEAN, "MISSED", ["x-lost", "x-lost"]),
    ],
)
def test_what_is_missed_is_run_once_more(
    first: Found, second: Found, word: str, runs: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    done: list[str] = []

    def one(prover: Prover, run: Run, tries: int) -> Found:
        done.append(run.key)
        return first if tries == 1 else second

    monkeypatch.setattr(Prover, "_one", one)
    prover = Prover(Choice(apis=("x",)), tmp_path, full=False)
    ((_, found),) = prover.all([Run("x", LOST)], jobs=1)
    assert (Proof(LOST, found).word, done) == (word, runs)


def test_a_finding_on_the_undamaged_server_is_not_tried_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(Prover, "_one", lambda prover, run, tries: FOUND_LOST)
    ((_, found),) = Prover(Choice(apis=("x",)), tmp_path, full=False).all([Run("x")], jobs=1)
    assert found == FOUND_LOST


def test_a_check_that_no_defect_trips_fails_the_proof() -> None:
    alone = weigh((LOST,), ("x",), ALL, CHECKS)
    assert alone.untripped == ("delivery-duplicate",)
    assert alone.exit_code is ExitCode.FAILED


def test_a_finding_on_the_undamaged_server_fails_the_proof() -> None:
    alarmed = proven(x=Found({"delivery-lost": ("lost:b",)}))
    assert alarmed.false_alarms == ("x: lost:b",)
    assert alarmed.exit_code is ExitCode.FAILED


def test_a_run_that_could_not_be_done_is_no_verdict() -> None:
    broken = proven(x_lost=Found({}, broken="the server did not come up"))
    assert broken.exit_code is ExitCode.COULD_NOT_TEST
    assert "BROKEN  x-lost: the server did not come up" in list(matrix(broken))


def test_an_interrupted_proof_keeps_what_it_has() -> None:
    cut = weigh((LOST, TWICE), ("x",), {"x": CLEAN, "x-lost": FOUND_LOST}, CHECKS)
    assert cut.exit_code is ExitCode.INTERRUPTED
    assert cut.missing == ("x-twice",)
    kept = record("run", "earwitness prove x", cut)
    assert kept["not_run"] == ["x-twice"]
    assert kept["untripped"] == []
    assert [one["id"] for one in defects_of(cut)] == ["x-lost"]


def test_the_record_says_who_caught_what() -> None:
    kept = record("run", "earwitness prove x", weigh((replace(LOST, api="y"),), (), ALL, ()))
    assert kept["defects"] == [
        {
            "id": "x-lost",
            "api": "y",
            "check": "delivery-lost",
            "caught": True,
            "by": ["delivery-lost"],
            "clause": "1",
            "sentence": "An event is lost.",
            "items": ["MSG-1"],
            "case": "scenarios/test_x.py::test_it",
            "broken": "",
            "tries": 1,
            "missed_because": "",
        }
    ]


def test_defects_are_planted_and_caught_under_a_check_and_under_a_load(tmp_path: Path) -> None:
    names = ("fe16ops-reactor-only", "fe16ops-drops-every-hundredth")
    chosen = [word for name in names for word in ("--defect", name)]
    run = earwitness("prove", "fe16ops", *chosen, "--json", "--out", "proof", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert schema_errors(tmp_path / "proof" / "results.json", "results.schema.json") == []
    kept = json.loads(run.stdout)
    assert kept == json.loads((tmp_path / "proof" / "results.json").read_text(encoding="utf-8"))
    assert [(one["id"], one["caught"]) for one in kept["defects"]] == [(name, True) for name in names]
    assert kept["false_alarms"] == []
    assert (tmp_path / "proof" / "fe16ops-reactor-only" / "history.jsonl").stat().st_size
    assert "PROVEN: 2 of 2 defects" in run.stderr


def test_an_interrupt_ends_a_proof_with_what_there_is(tmp_path: Path) -> None:
    # The undamaged server takes longest; one of the defects is caught before.
    command = [*COMMAND, "prove", "fe16ops", "--jobs", "2", "--out", "proof"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("1/")
        process.send_signal(signal.SIGTERM)  # SIGINT may be ignored where the tests run in the background
        rest = process.stderr.read()
        assert process.wait() == 130, rest
    kept = json.loads((tmp_path / "proof" / "results.json").read_text(encoding="utf-8"))
    assert kept["verdict"] == "interrupted"
    assert kept["not_run"]
    assert "Traceback" not in rest


@pytest.mark.parametrize("name", ["fe16ops-reactor-onli", "nothing"])
def test_a_misspelt_defect_is_named_before_anything_is_started(name: str, tmp_path: Path) -> None:
    run = earwitness("prove", "fe16ops", "--defect", name, cwd=tmp_path)
    assert run.returncode == 2
    assert f"there is no defect '{name}'" in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_was_learned_is_of_defects_that_there_are() -> None:
    """A proof would only take longer, but a stale line looks like knowledge."""
    kept = json.loads(
        (content_root() / "reference_server/defects/caught-by.json").read_text(encoding="utf-8")
    )
    known = {defect.id for api in api_names() for defect in list_defects(api, content_root())}
    assert set(kept) <= known
    files = {case.partition("::")[0] for case in kept.values()}
    assert [file for file in files if not (content_root() / file).is_file()] == []
    assert "contracts/test_http.py" not in files
