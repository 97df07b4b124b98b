"""Where a load runs: the deployment, what its owner allows, and in which rooms the load is played there."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from earwitness.content import api_names, content_root, draft_names
from earwitness.deployment import (
    Deployment,
    ReferenceServer,
    host_of,
    load_deployment,
    reference_deployment,
)
from earwitness.documents import Documents, load_documents
from earwitness.errors import Problem, RefusedByPolicy, UsageError
from earwitness.load.cost import Cost, cost_of
from earwitness.load.profile import Profile
from earwitness.load.setting import Setting, can_type, lists, setting_of
from earwitness.member import HttpRequest
from load.ears import tls_of
from load.hands import Hands, NoAnswer
from load.storm import SETTLED_S

HELLO = "/__reference__/hello"


class Ground:
    """A deployment, its documents, and hands for what a load does there before it is measured."""

    def __init__(
        self, documents: Documents, deployment: Deployment, server: ReferenceServer | None = None
    ) -> None:
        self.documents, self.deployment, self._server = documents, deployment, server
        self.hands = Hands(deployment, documents, tls_of(deployment.ca_file))

    @classmethod
    def find(cls, api: str, url: str = "", file: str = "", defects: tuple[str, ...] = ()) -> Ground:
        """The deployment that the options name, or a reference server that is started now.

        Raises UsageError, CouldNotTest, and RefusedByPolicy where a deployment file does not allow the tier ``load``.
        """
        documents = load_documents(api)
        if file:
            deployment = load_deployment(
                Path(file), os.environ, documents.binding.attributes, apis=(*api_names(), *draft_names())
            )
            if deployment.api != api:
                raise UsageError(Problem(f"{file} is a deployment of {deployment.api}, not of {api}"))
            if "load" not in deployment.tiers:
                hint = "if its owner agrees, add load to allow: tiers: there"
                raise RefusedByPolicy(
                    Problem(f"{file} does not allow load", expected="the tier load", hint=hint)
                )
            return cls(documents, deployment)
        if url:
            return cls(documents, _running(url, documents))
        server = ReferenceServer.start(api, defects=defects, content=content_root())
        return cls(documents, server.deployment, server)

    def close(self) -> None:
        """End the server, if it is ours."""
        self.hands.close()
        if self._server is not None:
            self._server.stop()

    def permit(self, profile: Profile) -> None:
        """Raise RefusedByPolicy for more than the budget of somebody's deployment allows, UsageError for what makes no sense there."""
        _drops_can_be_judged(profile, self.deployment.deadline_ms / 1000)
        binding, kind = self.documents.binding, self.setting(profile).kind
        if profile.types and not can_type(binding, kind):
            raise UsageError(
                Problem(
                    f"{binding.api} has no typing notices in rooms of kind {kind}",
                    expected="a profile without types",
                )
            )
        if profile.reads and not lists(binding, kind):
            raise UsageError(
                Problem(f"{self.deployment.api} has no lists to read", expected="a profile without reads")
            )
        budget = self.deployment.budget
        most = Cost(budget.sockets, budget.messages, budget.requests, budget.seconds)
        cost = cost_of(profile, self.setting(profile))
        if self.deployment.foreign and (problems := cost.problems(most, self.deployment.name)):
            raise RefusedByPolicy(*problems)

    def setting(self, profile: Profile) -> Setting:
        """In which rooms and how ``profile`` is played here. Raises UsageError for what the API does not have."""
        return setting_of(self.documents.spec, self.documents.binding, profile)


def _drops_can_be_judged(profile: Profile, deadline_s: float) -> None:
    """Raise UsageError where sockets drop so often that no message between has its deadline."""
    least = deadline_s + 2 * SETTLED_S
    if len(profile.drops()) > 1 and profile.reconnect_every <= least:
        what = f"sockets drop every {profile.reconnect_every:g} s, and a message may take {deadline_s:g} s"
        expected = f"reconnect: {{every: …}} of more than {least:g} s, so that something is due between"
        raise UsageError(Problem(what, expected=expected))


def _running(url: str, documents: Documents) -> Deployment:
    """The reference server that runs at ``url``."""
    try:
        host = host_of(url)
    except ValueError as error:
        raise UsageError(
            Problem(f"{url!r} is no address: {error}", expected="such as http://127.0.0.1:8000")
        ) from None
    stranger = Deployment(documents.api, url, url.rstrip("/"), url.rstrip("/"), allow_hosts=frozenset({host}))
    hands = Hands(stranger, documents)
    try:
        status, _, content = hands.send(HttpRequest("GET", HELLO))
        hello = json.loads(content) if status == 200 else None
    except (NoAnswer, ValueError):
        hello = None
    finally:
        hands.close()
    if not isinstance(hello, Mapping) or "members" not in hello:
        hint = "write a deployment file (docs/deployment-files.md) that allows load, and pass it with --deployment FILE"
        raise UsageError(Problem(f"{url} is no reference server of ours", hint=hint))
    if hello.get("api") != documents.api:
        raise UsageError(Problem(f"{url} serves {hello.get('api')}, not {documents.api}"))
    return reference_deployment(hello)
