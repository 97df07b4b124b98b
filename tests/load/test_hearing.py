"""Frames of an API are read as load messages by its spec and binding."""

from __future__ import annotations

import copy
import json

import pytest

from earwitness.documents import load_documents
from earwitness.load.hearing import EVENT, PRESENCE, Hearing
from earwitness.load.stamp import Stamp

DOCUMENTS = load_documents("fe16ops")
CHANNEL = DOCUMENTS.spec.channels["messaging"]
STAMP = Stamp("r", "a1", 3, 99)


def frame(text: str, **changed: object) -> bytes:
    payload = copy.deepcopy(CHANNEL.hears["newMessage"].examples[0])
    assert isinstance(payload, dict)
    payload["message"].update({"content": text, **changed})
    return json.dumps(payload).encode()


@pytest.mark.parametrize(
    ("payload", "event", "stamp"),
    [
        (frame(STAMP.text(80)), EVENT, STAMP),
        (frame(STAMP.text(80).replace("a1", "a2")), EVENT, None),
        (frame("hello"), EVENT, None),
        (json.dumps(CHANNEL.hears["readReceipt"].examples[0]).encode(), "message-read", None),
    ],
)
def test_a_frame_is_read(payload: bytes, event: str, stamp: Stamp | None) -> None:
    hearing = Hearing(DOCUMENTS.spec, DOCUMENTS.binding)
    for _ in range(3):
        heard = hearing.read("messaging", payload)
        assert (heard.event, heard.stamp, heard.misses) == (event, stamp, ())
    assert hearing.distinct == 1


def test_who_comes_and_goes_is_told_apart_from_messages() -> None:
    documents = load_documents("rooms")
    hearing = Hearing(documents.spec, documents.binding)
    frames = documents.spec.channels["chatRoom"].hears
    events = {
        name: hearing.read("chatRoom", json.dumps(frames[name].examples[0]).encode())
        for name in ("userJoined", "userLeft", "message")
    }
    assert {name: heard.event for name, heard in events.items()} == {
        "userJoined": "came-online", "userLeft": "went-offline", "message": EVENT,
    }  # fmt: skip
    assert {heard.event for heard in events.values()} - {EVENT} == set(PRESENCE) - {"typing"}
    assert all(heard.misses == () for heard in events.values())


@pytest.mark.parametrize(
    ("payload", "cause", "words"),
    [
        (b"{", "unknown:", "expected a JSON text"),
        (b"\xff", "unknown:", "expected a JSON text"),
        (b'{"type": "new_message", "x": NaN}', "unknown:", "expected a JSON text"),
        (b"[" * 100_000, "unknown:", "expected a JSON text"),
        (b'{"type": "news"}', "unknown:", "news"),
        (frame(STAMP.text(80), is_edited="no"), "newMessage:", "/message/is_edited"),
    ],
)
def test_what_breaks_the_contract_is_told(payload: bytes, cause: str, words: str) -> None:
    (miss,) = Hearing(DOCUMENTS.spec, DOCUMENTS.binding).read("messaging", payload).misses
    assert miss.cause.startswith(f"frame-schema:{cause}")
    assert words in miss.message
    assert not miss.note


def test_a_binary_frame_is_no_json_whatever_is_in_it() -> None:
    hearing = Hearing(DOCUMENTS.spec, DOCUMENTS.binding)
    payload = frame(STAMP.text(80))
    assert hearing.read("messaging", payload).misses == ()
    heard = hearing.read("messaging", payload, binary=True)
    assert heard.stamp is None
    assert "a binary frame of" in heard.misses[0].message


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("earwitness.load.hearing._REMEMBERED_BYTES", 3 * len(frame("0")))
    hearing = Hearing(DOCUMENTS.spec, DOCUMENTS.binding)
    for n in (0, 1, 2, 3, 0, 4, 0):
        hearing.read("messaging", frame(str(n)))
    # When the fifth is read the memory is full, and begins anew.
    assert hearing.distinct == 6
