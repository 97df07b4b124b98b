"""What we hand out: the wheel carries all that a tool opens by path and nothing else, and the locks name no host."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
CONTENT = (
    *("specs", "contracts", "scenarios", "load", "reference_server"),
    *("reports/templates", "reports/schema", "reports/examples"),
)
LINTERS = ROOT / ".ci" / "spec-linters"


@dataclass(frozen=True, slots=True)
class Built:
    """Files by name, each with its bytes: of a wheel made from the tree, of the sdist, and of a wheel made from that sdist."""

    wheel: dict[str, bytes]
    sdist: dict[str, bytes]
    wheel_of_sdist: dict[str, bytes]


def build(target: str, tree: Path, into: Path) -> Path:
    """The one archive that hatchling makes of ``tree``."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(into)]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    (archive,) = into.iterdir()
    return archive


def wheel_files(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as wheel:
        names = wheel.namelist()
        assert len(names) == len(set(names))
        return {name: wheel.read(name) for name in names}


def sdist_files(archive: Path) -> dict[str, bytes]:
    """Without the folder that an sdist puts everything into."""
    with tarfile.open(archive) as sdist:
        opened = {member.name: sdist.extractfile(member) for member in sdist.getmembers() if member.isfile()}
        return {name.partition("/")[2]: file.read() for name, file in opened.items() if file}


def write(files: dict[str, bytes], folder: Path) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    work = tmp_path_factory.mktemp("built")
    wheel = wheel_files(build("wheel", ROOT, work / "wheel"))
    packed = sdist_files(build("sdist", ROOT, work / "sdist"))
    write(packed, work / "unpacked")
    return Built(wheel, packed, wheel_files(build("wheel", work / "unpacked", work / "again")))


def on_disk(folder: str) -> Iterator[str]:
    """The names, relative to the project, of the files in ``folder`` that are anybody's work."""
    for path in (ROOT / folder).rglob("*"):
        if path.is_file() and path.suffix != ".pyc":
            yield path.relative_to(ROOT).as_posix()


def test_the_wheel_holds_the_package_and_its_content_and_nothing_else(built: Built) -> None:
    package = {name.removeprefix("src/") for name in on_disk("src/earwitness")}
    content = {f"earwitness/_content/{name}" for folder in CONTENT for name in on_disk(folder)}
    held = {name for name in built.wheel if ".dist-info/" not in name}
    assert held == package | content | {"earwitness/_content/pytest.ini"}


def test_the_wheel_holds_no_leavings(built: Built) -> None:
    leavings = {
        "__pycache__",
        "runs",
        "tests",
        "node_modules",
        ".venv",
        ".hypothesis",
        ".pytest_cache",
        ".mypy_cache",
    }
    assert [name for name in built.wheel if leavings & set(PurePosixPath(name).parts)] == []
    kinds = {PurePosixPath(name).suffix for name in built.wheel if ".dist-info/" not in name}
    assert kinds & {".pyc", ".db", ".sqlite", ".log"} == set()


def test_the_sdist_holds_what_its_readers_need(built: Built) -> None:
    needed = {
        "README.md",
        "CHANGELOG.md",
        "Makefile",
        "requirements.lock",
        "pytest.ini",
        "tests/test_packaging.py",
    }
    assert needed <= built.sdist.keys()
    assert [name for name in built.sdist if "__pycache__" in name or "node_modules" in name] == []


def test_a_wheel_made_from_the_sdist_is_the_same(built: Built) -> None:
    assert built.wheel_of_sdist == built.wheel


def test_the_command_and_the_types_are_declared(built: Built) -> None:
    (entry_points,) = (text for name, text in built.wheel.items() if name.endswith("entry_points.txt"))
    assert "earwitness = earwitness.cli:main" in entry_points.decode()
    assert "earwitness/py.typed" in built.wheel


def test_an_installed_package_reads_its_own_content(built: Built, tmp_path: Path) -> None:
    write(built.wheel, tmp_path / "site")
    ask = "from earwitness.content import *; print(content_root()); print(*api_names(), *draft_names())"
    done = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    root, names = done.stdout.splitlines()
    assert Path(root) == tmp_path / "site" / "earwitness" / "_content"
    assert sorted(names.split()) == sorted(path.parent.name for path in ROOT.glob("specs/*/openapi.yaml"))


def locked() -> Iterator[tuple[Requirement, int]]:
    """Every requirement in the lock, with the number of its hashes."""
    text = re.sub(r"^#.*\n", "", (ROOT / "requirements.lock").read_text(encoding="utf-8"), flags=re.MULTILINE)
    for entry in text.replace("\\\n", " ").splitlines():
        requirement, *hashes = entry.split("--hash=")
        yield Requirement(requirement), len(hashes)


def test_the_lock_pins_every_package_by_hash() -> None:
    entries = list(locked())
    assert len(entries) > 50
    loose = [
        str(entry) for entry, hashes in entries if not hashes or not str(entry.specifier).startswith("==")
    ]
    assert loose == []


def test_the_lock_keeps_the_bounds_of_pyproject() -> None:
    pins = {canonicalize_name(entry.name): entry.specifier for entry, _ in locked()}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        Requirement(text) for text in (*project["dependencies"], *project["optional-dependencies"]["dev"])
    ]
    assert [str(one) for one in wanted if {spec.operator for spec in one.specifier} != {">=", "<"}] == []
    for one in wanted:
        (pin,) = pins[canonicalize_name(one.name)]
        assert one.specifier.contains(pin.version), f"{one} is locked at {pin.version}: make lock"


def test_the_lock_names_no_host() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert (
        re.findall(r"\S+://\S+|^\s*-[-\w]*(?:url|links|host)\S*|@\s|file:|\.(?:org|com|net|io)\b", text, re.M)
        == []
    )


def test_the_lock_of_the_linters_names_no_registry() -> None:
    lock = json.loads((LINTERS / "package-lock.json").read_text(encoding="utf-8"))
    modules = {name: entry for name, entry in lock["packages"].items() if name}
    assert "node_modules/@redocly/cli" in modules
    assert [name for name, entry in modules.items() if "resolved" in entry] == []
    assert [
        name for name, entry in modules.items() if not entry.get("integrity") and not entry.get("inBundle")
    ] == []


def test_the_linters_are_pinned() -> None:
    wanted = json.loads((LINTERS / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert wanted
    assert [name for name, version in wanted.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
