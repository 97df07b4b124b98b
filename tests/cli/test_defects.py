"""A planted defect turns exactly its items red, is caught by the check it names, and is judged the same way again from the
history alone. (``earwitness prove`` does it for every defect there is; here is one of each kind of promise.)"""

from __future__ import annotations

from pathlib import Path

import pytest

from earwitness.content import content_root
from earwitness.deployment import list_defects
from tests.cli.runs import check
from tests.cli.test_checklist import judged_again, without_names

NAMES = (
    "fe16ops-edit-is-not-flagged",
    "fe16ops-file-message-unheard",
    "fe16ops-outsider-reads",
    "fe16ops-reactor-only",
    "fe16ops-start-again-makes-another",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_defect_turns_its_items_red_and_no_others(name: str, tmp_path: Path) -> None:
    (defect,) = (one for one in list_defects("fe16ops", content_root()) if one.id == name)
    assert defect.items
    run = check("fe16ops", "--only", "checklist", "--defect", name, folder=tmp_path / "run")
    assert run.code == 1, run.err
    assert {item for item, verdict in run.items.items() if verdict != "pass"} == set(defect.items)
    assert {run.items[item] for item in defect.items} == {"fail"}
    assert defect.check in run.checks
    assert "exit 1" in run.err.splitlines()[-1]
    assert run.is_whole()
    assert judged_again(run) == without_names(run.results)
