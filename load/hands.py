"""A member's hands under load: verbs over plain HTTP connections that stay open, held to the deployment's addresses."""

from __future__ import annotations

import json
import secrets
import select
import ssl
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from earwitness.binding import MISSING
from earwitness.deployment import Account, Deployment, allowed
from earwitness.documents import Documents
from earwitness.errors import CouldNotTest, RefusedByPolicy, UsageError
from earwitness.member import HttpRequest, Part, Plan

_MOST_BYTES = 4 * 1024 * 1024


OnAnswer = Callable[[str, int, str, bytes], None]


class NoAnswer(Exception):
    """A request was sent and nothing came back: whether it was done is not known."""


class Gone(CouldNotTest):
    """Nobody listens there any more."""


class Hands:
    """One connection to a deployment, for one sender."""

    def __init__(
        self,
        deployment: Deployment,
        documents: Documents,
        tls: ssl.SSLContext | None = None,
        on_answer: OnAnswer | None = None,
    ) -> None:
        """``on_answer`` is told of each answer to a verb: operation, status, content type, body."""
        self._on_answer = on_answer
        self._deployment, self._documents, self._tls = deployment, documents, tls
        self._connection: HTTPConnection | None = None
        self._at = ""
        # That of the latest answer; 0 before there is one.
        self.status = 0

    def does(self, verb: str, account: Account, **arguments: object) -> Plan:
        """Do ``verb`` over HTTP; the plan tells whether it was done and what it gave.

        Raises NoAnswer when one of its requests was not answered, Gone when none can be sent any more.
        """
        documents = self._documents
        form = documents.binding.verbs.get(verb, {}).get("http")
        if form is None:
            raise UsageError(f"{documents.api} has no {verb} over HTTP, which this load needs")
        me = {**account.attributes, **account.credentials, "name": account.name}
        room = arguments.get("room")
        kind = str((room.get("kind") if isinstance(room, Mapping) else arguments.get("kind")) or "")
        plan = Plan(
            documents.spec, documents.binding, form, {"me": me, **arguments}, kind=kind, token=account.token, paths=self._deployment.paths
        )  # fmt: skip
        while (outgoing := plan.next()) is not None:
            if not isinstance(outgoing, HttpRequest):
                raise UsageError(
                    f"{verb} of {documents.api} needs more than HTTP requests, which load cannot do yet"
                )
            status, headers, content = self.send(outgoing)
            self.status = status
            if self._on_answer is not None and outgoing.operation:
                media = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
                self._on_answer(outgoing.operation, status, media, content)
            plan.take(status, headers, _json(content), content)
        return plan

    def send(self, request: HttpRequest) -> tuple[int, Mapping[str, str], bytes]:
        """Send a request and bring its answer. No redirect is followed."""
        url = request.location if request.absolute else self._deployment.http + request.location
        if not allowed(self._deployment, url):
            raise RefusedByPolicy(f"{url.partition('?')[0]} is not on the allow-list and was not contacted")
        place = urlsplit(url)
        home = urlsplit(self._deployment.http)[:2] == place[:2]
        headers = {**request.headers, **(request.credentials if home else {})}
        body, content_type = (
            multipart(request.parts) if request.parts else (request.content, request.content_type)
        )
        if content_type:
            headers["Content-Type"] = content_type
        connection = self._connect(place.scheme, place.netloc)
        target = place.path + (f"?{place.query}" if place.query else "")
        try:
            connection.request(request.method, target or "/", body=body, headers=headers)
            answer = connection.getresponse()
            content = answer.read(_MOST_BYTES)
        except (OSError, HTTPException) as error:
            self.close()
            raise NoAnswer(str(error) or type(error).__name__) from error
        if not answer.isclosed():
            self.close()
        return answer.status, dict(answer.getheaders()), content

    def _connect(self, scheme: str, netloc: str) -> HTTPConnection:
        at = f"{scheme}://{netloc}"
        if self._connection is None or self._is_stale() or at != self._at:
            self.close()
            limit_s = self._deployment.deadline_ms / 1000 + 5
            self._connection = (
                HTTPSConnection(netloc, timeout=limit_s, context=self._tls) if scheme == "https" else HTTPConnection(netloc, timeout=limit_s)
            )  # fmt: skip
            self._at = at
        if self._connection.sock is None:
            try:
                self._connection.connect()
            except OSError as error:
                self.close()
                raise Gone(f"{at} cannot be reached: {error.strerror or error}") from error
        return self._connection

    def _is_stale(self) -> bool:
        """Whether something is there to be read, though nothing was asked: a server that has closed a connection that was idle. What is
        sent on that would be lost without a trace."""
        if self._connection is None or self._connection.sock is None:
            return False
        # Not select: that knows no descriptor above 1,023, and a load has thousands.
        poll = select.poll()
        poll.register(self._connection.sock, select.POLLIN)
        return bool(poll.poll(0))

    def is_reachable(self) -> bool:
        """Whether somebody still listens at the deployment's address."""
        place = urlsplit(self._deployment.http)
        self.close()
        try:
            self._connect(place.scheme, place.netloc)
        except Gone:
            return False
        finally:
            self.close()
        return True

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def multipart(parts: Sequence[Part]) -> tuple[bytes, str]:
    """The body that ``parts`` make (RFC 7578), and its media type. The boundary is one that stands in none of them."""
    boundary = secrets.token_hex(16)
    while any(boundary.encode() in part.value for part in parts):
        boundary = secrets.token_hex(16)
    lines: list[bytes] = []
    for part in parts:
        file = f'; filename="{_quoted(part.filename)}"' if part.filename else ""
        lines.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(part.name)}"{file}'.encode()
        )
        lines.append(f"\r\nContent-Type: {part.type}".encode() if part.type else b"")
        lines.append(b"\r\n\r\n" + part.value + b"\r\n")
    return b"".join((*lines, f"--{boundary}--\r\n".encode())), f"multipart/form-data; boundary={boundary}"


def _quoted(name: str) -> str:
    # As browsers do it: what would end the quotes, or the line, stands as in a URL.
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _json(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return MISSING
