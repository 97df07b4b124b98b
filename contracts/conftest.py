"""What the contracts share: one run of generated requests on each deployment."""

from __future__ import annotations

import pytest

from earwitness.generated import Generated, generate
from earwitness.live import Session
from earwitness.pytest_plugin.cases import case_of


@pytest.fixture(scope="session")
def generated(request: pytest.FixtureRequest, session: Session) -> Generated:
    """What Schemathesis's command line did on this deployment, read back into the cases of its operations."""
    cases: dict[str, str] = {}
    for item in request.session.items:
        call = getattr(item, "callspec", None)
        if (
            call is not None
            and "generated" in getattr(item, "fixturenames", ())
            and call.params["api"] == session.documents.api
        ):
            cases.setdefault(call.params["operation"], case_of(item))
    return generate(session, cases, effort=request.config.getoption("effort"))
