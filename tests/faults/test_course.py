"""What a fault makes of what comes: forwarded up to the very byte, then the rest of the plan."""

from __future__ import annotations

import pytest

from earwitness.faults import LOST_ANSWER, Cut, Delay, Fault, Slice, Stall
from earwitness.faults.course import Break, Course, Forward, Hold, Step, Wait
from earwitness.faults.framing import Head
from earwitness.faults.plan import Side
from tests.faults.messages import ANSWER, POST, frame

OPENED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
OPENING = Head("GET", "/ws", upgrade=True)


def course(fault: Fault | None, head: Head | None = None) -> Course:
    return Course(fault, head or Head("POST", "/a"))


def passed(steps: list[Step]) -> bytes:
    """What was forwarded before anything else happened."""
    forwarded = b""
    for step in steps:
        if not isinstance(step, Forward):
            break
        forwarded += step.data
    return forwarded


def after(steps: list[Step]) -> Step | None:
    """What happened first that was no forwarding."""
    return next((step for step in steps if not isinstance(step, Forward)), None)


def in_pieces(one: Course, side: Side, data: bytes, size: int) -> list[Step]:
    """What becomes of ``data``, up to and with a break."""
    steps: list[Step] = []
    for at in range(0, len(data), size):
        for step in one.steps(side, data[at : at + size]):
            steps.append(step)
            if isinstance(step, Break | Hold):
                return steps
    return steps


def test_without_a_fault_everything_passes_as_it_came() -> None:
    one = course(None)
    assert list(one.steps("request", POST)) == [Forward(POST)]
    assert list(one.steps("answer", ANSWER)) == [Forward(ANSWER)]
    assert not one.struck


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize(
    ("fault", "side", "data", "before"),
    [
        (Cut("request", 10), "request", POST + b"12345", POST[:10]),
        (Cut("request", 2, "body"), "request", POST + b"12345", POST + b"12"),
        (Cut("request", None), "request", POST + b"12345", POST + b"12345"),
        (Cut("answer", 20), "answer", ANSWER, ANSWER[:20]),
        (Cut("answer", 1, "body"), "answer", ANSWER, ANSWER[:-1]),
        (Cut("answer", None, reset=True), "answer", ANSWER, ANSWER),
        (LOST_ANSWER, "answer", ANSWER, b""),
        (Stall("request", 5), "request", POST + b"12345", POST[:5]),
        (Stall("answer", 0, "body"), "answer", ANSWER, ANSWER[:-2]),
    ],
)
def test_it_strikes_at_the_byte_it_names(
    fault: Cut | Stall, side: Side, data: bytes, before: bytes, size: int
) -> None:
    one = course(fault)
    steps = in_pieces(one, side, data, size)
    assert passed(steps) == before
    assert after(steps) == (Break(fault.reset) if isinstance(fault, Cut) else Hold())
    assert one.struck


@pytest.mark.parametrize("fault", [Cut("answer", 3), Stall("answer", 3), Cut("answer", None)])
def test_the_other_side_does_not_set_it_off(fault: Fault) -> None:
    one = course(fault)
    assert list(one.steps("request", POST + b"12345")) == [Forward(POST + b"12345")]
    assert not one.struck


def test_what_was_held_goes_on_and_is_not_held_again() -> None:
    one = course(Stall("request", 5))
    assert list(one.steps("request", POST)) == [Forward(POST[:5]), Hold(), Forward(POST[5:])]
    assert list(one.steps("request", b"12345")) == [Forward(b"12345")]


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_socket_is_cut_after_as_many_whole_frames(size: int) -> None:
    first, ping, second, third = frame(b"one"), frame(b"", opcode=9), frame(b"two" * 50), frame(b"three")
    one = course(Cut("answer", 2, "frames"), OPENING)
    steps = in_pieces(one, "answer", OPENED + first + ping + second + third, size)
    assert passed(steps) == OPENED + first + ping + second
    assert after(steps) == Break(reset=False)


def test_frames_that_are_said_are_counted_apart_from_those_that_are_heard() -> None:
    one = course(Cut("request", 1, "frames", reset=True), OPENING)
    said = frame(b"said", masked=True)
    assert list(one.steps("answer", OPENED + frame(b"heard"))) == [Forward(OPENED + frame(b"heard"))]
    assert list(one.steps("request", said)) == [Forward(said), Break(reset=True)]


def test_a_socket_that_opens_is_held_before_its_first_frame() -> None:
    one = course(Stall("answer", 0, "frames"), OPENING)
    assert list(one.steps("answer", OPENED + frame(b"1")))[:2] == [Forward(OPENED), Hold()]


def test_a_socket_that_is_refused_has_no_frames() -> None:
    one = course(Cut("answer", 0, "frames"), OPENING)
    refused = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"
    assert in_pieces(one, "answer", refused * 2, 11) and not one.struck
    assert not one.is_socket


def test_slices_are_taken_in_turn_and_nothing_is_left_out() -> None:
    steps = list(course(Slice((1, 4), pause_s=0.5)).steps("request", b"abcdefg"))
    assert [step.data for step in steps if isinstance(step, Forward)] == [b"a", b"bcde", b"f", b"g"]
    assert {step.seconds for step in steps if isinstance(step, Wait)} == {0.5}


def test_a_delay_is_for_its_side() -> None:
    one = course(Delay(0.2, "answer"))
    assert list(one.steps("request", POST)) == [Forward(POST)]
    assert list(one.steps("answer", ANSWER)) == [Wait(0.2), Forward(ANSWER)]


@pytest.mark.parametrize("sizes", [(), (3, 0)])
def test_pieces_of_nothing_are_no_plan(sizes: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="at least one byte"):
        Slice(sizes)


def test_only_what_can_lose_something_is_lossy() -> None:
    assert not Slice().lossy
    assert all(fault.lossy for fault in (Delay(1.0), Cut(), Stall()))


def test_every_fault_says_what_it_does() -> None:
    assert (
        Cut("request", 5, "body").sentence
        == "the connection is cut once 5 bytes of the request's body have passed"
    )
    assert (
        Cut("answer", None, reset=True).sentence == "the connection is reset once the whole answer has passed"
    )
    assert (
        Stall("answer", 0, "frames").sentence
        == "nothing more is forwarded once 0 frames of the answer have passed"
    )
    assert Slice((7, 1)).sentence == "what comes is forwarded in pieces of 7, 1 bytes"
    assert Delay(0.5).sentence == "what comes is forwarded 0.5 s later"
