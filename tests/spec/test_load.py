"""A folder loads whole or not at all, and the error tells everything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from earwitness.errors import ExitCode, SpecError
from earwitness.spec import load_spec

if TYPE_CHECKING:
    from tests.spec.conftest import Api


def test_a_folder_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="there is no such folder") as caught:
        load_spec(tmp_path / "none")
    assert caught.value.exit_code is ExitCode.USAGE


def test_a_missing_file_is_named(api: Api) -> None:
    del api.files["asyncapi.yaml"]
    (problem,) = api.problems()
    assert str(problem).endswith("asyncapi.yaml: there is no such file")


@pytest.mark.parametrize("name", ["openapi.yaml", "asyncapi.yaml", "checklist.yaml"])
@pytest.mark.parametrize(
    "text, told",
    [("- a\n", "is a list"), ("12\n", "is a number"), ("", "is empty"), ("a: b: c\n", "not readable")],
)
def test_a_file_that_is_no_map_is_told_and_does_not_hide_the_others(
    api: Api, name: str, text: str, told: str
) -> None:
    other = "openapi.yaml" if name != "openapi.yaml" else "checklist.yaml"
    api.files[name] = text
    api.files[other] = "x-basis: [\n"
    problems = api.problems()
    files = [Path(p.where.file).name for p in problems if p.where]
    assert any(told in p.what for p in problems if p.where and p.where.file.endswith(name))
    assert other in files


def test_the_document_is_matched_by_method_and_path(api: Api) -> None:
    spec = api.load()
    found = spec.match("GET", "/rooms/7/")
    assert found is not None
    assert (found[0] is spec.operations["readRoom"], found[1]) == (True, {"room": "7"})
    assert spec.match("GET", "/login/") is None


def test_loading_twice_gives_the_same(api: Api) -> None:
    one, other = api.load(), api.load()
    assert list(one.operations) == list(other.operations)
    assert one.checklist == other.checklist
