"""Finds out who the test members of a reference server are that somebody else started."""

from __future__ import annotations

from earwitness.deployment import Deployment, host_of, reference_deployment
from earwitness.errors import CouldNotTest, Problem, UsageError
from earwitness.history import Journal
from earwitness.member import HttpRequest
from earwitness.wire import LoopThread, Wire

# Where the bundled reference server says again what it said when it came up.
HELLO = "/__reference__/hello"

_EXPECTED = "the address that the reference server printed, such as http://127.0.0.1:8000"


def discover(url: str, api: str) -> Deployment:
    """The deployment at ``url``, which must be a reference server serving ``api``.

    Raises CouldNotTest when nothing answers there, UsageError when it is no address, something else, or serves another API.
    """
    base = url.rstrip("/")
    try:
        host = host_of(base)
    except ValueError as error:
        raise UsageError(Problem(f"{url!r} is no address: {error}", expected=_EXPECTED)) from None
    if not base.lower().startswith(("http://", "https://")):
        raise UsageError(Problem(f"{url!r} is the address of a socket", expected=_EXPECTED))
    with LoopThread() as loop:
        # Its answer holds tokens: it goes into a history that nobody keeps.
        wire = Wire(Journal(), base, base, allow=lambda target: host_of(target) == host)
        answer = loop.call(wire.send(HttpRequest("GET", HELLO)))
        loop.call(wire.close())
    status, hello = answer.status, answer.json
    if not answer.answered:
        raise CouldNotTest(
            Problem(
                f"{url} cannot be reached: {answer.detail}",
                expected="a running deployment",
                hint="start it, or mend --url",
            )
        )
    if status != 200 or not isinstance(hello, dict) or "members" not in hello:
        raise UsageError(
            Problem(
                f"{url} is no reference server of ours, so nobody says who its test members are",
                expected="a deployment file that names them",
                hint="write one (docs/deployment-files.md) and pass it with --deployment FILE",
            )
        )
    if hello.get("api") != api:
        raise UsageError(Problem(f"{url} serves {hello.get('api')}, not {api}"))
    return reference_deployment(hello)
