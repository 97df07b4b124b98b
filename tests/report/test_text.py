from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from earwitness.history import Body
from earwitness.report.text import block, body_text, clip, one_line, printable

anything = st.text(st.characters(exclude_categories=()))


@given(anything)
def test_nothing_that_could_steer_a_terminal_or_break_utf8_is_left(text: str) -> None:
    shown = printable(text)
    shown.encode("utf-8")
    assert not any(c in shown for c in "\x1b\x07\r\n\x00\u202e\u2066\x9b")


def test_what_is_hidden_becomes_visible() -> None:
    assert printable("a\x1b[2J\u202eb\ud800\n") == "a\\x1b[2J\\u202eb\\ud800\\n"


def test_emoji_and_other_scripts_stay() -> None:
    text = "👩\u200d👩\u200d👧 ❤\ufe0f שלום 日本"
    assert printable(text) == text


@given(anything, st.integers(10, 80))
def test_one_line_is_one_line_and_bounded(text: str, keep: int) -> None:
    shown = one_line(text, keep)
    assert shown.splitlines() in ([shown], [])
    # An escape is at most ten characters for one, and the mark is short.
    assert len(shown) <= keep * 10 + 60


def test_a_cut_says_how_much_is_missing() -> None:
    assert clip("x" * 30, 10) == "x" * 10 + "… [cut: 20 more characters]"
    assert block("a\nb" + "x" * 30, 3) == "a\nb… [cut: 30 more characters]"


def test_every_form_of_body_is_told() -> None:
    assert body_text(Body()) == ""
    assert body_text(Body("json", {"a": "ü"})) == '{"a": "ü"}'
    assert body_text(Body("text", "hello", cut=5)) == "hello [cut: 5 more bytes]"
    assert body_text(Body("base64", "AAECAw==")) == "[4 bytes that are no UTF-8]"
    assert body_text(Body("parts", {"text": "hi", "n": 1})) == 'text="hi" n=1'
