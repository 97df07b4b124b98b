"""What breaks the contract under load is counted, shown once, and adds up over processes."""

from __future__ import annotations

import copy
import json

import pytest

from earwitness.documents import load_documents
from earwitness.history import Body
from earwitness.load.contract import Contract, Miss, Promises

SPEC = load_documents("fe16ops").spec
SEND = SPEC.operations["sendMessage"]
MISS = Miss("frame-schema", "frame-schema:newMessage:/x", "newMessage: /x: expected 1, heard 2", note=False)
KNOWN = Miss("frame-schema", "frame-schema:newMessage:/z", "z", note=False, known="until May")
NOTE = Miss("frame-schema", "frame-schema:newMessage:/y", "newMessage: /y: expected 1, heard 2", note=True)


def answer(**changed: object) -> bytes:
    schema = SEND.responses["201"].content["application/json"]
    assert schema is not None
    body = copy.deepcopy(schema.examples[0])
    assert isinstance(body, dict)
    return json.dumps({**body, **changed}).encode()


def test_an_answer_as_documented_breaks_nothing() -> None:
    assert Promises().answer(SEND, 201, "application/json; charset=utf-8", answer()) == ()


@pytest.mark.parametrize(
    ("status", "content_type", "content", "words"),
    [
        (201, "application/json", answer(success="yes"), "sendMessage 201: /success: expected"),
        (201, "application/json", b"done", "expected a JSON text"),
        (201, "text/html", answer(), "text/html"),
        (201, "application/json", b"", "nothing"),
        (302, "", b"", "302"),
    ],
)
def test_an_answer_that_breaks_the_contract_is_told(
    status: int, content_type: str, content: bytes, words: str
) -> None:
    (miss,) = Promises().answer(SEND, status, content_type, content)
    assert miss.check == "response-schema"
    assert words in miss.message


@pytest.mark.parametrize("status", [429, 500, 503])
def test_errors_of_the_server_are_no_matter_of_schemas(status: int) -> None:
    assert Promises().answer(SEND, status, "text/html", b"<h1>no</h1>") == ()


def test_a_decision_of_ours_is_a_note_where_nobody_adopted_it() -> None:
    # That a socket carries nothing but the documented frames is decided.
    channel, body = SPEC.channels["messaging"], Body.of(b'{"type": "news"}')

    def note(promises: Promises) -> bool:
        (miss,) = promises.frame(channel, body)[1]
        return miss.note

    assert not note(Promises())
    assert note(Promises(foreign=True))
    assert not note(Promises(foreign=True, adopted=("frame-schema",)))


@pytest.mark.parametrize(
    ("match", "known"),
    [("frame-schema", "later"), ("frame-schema:newMessage:/properties/id", ""), ("response-schema", ""), ("the cause itself", "later")],
)  # fmt: skip
def test_what_is_known_to_fail_is_set_aside_by_check_or_cause(match: str, known: str) -> None:
    channel, body = SPEC.channels["messaging"], Body.of(b'{"type": "news"}')
    (cause,) = {miss.cause for miss in Promises().frame(channel, body)[1]}
    match = cause if match == "the cause itself" else match
    (miss,) = Promises(known={match: "later"}).frame(channel, body)[1]
    assert (miss.known, miss.note, miss.is_set_aside) == (known, False, bool(known))


def test_what_is_known_to_fail_is_shown_and_not_invalid() -> None:
    made = Contract()
    made.take((KNOWN,), 5, b"known")
    assert made.invalid == 0
    made.take((KNOWN, MISS), 6, b"both")
    assert made.invalid == 1
    travelled = Contract.load(json.loads(json.dumps(made.dump())))
    assert travelled == made
    assert (travelled.found[KNOWN.cause].known, travelled.found[KNOWN.cause].count) == ("until May", 2)


def test_what_is_invalid_counts_once_however_many_ways_it_breaks() -> None:
    made = Contract()
    made.take((MISS, MISS, NOTE), 5, b"first")
    made.take((NOTE,), 6, b"second")
    made.take((MISS,), 7, b"third")
    assert made.invalid == 2
    assert [(one.count, one.first, one.text) for one in made.found.values()] == [
        (2, 5, "first"),
        (2, 5, "first"),
    ]


def test_processes_add_up_and_the_first_is_the_first_of_all() -> None:
    one, two = Contract(frames=3, distinct=2, answers=1), Contract(frames=4, distinct=1)
    one.take((MISS,), 9, b"late")
    two.take((MISS,), 4, b"early")
    two.take((NOTE,), 8, b"note")
    travelled = Contract.load(json.loads(json.dumps(two.dump())))
    assert travelled == two
    one.merge(travelled)
    assert (one.frames, one.distinct, one.answers, one.invalid) == (7, 3, 1, 2)
    found = one.found[MISS.cause]
    assert (found.count, found.first, found.text) == (2, 4, "early")
