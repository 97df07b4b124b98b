"""The one frame by which a member does something on a socket."""

from __future__ import annotations

from typing import Any

from earwitness.deployment import Account, Deployment
from earwitness.documents import Documents
from earwitness.errors import UsageError
from earwitness.member import FrameToSay, Plan


def frame_of(
    verb: str, deployment: Deployment, documents: Documents, account: Account, **arguments: Any
) -> FrameToSay:
    """What ``account`` says on a socket to do ``verb`` with ``arguments``, a ``room`` among them. Raises UsageError where that takes more."""
    me = {**account.attributes, **account.credentials, "name": account.name}
    plan = Plan(
        documents.spec, documents.binding, documents.binding.verbs[verb]["socket"], {"me": me, **arguments},
        kind=str(arguments["room"].get("kind") or ""), token=account.token, paths=deployment.paths,
    )  # fmt: skip
    frame = plan.next()
    if not isinstance(frame, FrameToSay) or len(plan.steps) > 1:
        raise UsageError(
            f"{verb} of {documents.api} on a socket takes more than one frame, which load cannot do yet"
        )
    return frame
