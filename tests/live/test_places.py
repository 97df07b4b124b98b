"""What fills the places of an operation's path: what its verb says, and for one without a verb what others say there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from earwitness.documents import load_documents
from earwitness.history import Claimed, Request
from earwitness.live import Session
from earwitness.live.places import fillings
from earwitness.verdict import Verdict
from tests.live.stages import reference_session, stage_of, verdict

CONVERSATIONS = load_documents("conversations")
# No verb says it, and it shares its path with two that are said.
UPDATE = "updateConversation"


@pytest.fixture(scope="module")
def conversations() -> Iterator[Session]:
    with reference_session(api="conversations") as session:
        yield session


def test_an_operation_that_no_verb_says_is_about_what_others_say_at_the_same_place() -> None:
    spec, binding = CONVERSATIONS.spec, CONVERSATIONS.binding
    said = fillings(spec, binding, "getConversation")
    assert set(said) == {"conversation_id"}
    assert fillings(spec, binding, UPDATE) == said


def test_an_operation_with_a_verb_has_that_verbs_arguments() -> None:
    said = fillings(CONVERSATIONS.spec, CONVERSATIONS.binding, "listConversationMessages")
    assert set(said) == {"conversation_id", "page", "page_size"}


@pytest.mark.parametrize(
    ("operation", "relation"),
    [(UPDATE, relation) for relation in CONVERSATIONS.spec.operations[UPDATE].refusals]
    + [("login", relation) for relation in CONVERSATIONS.spec.operations["login"].refusals],
)
def test_every_relation_reaches_it(operation: str, relation: str, conversations: Session) -> None:
    with stage_of(conversations, f"{operation} {relation}") as stage:
        alice, bob, carol = stage.cast("alice"), stage.cast("bob"), stage.cast("carol")
        room = alice.starts_direct(bob)
        mine = alice.sends(room, "it stays as it is")
        stage.try_relation(
            operation, relation, room=room, message=mine, owner=alice, peer=bob, outsider=carol
        )
        asked = [e for e in stage.entries() if isinstance(e, Request) and e.source == "refusal"]
        assert asked and {one.operation for one in asked} == {operation}
        assert [e for e in stage.entries() if isinstance(e, Claimed) and e.claim == "refused"]
        judged = verdict(stage)
        assert (judged.verdict, judged.findings) == (Verdict.PASS, ())
