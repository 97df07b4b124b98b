"""The plugin's options and markers, the order of its tests, and the verdict at the end of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from earwitness.content import api_names, draft_names
from earwitness.errors import nearest
from earwitness.live import Unreachable
from earwitness.pytest_plugin.cases import case_of, covered_by, finish
from earwitness.pytest_plugin.choosing import LEFT_OUT
from earwitness.pytest_plugin.fixtures import INTERRUPTED, STAGE, STOPPED
from earwitness.pytest_plugin.parent import end_with_parent
from earwitness.pytest_plugin.secrets import REDACTORS
from earwitness.pytest_plugin.storytelling import story_in, tell_shortest
from earwitness.verdict import CaseVerdict, Verdict

# Said for ``--until``: whichever check finds something first.
ANY = "any"

# As many as leave a check of one API well below a minute.
STORIES = 15

# What ends the run and not only a test: such a test has no verdict.
_END_OF_ALL = (KeyboardInterrupt, pytest.exit.Exception)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("earwitness")
    group.addoption(
        "--api",
        action="append",
        default=[],
        metavar="API",
        help="an API of specs/; repeat for several (default: all)",
    )
    group.addoption("--url", default="", help="the address of a reference server that is already running")
    group.addoption(
        "--deployment", dest="deployment_file", default="", metavar="FILE", help="a deployment file"
    )
    group.addoption(
        "--defect",
        dest="defects",
        action="append",
        default=[],
        metavar="ID",
        help="plant a defect in the reference server",
    )
    group.addoption(
        "--db",
        dest="database",
        default="",
        metavar="FILE",
        help="the reference server's database (default: in memory)",
    )
    group.addoption(
        "--paths",
        default="",
        metavar="SET",
        help="the set of paths that the reference server serves (default: the documented paths)",
    )
    group.addoption("--run-dir", default="", metavar="DIR", help="write history.jsonl there")
    group.addoption(
        "--seed", dest="ew_seed", type=int, default=1, help="the seed of everything generated (default: 1)"
    )
    group.addoption(
        "--effort",
        type=float,
        default=1.0,
        metavar="FACTOR",
        help="how much is generated: 0.1 for a tenth of the usual, 60 for a night (default: 1)",
    )
    group.addoption(
        "--stories",
        type=int,
        metavar="N",
        help=f"how many stories are made up for each API (default: {STORIES} times the effort)",
    )
    group.addoption(
        "--intrusive",
        action="store_true",
        help="run what needs the tier intrusive, where the deployment file allows it",
    )
    group.addoption(
        "--until",
        default="",
        metavar="CHECK",
        help=f"end the run at the first case in which this check finds something ({ANY}: whichever check does)",
    )
    group.addoption(
        "--first",
        action="append",
        default=[],
        metavar="ITEM",
        help="begin with this case, or with the tests that cover this checklist item, as <api>:<id>; repeat for several",
    )
    group.addoption(
        "--lifeline",
        type=int,
        default=-1,
        metavar="FD",
        help="end when this pipe closes: whoever started the run is gone",
    )
    group.addoption(
        "--why-not", action="store_true", help="say which tests were not collected for which API, and why"
    )


def pytest_configure(config: pytest.Config) -> None:
    for line in (
        "covers(item, ...): checklist items, as <api>:<id>",
        "needs(word, ...): verbs and events without which the test is not collected for an API; 'a or b' for either",
        "may_omit(verb, argument): the test is only for APIs whose verb is documented to do without this argument",
        "has(feature, ...): the test is only for APIs with these features of rooms and sockets",
        "refuses(relation, verb, ...): the test is only for APIs with an operation of these verbs that refuses the relation",
        "rule(name, value, ...): the test is only for APIs that have the rule, with one of these values if any is given",
        "each_kind: run once for each kind of room that members can start, in `room` or `group`",
        "each_form(verb, only=form): run once for each form of the verb, given as `form`",
    ):
        config.addinivalue_line("markers", line)
    config.stash[LEFT_OUT] = []
    if config.option.stories is None:
        config.option.stories = max(1, round(STORIES * config.getoption("effort")))
    config.pluginmanager.register(Interrupts(config), "earwitness-interrupts")
    if (pipe := config.getoption("lifeline")) >= 0:
        end_with_parent(pipe)
    known = (*api_names(), *draft_names())
    unknown = [name for name in config.getoption("--api") if name not in known]
    if unknown:
        raise pytest.UsageError(f"unknown API {unknown[0]!r}; {nearest(unknown[0], known)}")


class Interrupts:
    """Remembers that the user interrupted the run, so that its history says so."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        # pytest.exit comes here too: that is our own word, not the user's.
        if excinfo.errisinstance(KeyboardInterrupt):
            self._config.stash[INTERRUPTED] = True


def pytest_report_header(config: pytest.Config) -> str:
    return f"earwitness: {', '.join(config.getoption('--api') or api_names())}, seed {config.getoption('ew_seed')}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # pytest makes a skipped test of one that is for no API at all.
    items[:] = [item for item in items if isinstance(_params(item).get("api", ""), str)]
    if first := set(config.getoption("first")):
        items.sort(key=lambda item: (case_of(item) not in first, first.isdisjoint(covered_by(item))))


def _params(item: pytest.Item) -> Mapping[str, object]:
    return item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    try:
        return (yield)
    except _END_OF_ALL:
        raise
    except BaseException as error:
        if STAGE not in item.stash:
            raise
        _gone(item, error)
        finish(item.stash[STAGE], error, lambda verdict: _enough(item, verdict))
        raise


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    if STAGE not in item.stash:
        return (yield)
    error: BaseException | None = None
    result = None
    try:
        result = yield
    except _END_OF_ALL:
        raise
    except BaseException as raised:
        error = raised
    _gone(item, error)
    judged: list[CaseVerdict] = []
    try:
        finish(item.stash[STAGE], error, judged.append)
    except pytest.fail.Exception as failure:
        if "story" not in _params(item) or item.config.getoption("until"):
            raise
        raise pytest.fail.Exception(f"{failure.msg}\n\n{_shorter(item, judged[0])}", pytrace=False) from None
    finally:
        for verdict in judged:
            _enough(item, verdict)
    return result


def _shorter(item: pytest.Item, verdict: CaseVerdict) -> str:
    stage = item.stash[STAGE]
    redactor, folder = item.config.stash[REDACTORS][-1]
    story = story_in(item.config, stage.session.documents, int(str(_params(item)["story"])))
    return tell_shortest(story, stage, redactor, verdict, folder)


def _gone(item: pytest.Item, error: BaseException | None) -> None:
    if isinstance(error, Unreachable):
        item.session.shouldstop = f"the deployment is gone: {error}"


def _enough(item: pytest.Item, verdict: CaseVerdict) -> None:
    """End the run when the check that it is about, or any check where it is about all, has found something."""
    until = item.config.getoption("until")
    found = {finding.check for finding in verdict.findings}
    if until in found or (until == ANY and verdict.verdict is Verdict.FAIL):
        item.config.stash[STOPPED] = item.session.shouldstop = f"{until} has found what was looked for"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("--why-not"):
        for line in config.stash[LEFT_OUT]:
            terminalreporter.write_line(f"not collected: {line}")
