"""Does a verb step by step: says what to send next, takes the answer apart, and knows what the verb gave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from earwitness.binding import MISSING, Binding, Form, Sources, Step, given
from earwitness.binding.expressions import names
from earwitness.errors import Problem, UsageError
from earwitness.member.credentials import as_headers, credentials
from earwitness.member.outgoing import FrameToSay, HttpRequest, json_bytes
from earwitness.member.requests import operation_request
from earwitness.member.values import fitted, prepared, value_of, values_of
from earwitness.spec import Spec

Outgoing = HttpRequest | FrameToSay


class Plan:
    """A form of a verb while it is being done.

    ``next()`` is what to send now, None when nothing is left; then ``take()`` its answer, or ``said()`` for a frame, or
    ``failed()`` when no answer came. What a step gave becomes an argument of the steps after it. The first step that is
    not done ends the plan. ``state`` is ``open``, ``done`` or ``undone``; ``gave`` is what all steps gave together.
    """

    def __init__(
        self,
        spec: Spec,
        binding: Binding,
        form: Form,
        arguments: Mapping[str, object],
        *,
        kind: str = "",
        role: str = "member",
        token: str = "",
        paths: str = "",
    ) -> None:
        """``arguments`` are the verb's own and ``me``; ``kind`` is the kind of the room it is about ("": none)."""
        self.form = form
        self.steps: tuple[Step, ...] = form.steps_for(kind)
        self.gave: dict[str, object] = {}
        self.state: Literal["open", "done", "undone"] = "open" if self.steps else "undone"
        self._spec, self._binding = spec, binding
        self._role, self._token, self._paths = role, token, paths
        self._arguments = {**arguments, **credentials(role, token)}
        self._at = 0

    @property
    def step(self) -> Step | None:
        """The step that is to be done now; None when the plan has come to its end."""
        return self.steps[self._at] if self.state == "open" else None

    def next(self) -> Outgoing | None:
        """What to send for the present step. Raises UsageError when its arguments do not make a request."""
        step = self.step
        if step is None:
            return None
        arguments = prepared(self._arguments)
        if step.operation:
            return operation_request(
                self._spec,
                self._binding,
                step.operation,
                values_of(step.arguments, arguments),
                role=self._role,
                token=self._token,
                me=arguments.get("me"),
                paths=self._paths,
                fit=True,
                headers=as_headers(values_of(step.headers, arguments)),
            )
        return self._frame(step, arguments) if step.frame else self._absolute(step, arguments)

    def take(
        self, status: int, headers: Mapping[str, str], body: object = MISSING, content: bytes = b""
    ) -> bool:
        """Take the answer to the present step: its decoded JSON ``body`` (``MISSING`` when it is none) and the bytes that
        came. Returns whether the step did what it is for."""
        step = self._present()
        sources = Sources(
            prepared(self._arguments), response=content if body is MISSING else body, headers=headers
        )
        gave = given(self._binding, step, status, sources)
        if gave is None:
            self.state = "undone"
            return False
        if "bytes" in gave:
            # The vocabulary's word for a file's content, which stays as it came even if it can be read as JSON.
            gave["bytes"] = content
        self._advance(gave)
        return True

    def said(self) -> None:
        """The present step's frame was said; nothing answers a frame."""
        self._present()
        self._advance({})

    def failed(self) -> None:
        """The present step got no answer: nobody knows whether it was done, and nothing can be built on it."""
        self._present()
        self.state = "undone"

    def _present(self) -> Step:
        step = self.step
        if step is None:
            raise UsageError(f"{self.form.verb} has come to its end; nothing more can be answered")
        return step

    def _advance(self, gave: Mapping[str, object]) -> None:
        for name, value in gave.items():
            before = self.gave.get(name)
            # An API with an operation a kind of room lists them in as many steps.
            both = isinstance(before, tuple) and isinstance(value, tuple)
            self.gave[name] = (*before, *value) if both else value  # type: ignore[misc]  # `both` says they are tuples
        self._arguments.update(gave)
        self._at += 1
        if self._at == len(self.steps):
            self.state = "done"

    def _frame(self, step: Step, arguments: Mapping[str, object]) -> FrameToSay:
        channel = self._spec.channels[self._binding.sockets[step.on].channel]
        frame = channel.says[step.frame]
        payload = fitted(frame.schema, values_of(step.arguments, arguments))
        return FrameToSay(step.on, step.frame, json_bytes(payload).decode("utf-8"))

    def _absolute(self, step: Step, arguments: Mapping[str, object]) -> HttpRequest:
        url = value_of(step.url, arguments) if step.url is not None else MISSING
        if not isinstance(url, str) or not url:
            raise UsageError(
                Problem(f"{self.form.verb} has no address to go to: {url!r}", step.where, "a URL")
            )
        body = value_of(step.body, arguments) if step.body is not None else MISSING
        content, content_type = _bytes(body)
        open_headers = {name: line for name, line in step.headers.items() if "token" not in names(line)}
        secret = {name: line for name, line in step.headers.items() if name not in open_headers}
        return HttpRequest(
            method=step.method.upper(),
            target=url,
            headers=as_headers(values_of(open_headers, arguments)),
            credentials=as_headers(values_of(secret, arguments)),
            content=content,
            content_type=content_type,
            role=self._role,
        )


def _bytes(body: object) -> tuple[bytes | None, str]:
    if body is MISSING:
        return None, ""
    if isinstance(body, bytes):
        return body, ""
    if isinstance(body, str):
        return body.encode("utf-8"), ""
    return json_bytes(body), "application/json"
