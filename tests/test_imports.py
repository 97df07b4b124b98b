"""Who may import whom (design, section 2): the rule is a table, and every import in the house is held against it.

The rule. A layer imports only layers that stand above it in ``LAYERS``, and of those only the ones on its line. ``checks``, ``world``,
``report``, ``verdict`` and ``member`` are pure: no I/O, no clock, no chance. Sockets and HTTP are in ``wire`` and in ``faults``, the
proxy in front of it; the reference server, which listens, has its own. The reference server knows ``spec`` and nothing else of ours,
and nothing of ours imports it, so that one bug cannot hide in both the judge and the judged. Locust is imported in ``load/`` only,
since it patches sockets when it is imported. An import inside a function, or for type checkers only, is an import.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]

_JUDGES = frozenset({"errors", "spec", "binding", "history", "world", "checks"})
_CARRIERS = _JUDGES | {"content", "verdict", "documents", "redact", "member", "wire"}

# A layer (a package or module of src/earwitness) and the layers it may import.
LAYERS: dict[str, frozenset[str]] = {
    "errors": frozenset(),
    "content": frozenset({"errors"}),
    "history": frozenset({"errors"}),
    "spec": frozenset({"errors", "content"}),
    "binding": frozenset({"errors", "spec"}),
    "world": _JUDGES - {"world", "checks"},
    "checks": _JUDGES - {"checks"},
    "verdict": _JUDGES,
    "report": _JUDGES | {"content", "verdict"},
    "documents": _JUDGES | {"content", "verdict"},
    "redact": frozenset({"errors", "history"}),
    "member": frozenset({"errors", "spec", "binding", "history"}),
    "wire": frozenset({"errors", "spec", "binding", "history", "member"}),
    "faults": frozenset({"errors"}),
    "deployment": _CARRIERS,
    "live": _CARRIERS | {"deployment", "faults"},
    "generated": _CARRIERS | {"deployment", "live"},
    "stories": _CARRIERS | {"deployment", "live"},
    # The engine of a load; the folder load/, which has Locust, is not this layer.
    "load": frozenset({"errors", "content", "history", "spec", "binding"}),
    "pytest_plugin": _CARRIERS | {"deployment", "live", "generated", "report", "stories"},
    "cli": _CARRIERS | {"deployment", "live", "generated", "load", "report"},
    "__main__": frozenset({"cli"}),
}

# A folder beside src/ and the layers it may import.
FOLDERS: dict[str, frozenset[str]] = {
    "reference_server": frozenset({"errors", "spec"}),
    "contracts": frozenset(LAYERS) - {"cli"},
    "scenarios": frozenset(LAYERS) - {"cli"},
    "load": frozenset(LAYERS) - {"cli"},
    "benchmarks": frozenset(LAYERS),
    "tests": frozenset(LAYERS),
}

PURE = frozenset({"checks", "world", "report", "verdict", "member"})
IMPURE_MODULES = (
    *("asyncio", "concurrent", "multiprocessing", "selectors", "signal", "subprocess", "threading"),
    *("ftplib", "http.client", "http.server", "httpx", "requests", "smtplib", "socket", "ssl", "urllib.request", "websockets"),
    *("fcntl", "glob", "io", "logging", "os", "shutil", "sqlite3", "sys", "tempfile"),
    *("random", "secrets", "time", "uuid.uuid1", "uuid.uuid4"),
)  # fmt: skip
IMPURE_CALLS = ("open", "print", "input", "datetime.now", "datetime.utcnow", "datetime.today", "date.today")

NETWORK_MODULES = ("aiohttp", "http.client", "httpx", "requests", "socket", "urllib.request", "urllib3", "websockets")  # fmt: skip
NETWORK_PLACES = frozenset({"wire", "faults", "reference_server/", "load/", "benchmarks/", "tests/"})
# Schemathesis carries its own requests, with the library of that name; the hooks that hold it to the policy reach into that.
# A port that is free for the masters of two loads at once is found by binding one.
NETWORK_EXCEPTIONS = {"src/earwitness/cli/load.py": "socket", "contracts/schemathesis_hooks.py": "requests"}
ENGINE_MODULES = ("locust", "gevent")
# Benchmarks run the sockets of a load, and those of other tools, as Locust would.
ENGINE_PLACES = frozenset({"load/", "benchmarks/"})


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file: the place it belongs to (a layer or a folder), its dotted name and its text."""

    place: str  # a layer (``load``), or a folder with a slash (``load/``)
    package: str  # the package that a relative import starts from
    label: str
    text: str


def sources(root: Path) -> Iterator[Source]:
    """Every Python file of ours below ``root``."""
    trees = [(root / "src", root / "src" / "earwitness"), *((root, root / folder) for folder in FOLDERS)]
    for base, tree in trees:
        for path in sorted(tree.rglob("*.py")):
            parts = path.relative_to(base).with_suffix("").parts
            place = f"{parts[0]}/" if parts[0] != "earwitness" else parts[1]
            package = ".".join(parts[:-1])
            yield Source(place, package, str(path.relative_to(root)), path.read_text(encoding="utf-8"))


def imported(source: Source, tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The line and dotted name of all that is imported; ``from a import b`` counts as ``a.b``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            above = source.package.split(".")
            base = [*above[: len(above) - node.level + 1], node.module] if node.level else [node.module]
            for alias in node.names:
                yield node.lineno, ".".join(part for part in (*base, alias.name) if part)


def called(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The line and the last two names of all that is called: ``datetime.datetime.now()`` is ``datetime.now``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, ".".join(ast.unparse(node.func).split(".")[-2:])


def is_of(name: str, modules: tuple[str, ...]) -> bool:
    """Whether ``name`` is one of ``modules`` or lies in one."""
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def faults(source: Source) -> Iterator[str]:
    """What ``source`` imports or calls against the rule, each as ``file:line: sentence``."""
    place = source.place.rstrip("/")
    allowed = FOLDERS.get(place) if source.place.endswith("/") else LAYERS.get(place)
    if source.place == "__init__":
        allowed = frozenset()
    if allowed is None:
        yield f"{source.label}:1: {source.place!r} is not in the table; say there what it may import"
        return
    tree = ast.parse(source.text)
    for line, name in imported(source, tree):
        at = f"{source.label}:{line}"
        head, _, rest = name.partition(".")
        layer = rest.partition(".")[0]
        if head == "earwitness" and layer in LAYERS and layer not in allowed | {place}:
            yield f"{at}: {place} may not import {layer}"
        measured = (head, source.place) == ("load", "benchmarks/")
        if head in FOLDERS and source.place not in (f"{head}/", "tests/") and not measured:
            yield f"{at}: {place} may not import {head}"
        excepted = NETWORK_EXCEPTIONS.get(source.label) == name.partition(".")[0]
        if is_of(name, NETWORK_MODULES) and source.place not in NETWORK_PLACES and not excepted:
            yield f"{at}: {place} may not import {name}: sockets and HTTP are in wire only"
        if is_of(name, ENGINE_MODULES) and source.place not in ENGINE_PLACES:
            yield f"{at}: {place} may not import {name}: it patches sockets, and belongs in load/"
        if is_of(name, IMPURE_MODULES) and source.place in PURE:
            yield f"{at}: {source.place} is pure and may not import {name}"
    if source.place in PURE:
        for line, name in called(tree):
            if name in IMPURE_CALLS:
                yield f"{source.label}:{line}: {source.place} is pure and may not call {name}"


def test_the_house_keeps_the_rule() -> None:
    found = list(sources(ROOT))
    assert {"errors", "spec", "history", "load", "load/", "tests/"} <= {source.place for source in found}
    broken = [fault for source in found for fault in faults(source)]
    assert not broken, "\n".join(broken)


def undeclared(found: list[Source], declared: set[str]) -> list[str]:
    """The imports of ``found`` from distributions that are not ``declared``, and come along by accident if at all."""
    providers = packages_distributions()
    faulty = []
    for source in found:
        for line, name in imported(source, ast.parse(source.text)):
            top = name.partition(".")[0]
            if top in sys.stdlib_module_names or top in FOLDERS or top == "earwitness":
                continue
            if not declared & {canonicalize_name(provider) for provider in providers.get(top, ())}:
                faulty.append(f"{source.label}:{line}: {top} is not among the dependencies in pyproject.toml")
    return faulty


def declared_dependencies(*, dev: bool) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(project["optional-dependencies"]["dev"] if dev else ())]
    return {canonicalize_name(Requirement(line).name) for line in lines}


@pytest.mark.parametrize("dev", [False, True], ids=["ours", "tests"])
def test_what_is_imported_is_declared(dev: bool) -> None:
    found = [source for source in sources(ROOT) if (source.place == "tests/") == dev]
    broken = undeclared(found, declared_dependencies(dev=dev))
    assert not broken, "\n".join(broken)


def test_an_undeclared_import_is_found() -> None:
    planted = [
        Source("cli", "earwitness.cli", "planted.py", "import json, typer\nimport mypy.api\nimport nowhere")
    ]
    assert undeclared(planted, declared_dependencies(dev=False)) == [
        "planted.py:2: mypy is not among the dependencies in pyproject.toml",
        "planted.py:3: nowhere is not among the dependencies in pyproject.toml",
    ]


def test_the_table_has_no_circle() -> None:
    TopologicalSorter(LAYERS).prepare()
    assert frozenset().union(*LAYERS.values(), *FOLDERS.values()) <= LAYERS.keys()


@pytest.mark.parametrize(
    ("place", "text", "fault"),
    [
        ("spec", "from earwitness.binding import load", "spec may not import binding"),
        ("spec", "import earwitness.world.rooms as rooms", "spec may not import world"),
        ("history", "from earwitness import spec", "history may not import spec"),
        ("binding", "from ..history import Entry", "binding may not import history"),
        ("binding", "def f():\n    from earwitness.history import Entry", "binding may not import history"),
        ("member", "from earwitness.wire import http", "member may not import wire"),
        ("wire", "from earwitness.deployment import files", "wire may not import deployment"),
        ("cli", "import reference_server.main", "cli may not import reference_server"),
        ("cli", "from earwitness import pytest_plugin", "cli may not import pytest_plugin"),
        ("live", "import httpx", "sockets and HTTP are in wire only"),
        ("deployment", "from http import client", "sockets and HTTP are in wire only"),
        ("wire", "from locust import User", "belongs in load/"),
        ("load", "import gevent", "belongs in load/"),
        ("load", "from earwitness.wire import Wire", "load may not import wire"),
        ("checks", "import time", "checks is pure and may not import time"),
        ("world", "from asyncio import run", "world is pure and may not import asyncio"),
        ("world", "from uuid import uuid4", "world is pure and may not import uuid.uuid4"),
        ("report", "import os.path", "report is pure and may not import os.path"),
        ("report", "text = open('x').read()", "report is pure and may not call open"),
        ("verdict", "now = datetime.datetime.now()", "verdict is pure and may not call datetime.now"),
        ("unheard_of", "x = 1", "'unheard_of' is not in the table"),
    ],
)
def test_a_planted_import_is_found(place: str, text: str, fault: str) -> None:
    planted = Source(place, f"earwitness.{place}", f"src/earwitness/{place}/planted.py", text)
    assert any(found.endswith(fault) or fault in found for found in faults(planted))


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (
            "spec",
            "from earwitness.errors import SpecError\nfrom .model import Spec\nfrom earwitness.spec import load",
        ),
        ("binding", "from earwitness.spec import Spec"),
        ("wire", "import httpx, websockets.asyncio.client, asyncio"),
        ("checks", "from datetime import datetime\ndatetime.fromisoformat('2026-01-01')\nimport timeit_like"),
        ("world", "from uuid import UUID"),
        ("cli", "from earwitness import __version__"),
        ("__init__", "from importlib.metadata import version"),
    ],
)
def test_what_the_rule_allows_is_not_reported(place: str, text: str) -> None:
    assert list(faults(Source(place, f"earwitness.{place}", "allowed.py", text))) == []


def test_every_folder_is_read_from_disk(tmp_path: Path) -> None:
    planted = {
        "src/earwitness/world/deep/bad.py": "src/earwitness/world/deep/bad.py:1: world is pure and may not import socket",
        "reference_server/apis/bad.py": "reference_server/apis/bad.py:2: reference_server may not import binding",
        "scenarios/test_bad.py": "scenarios/test_bad.py:1: scenarios may not import reference_server",
        "load/locustfile.py": "",
    }
    texts = (
        "import socket",
        "\nfrom earwitness.binding import x",
        "import reference_server",
        "import locust",
    )
    for name, text in zip(planted, texts, strict=True):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    found = [fault for source in sources(tmp_path) for fault in faults(source)]
    assert set(filter(None, planted.values())) <= set(found)
    assert not [fault for fault in found if "locustfile" in fault]
