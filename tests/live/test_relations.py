"""Operations are called as somebody in each relation, with ids that nobody has and with requests that do not fit."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import cast
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earwitness.binding import MISSING
from earwitness.documents import load_documents
from earwitness.history import Claimed, Request
from earwitness.live import LiveMember, NotRun, RoomHandle, Stage
from earwitness.live.places import fillings
from earwitness.live.relations import Situation, nobody_has, unfit_requests
from earwitness.verdict import Verdict
from tests.live.stages import verdict

SPEC = load_documents("fe16ops").spec
WITH_BODY = [
    operation.id for operation in SPEC.operations.values() if operation.request and not operation.presigned
]


@pytest.fixture
def there(alice: LiveMember, bob: LiveMember, carol: LiveMember, room: RoomHandle) -> Situation:
    return Situation(room, alice.sends(room, "it stays as it is"), alice, bob, carol)


def claims(stage: Stage) -> list[Claimed]:
    return [
        e for e in stage.journal if isinstance(e, Claimed) and e.case == stage.case and e.claim == "refused"
    ]


@pytest.mark.parametrize(
    ("operation", "relation"),
    [(o.id, relation) for o in SPEC.operations.values() for relation in o.refusals],
)  # fmt: skip
def test_every_refusal_that_the_spec_names_is_asked_for_and_holds(
    operation: str, relation: str, stage: Stage, there: Situation
) -> None:
    stage.try_relation(
        operation,
        relation,
        room=there.room,
        message=there.message,
        owner=there.owner,
        peer=there.peer,
        outsider=there.outsider,
    )
    made = claims(stage)
    assert made, "nothing was tried"
    assert {claim.args["relation"] for claim in made} == {relation}
    asked = {e.exchange: e for e in stage.journal if isinstance(e, Request)}
    assert {asked[str(claim.args["exchange"])].operation for claim in made} == {operation}
    judged = verdict(stage)
    assert (judged.verdict, judged.findings) == (Verdict.PASS, ())


def test_a_relation_that_nobody_stands_in_is_not_run(stage: Stage, there: Situation) -> None:
    with pytest.raises(NotRun, match="nobody can block anybody here"):
        stage.try_relation(
            "sendMessage", "blocked", room=there.room, message=there.message, owner=there.owner, peer=there.peer,
            outsider=there.outsider,
        )  # fmt: skip
    assert claims(stage) == []


@pytest.mark.parametrize("name", WITH_BODY)
def test_no_unfit_request_fits(name: str, stage: Stage, there: Situation) -> None:
    operation = SPEC.operations[name]
    assert operation.request
    schema = next(iter(operation.request.content.values()))
    made = list(unfit_requests(stage, operation, there))
    bodies = [unfit.body for unfit in made if unfit.body is not MISSING]
    assert [body for body in bodies if schema.fits(body)] == []
    assert [unfit.content for unfit in made if unfit.content is not None] == [b'{"cut": "off']
    if not schema.fits({}):
        assert any(not isinstance(body, dict) for body in bodies)
        required = schema.raw["required"] if isinstance(schema.raw, dict) else []
        for key in required:
            assert any(isinstance(body, dict) and key not in body for body in bodies), (
                f"{key} is never left out"
            )
            assert any(isinstance(body, dict) and key in body for body in bodies)


def test_a_parameter_out_of_its_range_is_unfit(stage: Stage, there: Situation) -> None:
    tried = [
        unfit.replace["page"] for unfit in unfit_requests(stage, SPEC.operations["getConversation"], there)
    ]
    assert tried == ["0", "-1", "x"]


@pytest.mark.parametrize(
    ("api", "name", "tried"),
    [
        ("rooms", "searchMessages", [{"q": MISSING}, {"q": ""}]),
        ("rooms", "searchRooms", [{"q": MISSING}, {"q": ""}]),
        ("conversations", "sendMessage", [{"content": MISSING}, {"content": ""}]),
    ],
)
def test_what_an_address_or_a_form_needs_is_left_out_or_empty(
    api: str, name: str, tried: list[object], stage: Stage, there: Situation
) -> None:
    documents = load_documents(api)
    # Only what would be sent is looked at: there is no such deployment here.
    elsewhere = cast(Stage, SimpleNamespace(session=SimpleNamespace(documents=documents)))
    elsewhere.expressions = partial(fillings, documents.spec, documents.binding)  # type: ignore[method-assign]
    elsewhere.values = partial(Stage.values, elsewhere)  # type: ignore[method-assign]
    unfit = unfit_requests(elsewhere, documents.spec.operations[name], there)
    assert [one.replace for one in unfit] == tried


@given(st.one_of(st.integers(0, 10**12), st.integers(0, 10**12).map(str), st.uuids(), st.text(min_size=1)))
def test_nobody_has_an_id_of_the_same_form(known: object) -> None:
    other = nobody_has(known)
    assert str(other) != str(known)
    if str(known).isascii() and str(known).isdigit():
        assert isinstance(other, int)


def test_a_uuid_that_nobody_has_is_a_uuid() -> None:
    known = uuid4()
    assert UUID(str(nobody_has(str(known)))) != known
