"""What a binding names has to be in its API's documents."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from earwitness.binding import load_binding
from earwitness.content import spec_folder
from earwitness.errors import SpecError
from earwitness.spec import Spec, load_spec
from tests.binding.written import bind

BINDING = "binding.yaml"


@cache
def fe16ops() -> Spec:
    """A real API's documents; nothing in them changes."""
    return load_spec(spec_folder("fe16ops"))


def copy_of(spec: Spec, folder: Path, text: str) -> Spec:
    """The same documents in another folder of the same name, with ``text`` as their binding."""
    there = folder / spec.name
    there.mkdir()
    for document in spec.folder.glob("*.yaml"):
        (there / document.name).write_bytes(document.read_bytes())
    (there / BINDING).write_text(text, encoding="utf-8")
    return load_spec(there)


def test_a_binding_that_names_only_what_is_there_is_loaded() -> None:
    binding = load_binding(fe16ops())
    assert binding.api == "fe16ops"
    assert {step.operation for form in binding.forms() for step in form.steps if step.operation} <= set(
        fe16ops().operations
    )


SLIPS = [
    ("api: fe16ops", "api: fe17ops", "api is 'fe17ops'", "'fe16ops'"),
    ("channel: messaging", "channel: mesaging", "no channel 'mesaging'", "did you mean 'messaging'?"),
    ("with: {token: $token}", "with: {tokn: $token}", "messaging takes no 'tokn'", "did you mean 'token'?"),
    ("operation: markRead", "operation: markread", "no operation 'markread'", "did you mean 'markRead'?"),
    ("page: $page}\n        gives:\n          messages", "pag: $page}\n        gives:\n          messages",
     "getConversation takes no 'pag'", "did you mean 'page'?"),
    ("with: {receiver_id: $peer.id}", "with: {receiver: $peer.id}", "startConversation takes no 'receiver'", "'receiver_id'?"),
    ("{operation: deleteMessage, with: {message_id: $message}}", "{operation: deleteMessage}",
     "nothing fills {message_id} of /api/messaging/messages/{message_id}/", "message_id under with"),
    ("frame: clientMessage", "frame: clientMesage", "messaging receives no message 'clientMesage'", "'clientMessage'?"),
    ("message: $text}\n  send-file", "mesage: $text}\n  send-file", "clientMessage takes no 'mesage'", "did you mean 'message'?"),
    ("message: newMessage", "message: newMesage", "no channel sends a message 'newMesage'", "did you mean 'newMessage'?"),
    ("message: newMessage", "message: [newMessage, reactionUpdate]", "no channel sends a message 'reactionUpdate'", "'reactionUpdated'?"),
    ("after: {react: stated,", 'after: {react: {clause: "9"},', "no clause '9'"),
    ("clause: 2.A}", "clause: 2.Z}", "no clause '2.Z'", "did you mean"),
    ("\nrules:\n", "\npaths: {old: {markRad: /x}}\nrules:\n", "no operation 'markRad'", "did you mean 'markRead'?"),
    ("\nrules:\n", "\npaths: {old: {markRead: '/x/{id}/'}}\nrules:\n", "/x/{id}/ has not the parameters of markRead", "those of /api"),
]  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip[2])
def test_what_is_not_in_the_documents_is_told_with_its_line(slip: tuple[str, ...], tmp_path: Path) -> None:
    right, wrong, what, *help_ = slip
    text = (fe16ops().folder / BINDING).read_text(encoding="utf-8")
    assert text.count(right) >= 1
    spec = copy_of(fe16ops(), tmp_path, text.replace(right, wrong, 1))
    with pytest.raises(SpecError) as raised:
        load_binding(spec)
    (told,) = [problem for problem in raised.value.problems if what in problem.what]
    assert all(words in f"{told.expected} {told.hint}" for words in help_)
    skipped = len(wrong) - len(wrong.lstrip("\n"))
    line = text[: text.index(right)].count("\n") + 1 + skipped
    assert str(told.where) == f"{spec.folder / BINDING}:{line}"


def test_messages_of_one_event_have_one_audience(tmp_path: Path) -> None:
    text = (fe16ops().folder / BINDING).read_text(encoding="utf-8")
    text = text.replace("message: newMessage", "message: [newMessage, reactionUpdated]").replace(
        "    message: reactionUpdated", "    message: readReceipt"
    )
    with pytest.raises(SpecError, match="newMessage and reactionUpdated have not the same audience"):
        load_binding(copy_of(fe16ops(), tmp_path, text))


def test_a_binding_that_is_no_yaml_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="not readable as YAML"):
        load_binding(copy_of(fe16ops(), tmp_path, "api: [fe16ops"))


def test_on_is_a_key_and_no_truth() -> None:
    text = """
    api: made-up
    sockets: {on: {channel: c, per: member}}
    verbs: {send-text: {socket: [{frame: say, on: on, with: {text: no}}]}}
    """
    step = bind(text).verbs["send-text"]["socket"].steps[0]
    assert step.on == "on"
    assert repr(step.arguments["text"]) == "Literal(value='no')"
