"""Fixtures: an API, a deployment, a session on it, and for each test a stage with its members."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from earwitness.content import content_root
from earwitness.deployment import Deployment, ReferenceServer, load_deployment
from earwitness.documents import Documents, load_documents
from earwitness.errors import EarwitnessError, UsageError
from earwitness.history import CaseStarted, Journal
from earwitness.live import LiveMember, RoomHandle, Session, Stage, Way, group_kinds, startable_kinds
from earwitness.live.discovery import discover
from earwitness.live.preflight import preflight
from earwitness.pytest_plugin.cases import case_of, covered_by, end_case
from earwitness.pytest_plugin.secrets import REDACTORS
from earwitness.pytest_plugin.storytelling import story_in
from earwitness.redact import Redactor
from earwitness.stories import Story


@pytest.fixture(scope="session")
def api(request: pytest.FixtureRequest) -> str:
    """The name of the API under test; every test that uses it runs once for each API that was chosen."""
    return str(request.param)


DOCUMENTS = pytest.StashKey[dict[str, Documents]]()


def documents_of(config: pytest.Config, api: str) -> Documents:
    """The documents of ``api``, read once in a run. Raises UsageError, or SpecError when they do not hold together."""
    read = config.stash.setdefault(DOCUMENTS, {})
    if api not in read:
        read[api] = load_documents(api)
    return read[api]


@pytest.fixture(scope="session")
def documents(request: pytest.FixtureRequest, api: str) -> Documents:
    """The API's spec and binding."""
    return documents_of(request.config, api)


@pytest.fixture(scope="session")
def deployment(request: pytest.FixtureRequest, api: str, documents: Documents) -> Iterator[Deployment]:
    """The deployment under test: out of ``--deployment``, found at ``--url``, or the reference server, started for the run."""
    config = request.config
    try:
        if file := config.getoption("deployment_file"):
            chosen = load_deployment(Path(file), os.environ, needs=documents.binding.attributes)
            if chosen.api != api:
                raise UsageError(f"{file} is a deployment of {chosen.api}, not of {api}")
            yield chosen
        elif url := config.getoption("url"):
            yield discover(url, api)
        else:
            defects = tuple(config.getoption("defects"))
            database = config.getoption("database")
            with ReferenceServer.start(
                api,
                defects=defects,
                db=Path(database) if database else None,
                paths=config.getoption("paths"),
                content=content_root(),
            ) as server:
                yield server.deployment
    except EarwitnessError as error:
        pytest.exit(f"earwitness: {error}", returncode=int(error.exit_code))


@pytest.fixture(scope="session")
def session(
    request: pytest.FixtureRequest, documents: Documents, deployment: Deployment
) -> Iterator[Session]:
    """The wire to the deployment and the history of the run."""
    config = request.config
    redactor = Redactor()
    folder = config.getoption("run_dir")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
    config.stash.setdefault(REDACTORS, []).append((redactor, Path(folder) if folder else None))
    journal = Journal(Path(folder) / "history.jsonl" if folder else None, redactor.redact)
    live = Session(
        documents,
        deployment,
        journal,
        redactor,
        seed=config.getoption("ew_seed"),
        run=Path(folder or "").name,
        intrusive=config.getoption("intrusive"),
    )
    try:
        preflight(live)
    except EarwitnessError as error:
        live.end("died", str(error))
        journal.close()
        pytest.exit(f"earwitness: {error}", returncode=int(error.exit_code))
    yield live
    stopped = request.session.shouldstop
    if config.stash.get(INTERRUPTED, False):
        live.end("interrupted", "the run was interrupted")
    elif why := config.stash.get(STOPPED, ""):
        live.end("interrupted", why)
    else:
        live.end("died" if stopped else "finished", str(stopped or ""))
    journal.close()


INTERRUPTED = pytest.StashKey[bool]()
# Why the run was ended early on purpose.
STOPPED = pytest.StashKey[str]()


@pytest.fixture
def stage(request: pytest.FixtureRequest, session: Session) -> Iterator[Stage]:
    """The members, rooms and sockets of one test, and its place in the history."""
    node = request.node
    case = case_of(node)
    suite = node.path.parent.name
    title = node.originalname.removeprefix("test_").replace("_", " ")
    session.journal.case = case
    session.journal.append(CaseStarted(suite=suite, title=title, covers=covered_by(node)))
    current = Stage(session, case)
    node.stash[STAGE] = current
    yield current
    current.close()
    end_case(current, "not-run", "it was stopped")
    session.journal.case = ""


STAGE = pytest.StashKey[Stage]()


@pytest.fixture
def story(request: pytest.FixtureRequest, documents: Documents) -> Story:
    """One of the stories that this run's seed tells about the API."""
    return story_in(request.config, documents, int(request.param))


@pytest.fixture
def member(stage: Stage) -> Callable[[str], LiveMember]:
    """A function that gives the member of a name."""
    return stage.cast


@pytest.fixture
def faults(stage: Stage) -> Callable[..., Way]:
    """A function that gives a member a way of its own, on which faults can be planned: ``faults(alice)``; see ``Stage.way``.

    What takes it is not run on a deployment that is not to be disturbed.
    """
    return stage.way


@pytest.fixture
def alice(stage: Stage) -> LiveMember:
    """A member."""
    return stage.cast("alice")


@pytest.fixture
def bob(stage: Stage) -> LiveMember:
    """Another member."""
    return stage.cast("bob")


@pytest.fixture
def carol(stage: Stage) -> LiveMember:
    """A third member, who is in no room unless a test puts her there."""
    return stage.cast("carol")


@pytest.fixture
def dave(stage: Stage) -> LiveMember:
    """A fourth member: the outsider where carol is inside."""
    return stage.cast("dave")


@pytest.fixture
def kind(documents: Documents) -> str:
    """The kind of ``room``: each that members can start with the marker ``each_kind``, else the first."""
    return startable_kinds(documents.binding)[0]


@pytest.fixture
def group_kind(documents: Documents) -> str:
    """The kind of ``group``: each that members can start with the marker ``each_kind``, else the first."""
    return group_kinds(documents.binding)[0]


@pytest.fixture
def room(stage: Stage, alice: LiveMember, bob: LiveMember, kind: str) -> RoomHandle:
    """A room of alice and bob, started by alice."""
    return stage.start(kind, alice, bob)


@pytest.fixture
def group(stage: Stage, alice: LiveMember, bob: LiveMember, carol: LiveMember, group_kind: str) -> RoomHandle:
    """A room of alice, bob and carol, started by alice, of a kind that holds more than two."""
    return stage.start(group_kind, alice, bob, carol)
