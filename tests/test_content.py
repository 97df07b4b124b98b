"""The folders that a tool opens by path are found in a wheel and in a checkout, and never in a stale copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from earwitness import content
from earwitness.errors import CouldNotTest, UsageError

CHECKOUT = Path(__file__).resolve().parents[1]


def module_at(root: Path, *parts: str) -> Path:
    """An empty ``content.py`` in a folder below ``root``."""
    folder = root.joinpath(*parts)
    folder.mkdir(parents=True)
    module = folder / "content.py"
    module.touch()
    return module


def test_in_a_checkout_the_checkout_itself_is_read() -> None:
    assert content.content_root() == CHECKOUT


def test_an_installed_package_reads_the_copy_it_carries(tmp_path: Path) -> None:
    module = module_at(tmp_path, "site-packages", "earwitness")
    packaged = module.with_name("_content")
    packaged.mkdir()
    assert content._root_for(module) == packaged


def test_a_checkout_is_known_by_its_specs_and_its_pyproject(tmp_path: Path) -> None:
    module = module_at(tmp_path, "src", "earwitness")
    (tmp_path / "specs").mkdir()
    (tmp_path / "pyproject.toml").touch()
    assert content._root_for(module) == tmp_path


@pytest.mark.parametrize("present", ["specs", "pyproject.toml", ""])
def test_an_installation_without_its_content_says_what_is_missing(tmp_path: Path, present: str) -> None:
    module = module_at(tmp_path, "lib", "earwitness")
    if present:
        (tmp_path / present).mkdir()
    with pytest.raises(CouldNotTest) as caught:
        content._root_for(module)
    assert str(module.with_name("_content")) in str(caught.value)
    assert "install it again" in str(caught.value)


def test_an_api_is_a_folder_with_an_openapi_document(tmp_path: Path) -> None:
    for name in ("second", "first", "notes"):
        (tmp_path / name).mkdir()
    (tmp_path / "first" / "openapi.yaml").touch()
    (tmp_path / "second" / "openapi.yaml").touch()
    (tmp_path / "openapi.yaml").touch()
    (tmp_path / "third").mkdir()
    (tmp_path / "third" / "openapi.yaml").touch()
    (tmp_path / "third" / "DRAFT.md").touch()
    assert content._names_in(tmp_path, drafts=False) == ("first", "second")
    assert content._names_in(tmp_path, drafts=True) == ("third",)


def test_every_api_has_a_folder() -> None:
    names = content.api_names()
    assert "fe16ops" in names
    assert [content.spec_folder(name) for name in names] == [CHECKOUT / "specs" / name for name in names]


@pytest.mark.parametrize("name", ["fe16op", "FE16OPS", "fe16ops/", "../specs/fe16ops", ""])
def test_an_unknown_api_is_refused(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        content.spec_folder(name)
    assert f"unknown API {name!r}" in str(caught.value)
    assert "fe16ops" in str(caught.value)


def test_a_misspelt_api_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(UsageError, match="did you mean 'fe16ops'"):
        content.spec_folder("fe16opz")
