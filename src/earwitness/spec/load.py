"""Loads ``specs/<api>/``: reads its documents, checks that they hold together, and tells everything that does not."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from earwitness.errors import Problem, SpecError, Where
from earwitness.spec.asyncapi import read_asyncapi
from earwitness.spec.checklist import read_checklist, read_clauses
from earwitness.spec.model import Checklist, Spec
from earwitness.spec.openapi import read_openapi
from earwitness.spec.reading import Reader
from earwitness.spec.refs import Node, open_folder
from earwitness.spec.routes import Routes
from earwitness.spec.validate import check_schemas

_FILES: Final = ("openapi.yaml", "asyncapi.yaml", "checklist.yaml")


def load_spec(folder: Path) -> Spec:
    """The API that the documents in ``folder`` describe: ``openapi.yaml``, ``asyncapi.yaml``, ``checklist.yaml``, and
    siblings that they refer to. Nothing is ever fetched.

    Raises SpecError with every problem in all of them, each with file and line.
    """
    if not folder.is_dir():
        raise SpecError(
            Problem("there is no such folder", Where(str(folder)), "a folder such as specs/fe16ops")
        )
    documents = open_folder(folder, _FILES)
    openapi, asyncapi, listed = (_root(documents.root(name)) for name in _FILES)
    reader = Reader(documents, None)
    for document in documents.documents.values():
        for problem in document.problems:
            reader.report(problem)
    for name in _FILES:
        root = documents.root(name)
        if root is not None and not isinstance(root.value, dict):
            reader.object(root, name)

    clauses = {} if listed is None else read_clauses(reader, listed)
    reader.clauses = None if listed is None or listed.get("clauses") is None else clauses
    checklist = Checklist({}, clauses) if listed is None else read_checklist(reader, listed, clauses)
    title, operations = ("", {}) if openapi is None else read_openapi(reader, openapi)
    channels = {} if asyncapi is None else read_asyncapi(reader, asyncapi)
    check_schemas(reader, tuple(root for root in (openapi, asyncapi) if root is not None))
    if reader.problems:
        raise SpecError(*sorted(reader.problems, key=_place))

    routes = Routes.of((each.id, each.method, each.path) for each in operations.values())
    return Spec(folder.resolve().name, folder, title, operations, channels, checklist, routes)


def _root(node: Node | None) -> Node | None:
    return node if node is not None and isinstance(node.value, dict) else None


def _place(problem: Problem) -> tuple[str, int]:
    return (problem.where.file, problem.where.line) if problem.where else ("", 0)
