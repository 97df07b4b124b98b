"""Fixtures: a stage on a correct reference server, one of three fixed accounts, and one on a server with a defect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from earwitness.live import LiveMember, RoomHandle, Session, Stage
from tests.live.stages import reference_session, session_on, stage_of


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    """A session on a reference server that every test of a module shares; each has members of its own."""
    with reference_session() as session:
        yield session


@pytest.fixture
def stage(session: Session, request: pytest.FixtureRequest) -> Iterator[Stage]:
    with stage_of(session, request.node.nodeid) as stage:
        yield stage


@pytest.fixture
def alice(stage: Stage) -> LiveMember:
    return stage.cast("alice")


@pytest.fixture
def bob(stage: Stage) -> LiveMember:
    return stage.cast("bob")


@pytest.fixture
def carol(stage: Stage) -> LiveMember:
    return stage.cast("carol")


@pytest.fixture
def room(alice: LiveMember, bob: LiveMember) -> RoomHandle:
    return alice.starts_direct(bob)


@pytest.fixture
def fixed(session: Session, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """A stage of fixed accounts on the same server: no lever mints members there."""
    without = replace(session.deployment, levers=frozenset(), levers_url="")
    with session_on(without) as other, stage_of(other, request.node.nodeid) as stage:
        yield stage
