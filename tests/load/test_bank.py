"""The listener bank hears what the library would have heard, however the bytes are cut, and holds no more than it says."""

from __future__ import annotations

import gc
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import Protocol, Side, State
from websockets.server import ServerProtocol

from earwitness.errors import CouldNotTest
from earwitness.load.slicing import extent, slices, sole
from load.bank import Bank, ear_for, why_no_bank
from load.ears import GreenletEar, OnFrame
from load.handshake import MAX_SIZE
from load.lines import Line

LIMIT_S = 20.0


@dataclass
class Far:
    """The other end of a line of a bank, and what is heard at this one."""

    bank: Bank
    wire: socket.socket
    line: Line
    heard: list[tuple[bytes, bool]]
    closed: list[str]

    def says(self, data: bytes) -> None:
        """Send ``data``, and let the bank hear it. What nobody takes any more is not sent."""
        while data and not self.closed:
            sent = self.wire.send(data[:60_000])
            data = data[sent:]
            self.is_heard()

    def is_heard(self) -> None:
        while select.select([self.bank.fileno()], [], [], 0)[0]:
            self.bank.hear_all()

    def is_told(self) -> list[tuple[Opcode, bytes]]:
        """The frames that the bank has sent."""
        reader = Protocol(Side.SERVER)
        self.wire.setblocking(False)
        try:
            while data := self.wire.recv(65_536):
                reader.receive_data(data)
        except (BlockingIOError, ConnectionError):
            pass
        return frames_of(reader)


def keeper(heard: list[tuple[bytes, bool]]) -> OnFrame:
    """Whoever hears something keeps it in ``heard``."""

    def keep(payload: bytes, at: int, binary: bool) -> None:
        heard.append((payload, binary))

    return keep


@contextmanager
def far() -> Iterator[Far]:
    def fault(error: Exception) -> None:
        raise error

    bank = Bank(fault)
    near, wire = socket.socketpair()
    near.setblocking(False)
    heard: list[tuple[bytes, bool]] = []
    closed: list[str] = []
    line = Line(bank, near, keeper(heard), closed.append)
    bank.take_on(line)
    try:
        yield Far(bank, wire, line, heard, closed)
    finally:
        bank.close()
        wire.close()
        near.close()


def frames_of(reader: Protocol) -> list[tuple[Opcode, bytes]]:
    return [(one.opcode, bytes(one.data)) for one in reader.events_received() if isinstance(one, Frame)]


@dataclass
class Library:
    """What the library makes of bytes that it gets all at once."""

    heard: list[tuple[bytes, bool]] = field(default_factory=list)
    said: list[tuple[Opcode, bytes]] = field(default_factory=list)
    over: bool = False

    @classmethod
    def reads(cls, data: bytes) -> Library:
        made, protocol, opposite = cls(), Protocol(Side.CLIENT, max_size=MAX_SIZE), Protocol(Side.SERVER)
        protocol.receive_data(data)
        whole, binary = b"", False
        for event in protocol.events_received():
            assert isinstance(event, Frame)
            if event.opcode in (Opcode.TEXT, Opcode.BINARY):
                whole, binary = bytes(event.data), event.opcode is Opcode.BINARY
            elif event.opcode is Opcode.CONT:
                whole += event.data
            else:
                continue
            if event.fin:
                made.heard.append((whole, binary))
        for out in protocol.data_to_send():
            opposite.receive_data(out)
        made.said, made.over = frames_of(opposite), protocol.state is not State.OPEN
        return made


def frame(first: int, payload: bytes, *, masked: bool = False, wide: bool = False) -> bytes:
    """A frame by its first byte; ``wide`` has its length in eight bytes, however short it is."""
    length, mask = len(payload), 0x80 if masked else 0
    if wide or length > 0xFFFF:
        head = bytes((first, mask | 127)) + length.to_bytes(8, "big")
    elif length > 125:
        head = bytes((first, mask | 126)) + length.to_bytes(2, "big")
    else:
        head = bytes((first, mask | length))
    return head + (bytes(4) if masked else b"") + payload


PAYLOADS = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([0, 1, 125, 126, 127, 300, 65_535, 65_536]).map(lambda size: b"x" * size),
)
PLAIN = PAYLOADS.map(lambda payload: frame(0x81, payload))
# Fragments of both kinds and their ends, pings and pongs, goodbyes; then reserved bits and what no frame may be.
OTHERS = st.sampled_from([0x01, 0x00, 0x80, 0x82, 0x02, 0x89, 0x8A, 0x88, 0xC1, 0x91, 0x83, 0x09])
ODD = st.builds(
    lambda first, payload, masked, wide: frame(first, payload, masked=masked, wide=wide),
    OTHERS, PAYLOADS, st.booleans().filter(lambda masked: not masked) | st.sampled_from([False, False, True]), st.sampled_from([False, False, True]),
)  # fmt: skip
FRAGMENTED = st.builds(
    lambda first, pieces, ping: frame(first, pieces[0])
    + b"".join(frame(0x00, piece) for piece in pieces[1:])
    + (frame(0x89, ping) if ping else b"")
    + frame(0x80, b"!"),
    st.sampled_from([0x01, 0x02]), st.lists(PAYLOADS, min_size=1, max_size=4), st.binary(max_size=20),
)  # fmt: skip
TOO_BIG = st.integers(MAX_SIZE + 1, 2**63 - 1).map(lambda size: b"\x81\x7f" + size.to_bytes(8, "big"))
NOISE = st.binary(min_size=1, max_size=20)
# Mostly what a server sends; mistakes are last, since nothing is heard after one.
STREAMS = st.builds(
    lambda good, bad: b"".join([*good, *bad]),
    st.lists(st.one_of(PLAIN, PLAIN, FRAGMENTED, PAYLOADS.map(lambda p: frame(0x89, p[:125])), PAYLOADS.map(lambda p: frame(0x82, p))), max_size=6),
    st.lists(st.one_of(ODD, TOO_BIG, NOISE, PLAIN), max_size=3),
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(STREAMS, st.lists(st.floats(0, 1), max_size=8), st.booleans())
def test_it_hears_what_the_library_hears_however_it_is_cut(
    data: bytes, cuts: list[float], dribble: bool
) -> None:
    places = sorted({0, len(data), *(round(cut * len(data)) for cut in cuts)})
    if dribble and len(data) < 400:
        places = list(range(len(data) + 1))
    expected = Library.reads(data)
    with far() as other:
        for begin, end in pairwise(places):
            other.says(data[begin:end])
        assert other.heard == expected.heard
        # A header that is not complete may already be wrong: then the library is the first to know.
        cut_off = len(data) and not other.closed and expected.over
        if not cut_off:
            assert bool(other.closed) == expected.over
            assert other.is_told() == expected.said
        else:
            assert len(other.line.rest) < 14


INNER = frame(0x81, b"inner")
# The same bytes are a message of their own on one socket, and on another the rest of one that has begun.
PIECES = st.sampled_from(
    [INNER, frame(0x81, INNER)[:2], frame(0x81, INNER), INNER * 2, b"\x81", b"\x05inner"]
)


@settings(deadline=None)
@given(st.lists(st.lists(PIECES | st.just(b""), min_size=3, max_size=3), max_size=8))
def test_sockets_that_hear_the_same_bytes_hear_what_each_has_begun(rounds: list[list[bytes]]) -> None:
    said = [b""] * 3
    heard: list[list[tuple[bytes, bool]]] = [[] for _ in said]
    with ExitStack() as sockets, far() as other:
        wires = []
        for each in heard:
            near, wire = map(sockets.enter_context, socket.socketpair())
            near.setblocking(False)
            other.bank.take_on(Line(other.bank, near, keeper(each), other.closed.append))
            wires.append(wire)
        for pieces in rounds:
            for number, piece in enumerate(pieces):
                with suppress(BrokenPipeError):  # what came before was no frame at all
                    wires[number].sendall(piece)
                said[number] += piece
            other.is_heard()
        assert heard == [Library.reads(data).heard for data in said]


@given(st.lists(PLAIN, max_size=5), st.binary(max_size=10))
def test_plain_frames_are_cut_out(frames: list[bytes], rest: bytes) -> None:
    whole = b"".join(frames)
    texts, end = slices(whole + frame(0x89, rest))
    short = [each for each in frames if len(each) < 65_540]
    if len(short) == len(frames):
        assert [frame(0x81, text) for text in texts] == frames
        assert end == len(whole)
    for each in short:
        text = sole(each)
        assert text is not None and frame(0x81, text) == each
        assert sole(each + b"\x81") is None and sole(each[:-1]) is None


@given(OTHERS, PAYLOADS, st.booleans(), st.booleans())
def test_how_far_a_frame_reaches(first: int, payload: bytes, masked: bool, wide: bool) -> None:
    whole = frame(first, payload, masked=masked, wide=wide)
    head = len(whole) - len(payload)
    assert extent(whole + b"more") == extent(whole[:head]) == len(whole)
    # All but the mask has to be there.
    assert all(extent(whole[:n]) is None for n in range(head - (4 if masked else 0)))


# -- one at a time ----------------------------------------------------------------------------------------------------------


def test_a_ping_is_answered_and_leaves_nothing_behind() -> None:
    with far() as other:
        other.says(frame(0x89, b"there?"))
        assert other.is_told() == [(Opcode.PONG, b"there?")]
        assert other.line.is_plain
        assert not any(isinstance(one, Protocol) for one in gc.get_referents(other.line))


def test_a_plain_frame_needs_no_library_wherever_it_is_cut() -> None:
    with far() as other:
        whole = frame(0x81, b"x" * 300)
        for n in range(len(whole)):
            other.says(whole[n : n + 1])
            assert not any(isinstance(one, Protocol) for one in gc.get_referents(other.line))
        assert other.heard == [(b"x" * 300, False)]


def test_who_does_not_read_the_answers_to_pings_is_hung_up_on() -> None:
    with far() as other:
        other.line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
        for _ in range(20_000):
            other.says(frame(0x89, b"p" * 125))
        assert other.closed == ["it does not read what it is sent"]
        assert len(other.bank) == 0


def test_what_could_not_be_written_at_once_is_written_in_the_end() -> None:
    with far() as other:
        other.line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
        pings = [(Opcode.PONG, str(n).encode()) for n in range(400)]
        for _, payload in pings:
            other.says(frame(0x89, payload))
        told = other.is_told()
        assert 0 < len(told) < len(pings), "the buffer took it all, and nothing waited"
        while len(told) < len(pings) and select.select([other.bank.fileno()], [], [], LIMIT_S)[0]:
            other.is_heard()
            told += other.is_told()
        assert told == pings
        assert not select.select([other.bank.fileno()], [], [], 0)[0]


@pytest.mark.parametrize(
    ("says", "reason", "answer"),
    [
        (frame(0x88, b"\x03\xe9so long"), "closed with 1001 so long", (Opcode.CLOSE, b"\x03\xe9so long")),
        (frame(0x88, b""), "closed with 1005", (Opcode.CLOSE, b"")),
        (b"\x81\x7f" + (MAX_SIZE + 1).to_bytes(8, "big"), "more than we take: frame with", None),
        (frame(0x01, b"x" * MAX_SIZE) + frame(0x80, b"y"), "more than we take: frame with", None),
        (frame(0xC1, b"x"), "reserved bits", None),
        (frame(0x81, b"x", masked=True), "incorrect masking", None),
    ],
)  # fmt: skip
def test_why_it_ended_is_told_once(says: bytes, reason: str, answer: tuple[Opcode, bytes] | None) -> None:
    with far() as other:
        other.says(says)
        (told,) = other.closed
        assert reason in told
        assert answer is None or other.is_told() == [answer]
        other.wire.close()
        other.is_heard()
        assert other.closed == [told]
        assert len(other.bank) == 0


def test_a_connection_that_ends_without_a_goodbye() -> None:
    with far() as other:
        other.says(frame(0x81, b"one") + b"\x81\x09half")
        other.wire.shutdown(socket.SHUT_WR)
        other.is_heard()
        assert other.heard == [(b"one", False)]
        assert other.closed == ["closed with 1006"]
        assert len(other.bank) == 0


def test_a_number_that_is_given_again_is_another_line() -> None:
    with far() as other:
        number = other.line.fd
        other.bank.drop(other.line)
        one, two = socket.socketpair()
        with one, two:
            # The lowest number that is free is given next, which is the one that was let go of.
            assert one.fileno() == number
            one.setblocking(False)
            heard: list[bytes] = []
            line = Line(
                other.bank, one, lambda payload, at, binary: heard.append(payload), other.closed.append
            )
            other.bank.take_on(line)
            # The old one goes once more, as an ear that is closed late does.
            other.bank.drop(other.line)
            assert len(other.bank) == 1
            two.sendall(frame(0x81, b"hello"))
            other.is_heard()
            assert (heard, other.heard, other.closed) == ([b"hello"], [], [])
            other.bank.drop(line)


def test_a_large_text_that_comes_a_byte_at_a_time_is_not_copied_for_each() -> None:
    with far() as other:
        whole = frame(0x81, b"x" * 70_000)
        for n in range(0, len(whole), 7):
            other.says(whole[n : n + 7])
            assert len(other.line.rest) < 14
        assert other.heard == [(b"x" * 70_000, False)]


# -- from the handshake on --------------------------------------------------------------------------------------------------


@contextmanager
def server(answers: bytes | None) -> Iterator[tuple[str, list[socket.socket]]]:
    """A server that takes one connection: a genuine handshake with ``answers`` right behind it, or a refusal."""
    listening = socket.create_server(("127.0.0.1", 0))
    taken: list[socket.socket] = []

    def run() -> None:
        wire, _ = listening.accept()
        taken.append(wire)
        protocol = ServerProtocol()
        protocol.receive_data(wire.recv(65_536))
        (request,) = protocol.events_received()
        assert isinstance(request, Request)
        if answers is None:
            protocol.send_response(protocol.reject(403, "not you"))
        else:
            protocol.send_response(protocol.accept(request))
        wire.sendall(b"".join(protocol.data_to_send()) + (answers or b""))
        if answers is None:
            wire.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"ws://127.0.0.1:{listening.getsockname()[1]}/", taken
    finally:
        thread.join(LIMIT_S)
        for wire in (*taken, listening):
            wire.close()


def test_what_comes_with_the_answer_to_the_handshake_is_heard() -> None:
    with far() as other, server(frame(0x81, b"first") + b"\x81") as (url, taken):
        heard: list[bytes] = []
        ear = ear_for(LIMIT_S, other.bank, None)
        ear.open(url, {}, lambda payload, at, binary: heard.append(payload), other.closed.append)
        taken[0].sendall(b"\x06second")
        while len(heard) < 2 and select.select([other.bank.fileno()], [], [], LIMIT_S)[0]:
            other.bank.hear_all()
        assert heard == [b"first", b"second"]
        ear.close()
        reader = Protocol(Side.SERVER)
        while data := taken[0].recv(65_536):
            reader.receive_data(data)
        assert frames_of(reader) == [(Opcode.CLOSE, b"\x03\xe8")]
        # Who ends it need not be told.
        assert other.closed == []


def descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_a_refusal_is_told_and_leaves_no_descriptor() -> None:
    with far() as other, server(None) as (url, _):
        before = descriptors()
        with pytest.raises(CouldNotTest, match=r"refused: .* HTTP 403"):
            ear_for(LIMIT_S, other.bank, None).open(url, {}, lambda *_: None, lambda _: None)
        assert len(other.bank) == 1
        gc.collect()
        # The server's end of it, at most.
        assert descriptors() <= before + 1


def test_where_there_is_no_bank_there_is_a_greenlet_and_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    assert why_no_bank() == ""
    monkeypatch.delattr(select, "epoll")
    assert "epoll" in why_no_bank()
    assert isinstance(ear_for(1, None, None), GreenletEar)
