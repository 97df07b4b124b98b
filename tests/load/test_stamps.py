"""Self-lag is how long what was heard had waited, or no less than that; by the kernel's stamps, and without them not at all."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from load import stamps
from load.bank import Bank
from load.lines import Line
from load.stamps import StampedLine, why_no_stamps

LIMIT_S = 20.0
TEXT = b"\x81\x05hello"
MS = 1_000_000


@pytest.fixture(autouse=True, scope="module")
def stamps_are_made() -> Iterator[None]:
    """The kernel begins to make stamps some moments after somebody has asked for the first, and stops when nobody wants any."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        near = socket.create_connection(listening.getsockname())
        wire, _ = listening.accept()
    with near, wire:
        near.setsockopt(socket.SOL_SOCKET, stamps._STAMP, 1)
        limit = time.monotonic() + LIMIT_S
        notes: list[tuple[int, int, bytes]] = []
        while not notes and time.monotonic() < limit:
            wire.send(b".")
            notes = near.recvmsg(1, 100)[1]
        assert notes, "the kernel makes no stamps"
        yield


@dataclass
class Far:
    """The other end of the only line of a bank, over TCP, and what is told of this one: how long so many had waited."""

    bank: Bank
    wire: socket.socket
    near: socket.socket
    line: StampedLine
    counts: bool = True
    heard: list[bytes] = field(default_factory=list)
    lags: list[tuple[int, int, bool]] = field(default_factory=list)

    def says(self, data: bytes) -> int:
        """Send ``data``; returns when it was certainly there, by the monotonic clock."""
        before = self._waiting()
        self.wire.sendall(data)
        limit = time.monotonic() + LIMIT_S
        while self._waiting() < before + len(data) and time.monotonic() < limit:
            select.select([self.near], [], [], LIMIT_S)
        return time.monotonic_ns()

    def _waiting(self) -> int:
        self.near.setblocking(False)
        try:
            return len(self.near.recv(2**20, socket.MSG_PEEK))
        except BlockingIOError:
            return 0

    def hears(self) -> tuple[int, int]:
        """Let the bank read; returns from when until when that was."""
        began = time.monotonic_ns()
        self.bank.hear_all()
        return began, time.monotonic_ns()


@contextmanager
def far() -> Iterator[Far]:
    def fault(error: Exception) -> None:
        raise error

    told: list[tuple[int, int, bool]] = []
    bank = Bank(fault, lambda at, waited, times, is_bound: told.append((waited, times, is_bound)))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        near = socket.create_connection(listening.getsockname())
        wire, _ = listening.accept()
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    near.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**20)
    near.setblocking(False)

    def hear(payload: bytes, at: int, binary: bool) -> bool:
        made.heard.append(payload)
        return made.counts

    line = bank.line(near, hear, lambda why: None)
    assert isinstance(line, StampedLine), "the first line of a bank has stamps"
    made = Far(bank, wire, near, line, lags=told)
    bank.take_on(line)
    try:
        yield made
    finally:
        bank.close()
        wire.close()
        near.close()


def until(moment: int) -> None:
    while time.monotonic_ns() < moment:
        pass


def test_it_is_how_long_a_message_had_waited() -> None:
    with far() as other:
        before = time.monotonic_ns()
        there = other.says(TEXT)
        until(there + 20 * MS)
        began, ended = other.hears()
        assert other.heard == [b"hello"]
        ((waited, times, is_bound),) = other.lags
        assert (times, is_bound) == (1, False)
        assert began - there <= waited <= ended - before


def test_of_several_in_one_read_the_last_has_the_stamp_and_for_the_others_it_is_at_most() -> None:
    with far() as other:
        first = other.says(TEXT)
        until(first + 20 * MS)
        before = time.monotonic_ns()
        last = other.says(TEXT)
        until(last + 5 * MS)
        began, ended = other.hears()
        assert other.heard == [b"hello", b"hello"]
        exact, bound = sorted(other.lags, key=lambda lag: lag[2])
        assert exact[1:] == (1, False) and began - last <= exact[0] <= ended - before
        assert bound[1:] == (1, True) and bound[0] >= began - first


def test_a_message_that_ends_before_the_bytes_with_the_stamp_has_none() -> None:
    with far() as other:
        first = other.says(TEXT)
        until(first + 5 * MS)
        other.says(TEXT[:3])
        began, _ = other.hears()
        ((waited, _, is_bound),) = other.lags
        assert is_bound and waited >= began - first
        # Its end comes alone, and is what it waited for.
        there = other.says(TEXT[3:])
        began, _ = other.hears()
        waited, times, is_bound = other.lags[-1]
        assert (times, is_bound) == (1, False)
        assert waited >= began - there


def test_what_one_read_leaves_behind_has_waited_since_before_it() -> None:
    with far() as other:
        many = TEXT * 14_000
        there = other.says(many)
        read = 0
        while len(other.heard) < 14_000:
            other.lags.clear()
            until(time.monotonic_ns() + 3 * MS)
            began, _ = other.hears()
            read += 1
            assert min(waited for waited, _, is_bound in other.lags if is_bound) >= began - there
        assert read > 1, "it was all read at once"


def test_the_bound_is_from_the_last_look_in_vain() -> None:
    with far() as other:
        other.hears()
        looked = other.bank.looked
        other.says(TEXT + TEXT)
        _, ended = other.hears()
        assert max(waited for waited, _, _ in other.lags) <= ended - looked


def test_where_the_bank_is_too_busy_to_look_the_bound_is_from_the_read_before() -> None:
    with far() as other:
        other.says(TEXT)
        other.hears()
        read = time.monotonic_ns()
        other.bank.looked = 0
        other.lags.clear()
        there = other.says(TEXT + TEXT)
        began, ended = other.hears()
        bound = max(waited for waited, _, is_bound in other.lags if is_bound)
        assert began - there <= bound <= ended - read + 100 * MS


@pytest.mark.parametrize("set_by", [-3_600_000_000_000, 3_600_000_000_000])
def test_a_clock_that_was_set_leaves_the_bound(set_by: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with far() as other:
        before = other.bank.looked
        there = other.says(TEXT)
        clock = time.time_ns
        monkeypatch.setattr(time, "time_ns", lambda: clock() + set_by)
        began, ended = other.hears()
        ((waited, times, is_bound),) = other.lags
        assert (times, is_bound) == (1, True)
        assert began - there <= waited <= ended - before


def test_what_does_not_count_is_not_told() -> None:
    with far() as other:
        other.counts = False
        other.says(TEXT)
        other.hears()
        assert (other.heard, other.lags) == ([b"hello"], [])
        # The stamp is that of the last, which does not count.
        other.counts = True
        other.says(TEXT + b"\x89\x00")
        other.hears()
        assert [times for _, times, _ in other.lags] == [1]


@pytest.mark.parametrize("size", [1, 2, 8, 9, 22, 300, 2_000])
def test_some_sockets_have_stamps_evenly_spread_however_many_there_are(size: int) -> None:
    bank, told = Bank(lambda error: None, lambda *_: None), list[int]()
    one, two = socket.socketpair()
    try:
        lines = [bank.line(one, lambda *_: None, lambda why: None) for _ in range(size)]
        for number, line in enumerate(lines):
            if isinstance(line, StampedLine) and line.receive != one.recv:
                told.append(number)
    finally:
        bank.close()
        one.close()
        two.close()
    assert min(size, 4) <= len(told) <= max(8, size // 50)
    steps = {after - before for before, after in pairwise(told)}
    assert len(steps) <= 1, "they are not evenly spread"
    assert told[0] + size - 1 - told[-1] <= 2 * min(steps, default=1)


def test_a_socket_that_need_not_hear_has_none() -> None:
    bank = Bank(lambda error: None, lambda *_: None)
    one, two = socket.socketpair()
    with one, two:
        idle, other = (
            bank.line(one, lambda *_: None, lambda why: None, counts=counts) for counts in (False, True)
        )
        assert type(idle) is Line and isinstance(other, StampedLine)
    bank.close()


def test_one_that_retires_hears_on_and_tells_nothing_more() -> None:
    with far() as other:
        other.says(TEXT[:3])
        other.hears()
        other.line.retire()
        for data in (TEXT[3:], TEXT, TEXT + TEXT):
            other.says(data)
            other.hears()
        assert (other.heard, other.lags) == ([b"hello"] * 4, [])
        assert other.line.is_plain


@pytest.mark.parametrize("why", ["nobody asks", "the kernel does not know"])
def test_without_stamps_lines_are_plain_and_the_reason_is_told(
    why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert why_no_stamps() == ""
    if why == "the kernel does not know":
        monkeypatch.setattr(stamps, "_STAMP", 9_999)
        assert "does not tell when" in why_no_stamps()
    bank = Bank(lambda error: None, None if why == "nobody asks" else lambda *_: None)
    one, two = socket.socketpair()
    with one, two:
        assert type(bank.line(one, lambda *_: None, lambda reason: None)) is Line
    bank.close()
