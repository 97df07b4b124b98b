"""Where the folders that a tool opens by path are: specs, suites, the reference server, load profiles, report templates."""

from __future__ import annotations

from pathlib import Path

from earwitness.errors import CouldNotTest, Problem, UsageError, nearest

# Beside an API's documents: what is missing before it can be checked.
DRAFT = "DRAFT.md"


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
    """The names of the APIs we can check, sorted: each is a folder in ``specs/`` that holds an ``openapi.yaml``, and no draft."""
    return _names_in(content_root() / "specs", drafts=False)


def draft_names() -> tuple[str, ...]:
    """The names of the APIs whose ``DRAFT.md`` says what is missing before they can be checked: they are left out where all APIs
    are meant, and have to be named."""
    return _names_in(content_root() / "specs", drafts=True)


def _names_in(specs: Path, *, drafts: bool) -> tuple[str, ...]:
    folders = (document.parent for document in specs.glob("*/openapi.yaml"))
    return tuple(sorted(folder.name for folder in folders if (folder / DRAFT).exists() is drafts))


def spec_folder(api: str) -> Path:
    """The folder of the API named ``api``.

    Raises:
        UsageError: there is no such API; it names the nearest one.
    """
    names = (*api_names(), *draft_names())
    if api not in names:
        raise UsageError(
            Problem(what=f"unknown API {api!r}", expected=" or ".join(api_names()), hint=nearest(api, names))
        )
    return content_root() / "specs" / api
