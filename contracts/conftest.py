"""What the contracts share: one run of generated requests on each deployment."""

from __future__ import annotations

import pytest

from earwitness.generated import Generated, generate
from earwitness.live import Session


@pytest.fixture(scope="session")
def generated(request: pytest.FixtureRequest, session: Session) -> Generated:
    """What Schemathesis's command line did on this deployment, read back into the cases of its operations."""
    cases: dict[str, str] = {}
    for item in request.session.items:
        parameters = (
            item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        )
        if parameters.get("api") == session.documents.api and "generated" in item.fixturenames:
            cases.setdefault(str(parameters.get("operation")), item.nodeid)
    return generate(session, cases)
