"""Over TLS the listener bank hears what it would hear without it, in whatever records that comes, and tells how it ended."""

from __future__ import annotations

import contextlib
import gc
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.frames import Opcode
from websockets.http11 import Request
from websockets.protocol import Protocol, Side
from websockets.server import ServerProtocol

from earwitness.errors import CouldNotTest
from load.bank import Bank, ear_for
from load.handshake import MAX_SIZE
from load.lines import Line
from load.stamps import StampedLine
from load.tls import Tls
from tests.load.certificates import contexts
from tests.load.test_bank import LIMIT_S, STREAMS, Library, descriptors, frame, frames_of

Contexts = tuple[ssl.SSLContext, ssl.SSLContext]


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Contexts:
    """For a server, and for a client that trusts it."""
    return contexts(tmp_path_factory.mktemp("certificates"))


@dataclass
class Far:
    """The other end of a line of a bank, with TLS between them, and what is heard at this one."""

    bank: Bank
    wire: socket.socket
    line: Line
    server: ssl.SSLObject
    incoming: ssl.MemoryBIO
    outgoing: ssl.MemoryBIO
    piece: int
    heard: list[tuple[bytes, bool]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)

    def says(self, data: bytes) -> None:
        """Say ``data`` in records of its own, and let the bank hear it piece by piece."""
        while data and not self.closed:
            data = data[self.server.write(data) :]
            self.sends(self.outgoing.read())

    def sends(self, sealed: bytes) -> None:
        """Send bytes that are sealed already, or look so."""
        while sealed and not self.closed:
            sealed = sealed[self.wire.send(sealed[: self.piece]) :]
            self.is_heard()

    def is_heard(self) -> None:
        while select.select([self.bank.fileno()], [], [], 0)[0]:
            self.bank.hear_all()

    def is_told(self) -> bytes:
        """What the bank has said; a goodbye of TLS ends it."""
        self.wire.setblocking(False)
        with contextlib.suppress(BlockingIOError, ConnectionError):
            while data := self.wire.recv(65_536):
                self.incoming.write(data)
        said = b""
        with contextlib.suppress(ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            while data := self.server.read(65_536):
                said += data
        return said

    def frames(self) -> list[tuple[Opcode, bytes]]:
        reader = Protocol(Side.SERVER)
        reader.receive_data(self.is_told())
        return frames_of(reader)


@contextmanager
def far(trusted: Contexts, piece: int = 60_000, *, stamped: bool = False) -> Iterator[Far]:
    def fault(error: Exception) -> None:
        raise error

    bank = Bank(fault, (lambda *_: None) if stamped else None)
    near, wire = socket.socketpair()
    near.setblocking(False)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = trusted[0].wrap_bio(incoming, outgoing, server_side=True)
    tls = Tls(trusted[1], "127.0.0.1")
    for done in (tls.shake, server.do_handshake, tls.shake, server.do_handshake):
        with contextlib.suppress(ssl.SSLWantReadError):
            done()
        incoming.write(tls.seal(b""))
        if outgoing.pending:
            tls.feed(outgoing.read())
    heard: list[tuple[bytes, bool]] = []
    closed: list[str] = []
    line = bank.line(near, lambda payload, at, binary: heard.append((payload, binary)), closed.append, tls)
    assert isinstance(line, StampedLine) is stamped
    bank.take_on(line)
    made = Far(bank, wire, line, server, incoming, outgoing, piece, heard, closed)
    del line, tls
    try:
        yield made
    finally:
        bank.close()
        wire.close()
        near.close()


@settings(deadline=None, max_examples=200)
@given(
    data=STREAMS,
    cuts=st.lists(st.floats(0, 1), max_size=8),
    dribble=st.booleans(),
    piece=st.sampled_from([1, 7, 500, 17_000, 60_000]),
    stamped=st.booleans(),
)
def test_it_hears_what_it_hears_without_in_whatever_records_it_comes(
    trusted: Contexts, data: bytes, cuts: list[float], dribble: bool, piece: int, stamped: bool
) -> None:
    places = sorted({0, len(data), *(round(cut * len(data)) for cut in cuts)})
    if dribble and len(data) < 400:
        places = list(range(len(data) + 1))
    expected = Library.reads(data)
    with far(trusted, max(piece, len(data) // 500), stamped=stamped) as other:
        for begin, end in pairwise(places):
            other.says(data[begin:end])
        assert other.heard == expected.heard
        # As without TLS, a header that is not complete may already be wrong.
        if not expected.over or other.closed or not data:
            assert bool(other.closed) == expected.over
            assert other.frames() == expected.said


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_large_message_over_many_records(version: ssl.TLSVersion, tmp_path: Path) -> None:
    made = contexts(tmp_path)
    made[1].minimum_version = made[1].maximum_version = version
    with far(made) as other:
        text = b"x" * (MAX_SIZE - 5)
        other.says(frame(0x81, text) + frame(0x89, b"there?") + frame(0x81, b"after"))
        assert other.server.version() == version.name.replace("_", ".")
        assert other.heard == [(text, False), (b"after", False)]
        assert other.frames() == [(Opcode.PONG, b"there?")]


def test_all_that_one_read_brings_is_heard(trusted: Contexts) -> None:
    with far(trusted) as other:
        sealed = b""
        for number in range(200):
            other.server.write(frame(0x81, b"%d" % number))
            sealed += other.outgoing.read()
        # In one piece, and the last record is cut: nothing more may come for long, and the socket tells of nothing that waits in TLS.
        other.sends(sealed[:-1])
        assert other.heard == [(b"%d" % number, False) for number in range(199)]
        other.sends(sealed[-1:])
        assert other.heard[-1] == (b"199", False)


def test_a_connection_that_is_cut_without_a_goodbye_of_tls(trusted: Contexts) -> None:
    with far(trusted) as other:
        other.says(frame(0x81, b"one") + b"\x81\x09half")
        other.wire.close()
        other.is_heard()
        assert (other.heard, other.closed) == ([(b"one", False)], ["closed with 1006"])
        assert len(other.bank) == 0


def test_a_goodbye_of_tls_is_the_end_even_if_the_connection_stays(trusted: Contexts) -> None:
    with far(trusted) as other:
        other.server.write(frame(0x81, b"one"))
        with pytest.raises(ssl.SSLWantReadError):
            other.server.unwrap()
        # Both in one read.
        other.sends(other.outgoing.read())
        assert (other.heard, other.closed) == ([(b"one", False)], ["closed with 1006"])
        assert len(other.bank) == 0


def test_a_goodbye_of_the_websocket_is_answered_and_the_end_waited_for(trusted: Contexts) -> None:
    with far(trusted) as other:
        other.says(frame(0x88, b"\x03\xe9so long"))
        assert other.closed == ["closed with 1001 so long"]
        assert other.frames() == [(Opcode.CLOSE, b"\x03\xe9so long")]
        assert len(other.bank) == 1
        other.wire.close()
        other.is_heard()
        assert (len(other.bank), len(other.closed)) == (0, 1)


@pytest.mark.parametrize("noise", [b"\x17\x03\x03\x00\x20" + bytes(32), b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_what_is_no_tls_ends_it_after_what_was(noise: bytes, trusted: Contexts) -> None:
    with far(trusted) as other:
        other.server.write(frame(0x81, b"one"))
        other.sends(other.outgoing.read() + noise)
        assert other.heard == [(b"one", False)]
        (why,) = other.closed
        assert "SSL" in why
        assert len(other.bank) == 0


def test_who_does_not_read_the_answers_to_pings_is_hung_up_on(trusted: Contexts) -> None:
    with far(trusted) as other:
        other.line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
        for _ in range(20_000):
            other.says(frame(0x89, b"p" * 125))
        assert other.closed == ["it does not read what it is sent"]
        assert len(other.bank) == 0


def test_what_could_not_be_written_at_once_is_written_in_the_end(trusted: Contexts) -> None:
    with far(trusted) as other:
        other.line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
        pings = [str(n).encode() for n in range(400)]
        for payload in pings:
            other.says(frame(0x89, payload))
        reader = Protocol(Side.SERVER)
        reader.receive_data(other.is_told())
        told = frames_of(reader)
        assert 0 < len(told) < len(pings), "the buffer took it all, and nothing waited"
        while len(told) < len(pings) and select.select([other.bank.fileno()], [], [], LIMIT_S)[0]:
            other.is_heard()
            reader.receive_data(other.is_told())
            told += frames_of(reader)
        assert told == [(Opcode.PONG, payload) for payload in pings]


def test_a_line_whose_stamps_retire_hears_on(trusted: Contexts) -> None:
    with far(trusted, stamped=True) as other:
        other.says(b"\x81\x05he")
        assert isinstance(other.line, StampedLine)
        other.line.retire()
        other.says(b"llo")
        other.says(frame(0x81, b"again") + frame(0x89, b"there?"))
        assert other.heard == [(b"hello", False), (b"again", False)]
        assert other.frames() == [(Opcode.PONG, b"there?")]


def test_a_line_that_is_dropped_leaves_nothing_for_the_collector(trusted: Contexts) -> None:
    gc.collect()
    gc.disable()
    try:
        before = lines_and_tls()
        with far(trusted, stamped=True) as other:
            other.says(frame(0x81, b"one"))
            assert lines_and_tls() == before + 2
            other.bank.drop(other.line)
            del other.line
            assert lines_and_tls() == before
    finally:
        gc.enable()


def lines_and_tls() -> int:
    return sum(isinstance(one, Tls | Line) for one in gc.get_objects())


# -- from the handshake on --------------------------------------------------------------------------------------------------


@contextmanager
def server(
    context: ssl.SSLContext, then: Callable[[ssl.SSLSocket], None], every: int = 65_536
) -> Iterator[str]:
    """A server that takes one connection, opens it as a WebSocket, and does what ``then`` says. Its bytes come ``every`` so many."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(LIMIT_S)

    def run() -> None:
        plain, _ = listening.accept()
        with plain:
            front, back = socket.socketpair()
            relays = [
                threading.Thread(target=relay, args=(plain, back, 65_536), daemon=True),
                threading.Thread(target=relay, args=(back, plain, every), daemon=True),
            ]
            for one in relays:
                one.start()
            with (
                front,
                back,
                contextlib.suppress(OSError),
                context.wrap_socket(front, server_side=True) as wire,
            ):
                protocol = ServerProtocol()
                while not (events := protocol.events_received()):
                    protocol.receive_data(wire.recv(65_536))
                (request,) = events
                assert isinstance(request, Request)
                protocol.send_response(protocol.accept(request))
                wire.sendall(b"".join(protocol.data_to_send()) + frame(0x81, b"first"))
                then(wire)
            for one in relays:
                one.join(LIMIT_S)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"wss://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        thread.join(LIMIT_S)
        listening.close()
    assert not thread.is_alive()


def relay(source: socket.socket, target: socket.socket, every: int) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            for begin in range(0, len(data), every):
                target.sendall(data[begin : begin + every])
        target.shutdown(socket.SHUT_WR)


@contextmanager
def bank() -> Iterator[Bank]:
    def fault(error: Exception) -> None:
        raise error

    made = Bank(fault)
    try:
        yield made
    finally:
        made.close()


@pytest.mark.parametrize("every", [1, 65_536])
def test_a_socket_is_opened_heard_and_left(every: int, trusted: Contexts) -> None:
    left: list[tuple[Opcode, bytes]] = []
    ended: list[bytes] = []

    def then(wire: ssl.SSLSocket) -> None:
        wire.sendall(frame(0x81, b"second"))
        reader = Protocol(Side.SERVER)
        while data := wire.recv(65_536):
            reader.receive_data(data)
        # No error: TLS was ended with a goodbye as well.
        ended.append(data)
        left.extend(frames_of(reader))

    with bank() as listening, server(trusted[0], then, every) as url:
        # What it is told of an end would stand among what it heard.
        heard: list[bytes | str] = []
        ear = ear_for(LIMIT_S, listening, trusted[1])
        ear.open(url, {}, lambda payload, at, binary: heard.append(payload), heard.append)
        while len(heard) < 2 and select.select([listening.fileno()], [], [], LIMIT_S)[0]:
            listening.hear_all()
        assert heard == [b"first", b"second"]
        ear.close()
        assert len(listening) == 0
    assert (left, ended) == ([(Opcode.CLOSE, b"\x03\xe8")], [b""])


def test_a_certificate_that_nobody_trusts_is_told_and_leaves_no_descriptor(trusted: Contexts) -> None:
    with bank() as listening, server(trusted[0], lambda wire: None) as url:
        before = descriptors()
        with pytest.raises(CouldNotTest, match=r"could not be opened: .*certificate"):
            ear_for(LIMIT_S, listening, None).open(url, {}, lambda *_: None, lambda _: None)
        gc.collect()
        # The server's ends of it, at most.
        assert descriptors() <= before + 3
        assert len(listening) == 0
