"""Frames of an API are read as load messages by its spec and binding."""

from __future__ import annotations

import copy
import json

import pytest

from earwitness.documents import load_documents
from earwitness.load.hearing import Hearing
from earwitness.load.stamp import Stamp

DOCUMENTS = load_documents("fe16ops")
CHANNEL = DOCUMENTS.spec.channels["messaging"]
STAMP = Stamp("r", "a1", 3, 99)


def frame(text: str) -> str:
    payload = copy.deepcopy(CHANNEL.hears["newMessage"].examples[0])
    assert isinstance(payload, dict)
    payload["message"]["content"] = text
    return json.dumps(payload)


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        (frame(STAMP.text(80)), (True, STAMP)),
        (frame(STAMP.text(80).replace("a1", "a2")), (True, None)),
        (frame("hello"), (True, None)),
        ("{", (True, None)),
        (json.dumps(CHANNEL.hears["readReceipt"].examples[0]), (False, None)),
    ],
)
def test_a_frame_is_read(payload: str, found: tuple[bool, Stamp | None]) -> None:
    hearing = Hearing(DOCUMENTS.spec, DOCUMENTS.binding)
    assert hearing.read("messaging", payload) == found
    assert hearing.read("messaging", payload) == found
