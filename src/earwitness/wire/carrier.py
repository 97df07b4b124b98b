"""Carries one HTTP request and brings its answer, or tells why there is none."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

from earwitness.errors import CouldNotTest, Problem
from earwitness.member import HttpRequest
from earwitness.wire.limits import USER_AGENT, Limits


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: at most ``Limits.max_body`` bytes of its content; ``cut`` counts those that were left out, as far as
    they are known."""

    status: int
    headers: Mapping[str, str]
    content: bytes = field(repr=False)
    cut: int = 0


class NotAnswered(Exception):
    """No answer came; ``reason`` is one of ``refused``, ``cut``, ``timeout``, ``malformed`` (see history.NoAnswer)."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class Unsendable(CouldNotTest):
    """The request is one that HTTP cannot carry; nothing of it left."""


class Carrier:
    """An HTTP client that follows nothing, remembers nothing and waits for nothing without end.

    It takes no proxy or certificate settings from the environment, keeps no cookies (members share it), and asks for
    bodies without compression, so that a small answer cannot become a large one.
    """

    def __init__(self, limits: Limits, tls: ssl.SSLContext, via: int = 0) -> None:
        """``via``: the port on this machine to connect to, whatever a URL says; 0: none. There, each request has a connection
        of its own."""
        self._limits, self._via = limits, via
        self._client = httpx.AsyncClient(
            follow_redirects=False,
            trust_env=False,
            verify=tls,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity"},
            timeout=httpx.Timeout(limits.answer_s, connect=limits.connect_s, pool=limits.answer_s),
            # Kept for less time than servers keep them (uvicorn: 5 s), or a request would meet a connection being closed.
            limits=httpx.Limits(
                max_connections=None, max_keepalive_connections=0 if via else 20, keepalive_expiry=2.0
            ),
        )

    def build(self, request: HttpRequest, url: str, headers: Mapping[str, str]) -> httpx.Request:
        """The request as httpx will send it. Raises CouldNotTest when ``url`` or a header cannot be sent at all."""
        lines = dict(headers)
        if request.content_type and not any(name.lower() == "content-type" for name in lines):
            lines["Content-Type"] = request.content_type
        files = [
            (part.name, (part.filename or None, part.value, part.type or None)) for part in request.parts
        ]
        try:
            return self._client.build_request(
                request.method, url, headers=lines, content=request.content, files=files or None
            )
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise _unsendable(request, error) from error

    async def fetch(self, request: httpx.Request, connected: Callable[[int], None] | None = None) -> Fetched:
        """Send ``request`` and read its answer. With ``connected`` it takes the way that the carrier was made with, and our port
        of the connection is told. Raises NotAnswered when no whole answer came."""
        sent = False

        async def trace(event: str, info: Mapping[str, Any]) -> None:
            nonlocal sent
            sent = sent or event.endswith("send_request_headers.started")
            if connected is not None and event == "connection.connect_tcp.complete":
                connected(info["return_value"].get_extra_info("client_addr")[1])

        request.extensions["trace"] = trace
        if connected is not None:
            # Who is asked still stands in the Host header, which was written from the URL.
            request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._via)
        try:
            async with asyncio.timeout(self._limits.answer_s):
                return await self._fetch(request)
        except httpx.LocalProtocolError as error:
            raise _unsendable(request, error) from error
        except (httpx.HTTPError, OSError) as error:
            raise self._why(error, sent) from error

    async def _fetch(self, request: httpx.Request) -> Fetched:
        response = await self._client.send(request, stream=True)
        content = bytearray()
        try:
            async for chunk in response.aiter_raw():
                content += chunk
                if len(content) > self._limits.max_body:
                    break
        finally:
            await response.aclose()
        cut = len(content) - self._limits.max_body
        if cut > 0:
            promised = response.headers.get("content-length", "")
            cut = max(
                cut, int(promised) - self._limits.max_body if promised.isascii() and promised.isdigit() else 0
            )
        return Fetched(
            response.status_code, dict(response.headers), bytes(content[: self._limits.max_body]), max(0, cut)
        )

    def _why(self, error: Exception, sent: bool) -> NotAnswered:
        words = str(error) or type(error).__name__
        if not sent:
            return NotAnswered("refused", f"no connection: {words}")
        if isinstance(error, TimeoutError | httpx.TimeoutException):
            return NotAnswered("timeout", f"no whole answer within {self._limits.answer_s:g} s")
        # httpx has one class for a peer that goes away in mid-answer and for one that does not speak HTTP.
        gone = "disconnected" in words or "peer closed" in words
        if isinstance(error, httpx.RemoteProtocolError) and not gone:
            return NotAnswered("malformed", f"not HTTP: {words}")
        return NotAnswered("cut", words)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()


def _unsendable(request: HttpRequest | httpx.Request, error: Exception) -> Unsendable:
    what = request.operation if isinstance(request, HttpRequest) and request.operation else request.method
    return Unsendable(
        Problem(f"{what} cannot be sent: {error}", expected="a URL and headers that HTTP can carry")
    )
