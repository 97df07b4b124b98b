"""What a user can say, see or use is documented, and no page points at what is not there."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path

import pytest
import typer

import earwitness.pytest_plugin as plugin
from earwitness.checks import Check, catalogue
from earwitness.cli.app import app
from earwitness.cli.explain import explain_check
from earwitness.cli.explain_page import COMMAND
from earwitness.cli.suites import PARTS
from earwitness.errors import PRECEDENCE, ExitCode
from earwitness.live import LiveMember
from earwitness.report.words import RUN_VERDICTS, WORDS
from earwitness.spec.words import LISTENERS, RELATIONS
from earwitness.verdict import COSTS, Verdict
from reference_server import defects
from reference_server.command import run
from reference_server.levers import NAMES as LEVERS

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
# Made by tools, or by runs: not ours to keep whole.
NOT_OURS = frozenset({"node_modules", "build", "dist", "runs", "allure-results", "__pycache__"})


def text_of(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """The part of a page under ``heading``, up to the next one of the same level or a higher one."""
    level = heading.partition(" ")[0]
    lines, inside = [], False
    for line in text.splitlines():
        if inside and re.match(rf"#{{1,{len(level)}}} ", line):
            break
        inside = inside or line == heading
        if inside:
            lines.append(line)
    assert lines, f"there is no heading {heading!r}"
    return "\n".join(lines)


def rows(text: str) -> dict[str, tuple[str, ...]]:
    """The rows of all tables in ``text``: the first cell's words in code font, or else its text, to the other cells."""
    found: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        if line.startswith("|") and not line.startswith("|---"):
            first, *others = (cell.strip() for cell in line.strip().strip("|").split("|"))
            for word in re.findall(r"`([^`]+)`", first) or [first]:
                found[word] = tuple(others)
    return found


def options(text: str) -> set[str]:
    """The options that have a row in a table of ``text``."""
    return {word.partition(" ")[0] for word in rows(text) if word.startswith("--")}


# -- the command line ---------------------------------------------------------------------------------------------------


def commands() -> Mapping[str, set[str]]:
    """Every command with its options; "" for those of ``earwitness`` itself."""
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    said = {name: command.params for name, command in group.commands.items()} | {"": group.params}
    return {
        name: {
            word
            for parameter in parameters
            for word in (*parameter.opts, *parameter.secondary_opts)
            if word.startswith("-")
        }
        for name, parameters in said.items()
    }


def test_every_command_is_documented_and_no_other() -> None:
    headings = re.findall(r"^## ([a-z]+)$", text_of("commands.md"), re.MULTILINE)
    assert sorted(headings) == sorted(set(commands()) - {""})


@pytest.mark.parametrize("command", sorted(commands()))
def test_every_option_is_documented_and_no_other(command: str) -> None:
    page = text_of("commands.md")
    told = options(section(page, f"## {command}") if command else page.partition("\n## ")[0])
    assert told - {"--help"} == commands()[command] - {"--help"}


def test_every_part_that_can_be_run_alone_is_documented() -> None:
    told = section(text_of("commands.md"), "## check")
    assert [part for part in PARTS if part and f"`{part}`" not in told] == []
    told = section(text_of("checking.md"), "## What runs")
    assert [part for part in PARTS if part and f"`… --only {part}`" not in told] == []


# -- what comes out -----------------------------------------------------------------------------------------------------


def test_every_exit_code_is_documented_with_its_word() -> None:
    told = rows(section(text_of("checking.md"), "## Exit codes"))
    assert {code: cells[0] for code, cells in told.items() if code.isdigit()} == {
        str(int(code)): RUN_VERDICTS[code] for code in ExitCode
    }


def test_the_order_of_exit_codes_is_the_documented_one() -> None:
    found = re.search(r"the first of ([0-9, ]+) wins", section(text_of("checking.md"), "## Exit codes"))
    assert found is not None
    told = [ExitCode(int(number)) for number in found[1].split(",")]
    assert [*told, ExitCode.PASSED] == list(PRECEDENCE)


def test_every_verdict_is_documented_with_its_mark_and_its_cost() -> None:
    told = {
        word: cells
        for word, cells in rows(section(text_of("checking.md"), "## Verdicts")).items()
        if word != "verdict"
    }
    assert {word: (cells[1], cells[3]) for word, cells in told.items()} == {
        str(verdict): (
            f"{WORDS[verdict].mark} {WORDS[verdict].label}",
            f"exit {int(COSTS[verdict])}" if verdict in COSTS else "",
        )
        for verdict in Verdict
    }


def checks_page(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command that makes docs/checks.md, run in ``folder``."""
    return subprocess.run(
        [sys.executable, "-m", "earwitness.cli.explain_page", *arguments],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_every_check_is_documented() -> None:
    made = checks_page(ROOT, "--check")
    assert (made.returncode, made.stderr) == (0, "")
    page = text_of("checks.md")
    assert re.findall(r"^## (\S+)$", page, re.MULTILINE) == list(catalogue())
    assert set(rows(page)) >= set(catalogue())


def test_every_defect_is_named_by_the_check_that_catches_it() -> None:
    caught = dict(
        re.findall(r"^## (\S+)$.*?^- Caught: (.+?)\.$", text_of("checks.md"), re.MULTILINE | re.DOTALL)
    )
    told = {defect: check for check, some in caught.items() for defect in re.findall(r"`([^`]+)`", some)}
    assert told == {one.id: one.check for one in defects.catalogue()}
    # A check that nothing trips proves nothing.
    assert set(told.values()) == set(catalogue())


def test_the_sample_of_explain_is_what_it_prints() -> None:
    page = section(text_of("commands.md"), "## explain")
    sample = re.search(r"^\$ earwitness explain (\S+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert sample is not None
    assert sample[2] == explain_check(sample[1], 80) + "\n"


def test_a_page_of_checks_that_is_out_of_date_is_told_with_what_mends_it(tmp_path: Path) -> None:
    assert checks_page(tmp_path).returncode == 2
    page = tmp_path / "docs" / "checks.md"
    page.parent.mkdir()
    page.write_text(text_of("checks.md").replace("critical", "grave"), encoding="utf-8")
    made = checks_page(tmp_path, "--check")
    assert (made.returncode, COMMAND in made.stderr, "checks.md" in made.stderr) == (1, True, True)
    assert checks_page(tmp_path).returncode == 0
    assert page.read_text(encoding="utf-8") == text_of("checks.md")


def code_of(text: str) -> list[str]:
    """The lines of a module that are neither blank nor a comment nor in a docstring."""
    told: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
            and ast.get_docstring(node) is not None
        ):
            said = node.body[0]
            told.update(range(said.lineno, (said.end_lineno or said.lineno) + 1))
    return [
        line
        for number, line in enumerate(text.splitlines(), 1)
        if number not in told and line.strip() and not line.strip().startswith("#")
    ]


def test_the_check_that_a_page_writes_is_in_the_house_as_it_stands_and_is_short() -> None:
    page = text_of("writing-a-check.md")
    blocks = re.findall(r"^`(\S+)`:\n\n```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert [str(Path(path).parent) for path, _ in blocks] == [
        "src/earwitness/checks",
        "reference_server/defects",
        "tests/checks",
    ]
    assert page.count("```python") == len(blocks)
    for path, block in blocks:
        assert block == (ROOT / path).read_text(encoding="utf-8"), f"put {path} on the page again"
    assert sum(len(code_of(block)) for _, block in blocks) < 40


def test_every_field_of_a_check_is_documented_and_no_other() -> None:
    told = rows(section(text_of("writing-a-check.md"), "### The fields of a check"))
    assert set(told) - {"field"} == {field.name for field in fields(Check)}


# -- what tests are written with ----------------------------------------------------------------------------------------


def test_every_option_of_the_plugin_is_documented_and_no_other() -> None:
    # pytest gives plugins their parser, and has no other way to ask what they add to it.
    parser = pytest.Parser(_ispytest=True)
    plugin.pytest_addoption(parser)
    added = {name for option in parser.getgroup("earwitness").options for name in option.names()}
    assert options(section(text_of("commands.md"), "## The suites under pytest")) == added


def markers(*arguments: str) -> set[str]:
    """The markers that pytest knows, asked in a process of its own."""
    asked = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", str(ROOT / "pytest.ini"), "-p", "no:cacheprovider", "--markers", *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=True, env={**os.environ, "PYTEST_ADDOPTS": ""},
    )  # fmt: skip
    return set(re.findall(r"^@pytest\.mark\.(\w+)", asked.stdout, re.MULTILINE))


def test_every_marker_is_documented_and_no_other() -> None:
    ours = markers("-p", "earwitness.pytest_plugin") - markers()
    told = {
        word.partition("(")[0]
        for word in rows(section(text_of("writing-scenarios.md"), "## Markers"))
        if "(" in word
    }
    assert told == ours


def test_every_fixture_is_documented_and_no_other() -> None:
    fixture = type(pytest.fixture(lambda: None))
    ours = {name for name, value in vars(plugin).items() if isinstance(value, fixture)}
    told = set(rows(section(text_of("writing-scenarios.md"), "## Fixtures"))) - {"fixture"}
    assert told == ours


def test_every_thing_a_member_can_do_is_documented() -> None:
    page = text_of("writing-scenarios.md")
    told = set(re.findall(r"`(?:\w+\.)?(\w+)\(", page))
    can = {
        name for name in dir(LiveMember) if callable(getattr(LiveMember, name)) and not name.startswith("_")
    }
    assert sorted(can - told) == []


# -- links --------------------------------------------------------------------------------------------------------------


def pages() -> list[Path]:
    """Every page of ours, from the root down."""
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS and not name.startswith(".")]
        found += [Path(folder, name) for name in files if name.endswith(".md")]
    return sorted(found)


def prose(text: str) -> str:
    """A page without its code."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))


def anchors(text: str) -> set[str]:
    """The anchors that a renderer gives to the headings of a page."""
    headings = re.findall(
        r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def dead_links(page: Path) -> Iterator[str]:
    """The links of ``page`` that lead to no file, or to no heading of it."""
    for target in re.findall(r"\]\(([^()\s]+)\)", prose(page.read_text(encoding="utf-8"))):
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        there = (page.parent / path) if path else page
        if not there.exists():
            yield f"{target}: there is no {path}"
        elif anchor and anchor not in anchors(there.read_text(encoding="utf-8")):
            yield f"{target}: {there.name} has no heading {anchor!r}"


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_no_link_is_dead(page: Path) -> None:
    assert list(dead_links(page)) == []


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A page: `its` head\n[here](#a-page-its-head) [there](other.md) [no](#where) [out](https://example.com/x.md)\n"
        "`[code](nowhere.md)`\n```\n[block](nowhere.md)\n# no heading\n```\n[not](#no-heading)\n",
        encoding="utf-8",
    )
    assert [link.partition(":")[0] for link in dead_links(page)] == ["other.md", "#where", "#no-heading"]


def test_every_page_is_on_the_map() -> None:
    told = {(DOCS / target).resolve() for target in re.findall(r"\]\(([^()\s#]+)", text_of("README.md"))}
    assert {path.resolve() for path in DOCS.glob("*.md")} - told == {DOCS / "README.md"}
    assert "docs/README.md" in (ROOT / "README.md").read_text(encoding="utf-8")


# -- the reference server, and the words of the specs -------------------------------------------------------------------


def test_every_option_and_lever_of_the_reference_server_is_documented(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["--help"], sys.stdout, sys.stderr) == 0
    page = text_of("reference-server.md")
    assert options(page) == set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    assert set(rows(section(page, "## Levers"))) - {"lever"} == set(LEVERS)


def test_every_word_of_the_extensions_is_documented() -> None:
    page = text_of("adding-an-api.md")
    assert [word for word in (*RELATIONS, *LISTENERS) if f"`{word}`" not in page] == []
