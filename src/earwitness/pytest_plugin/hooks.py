"""Options, the choice of APIs for each test, and the verdict at its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pytest

from earwitness.binding import EVENTS, VERBS, Binding
from earwitness.binding.expressions import names
from earwitness.content import api_names, draft_names
from earwitness.documents import Documents
from earwitness.errors import EarwitnessError, nearest
from earwitness.live import Unreachable, group_kinds, offers, startable_kinds
from earwitness.member import STRANGERS
from earwitness.pytest_plugin.cases import covered_by, finish
from earwitness.pytest_plugin.fixtures import INTERRUPTED, STAGE, STOPPED, documents_of
from earwitness.pytest_plugin.parent import end_with_parent
from earwitness.pytest_plugin.secrets import REDACTORS
from earwitness.pytest_plugin.storytelling import story_in, tell_shortest
from earwitness.verdict import CaseVerdict

# As many as leave a check of one API well below a minute.
STORIES = 25

LEFT_OUT = pytest.StashKey[list[str]]()

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
    group.addoption("--run-dir", default="", metavar="DIR", help="write history.jsonl there")
    group.addoption(
        "--seed", dest="ew_seed", type=int, default=1, help="the seed of everything generated (default: 1)"
    )
    group.addoption(
        "--stories",
        type=int,
        default=STORIES,
        metavar="N",
        help=f"how many stories are made up for each API (default: {STORIES})",
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
        help="end the run at the first case in which this check finds something",
    )
    group.addoption(
        "--first",
        action="append",
        default=[],
        metavar="ITEM",
        help="begin with the tests that cover this checklist item, as <api>:<id>; repeat for several",
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
        "needs(word, ...): verbs and events without which the test is not collected for an API",
        "rule(name, value, ...): the test is only for APIs whose rule has one of these values",
        "each_kind: run once for each kind of room that members can start, in `room` or `group`",
        "each_form(verb, only=form): run once for each form of the verb, given as `form`",
    ):
        config.addinivalue_line("markers", line)
    config.stash[LEFT_OUT] = []
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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "api" not in metafunc.fixturenames:
        return
    more = [name for name in ("form", "operation", "relation", "story") if name in metafunc.fixturenames]
    kinds_as = _kinds_as(metafunc)
    chosen: list[tuple[str, ...]] = []
    ids: list[str] = []
    for name in metafunc.config.getoption("--api") or api_names():
        try:
            documents = documents_of(metafunc.config, name)
        except EarwitnessError as error:
            raise pytest.UsageError(str(error)) from error
        kinds = kinds_for(metafunc, documents.binding)
        reason = missing(metafunc, documents.binding) or _no_kind(metafunc, documents.binding, kinds)
        values = [] if reason else [(name, *each) for each in _values(metafunc, documents, more)]
        if not values:
            reason = reason or f"{name} has nothing to run it over"
            metafunc.config.stash[LEFT_OUT].append(f"{metafunc.definition.nodeid} [{name}]: {reason}")
        if not kinds_as:
            chosen += values
            ids += ["-".join(each) for each in values]
            continue
        at = 1 + more.index("operation") if "operation" in more else 0
        values = [(*each, kind) for each in values for kind in kinds
                  if not at or kind in _concerned(documents.binding, each[at], kinds)]  # fmt: skip
        chosen += values
        # An API with one kind of room needs no word for it.
        ids += ["-".join(each if len(kinds) > 1 else each[:-1]) for each in values]
    arguments = ("api", *more, *((kinds_as,) if kinds_as else ()))
    indirect = [name for name in arguments if name in ("api", "story")]
    metafunc.parametrize(arguments, chosen, ids=ids, indirect=indirect, scope="session")


def _kinds_as(metafunc: pytest.Metafunc) -> str:
    """The fixture that a test with the marker ``each_kind`` gets its kinds by; "" for a test without."""
    if metafunc.definition.get_closest_marker("each_kind") is None:
        return ""
    return next((name for name in ("group_kind", "kind") if name in metafunc.fixturenames), "")


def kinds_for(metafunc: pytest.Metafunc, binding: Binding) -> tuple[str, ...]:
    """The kinds of room that a test can be run in: those members can start and in which they can do what it needs."""
    groups = "group_kind" in metafunc.fixturenames
    needed = [
        word
        for mark in metafunc.definition.iter_markers("needs")
        for word in mark.args
        if word in VERBS and "room" in (*VERBS[word].needs, *VERBS[word].may)
    ]
    kinds = group_kinds(binding) if groups else startable_kinds(binding)
    return tuple(kind for kind in kinds if all(offers(binding, verb, kind) for verb in needed))


def _concerned(binding: Binding, operation: str, kinds: Sequence[str]) -> Sequence[str]:
    """The kinds of room that make a difference to ``operation``: those it is for; the first where it is about no room."""
    steps = [step for form in binding.forms() for step in form.steps if step.operation == operation]
    limited = [kind for kind in kinds if any(kind in step.kinds for step in steps)]
    about = {name for step in steps for line in step.arguments.values() for name in names(line)}
    return limited or (kinds if about & {"room", "message"} else kinds[:1])


def _no_kind(metafunc: pytest.Metafunc, binding: Binding, kinds: Sequence[str]) -> str:
    """Why a test finds no room in this API; "" when it does, or needs none."""
    if "group_kind" in metafunc.fixturenames and not kinds:
        return f"members of {binding.api} cannot start a room for more than two in which this can be done"
    if "kind" in metafunc.fixturenames and not kinds:
        return f"members of {binding.api} cannot start a room in which this can be done"
    return ""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # pytest makes a skipped test of one that is for no API at all.
    items[:] = [item for item in items if isinstance(_params(item).get("api", ""), str)]
    if first := set(config.getoption("first")):
        items.sort(key=lambda item: first.isdisjoint(covered_by(item)))


def _params(item: pytest.Item) -> Mapping[str, object]:
    return item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}


def _values(
    metafunc: pytest.Metafunc, documents: Documents, more: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    """What a test runs over besides the API: forms of a verb, operations, operations with each relation they refuse, or stories."""
    operations = documents.spec.operations.values()
    if not more:
        yield ()
    elif list(more) == ["form"]:
        for mark in metafunc.definition.iter_markers("each_form"):
            for verb in mark.args:
                forms = documents.binding.verbs.get(verb, {})
                yield from ((form,) for form in forms if form in mark.kwargs.get("only", form))
    elif list(more) == ["story"]:
        yield from ((str(number + 1),) for number in range(metafunc.config.getoption("stories")))
    elif list(more) == ["operation"]:
        yield from ((operation.id,) for operation in operations if not operation.presigned)
    elif list(more) == ["operation", "relation"]:
        for operation in operations:
            strangers = [role for role in STRANGERS if role not in operation.refusals]
            relations = [*operation.refusals, *(strangers if operation.secured else [])]
            yield from ((operation.id, relation) for relation in relations)
    else:
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: nothing fills {', '.join(more)} together")


def missing(metafunc: pytest.Metafunc, binding: Binding) -> str:
    """Why a test is not for this API; "" when it is."""
    for mark in metafunc.definition.iter_markers("needs"):
        for word in mark.args:
            if word not in (binding.events if word in EVENTS else binding.verbs):
                return f"{binding.api} has no {word}"
    for mark in metafunc.definition.iter_markers("each_form"):
        if not any(
            form in mark.kwargs.get("only", form)
            for verb in mark.args
            for form in binding.verbs.get(verb, {})
        ):
            by = f" by {mark.kwargs['only']}" if "only" in mark.kwargs else ""
            return f"{binding.api} has no {' or '.join(mark.args)}{by}"
    for mark in metafunc.definition.iter_markers("rule"):
        rule = binding.rule(mark.args[0])
        if rule is None or rule.value not in mark.args[1:]:
            return f"the rule {mark.args[0]} of {binding.api} is {rule.value if rule else 'not given'}"
    return ""


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
        finish(item.stash[STAGE], error)
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
    """End the run when the one check that it is about has found something."""
    until = item.config.getoption("until")
    if until and any(finding.check == until for finding in verdict.findings):
        item.config.stash[STOPPED] = item.session.shouldstop = f"{until} has found what was looked for"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.getoption("--why-not"):
        for line in config.stash[LEFT_OUT]:
            terminalreporter.write_line(f"not collected: {line}")
