"""A client under the accuracy benchmark: told of messages at times that a program in C keeps and notes, so that what is true is known."""

from __future__ import annotations

import random
import struct
import subprocess
import tempfile
import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.hearing.stage import Client, Failed, Stage, frame_maker

# From when the plan is begun until its first message: time to write it down, and for the program to read it.
_LEAD_NS = 1_000_000_000
_LIMIT_S = 120.0
# A frame is delayed by so much at least and at most, and by so much more than the least on the average.
LEAST_MS, MOST_MS, MORE_MS = 1.0, 60.0, 3.3


@dataclass(frozen=True, slots=True)
class Heard:
    """What a client told at its end, and when each delivery was handed to the kernel, in ms after it was due."""

    over: dict[str, Any]
    true_ms: Sequence[float]


@dataclass(frozen=True, slots=True)
class Plan:
    """When each message is due, and each send: when, of which message (from 1), to which socket; in ns from the beginning."""

    dues: Sequence[int]
    sends: Sequence[tuple[int, int, int]]


def plan(sockets: int, rate: float, messages: int, seed: int) -> Plan:
    """``messages``, ``rate`` of them a second, each sent to each socket by a delay of its own: 1 to 60 ms, most of it below 5."""
    chance = random.Random(seed)
    dues = [round(number * 1e9 / rate) for number in range(messages)]
    sends = []
    for which in range(sockets):
        before = 0
        for number, due in enumerate(dues, start=1):
            delay = min(MOST_MS, LEAST_MS + chance.expovariate(1 / MORE_MS))
            # On one socket no message overtakes another.
            before = max(before + 1, due + round(delay * 1e6))
            sends.append((before, number, which))
    return Plan(dues, sorted(sends))


def heard(client: Client, speaker: Path, sockets: int, made: Plan, core: int | None) -> Heard:
    """What ``client`` says of ``made``, which ``speaker`` keeps. Raises Failed where one of the two does not do its part."""
    with Stage(client, sockets, len(made.dues), core) as stage, tempfile.NamedTemporaryFile() as file:
        stage.open()
        descriptors = [wire.fileno() for wire in stage.wires]
        for wire in stage.wires:
            wire.setblocking(True)
        begin, make = time.monotonic_ns() + _LEAD_NS + 2_000 * len(made.sends), frame_maker()
        file.write(struct.pack("@3q", begin, len(made.dues), len(made.sends)))
        for number, due in enumerate(made.dues, start=1):
            frame = make(number, begin + due)
            file.write(struct.pack("@q", len(frame)) + frame)
        flat = array("q", [0]) * (3 * len(made.sends))
        flat[0::3] = array("q", [at for at, _, _ in made.sends])
        flat[1::3] = array("q", [number - 1 for _, number, _ in made.sends])
        flat[2::3] = array("q", [descriptors[which] for _, _, which in made.sends])
        flat.tofile(file)
        file.flush()
        done = subprocess.run(
            [str(speaker), file.name], pass_fds=descriptors, stdout=subprocess.PIPE, timeout=_LIMIT_S, check=False
        )  # fmt: skip
        if done.returncode:
            raise Failed(f"the program that speaks ended with {done.returncode}")
        times = array("q", done.stdout)
        true = [
            (at - begin - made.dues[number - 1]) / 1e6
            for at, (_, number, _) in zip(times, made.sends, strict=True)
        ]
        return Heard(stage.over(), true)
