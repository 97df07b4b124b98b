"""The server of the benchmark: opens sockets, and sends every frame, encoded once, to all of them: a backlog at a time, or at given times."""

from __future__ import annotations

import json
import os
import random
import resource
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from benchmarks.hearing.gauge import API, CHANNEL, RUN, SENDER
from earwitness.documents import load_documents
from earwitness.load.stamp import Stamp

# No client may take longer over a step than this.
_LIMIT_S: Final = 60.0
_SIZE: Final = 80
ROOT: Final = Path(__file__).resolve().parents[2]


class Failed(Exception):
    """A client did not do its part."""


@dataclass(frozen=True, slots=True)
class Client:
    """A client that can be measured: its command, which gets port, sockets and rounds, and ``how``, the words behind these; and how many
    ``frames`` it hears in one run: some seconds of its time."""

    name: str
    command: tuple[str, ...]
    how: tuple[str, ...] = ()
    frames: int = 20_000


@dataclass(slots=True)
class Told:
    """What a client told: its memory with all sockets open, in kB, and the rest at its end. ``true_ms`` is what it should have measured."""

    resident_kb: int
    over: dict[str, Any]
    true_ms: list[float] = field(default_factory=list)


class Stage:
    """Where one client is measured, on a core of its own. Leaves nothing behind."""

    def __init__(self, client: Client, sockets: int, rounds: int, core: int | None) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=4_096)
        port = self._listening.getsockname()[1]
        with _on(core):
            self._process = subprocess.Popen(
                [*client.command, str(port), str(sockets), str(rounds), *client.how], cwd=ROOT, stdout=subprocess.PIPE,
            )  # fmt: skip
        self._name, self._count, self.rounds = client.name, sockets, rounds
        self.wires: list[socket.socket] = []
        self._control: socket.socket | None = None
        self._said = b""

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        for wire in (*self.wires, self._listening, *([self._control] if self._control else [])):
            wire.close()

    def open(self) -> int:
        """Take on all sockets; returns what they cost the client, in kB."""
        self._control = self._accept()
        for _ in range(self._count):
            wire = self._accept()
            protocol = ServerProtocol()
            while not (events := protocol.events_received()):
                protocol.receive_data(wire.recv(65_536))
            (request,) = events
            assert isinstance(request, Request)
            protocol.send_response(protocol.accept(request))
            wire.sendall(b"".join(protocol.data_to_send()))
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.wires.append(wire)
        return int(self._line()["resident_kb"])

    def _accept(self) -> socket.socket:
        self._listening.settimeout(_LIMIT_S)
        try:
            wire, _ = self._listening.accept()
        except TimeoutError as error:
            raise Failed(f"{self._name} opened no more than {len(self.wires)} sockets") from error
        wire.settimeout(_LIMIT_S)
        return wire

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        # Not by readline: two lines that come together would leave the second where select does not see it.
        while b"\n" not in self._said:
            if not select.select([self._process.stdout], [], [], _LIMIT_S)[0]:
                raise Failed(f"{self._name} says nothing any more")
            data = os.read(self._process.stdout.fileno(), 65_536)
            if not data:
                raise Failed(f"{self._name} ended with {self._process.wait()}")
            self._said += data
        line, _, self._said = self._said.partition(b"\n")
        told: dict[str, Any] = json.loads(line)
        return told

    # -- sending --------------------------------------------------------------------------------------------------------------

    def drain(self, frames: Callable[[int, int], bytes]) -> None:
        """Send round after round while the client is stopped, so that it finds one frame on each socket, all at once. ``frames`` gives
        that of a message for a socket."""
        assert self._control is not None
        for number in range(1, self.rounds + 1):
            backlog = [frames(number, which) for which in range(len(self.wires))]
            os.kill(self._process.pid, signal.SIGSTOP)
            for wire, data in zip(self.wires, backlog, strict=True):
                wire.send(data)
            os.kill(self._process.pid, signal.SIGCONT)
            if not self._control.recv(1):
                raise Failed(f"{self._name} ended in round {number} of {self.rounds}")

    def deliver(
        self, frames: Callable[[int, int], bytes], sends: Sequence[tuple[int, int, int]], dues: Sequence[int]
    ) -> list[float]:
        """Send each frame to each socket at its time: ``sends`` has times (ns from now), numbers and sockets, in order, ``dues`` when each
        message is due. Returns how late each delivery was, in ms."""
        begin, now = time.monotonic_ns() + 200_000_000, time.monotonic_ns
        ready = {
            number: frames(number, begin + dues[number - 1]) for number in {number for _, number, _ in sends}
        }
        late: list[float] = []
        for at, number, which in sends:
            # A sleep is not punctual; the last bit is waited for awake.
            while (left := begin + at - now()) > 0:
                if left > 1_000_000:
                    time.sleep((left - 500_000) / 1e9)
            self.wires[which].send(ready[number])
            late.append((now() - begin - dues[number - 1]) / 1e6)
        return late

    def over(self) -> dict[str, Any]:
        """What the client tells at its end."""
        return self._line()


@contextmanager
def _on(core: int | None) -> Iterator[None]:
    """Be on ``core`` for a moment: whoever is started then stays there, with all its threads from the first."""
    if core is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def frame_maker() -> Callable[[int, int], bytes]:
    """Makes the frame of a message, by its number and its due time; each is one of the documented API."""
    example = load_documents(API).spec.channels[CHANNEL].hears["newMessage"].examples[0]
    assert isinstance(example, dict)

    def make(number: int, due: int) -> bytes:
        text = Stamp(RUN, SENDER, number, due).text(_SIZE)
        payload = json.dumps({**example, "message": {**example["message"], "id": number, "content": text}})
        return Frame(Opcode.TEXT, payload.encode()).serialize(mask=False)

    return make


def drained(client: Client, sockets: int, rounds: int, core: int | None, *, personal: bool = False) -> Told:
    """What it costs ``client`` to empty ``rounds`` backlogs of one frame a socket: the same for all, or ``personal`` ones."""
    make = frame_maker()
    once = lru_cache(maxsize=1)(lambda number: make(number, time.monotonic_ns()))
    with Stage(client, sockets, rounds, core) as stage:
        resident = stage.open()
        stage.drain(make if personal else (lambda number, which: once(number)))
        return Told(resident, stage.over())


def idle(client: Client, sockets: int, core: int | None) -> Told:
    """What ``client`` takes to hold sockets on which nothing happens."""
    with Stage(client, sockets, 0, core) as stage:
        return Told(stage.open(), stage.over())


def timed(client: Client, sockets: int, rate: float, rounds: int, core: int | None, seed: int = 1) -> Told:
    """What ``client`` measures when each of ``rate`` messages a second comes to each socket so much later than due: 1 to 60 ms, most of it
    below 10."""
    make, chance = frame_maker(), random.Random(seed)
    dues = [round(n * 1e9 / rate) for n in range(rounds)]
    sends: list[tuple[int, int, int]] = []
    for which in range(sockets):
        before = 0
        for number, due in enumerate(dues, start=1):
            # On one socket no message overtakes another.
            before = max(before + 1, due + round(min(60, 1 + chance.expovariate(0.3)) * 1e6))
            sends.append((before, number, which))
    sends.sort()
    with Stage(client, sockets, rounds, core) as stage:
        resident = stage.open()
        late = stage.deliver(make, sends, dues)
        return Told(resident, stage.over(), late)


def most_descriptors() -> int:
    """How many a process may have open."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def python(module: str) -> tuple[str, ...]:
    """The command that runs a client of ours."""
    return sys.executable, "-m", f"benchmarks.hearing.{module}"
