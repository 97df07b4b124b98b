"""Requests generated from the OpenAPI document, fitting and not, are answered as the document says."""

from __future__ import annotations

import pytest

from earwitness.generated import Generated, WithAllGenerated
from earwitness.live import Stage
from earwitness.pytest_plugin.fixtures import STAGE


@pytest.fixture
def stage(request: pytest.FixtureRequest, stage: Stage, generated: Generated) -> Stage:
    """The test's stage, judged with all that was generated."""
    request.node.stash[STAGE] = WithAllGenerated(stage, generated)
    return stage


def test_generated_requests_are_answered_as_documented(
    stage: Stage, generated: Generated, operation: str
) -> None:
    generated.tell(operation)
