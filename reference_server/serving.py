"""uvicorn, set up for one job: the same behaviour everywhere, one announcement, an orderly end."""

from __future__ import annotations

import errno
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from earwitness.errors import CouldNotTest

MIB = 1024 * 1024


class AnnouncedServer(uvicorn.Server):
    """Says when it listens. ``should_exit`` ends it, from any thread."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        try:
            self._announce()
        except OSError:  # nobody reads our stdout: whoever started us has gone
            self.should_exit = True


def server(app: ASGIApp, announce: Callable[[], None]) -> AnnouncedServer:
    """A server of ``app``, not started yet; give ``run`` the socket from ``listen``."""
    config = uvicorn.Config(
        app,
        # Named, not "auto": what else is installed must not change how the server behaves.
        http="h11",
        ws="websockets-sansio",
        loop="asyncio",
        lifespan="off",
        ws_per_message_deflate=False,
        # A frame that is too large is closed with 1009 by the application, after reading it: a server that stops reading in the middle
        # resets the connection, and the client never sees the code. This is the limit of that patience.
        ws_max_size=MIB,
        # Addresses carry tokens; no line of a log may.
        access_log=False,
        log_config=None,
        log_level="critical",
        proxy_headers=False,
        server_header=False,
        # Longer than clients keep an idle connection, so that none is closed under a request.
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )
    return AnnouncedServer(config, announce)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises CouldNotTest where the port can't be had."""
    # The protocol is named because asyncio turns Nagle's algorithm off only where it is; with it, every answer comes 40 ms late.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # The port of a server that has just ended is free again; that of one that still listens is not.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise CouldNotTest(
                f"--port {port}: in use already; take another one, or 0 for any that is free"
            ) from error
        raise CouldNotTest(f"--host {host} --port {port}: can't listen there ({error.strerror})") from error
    return listener


def serve(
    app: ASGIApp, door: socket.socket, announce: Callable[[], None], *, until_stdin_closes: bool
) -> None:
    """Serve on ``door`` until SIGTERM, SIGINT or, where asked for, the end of stdin."""
    allow_many_sockets()
    running = server(app, announce)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        running.should_exit = True

    # uvicorn raises the signal that ended it once more afterwards; with handlers of our own that is no death by signal.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    if until_stdin_closes:
        threading.Thread(target=_await_end_of_stdin, args=(running,), daemon=True).start()
    running.run(sockets=[door])


def allow_many_sockets() -> None:
    """Raise the soft limit of open files to the hard one: a load test brings thousands of sockets."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # as many as there are then
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _await_end_of_stdin(running: uvicorn.Server) -> None:
    # By descriptor: a thread blocked inside sys.stdin would hold its lock at the interpreter's end.
    with suppress(OSError):
        while sys.stdin is not None and os.read(sys.stdin.fileno(), 65536):
            pass
    running.should_exit = True
