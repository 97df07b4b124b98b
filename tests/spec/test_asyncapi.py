"""The document describes the server; a channel tells what a member hears and says, and what in it means nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from earwitness.spec import Audience, Refusal

if TYPE_CHECKING:
    from tests.spec.conftest import Api


def test_what_the_server_sends_is_heard_and_what_it_receives_is_said(api: Api) -> None:
    inbox = api.load().channels["inbox"]
    assert (inbox.id, inbox.address, inbox.query, list(inbox.parameters)) == (
        "inbox",
        "/ws/{room}/",
        ("token",),
        ["room"],
    )
    assert (list(inbox.hears), list(inbox.says)) == (["created", "typing"], ["say"])
    assert inbox.refusals == {"anonymous": Refusal("anonymous", 401, "decided", "2")}
    assert (Path(inbox.where.file).name, inbox.where.line) == ("asyncapi.yaml", 6)


def test_a_frame_has_audience_basis_clause_and_examples(api: Api) -> None:
    inbox = api.load().channels["inbox"]
    created, typing = inbox.hears["created"], inbox.hears["typing"]
    assert (created.name, created.channel, created.direction) == ("created", "inbox", "hears")
    assert created.audience == Audience("others", "sender", "shown", "1")
    assert (created.basis, created.clause, typing.basis, typing.clause) == ("stated", "1", "decided", "2")
    assert created.examples == ({"type": "created", "message": {"id": 1, "text": "hello"}},)
    assert (typing.audience, typing.examples, inbox.says["say"].direction) == (None, (), "says")


def test_nobody_else_may_hear_when_nothing_else_is_said(api: Api) -> None:
    api.socket("{must: others, may: sender, basis: shown}", "{must: everyone}")
    assert api.load().channels["inbox"].hears["created"].audience == Audience(
        "everyone", "nobody", "stated", "1"
    )


def test_an_operation_without_messages_has_all_of_the_channel(api: Api) -> None:
    api.socket('    messages:\n      - {$ref: "#/channels/inbox/messages/say"}\n', "")
    assert list(api.load().channels["inbox"].says) == ["created", "typing", "say"]


def test_a_reply_goes_the_other_way(api: Api) -> None:
    api.socket('      - {$ref: "#/channels/inbox/messages/typing"}\n', "")
    api.socket("  take:\n", '  take:\n    reply: {messages: [{$ref: "#/channels/inbox/messages/typing"}]}\n')
    assert list(api.load().channels["inbox"].hears) == ["created", "typing"]


def test_a_message_may_go_both_ways(api: Api) -> None:
    api.socket("inbox/messages/say", "inbox/messages/created")
    api.socket('      say: {$ref: "#/components/messages/say"}\n', "")
    inbox = api.load().channels["inbox"]
    assert (inbox.hears["created"].audience is None, inbox.says["created"].audience) == (False, None)


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("asyncapi: 3.1.0", "asyncapi: 2.6.0 #!", ["asyncapi is '2.6.0'", "a version 3.x"]),
        ("address: /ws/{room}/", "address: 3 #!", ["address is a number", "a text"]),
        ("address: /ws/{room}/", "address: null #!", ["address is null", "a text"]),
        ("    address: /ws/{room}/", "    address: /ws/{room}/?token={token} #!", ["has a query", "bindings.ws.query"]),
        ("  inbox:", "  inbox: #!\n    x-audience: {must: others} #!".replace(" #!", "", 1), ["x-audience means nothing on this channel"]),
        ("action: send", "action: publish #!", ["unknown action \"publish\"", "send"]),
        ("  push:", "  push:\n    x-refusals: {anonymous: {status: 401}} #!", ["x-refusals means nothing on this socket operation", "channel"]),
        ("must: others", "must: other", ["unknown must \"other\"", "did you mean 'others'?"]),
        ("may: sender", "may: [sender]", ["unknown may [\"sender\"]"]),
        ("must: others, may: sender", "may: sender", ["must is missing", "one of everyone, others"]),
        ("may: sender", "also: sender", ["unknown key 'also' in x-audience", "may"]),
        ("basis: shown", "basis: show", ["unknown basis \"show\"", "did you mean 'shown'?"]),
        ("x-audience: {must: others, may: sender, basis: shown}", "x-audience: others #!", ["x-audience is text", "a map such as"]),
        ("x-clause: \"1\"", "x-clause: \"7\" #!", ["'7' is no clause"]),
        ("anonymous: {status: 401,", "anonymous: {status: 1008,", ["status is 1008", "400 to 599 or 4000 to 4999"]),
        ("room: {description: the room}", "rom: {description: the room}", ["the parameter 'rom' is not in /ws/{room}/", "did you mean 'room'?", "{room} in /ws/{room}/ is no declared parameter", "did you mean 'rom'?"]),
        ("address: /ws/{room}/", "address: /ws/{room}/{part}/ #!", ["{part} in /ws/{room}/{part}/ is no declared parameter"]),
        ("      - {$ref: \"#/channels/inbox/messages/say\"}", "      - {$ref: \"#/channels/inbox/messages/says\"} #!", ["has no 'says'", "did you mean 'say'?"]),
        ("      - {$ref: \"#/channels/inbox/messages/say\"}", "      - {$ref: \"#/components/messages/say\"} #!", ["a message of take is none of the messages of channel inbox", "did you mean '#/channels/inbox/messages/say'?"]),
        ("      - {$ref: \"#/channels/inbox/messages/say\"}", "      - say #!", ["a message of take is none of the messages of channel inbox"]),
        ("    channel: {$ref: \"#/channels/inbox\"}", "    channel: {$ref: \"#/channels/outbox\"} #!", ["has no 'outbox'", "known: inbox"]),
        ("    channel: {$ref: \"#/channels/inbox\"}", "    channel: {$ref: \"#/components/messages\"} #!", ["the channel of push is none of this document's"]),
        ("say: {$ref: \"#/components/messages/say\"}", "say: {$ref: \"#/components/messages/say\"}\n      more: {payload: true} #!", ["no operation sends or receives the message more"]),
        ("    say:\n      payload:", "    say:\n      x-audience: {must: others} #!\n      payload:", ["say has an audience, and no operation sends it"]),
        ("    anonymous: {status: 401, basis: decided}", "    absent: {status: 404}", ["inbox needs a credential", "anonymous: {status: …}"]),
        ("      payload:\n        type: object\n        required: [text]", "      payload: #!\n        schemaFormat: application/json\n        required: [text]", ["the payload of say names a schemaFormat"]),
    ],
)  # fmt: skip
def test_what_means_nothing_is_told_with_its_line(api: Api, old: str, new: str, words: list[str]) -> None:
    api.socket(old, new)
    problems = api.problems()
    shown = "\n".join(map(str, problems))
    for word in words:
        assert word in shown
    if "#!" in new:
        assert [("asyncapi.yaml", p.where.line) for p in problems if p.where] == api.marked(), shown


def test_messages_have_to_be_a_map(api: Api) -> None:
    channels = "channels:\n  inbox:\n    address: /ws/\n    messages: [created] #!\n"
    api.files["asyncapi.yaml"] = f"asyncapi: 3.1.0\n{channels}operations: {{}}\n"
    assert api.problem() == "messages is a list\n    expected: a map of name to message"


def test_a_message_without_a_payload_is_told(api: Api) -> None:
    text = api.files["asyncapi.yaml"]
    api.files["asyncapi.yaml"] = (
        text[: text.index("    say:\n      payload:")] + "    say: {title: said} #!\n"
    )
    assert api.problem() == "the message say has no payload\n    expected: a schema"


def test_an_example_that_does_not_fit_is_told_where_it_does_not(api: Api) -> None:
    api.socket(
        "        - payload: {type: created, message: {id: 1, text: hello}}",
        "        - payload:\n            type: created\n            message:\n              id: one #!\n              text: hello",
    )
    assert api.problem() == (
        "the example does not fit its schema: /message/id is text, not a whole number\n    expected: a whole number"
    )


def test_messages_of_another_file_are_found(api: Api) -> None:
    api.socket("#/components/messages/say", "more.yaml#/say")
    text = api.files["asyncapi.yaml"]
    start = text.index("    say:\n      payload:")
    api.files["asyncapi.yaml"] = text[:start]
    api.files["more.yaml"] = "say: {payload: {$ref: 'openapi.yaml#/components/schemas/Message'}}\n"
    say = api.load().channels["inbox"].says["say"]
    assert say.schema.fits({"id": 1, "text": "hello"})
    assert not say.schema.fits({"id": 1})
