"""What the tests of deployment files share: a good file, and a way to load a changed one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from earwitness.deployment import Deployment, load_deployment

GOOD = """\
api: fe16ops
http: https://staging.example.com/
members:
  alice:
    attributes: {id: 1, username: alice-qa}
    token: ${ALICE_TOKEN}
  bob:
    attributes: {id: 2, username: bob-qa}
    token: "${BOB_TOKEN}"
"""
ENVIRON = {
    "ALICE_TOKEN": "alice-0123456789",
    "BOB_TOKEN": "bob-0123456789",
    "PW": "correct horse",
    "SHORT": "abc",
}
TODAY = date(2026, 6, 15)

Load = Callable[..., Deployment]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Loads the good file with ``old`` replaced by ``new``, or with ``new`` added at its end."""

    def loaded(
        new: str = "",
        old: str = "",
        environ: Mapping[str, str] = ENVIRON,
        needs: tuple[str, ...] = (),
        apis: tuple[str, ...] = (),
    ) -> Deployment:
        assert not old or GOOD.count(old) == 1
        path = tmp_path / "staging.yaml"
        path.write_text(GOOD.replace(old, new) if old else GOOD + new, encoding="utf-8")
        return load_deployment(path, environ, needs, apis=apis, today=TODAY)

    return loaded
