"""On what a load was generated: Python, the platform, and the versions of what sent and listened."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from typing import Final

from earwitness.history import Json

_PARTS: Final = ("earwitness", "locust", "gevent", "websockets")


def environment() -> dict[str, Json]:
    """The interpreter, the platform and how many processors there are; nothing that tells one machine from another of its kind."""
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "platform": platform.platform(),
        "processors": os.cpu_count(),
    }


def versions() -> dict[str, Json]:
    """The versions of the parts that make a load, by their names."""
    return {name: version(name) for name in _PARTS}
