"""How Hypothesis runs in the project's own tests: without a deadline, and in CI with the same examples every time."""

from __future__ import annotations

import os

from hypothesis import settings

# A deadline measures how busy the machine is, not what the code does.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("house")
