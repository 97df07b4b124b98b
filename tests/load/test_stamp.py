"""A stamp comes back as it was sent, or not at all."""

from __future__ import annotations

from hypothesis import assume, example, given
from hypothesis import strategies as st

from earwitness.load.stamp import Stamp, read_stamp

STAMP = Stamp("0a1b2c3d", "a1", 17, 123_456_789_012)


@example(1, 0, 30)  # one character more than there must be
@given(st.integers(1, 999_999_999), st.integers(0, 10**18), st.integers(0, 2_000))
def test_it_comes_back(sequence: int, due: int, size: int) -> None:
    stamp = Stamp("0a1b2c3d", "a12", sequence, due)
    text = stamp.text(size)
    assert read_stamp(text) == stamp
    assert len(text) >= size


@given(st.integers(0, 200), st.characters(codec="utf-8"))
def test_a_changed_character_is_noticed(place: int, other: str) -> None:
    text = STAMP.text(120)
    changed = text[: place % len(text)] + other + text[place % len(text) + 1 :]
    assume(changed != text)
    assert read_stamp(changed) is None


def test_a_text_of_somebody_else_has_none() -> None:
    assert read_stamp("hello") is None
    assert read_stamp(STAMP.text()[:-1]) is None
