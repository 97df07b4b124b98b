"""Never a false alarm: a correct back end that is not ours passes, whatever it decides where the document is silent."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from earwitness.content import content_root
from earwitness.documents import load_documents
from earwitness.errors import ExitCode
from earwitness.history import read_history
from earwitness.verdict import ApiVerdict, Verdict
from reference_server.apis.fe16ops import Fe16ops
from tests.variants.servers import Impatient, Loose, OtherShapes, Talkative, running


def check(hello: Mapping[str, Any], folder: Path, *suites: str, intrusive: bool = False) -> ApiVerdict:
    """What Earwitness says, by these ``suites`` or all, of the deployment that ``hello`` greets from, as somebody else's. (Not
    with generated requests: they take long, and what they find does not depend on what a back end decides.)"""
    members = {
        m["name"]: {"attributes": m["attributes"], "token": f"${{{m['name'].upper()}_TOKEN}}"}
        for m in hello["members"]
    }
    file = folder / "deployment.yaml"
    described = {"api": hello["api"], "http": hello["http"], "deadline": 2, "members": members}
    if intrusive:
        described["allow"] = {"tiers": ["read", "write-own", "intrusive"]}
    # JSON is YAML.
    file.write_text(
        json.dumps(
            described
            | {
                "levers": {
                    "url": hello["levers"]["url"],
                    "names": ["mint-member", "expired-token", "move-clock"],
                }
            }
        )
    )
    tokens = {f"{m['name'].upper()}_TOKEN": m["token"] for m in hello["members"]}
    content = content_root()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", str(content / "pytest.ini"), "-p", "no:cacheprovider", "-p", "no:randomly",
         "-p", "no:xdist", "-p", "earwitness.pytest_plugin", "--deployment", str(file), "--api", hello["api"],
         "--run-dir", str(folder), *(["--intrusive"] if intrusive else []),
         *(str(content / suite) for suite in suites or ("scenarios", "contracts")),
         "--ignore", str(content / "contracts" / "test_http.py")],
        cwd=folder, env={**os.environ, **tokens}, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    assert (folder / "history.jsonl").exists(), done.stdout + done.stderr
    return load_documents(hello["api"]).judge(read_history(folder / "history.jsonl"))


@pytest.mark.parametrize("variant", [OtherShapes, Talkative, Loose], ids=lambda variant: variant.__name__)
def test_a_correct_back_end_of_somebody_else_passes(variant: type[Fe16ops], tmp_path: Path) -> None:
    with running(variant) as hello:
        verdict = check(hello, tmp_path)
    failed = [f"{f.check}: {f.expected} / {f.heard}" for f in verdict.findings]
    red = [
        f"{i.id}: {i.verdict} {i.reason}"
        for i in verdict.items
        if i.verdict not in (Verdict.PASS, Verdict.NOTE)
    ]
    assert (failed, red, verdict.exit_code) == ([], [], ExitCode.PASSED)


@pytest.mark.parametrize("variant", [OtherShapes, Talkative, Impatient], ids=lambda variant: variant.__name__)
def test_a_correct_back_end_of_somebody_else_passes_on_a_bad_way(
    variant: type[Fe16ops], tmp_path: Path
) -> None:
    with running(variant) as hello:
        verdict = check(hello, tmp_path, "contracts/test_faults.py", intrusive=True)
    assert [f"{f.check}: {f.expected} / {f.heard}" for f in verdict.findings] == []
    assert {case.verdict for case in verdict.cases} <= {Verdict.PASS, Verdict.NOTE}


def test_the_ways_to_somebody_elses_back_end_are_left_alone_unless_that_is_allowed(tmp_path: Path) -> None:
    with running(Fe16ops) as hello:
        verdict = check(hello, tmp_path, "contracts/test_faults.py")
    assert {case.verdict for case in verdict.cases} == {Verdict.NOT_RUN}
    assert {"intrusive" in case.reason for case in verdict.cases} == {True}
