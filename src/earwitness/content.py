"""Where the folders that a tool opens by path are: specs, suites, the reference server, load profiles, report templates."""

from __future__ import annotations

from pathlib import Path

from earwitness.errors import CouldNotTest, Problem, UsageError, nearest


def content_root() -> Path:
    """The folder that holds ``specs/``, ``contracts/``, ``scenarios/``, ``load/``, ``reference_server/`` and ``pytest.ini``.

    An installed package carries them beside this file, in ``_content``. A checkout (also when installed editable) has no such folder
    there, so it is always read itself, never a copy made when it was installed.

    Raises:
        CouldNotTest: this is neither; the installation is broken.
    """
    return _root_for(Path(__file__).resolve())


def _root_for(module: Path) -> Path:
    """The content root of the ``content.py`` at ``module``, an absolute path."""
    packaged = module.with_name("_content")
    if packaged.is_dir():
        return packaged
    checkout = module.parents[2]
    if (checkout / "specs").is_dir() and (checkout / "pyproject.toml").is_file():
        return checkout
    raise CouldNotTest(
        Problem(
            what=f"this installation of Earwitness has lost its specs: there is no {packaged}",
            expected="a wheel built by hatchling, or a checkout with specs/ and pyproject.toml",
            hint="install it again: pip install --force-reinstall earwitness",
        )
    )


def api_names() -> tuple[str, ...]:
    """The names of the APIs we have specs of, sorted: each is a folder in ``specs/`` that holds an ``openapi.yaml``."""
    return _names_in(content_root() / "specs")


def _names_in(specs: Path) -> tuple[str, ...]:
    return tuple(sorted(document.parent.name for document in specs.glob("*/openapi.yaml")))


def spec_folder(api: str) -> Path:
    """The folder of the API named ``api``.

    Raises:
        UsageError: there is no such API; it names the nearest one.
    """
    names = api_names()
    if api not in names:
        raise UsageError(
            Problem(what=f"unknown API {api!r}", expected=" or ".join(names), hint=nearest(api, names))
        )
    return content_root() / "specs" / api
