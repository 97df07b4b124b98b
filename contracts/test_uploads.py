"""An upload URL is good for one file, until it says it has expired. (Changed ones: test_refusals.py.)"""

from __future__ import annotations

import pytest

from earwitness.live import File, LiveMember, Stage

NOTES = File("notes.txt", "text/plain", b"what was uploaded first", "file")
OTHERS = File("notes.txt", "text/plain", b"what would take its place", "file")


@pytest.mark.needs("request-upload")
@pytest.mark.rule("upload-url", "once")
def test_an_upload_url_is_good_once(alice: LiveMember) -> None:
    asked = alice.asks_for_upload(NOTES)
    alice.was_served(alice.puts(NOTES, asked))
    alice.is_turned_away(alice.puts(OTHERS, asked), "another file in the same place")


@pytest.mark.needs("request-upload")
def test_an_upload_url_is_good_until_it_expires(stage: Stage, alice: LiveMember) -> None:
    asked = alice.asks_for_upload(NOTES)
    stage.outlives(asked)
    alice.is_turned_away(alice.puts(NOTES, asked), "a URL that has expired, by its own word")
