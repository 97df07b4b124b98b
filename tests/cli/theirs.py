"""A deployment that is somebody else's, as far as the command line can tell: a server, and the file that says of it what a stranger's would."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from earwitness.content import content_root
from earwitness.deployment import ReferenceServer


@contextmanager
def theirs(file: Path, *defects: str, **more: Any) -> Iterator[dict[str, str]]:
    """A server with ``defects``, and its deployment ``file``, which says ``more`` besides; yields the tokens by variable."""
    with ReferenceServer.start("fe16ops", defects=defects, content=content_root()) as server:
        accounts = server.deployment.accounts[:3]
        members = {
            one.name: {"attributes": dict(one.attributes), "token": f"${{T{n}}}"}
            for n, one in enumerate(accounts)
        }
        said = {
            "api": "fe16ops", "http": server.deployment.http, "members": members, "deadline": 2,
            "allow": {"tiers": ["read", "write-own", "load"]}, **more,
        }  # fmt: skip
        # JSON is YAML.
        file.write_text(json.dumps(said), encoding="utf-8")
        yield {f"T{n}": one.token for n, one in enumerate(accounts)}
