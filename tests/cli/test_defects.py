"""A planted defect turns exactly its items red, is caught by the check it names, and is judged the same way again from the
history alone. (``earwitness prove`` does it for every defect there is; here is one of each kind of promise.)"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from earwitness.content import content_root
from earwitness.deployment import list_defects
from tests.cli.runs import Run, check
from tests.cli.test_checklist import judged_again, without_names

NAMES = (
    "fe16ops-edit-is-not-flagged",
    "fe16ops-file-message-unheard",
    "fe16ops-outsider-reads",
    "fe16ops-reactor-only",
    "fe16ops-start-again-makes-another",
)


def test_a_defect_turns_its_items_red_and_no_others(tmp_path: Path) -> None:
    planted = {one.id: one for one in list_defects("fe16ops", content_root()) if one.id in NAMES}
    assert set(planted) == set(NAMES)
    assert all(one.items for one in planted.values())
    # Two at a time: most of such a run is waiting for what does not come.
    with ThreadPoolExecutor(2) as pool:
        runs = dict(zip(NAMES, pool.map(lambda name: with_defect(name, tmp_path / name), NAMES), strict=True))
    red = {name: {item: v for item, v in run.items.items() if v != "pass"} for name, run in runs.items()}
    assert red == {name: dict.fromkeys(one.items, "fail") for name, one in planted.items()}
    assert [name for name, run in runs.items() if planted[name].check not in run.checks] == []
    assert {name: run.code for name, run in runs.items()} == dict.fromkeys(NAMES, 1)
    for run in runs.values():
        assert "exit 1" in run.err.splitlines()[-1]
        assert run.is_whole()
        assert judged_again(run) == without_names(run.results)


def with_defect(name: str, folder: Path) -> Run:
    return check("fe16ops", "--only", "checklist", "--defect", name, folder=folder)
