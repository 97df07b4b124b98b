from __future__ import annotations

import base64
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earwitness.deployment.model import placeholder
from earwitness.history import Body, Entry, FrameSaid, Json, MemberJoined, Request, SocketOpening
from earwitness.report import Past, reproduce
from earwitness.report.reproduce import MOST_LINES
from tests.report.made_up import HOSTILE, HTTP, WS, history

# Stand-ins that write down what they were called with: each argument, then what came in, each ended by NUL.
STAND_INS = """
curl() { printf 'curl\\0'; printf '%s\\0' "$@"; printf 'stdin\\0'; case "$*" in *@-*) cat;; esac; printf '\\0'; }
websocat() { printf 'websocat\\0'; printf '%s\\0' "$@"; printf 'stdin\\0'; cat; printf '\\0'; }
sleep() { :; }
"""
# NUL can't be in an argument of a program, so it is looked at apart.
in_an_argument = st.text(st.characters(exclude_characters="\0"))


def run(lines: str, tmp_path: Path | None = None) -> list[str]:
    """What the lines call, when they are pasted into bash."""
    done = subprocess.run(
        ["bash", "--norc", "-c", STAND_INS + lines],
        capture_output=True,
        timeout=10,
        check=True,
        cwd=tmp_path,
        env={
            "ALICE_TOKEN": "s3cret",
            "BOB_TOKEN": "b0b",
            "AWS_TOKEN": "private",
            "PATH": "/usr/bin:/bin",
            "LC_ALL": "C.UTF-8",
        },
    )
    return done.stdout.decode("utf-8", "surrogatepass").split("\0")


def sent(request: Request, members: Sequence[str] = ("alice",)) -> str:
    entries: list[Entry] = [MemberJoined(n=n, member=m) for n, m in enumerate(members, start=1)]
    return reproduce([request.n], Past.of([*entries, request]))


def post(body: Body, url: str = f"{HTTP}/x", headers: Mapping[str, str] | None = None) -> Request:
    return Request(
        n=50, exchange="x", member="alice", method="POST", url=url, headers=headers or {}, body=body
    )


def data_of(called: list[str]) -> str:
    return next(called[place + 1] for place, word in enumerate(called) if word in ("-d", "--data-raw"))


def test_the_line_reads_as_people_write_it() -> None:
    headers = {
        "Authorization": "Token $ALICE_TOKEN",
        "Content-Type": "application/json",
        "Host": "h",
        "User-Agent": "u",
    }
    line = sent(post(Body("json", {"content": "hello"}), headers=headers))
    assert line == (
        f"curl -i -X POST '{HTTP}/x' -H \"Authorization: Token $ALICE_TOKEN\" -H 'Content-Type: application/json'"
        ' -d \'{"content": "hello"}\''
    )


def test_a_variable_is_spelt_as_the_redaction_spells_it() -> None:
    for member in ("alice", "Alice-2", "bob.b", "x__y"):
        stand_in = placeholder(member, "token")
        assert f'"Token {stand_in}"' in sent(
            post(Body(), headers={"A": f"Token {stand_in}"}), [member]
        ).replace("A: ", "")
    assert "'A: $1ST_TOKEN'" in sent(post(Body(), headers={"A": "$1ST_TOKEN"}), ["1st"])


def test_names_of_headers_are_written_as_people_know_them() -> None:
    assert "-H 'X-Request-Id: 1'" in sent(post(Body(), headers={"x-request-id": "1", "accept": "*/*"}))
    assert "Accept" not in sent(post(Body(), headers={"accept": "*/*"}))


def test_the_members_token_expands_and_no_other_variable_does() -> None:
    request = post(
        Body("text", "$ALICE_TOKEN $AWS_TOKEN ${PATH}"),
        url=f"{HTTP}/?token=$ALICE_TOKEN&next=$AWS_TOKEN",
        headers={"Authorization": "Token $ALICE_TOKEN", "X": "$ALICE_TOKENlower"},
    )
    called = run(sent(request))
    assert f"{HTTP}/?token=s3cret&next=$AWS_TOKEN" in called
    assert "Authorization: Token s3cret" in called
    assert "X: s3cretlower" in called
    assert data_of(called) == "s3cret $AWS_TOKEN ${PATH}"


@settings(max_examples=60, deadline=None)
@given(text=in_an_argument, header=in_an_argument)
def test_any_text_arrives_unchanged_and_runs_nothing(text: str, header: str) -> None:
    # Something must be carried, or there is no body.
    called = run(sent(post(Body("text", "." + text), headers={"X-Odd": "." + header})))
    assert data_of(called) == "." + text
    assert f"X-Odd: .{header}" in called


def test_hostile_text_in_every_place_runs_nothing(tmp_path: Path) -> None:
    hostile = (
        HOSTILE.replace("\x00", "").replace("/tmp/owned", "owned") + " '; touch owned; ' !! \n touch owned"
    )
    request = Request(
        n=50, exchange="x", member="alice", method=hostile, url=f"{HTTP}/{hostile}", headers={hostile: hostile},
        body=Body("json", {hostile: hostile}),
    )  # fmt: skip
    opening = SocketOpening(
        n=49, socket="s", member=hostile, url=f"{WS}/{hostile}", headers={hostile: hostile}
    )
    said = FrameSaid(n=51, exchange="y", socket="s", payload=Body("text", hostile))
    past = Past.of([MemberJoined(n=1, member=hostile), opening, request, said])
    assert "curl" in run(reproduce([50, 49], past), tmp_path)
    assert "websocat" in run(reproduce([51], past), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_data_that_looks_like_a_file_is_sent_as_it_is() -> None:
    called = run(sent(post(Body("text", "@/etc/passwd"))))
    assert called[called.index("--data-raw") + 1] == "@/etc/passwd"
    assert "Content-Type:" in called


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00bytes", b"with \x00 in it"])
def test_bytes_arrive_as_they_were(raw: bytes) -> None:
    line = sent(post(Body.of(raw)))
    assert "--data-binary @-" in line
    assert b"stdin\0" + raw in run_bytes(line)


def run_bytes(lines: str) -> bytes:
    return subprocess.run(
        ["bash", "--norc", "-c", STAND_INS + lines], capture_output=True, timeout=10, check=True
    ).stdout


def test_parts_become_form_fields_and_files_are_named() -> None:
    value: Json = {
        "text": "@home; type=x",
        "file": {"name": "a b.png", "type": "image/png", "size": 70},
        "tags": ["a", 1],
    }
    called = run(
        sent(post(Body("parts", value), headers={"Content-Type": "multipart/form-data; boundary=1"}))
    )
    assert [called[i + 1] for i, word in enumerate(called) if word == "--form-string"] == [
        "text=@home; type=x",
        "tags=a",
        "tags=1",
    ]
    assert called[called.index("-F") + 1] == 'file=@"a b.png";type=image/png'
    assert not any(word.startswith("Content-Type") for word in called)


@pytest.mark.parametrize(
    "text",
    ["hello", "-n", 'back\\slash "and" quotes', "it's", "$ALICE_TOKEN!", "two\nlines", "bell\x07", "@x"],
)
def test_a_frame_is_said_as_it_was(text: str) -> None:
    opening = SocketOpening(n=1, socket="s", member="alice", url=f"{WS}/ws/?token=$ALICE_TOKEN")
    said = FrameSaid(n=2, exchange="x", socket="s", payload=Body("text", text))
    called = run(reproduce([2], Past.of([opening, said])))
    assert f"{WS}/ws/?token=s3cret" in called
    heard = "\0".join(called[called.index("stdin") + 1 :]).rstrip("\n\0")
    assert heard == text.replace("$ALICE_TOKEN", "s3cret" if "\n" not in text else "$ALICE_TOKEN")


def test_a_frame_in_words() -> None:
    opening = SocketOpening(n=1, socket="s", member="alice", url=f"{WS}/ws/?token=$ALICE_TOKEN")
    said = FrameSaid(n=2, exchange="x", socket="s", payload=Body("json", {"message": "hi"}))
    assert reproduce([2], Past.of([opening, said])) == (
        f'echo \'{{"message": "hi"}}\' | websocat -n "{WS}/ws/?token=$ALICE_TOKEN"'
    )


def test_binary_frames_are_decoded_first() -> None:
    raw = b"\xff\x00\x01"
    opening = SocketOpening(n=1, socket="s", member="alice", url=f"{WS}/ws/")
    said = FrameSaid(n=2, exchange="x", socket="s", payload=Body("base64", base64.b64encode(raw).decode()))
    line = reproduce([2], Past.of([opening, said]))
    assert raw in run_bytes(line)
    assert " -b " in line


def test_who_listens_is_started_before_what_is_to_be_heard() -> None:
    entries, numbers = history("hello")
    lines = reproduce([numbers.answer, numbers.bob_heard], Past.of(entries)).splitlines()
    assert lines[0].startswith(f'websocat -n "{WS}/ws/messaging/?token=$BOB_TOKEN" </dev/null | sed')
    assert lines[0].endswith("&")
    assert lines[1] == "sleep 1"
    assert lines[2].startswith("curl -i -X POST")


def test_a_handshake_alone_is_one_websocat() -> None:
    entries, numbers = history()
    assert reproduce([numbers.refused], Past.of(entries)) == f"websocat -n '{WS}/ws/messaging/?token=garbage'"


def test_headers_of_a_socket_cannot_swallow_the_words_after_them() -> None:
    entries, numbers = history("hi")
    called = run(reproduce([numbers.said], Past.of(entries)))
    assert "-H=Authorization: Token s3cret" in called


def test_what_was_only_claimed_has_no_line() -> None:
    entries, _ = history()
    assert reproduce([entries[0].n, 10_000], Past.of(entries)) == ""


def test_many_requests_are_bounded() -> None:
    many = [Request(n=n, exchange=str(n), member="a", method="GET", url=HTTP) for n in range(1, 101)]
    lines = reproduce(range(1, 101), Past.of(many)).splitlines()
    assert len(lines) == MOST_LINES + 1
    assert lines[-1] == "# and 80 more, in history.jsonl"
