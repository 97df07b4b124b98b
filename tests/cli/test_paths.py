"""An API that its document spells in two ways is checked at both, by the same suites."""

from __future__ import annotations

from pathlib import Path

from earwitness.documents import load_documents
from earwitness.history import Request
from tests.cli.runs import check


def test_the_checklist_passes_at_the_addresses_of_the_documents_client(tmp_path: Path) -> None:
    run = check(
        "connectify", "--only", "checklist", "--paths", "client", "--json", folder=tmp_path / "client"
    )
    assert run.code == 0, run.err
    assert run.api["findings"] == []
    assert set(run.items.values()) <= {"pass", "not-run"}
    documents = load_documents("connectify")
    other = documents.binding.paths["client"]
    asked = {
        (entry.operation, entry.url.rstrip("/").rpartition("/")[2])
        for entry in run.history
        if isinstance(entry, Request)
    }
    # What is spelt in two ways was asked for in the client's, and in no other.
    for operation, path in other.items():
        assert {last for one, last in asked if one == operation} == {path.rstrip("/").rpartition("/")[2]}
