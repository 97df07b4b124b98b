"""A secret is never in what was redacted, in no spelling, and what was JSON stays JSON."""

from __future__ import annotations

import base64
import html
import json
import secrets
import threading
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from earwitness.errors import CouldNotTest, UsageError
from earwitness.history import Body, Journal, Request
from earwitness.redact import Redactor, objection

TOKEN = "9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b"
PASSWORD = 'pä"s\\s/w&r d+%\U0001f511'

printable = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=4, max_size=12)
tricky = st.text(st.sampled_from('ab$A_"\\/%+&<\u00e9\U0001f511 {}:,[]'), min_size=4, max_size=8)
possible = st.one_of(printable, tricky).filter(
    lambda secret: not objection(secret) and secret not in "$ALICE_TOKEN"
)
# The same examples every time, and no limit of time that a busy machine could miss.
calm = settings(derandomize=True, deadline=None, max_examples=200)
around = st.one_of(st.text(max_size=20), tricky)


def redactor(*known: tuple[str, str]) -> Redactor:
    made = Redactor()
    for secret, placeholder in known or ((TOKEN, "$ALICE_TOKEN"), (PASSWORD, "$ALICE_PASSWORD")):
        made.add(secret, placeholder)
    return made


@pytest.mark.parametrize("secret", [TOKEN, PASSWORD])
@pytest.mark.parametrize(
    "spell",
    [
        lambda s: s,
        json.dumps,
        lambda s: json.dumps(s, ensure_ascii=False),
        lambda s: json.dumps(s).replace("/", "\\/"),
        lambda s: json.dumps(json.dumps({"a": s})),
        lambda s: json.dumps(json.dumps({"a": s}, ensure_ascii=False)),
        lambda s: json.dumps(json.dumps(json.dumps(s))),
        lambda s: json.dumps(s).replace("&", "\\u0026"),
        quote,
        lambda s: quote(s, safe=""),
        lambda s: quote(s, safe="").lower(),
        quote_plus,
        lambda s: quote(quote(s, safe=""), safe=""),
        html.escape,
        lambda s: html.escape(s).replace("&quot;", "&#34;"),
        lambda s: f"Basic {base64.b64encode(f'alice:{s}'.encode()).decode()}",
        lambda s: f"basic  {base64.urlsafe_b64encode(f'alice:{s}'.encode()).decode().rstrip('=')}",
        lambda s: json.dumps({"form": "base64", "value": base64.b64encode(b"\xff\x00" + s.encode()).decode()}),
    ],
)  # fmt: skip
def test_every_spelling_is_replaced(secret: str, spell: object) -> None:
    assert callable(spell)
    text = f"before {spell(secret)} after"
    known = redactor()
    assert known.holds_secret(text)
    redacted = known.redact(text)
    assert not known.holds_secret(redacted)
    assert redacted.startswith("before ")
    assert redacted.endswith(" after")
    assert spell(secret) not in redacted


def test_a_placeholder_stands_where_the_secret_stood() -> None:
    assert redactor().redact(f"Authorization: Token {TOKEN}!") == "Authorization: Token $ALICE_TOKEN!"


def test_a_basic_header_still_names_its_user() -> None:
    header = "Basic " + base64.b64encode(b"alice:" + PASSWORD.encode()).decode()
    redacted = redactor().redact(header)
    assert base64.b64decode(redacted.removeprefix("Basic ")) == b"alice:$ALICE_PASSWORD"


def test_text_without_secrets_is_untouched() -> None:
    text = "Basic training, signature=yes; Token of 9944b0 token=1 " + json.dumps({"a": [1, None, "\\u0026"]})
    assert redactor().redact(text) == text
    assert Redactor().redact(text) == text


def test_the_longest_secret_wins() -> None:
    known = redactor(("abcdef", "$SHORT"), ("abcdefgh", "$LONG"), ("abcdef/gh", "$LONGER"))
    assert known.redact("abcdefgh abcdef/gh abcdef abcde") == "$LONG $LONGER $SHORT abcde"


def test_secrets_that_begin_alike_are_told_apart() -> None:
    known = redactor(*((f"abcd{i}xyz", f"$T{i}") for i in range(30)))
    assert known.redact("abcd7xyzabcdabcd29xyz") == "$T7abcd$T29"


def test_the_first_placeholder_of_a_secret_is_kept() -> None:
    assert redactor((TOKEN, "$ALICE_TOKEN"), (TOKEN, "$BOB_TOKEN")).redact(TOKEN) == "$ALICE_TOKEN"


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "abc",
        "1234",
        "-12.5e10",
        "request",
        "payload",
        "base6",
        "true",
        "two\nlines",
        "$ALICE_TO",
        "ALICE",
    ],
)
def test_what_cannot_be_redacted_is_refused_without_being_repeated(secret: str) -> None:
    with pytest.raises(UsageError) as caught:
        Redactor().add(secret, "$ALICE_TOKEN")
    assert "$ALICE_TOKEN" in str(caught.value)
    assert len(secret) < 4 or secret not in str(caught.value).replace("$ALICE_TOKEN", "")


@pytest.mark.parametrize(
    ("url", "redacted"),
    [
        ("https://s3/f.png?X-Amz-Signature=abc%2F1&b=2", "https://s3/f.png?X-Amz-Signature=REDACTED&b=2"),
        (
            "http://h/uploads/f?expires=9&signature=ab.c#x",
            "http://h/uploads/f?expires=9&signature=REDACTED#x",
        ),
        ("wss://h/ws/?token=eyJ.a.b", "wss://h/ws/?token=REDACTED"),
        (
            "HTTPS://h/?AWSAccessKeyId=A&Sig=B;access_token=C",
            "HTTPS://h/?AWSAccessKeyId=REDACTED&Sig=REDACTED;access_token=REDACTED",
        ),
        ('"url": "https:\\/\\/h/?a=1\\u0026sig=abc"', '"url": "https:\\/\\/h/?a=1\\u0026sig=REDACTED"'),
        ('{"url":"https://h/?a=1\\u0026sig=abc"}', '{"url":"https://h/?a=1\\u0026sig=REDACTED"}'),
        (f"ws://h/?token={TOKEN}&sig=1", "ws://h/?token=$ALICE_TOKEN&sig=REDACTED"),
        ("https://h/?tokens=1&design=2&signature=", "https://h/?tokens=1&design=2&signature="),
        ("?token=abc is no address", "?token=abc is no address"),
    ],
)
def test_what_signs_an_address_is_a_secret_too(url: str, redacted: str) -> None:
    known = redactor()
    assert known.redact(url) == redacted
    assert known.redact(redacted) == redacted


@calm
@given(possible, around, around)
@example('":"x', '"', '"')
@example("b$AL", "b", "")
@example("KEN$", "", "KEN$")
@example("aaaa", "aaa", "aaa")
def test_a_secret_is_never_in_a_text(secret: str, before: str, after: str) -> None:
    known = redactor((secret, "$ALICE_TOKEN"))
    for spelt in (secret, json.dumps(secret)[1:-1], quote(secret, safe="")):
        redacted = known.redact(before + spelt + after)
        assert secret not in redacted
        assert not known.holds_secret(redacted)


@calm
@given(st.lists(possible, min_size=1, max_size=3), around, around, st.booleans())
@example(["pass\\"], "", '"', True)
@example(['"abc'], "", "", True)
@example(["\xa0000"], "\\\\", "", True)
@example([":1,{"], '{"a":1,{', "", True)
def test_a_secret_is_never_in_a_document_and_the_document_stays_one(
    several: list[str], before: str, after: str, to_ascii: bool
) -> None:
    assume(not any(one in "$BOB_PASSWORD" for one in several))
    known = redactor(*((secret, "$BOB_PASSWORD") for secret in several))
    value = before + "".join(several) + after
    document = {
        "n": 1,
        "body": value,
        value: [value, {"deep": value}],
        "url": "http://h/?a=" + quote(value, safe=""),
    }
    redacted = json.loads(known.redact(json.dumps(document, ensure_ascii=to_ascii, separators=(",", ":"))))
    assert redacted["n"] == 1
    assert len(redacted) == 4
    for secret in several:
        assert not [text for text in (redacted["body"], *redacted) if secret in text]


@calm
@given(possible, around)
def test_redacting_twice_changes_nothing_more(secret: str, text: str) -> None:
    known = redactor((secret, "$ALICE_TOKEN"))
    once = known.redact(f"https://h/?sig={text}{secret}")
    assert known.redact(once) == once


def test_a_history_never_holds_a_secret(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    journal = Journal(path, redactor().redact)
    body = Body.of(json.dumps({"password": PASSWORD, "refresh": TOKEN}))
    kept = journal.append(
        Request(url=f"http://h/?token={TOKEN}", headers={"Authorization": f"Token {TOKEN}"}, body=body)
    )
    journal.append(Request(body=Body.of(b"\xff" + TOKEN.encode())))
    journal.close()
    assert isinstance(kept, Request)
    assert kept.url == "http://h/?token=$ALICE_TOKEN"
    assert kept.headers == {"Authorization": "Token $ALICE_TOKEN"}
    assert kept.body.value == {"password": "$ALICE_PASSWORD", "refresh": "$ALICE_TOKEN"}
    assert redactor().sweep(tmp_path) == []


def test_a_sweep_finds_files_that_hold_a_secret(tmp_path: Path) -> None:
    known = redactor()
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / "clean.txt").write_text("$ALICE_TOKEN", encoding="utf-8")
    (deep / "raw.bin").write_bytes(b"\xff\xfe\x00" + PASSWORD.encode() + b"\xff")
    (deep / "escaped.json").write_text(json.dumps([PASSWORD]), encoding="utf-8")
    (deep / f"{TOKEN}.txt").touch()
    (tmp_path / "large.log").write_text("é" * ((1 << 20) - 20) + TOKEN + "x" * 100, encoding="utf-8")
    assert known.sweep(tmp_path) == sorted(
        [deep / "raw.bin", deep / "escaped.json", deep / f"{TOKEN}.txt", tmp_path / "large.log"]
    )


def test_a_sweep_of_nothing_finds_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("abc", encoding="utf-8")
    assert Redactor().sweep(tmp_path) == []
    assert redactor().sweep(tmp_path / "absent") == []


def test_a_file_that_cannot_be_read_is_not_vouched_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").touch()

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(CouldNotTest, match=r"a\.txt: cannot be swept for secrets: Permission denied"):
        redactor().sweep(tmp_path)


def test_whoever_adds_a_secret_is_safe_from_then_on() -> None:
    known = Redactor()
    leaks: list[str] = []

    def work() -> None:
        for _ in range(40):
            secret = secrets.token_hex(8) + "x"
            known.add(secret, "$TOKEN")
            if secret in known.redact(f"<{secret}>"):
                leaks.append(secret)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert leaks == []
