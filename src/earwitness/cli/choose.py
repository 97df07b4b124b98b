"""What a command line chose: which APIs, on which deployment; looked at before anything is started."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from earwitness.content import DRAFT, api_names, content_root, draft_names, spec_folder
from earwitness.deployment import declared_api, list_defects, load_deployment
from earwitness.documents import load_documents
from earwitness.errors import Problem, RefusedByPolicy, UsageError, nearest
from earwitness.live.discovery import discover


@dataclass(frozen=True, slots=True)
class Choice:
    """The APIs to test, and where: a deployment file, an address, or (neither) a reference server of our own; ``stories`` is how
    many are made up for each, None for as many as the ``effort`` asks for, 1 for the usual one; ``intrusive``: what needs that tier runs where a file allows it."""

    apis: tuple[str, ...]
    deployment: Path | None = None
    url: str = ""
    defects: tuple[str, ...] = ()
    database: Path | None = None
    seed: int = 1
    warnings: tuple[str, ...] = ()
    stories: int | None = None
    effort: float = 1.0
    paths: str = ""
    intrusive: bool = False

    def database_of(self, api: str) -> Path | None:
        """The database of one API's server: of several servers, each has a file of its own, which its API is added to the name of."""
        if self.database is None or len(self.apis) == 1:
            return self.database
        return self.database.with_stem(f"{self.database.stem}-{api}")


def choose(
    names: Sequence[str],
    every: bool,
    deployment: Path | None,
    url: str,
    defects: Sequence[str],
    database: Path | None,
    seed: str,
    paths: str = "",
    *,
    intrusive: bool = False,
) -> Choice:
    """What the options choose.

    Raises UsageError for what does not exist or does not go together, SpecError for documents that do not hold together,
    CouldNotTest when nothing answers at ``url``, RefusedByPolicy when ``intrusive`` is asked for and the deployment file does
    not allow it.
    """
    _together(deployment, url, defects, database, paths)
    apis = _apis(names, every, deployment)
    number = _seed(seed)
    warnings: tuple[str, ...] = ()
    drafts = tuple(
        f"{api} is a draft, and what it shows may be our own fault: specs/{api}/{DRAFT} says what is missing"
        for api in apis
        if api in draft_names()
    )
    for api in apis:
        documents = load_documents(api)
        if paths and paths not in documents.binding.paths:
            sets = ", ".join(documents.binding.paths) or "none but the documented paths"
            raise UsageError(
                Problem(
                    f"--paths {paths}: {api} has no such set of paths",
                    expected=sets,
                    hint=nearest(paths, documents.binding.paths),
                )
            )
        if deployment:
            loaded = load_deployment(deployment, os.environ, documents.binding.attributes, apis=api_names())
            if loaded.api != api:
                raise UsageError(Problem(f"{deployment} is a deployment of {loaded.api}, not of {api}"))
            if intrusive and "intrusive" not in loaded.tiers:
                hint = "if its owner agrees, add intrusive to allow: tiers: there"
                raise RefusedByPolicy(
                    Problem(f"{deployment} does not allow that", expected="the tier intrusive", hint=hint)
                )
            warnings = loaded.warnings
        elif url:
            discover(url, api)
        elif defects:
            known = [defect.id for defect in list_defects(api, content_root())]
            for defect in defects:
                if defect not in known:
                    raise UsageError(Problem(f"{api} has no defect {defect!r}", hint=nearest(defect, known)))
    told = (*drafts, *warnings)
    return Choice(
        apis, deployment, url, tuple(defects), database, number, told, paths=paths, intrusive=intrusive
    )


def _together(
    deployment: Path | None, url: str, defects: Sequence[str], database: Path | None, paths: str
) -> None:
    if deployment and url:
        raise UsageError(Problem("--deployment and --url both say where to test", expected="one of them"))
    hints = {
        "--defect": "plant it where that server is started: earwitness serve API --defect ID",
        "--db": "name it where that server is started: earwitness serve API --db FILE",
        "--paths": "a deployment file says it under `paths`; a reference server at --url says it itself",
    }
    asked = {"--defect": bool(defects), "--db": database is not None, "--paths": bool(paths)}
    for option, given in asked.items():
        if given and (deployment or url):
            raise UsageError(
                Problem(
                    f"{option} is for a reference server that we start ourselves",
                    expected=f"no {option} with --deployment or --url",
                    hint=hints[option],
                )
            )


def _apis(names: Sequence[str], every: bool, deployment: Path | None) -> tuple[str, ...]:
    if every and names:
        raise UsageError(Problem("--all and the name of an API", expected="one or the other"))
    for name in names:
        spec_folder(name)
    if every:
        return api_names()
    if names:
        return tuple(dict.fromkeys(names))
    if deployment:
        return (declared_api(deployment),)
    raise UsageError(Problem("which API?", expected=f"one or more of {', '.join(api_names())}, or --all"))


def _seed(text: str) -> int:
    if text == "random":
        return secrets.randbelow(1 << 31)
    if text.isascii() and text.isdigit() and len(text) <= 18:
        return int(text)
    raise UsageError(Problem(f"--seed {text!r}", expected="a whole number, or `random`"))
