"""Two photos of one name must not overwrite each other: each gets a key of its own (section 4.1, our reading)."""

from __future__ import annotations

from tests.story import Story


def asks(story: Story, member: str, key: str, status: int = 200) -> None:
    asked = story.begins(
        member,
        "generateUploadUrl",
        verb="request-upload",
        body={"filename": "a.jpg", "filetype": "image/jpeg"},
    )
    url = f"http://told.test/{key}?signature=x"
    story.answers(asked, status, {"success": True, "upload_url": url, "file_key": key})


def test_keys_that_differ_are_fine() -> None:
    story = Story()
    asks(story, "alice", "uploads/a-1.jpg")
    asks(story, "alice", "uploads/a-2.jpg")
    assert story.findings() == ()


def test_one_key_for_two_files_is_found_whoever_asks() -> None:
    story = Story()
    asks(story, "alice", "uploads/a.jpg")
    asks(story, "bob", "uploads/a.jpg")
    finding = story.the_finding("file-keys-are-unique")
    assert (finding.basis, finding.clause) == ("decided", "4.1")
    assert "uploads/a.jpg" in finding.heard
