"""Presigned URLs: what may not be changed in one, and until when it says that it is good."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from earwitness.live import File, LiveMember, NotRun, Stage
from earwitness.live.uploads import changed_urls, expiry_of
from earwitness.verdict import Verdict
from tests.live.stages import verdict

NOTES = File("notes.txt", "text/plain", b"notes", "file")
OURS = "http://localhost:1/uploads/a-1.txt?expires=1764000000&signature=0a1b2c"
S3 = (
    "https://b.s3.amazonaws.com/uploads/a-1.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20261127T000000Z"
    "&X-Amz-Expires=900&X-Amz-Signature=0a1b2c&shown=yes"
)


@pytest.mark.parametrize(
    ("url", "changed"),
    [
        (OURS, {
            "without its query": "http://localhost:1/uploads/a-1.txt",
            "with another key": OURS.replace("a-1.txt", "another-a-1.txt"),
            "with its signature changed": OURS.replace("0a1b2c", "1b2c3d"),
            "with its expiry put off": OURS.replace("1764000000", "1764000001"),
        }),
        (S3, {
            "without its query": S3.partition("?")[0],
            "with another key": S3.replace("a-1.txt", "another-a-1.txt"),
            "with its signature changed": S3.replace("0a1b2c", "1b2c3d"),
            "with its expiry put off": S3.replace("Expires=900", "Expires=901"),
        }),
        # Its expiry is a date, and what is signed by the path alone is not known.
        ("https://a.blob.example/c/a.txt?se=2026-11-27&sig=ab%2B1", {
            "without its query": "https://a.blob.example/c/a.txt",
            "with another key": "https://a.blob.example/c/another-a.txt?se=2026-11-27&sig=ab%2B1",
            "with its signature changed": "https://a.blob.example/c/a.txt?se=2026-11-27&sig=bc%3C2",
        }),
        ("https://storage.example/0123456789abcdef/a.txt", {}),
        ("https://storage.example/a.txt?shown=yes&expires=1764000000", {}),
    ],
    ids=["ours", "S3", "Azure", "in the path", "unsigned"],
)  # fmt: skip
def test_only_what_a_signature_covers_is_changed(url: str, changed: dict[str, str]) -> None:
    assert changed_urls(url) == changed


@pytest.mark.parametrize(
    ("url", "until"),
    [(OURS, 1764000000), (S3, None), ("https://storage.example/a.txt", None), ("?expires=soon", None)],
)
def test_a_url_says_until_when_it_is_good(url: str, until: int | None) -> None:
    assert expiry_of(url) == until


def test_a_url_that_is_outlived_is_refused(stage: Stage, alice: LiveMember) -> None:
    asked = alice.asks_for_upload(NOTES)
    until = int(dict(parse_qsl(urlsplit(str(asked.gave["upload_url"])).query))["expires"])
    stage.outlives(asked)
    now = stage.lever("move-clock", seconds=0)
    assert isinstance(now, dict)
    late = datetime.fromisoformat(now["now"]) - datetime.fromtimestamp(until, UTC)
    assert 0 <= late.total_seconds() < 30
    alice.is_turned_away(alice.puts(NOTES, asked), "too late")
    judged = verdict(stage)
    assert (judged.verdict, judged.findings) == (Verdict.PASS, ())


def test_without_the_lever_no_url_is_outlived(fixed: Stage) -> None:
    asked = fixed.cast("alice").asks_for_upload(NOTES)
    with pytest.raises(NotRun, match="this deployment has no lever 'move-clock'"):
        fixed.outlives(asked)
