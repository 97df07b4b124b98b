"""Reads ``asyncapi.yaml`` (AsyncAPI 3): the sockets of an API and the frames on them.

The document describes the server: what it ``send``s a member hears, what it ``receive``s a member says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from earwitness.errors import Problem, nearest
from earwitness.spec import shapes
from earwitness.spec.extensions import read_audience, read_refusals, require_anonymous
from earwitness.spec.model import Channel, FrameSpec, Parameter
from earwitness.spec.reading import Reader
from earwitness.spec.refs import Node
from earwitness.spec.routes import variables
from earwitness.spec.schema import Schema
from earwitness.spec.tree import escaped

_ACTIONS: Final = ("send", "receive")
# At the handshake by HTTP, or after it by a close code of the application's own (RFC 6455, section 7.4.2).
_REFUSED: Final = (range(400, 600), range(4000, 5000))


@dataclass(slots=True)
class _Draft:
    """A channel of which the operations have not been read yet."""

    id: str
    node: Node
    messages: dict[str, Node]
    clause: str
    hears: dict[str, FrameSpec] = field(default_factory=dict)
    says: dict[str, FrameSpec] = field(default_factory=dict)


def read_asyncapi(reader: Reader, root: Node) -> dict[str, Channel]:
    """The API's channels by id."""
    version = reader.text(root, "asyncapi", required=True)
    if version and not version.startswith("3."):
        reader.wrong(root.document.where("/asyncapi"), f"asyncapi is {version!r}", "a version 3.x")
    drafts: dict[str, _Draft] = {}
    for name, node in reader.entries(root, "channels", "a map of name to channel", required=True):
        entry = reader.object(node, name, "a channel: a map with address and messages")
        if entry is not None:
            reader.extensions(entry, "channel")
            messages = dict(reader.entries(entry, "messages", "a map of name to message"))
            drafts[name] = _Draft(name, entry, messages, reader.clause(entry))
    before = reader.reported
    for name, node in reader.entries(root, "operations", "a map of name to operation", required=True):
        entry = reader.object(node, name, "an operation: a map with action, channel and messages")
        if entry is not None:
            reader.extensions(entry, "socket operation")
            _operation(reader, name, entry, drafts)
    if reader.reported == before:
        # Otherwise a message may be left over only because its operation could not be read.
        for draft in drafts.values():
            _left_over(reader, draft)
    if _secured(reader, root):
        for draft in drafts.values():
            require_anonymous(reader, draft.node, draft.id)
    return {name: _channel(reader, draft) for name, draft in drafts.items()}


def _secured(reader: Reader, root: Node) -> bool:
    """Whether any server of the document asks for a credential."""
    entries = reader.entries(root, "servers", "a map of name to server")
    servers = [reader.object(node, name) for name, node in entries]
    return any(server is not None and reader.items(server, "security") for server in servers)


def _operation(reader: Reader, name: str, node: Node, drafts: dict[str, _Draft]) -> None:
    action = reader.word(node, "action", _ACTIONS, required=True)
    draft = _channel_of(reader, name, node, drafts, required=True)
    if action is None or draft is None:
        return
    direction = "hears" if action == "send" else "says"
    _frames(reader, name, node, draft, direction)
    reply = node.get("reply")
    entry = None if reply is None else reader.object(reply, "reply")
    if entry is not None:
        elsewhere = entry.get("channel") is not None
        back = _channel_of(reader, name, entry, drafts, required=False) if elsewhere else draft
        if back is not None:
            _frames(reader, name, entry, back, "says" if direction == "hears" else "hears")


def _channel_of(
    reader: Reader, name: str, node: Node, drafts: dict[str, _Draft], required: bool
) -> _Draft | None:
    child = node.get("channel")
    if child is None:
        if required:
            reader.wrong(node, f"the operation {name} has no channel", "channel: {$ref: '#/channels/…'}")
        return None
    entry = reader.object(child, "channel", "a reference such as '#/channels/messaging'")
    if entry is None:
        return None
    found = next((draft for draft in drafts.values() if draft.node.key == entry.key), None)
    if found is None:
        hint = nearest(_ref(child), [f"#/channels/{each}" for each in drafts])
        reader.wrong(child, f"the channel of {name} is none of this document's", hint=hint)
    return found


def _frames(reader: Reader, name: str, node: Node, draft: _Draft, direction: str) -> None:
    """Puts the messages that an operation or its reply names, or else all of the channel's, on one side of the channel."""
    listed = node.get("messages") is not None
    items = reader.items(node, "messages", "a list of references to the channel's messages")
    found = [_message_of(reader, name, item, draft) for item in items] if listed else list(draft.messages)
    side = draft.hears if direction == "hears" else draft.says
    for each in found:
        frame = None if each is None or each in side else _frame(reader, each, draft, direction)
        if frame is not None:
            side[frame.name] = frame


def _message_of(reader: Reader, name: str, item: Node, draft: _Draft) -> str | None:
    """The message of the channel that ``item`` refers to. What it refers to elsewhere is none (AsyncAPI 3.1, Operation
    Object: messages)."""
    target = reader.folder.target(item) if isinstance(item.value, dict) and "$ref" in item.value else None
    if isinstance(target, Problem):
        reader.report(target)
        return None
    for message, node in draft.messages.items():
        if target is not None and target.key == node.key:
            return message
    inside = f"#{draft.node.pointer}/messages"
    hint = nearest(_ref(item), [f"{inside}/{escaped(each)}" for each in draft.messages])
    what = f"a message of {name} is none of the messages of channel {draft.id}"
    reader.wrong(item, what, f"a reference below {inside}", hint)
    return None


def _ref(node: Node) -> str:
    return str(node.value.get("$ref", "")) if isinstance(node.value, dict) else str(node.value)


def _frame(reader: Reader, name: str, draft: _Draft, direction: str) -> FrameSpec | None:
    message = reader.object(draft.messages[name], name, "a message: a map with a payload")
    if message is None:
        return None
    reader.extensions(message, "message")
    payload = message.get("payload")
    if payload is None:
        reader.wrong(message, f"the message {name} has no payload", "a schema")
        return None
    if isinstance(payload.value, dict) and "schemaFormat" in payload.value:
        what = f"the payload of {name} names a schemaFormat"
        reader.wrong(payload, what, "the schema itself, as JSON Schema")
        return None
    clause = reader.clause(message, draft.clause)
    audience = read_audience(reader, message, clause)
    schema = reader.schema_with(payload, _examples(reader, message))
    return FrameSpec(
        name=name,
        channel=draft.id,
        direction=direction,
        schema=schema,
        audience=audience if direction == "hears" else None,
        basis=reader.basis(message),
        clause=clause,
        where=message.where,
        examples=schema.examples,
        discriminators=shapes.discriminators(payload, reader.folder),
    )


def _examples(reader: Reader, message: Node) -> list[Node]:
    found = []
    for item in reader.items(message, "examples", "a list of examples, each a map with a payload"):
        entry = reader.object(item, "the example", "a map with a payload")
        payload = None if entry is None else entry.get("payload")
        if payload is not None:
            found.append(payload)
    return found


def _left_over(reader: Reader, draft: _Draft) -> None:
    """Reports messages that nobody says, and audiences of messages that nobody hears."""
    for name, node in draft.messages.items():
        if name not in draft.hears and name not in draft.says:
            what = f"no operation sends or receives the message {name}"
            reader.wrong(node, what, f"{name} in an operation on channel {draft.id}")
        elif name not in draft.hears:
            audience = reader.folder.followed(node).get("x-audience")
            if audience is not None:
                what = f"{name} has an audience, and no operation sends it"
                reader.wrong(audience, what, "x-audience on what the server sends")


def _channel(reader: Reader, draft: _Draft) -> Channel:
    address = reader.text(draft.node, "address", required=True)
    if "?" in address:
        where = draft.node.document.where(f"{draft.node.pointer}/address")
        expected = "the address alone; bindings.ws.query has the rest"
        reader.wrong(where, f"the address {address} has a query", expected)
    parameters = _parameters(reader, draft, address.partition("?")[0]) if address else {}
    return Channel(
        id=draft.id,
        address=address,
        parameters=parameters,
        query=_query(reader, draft.node),
        hears=draft.hears,
        says=draft.says,
        refusals=read_refusals(reader, draft.node, draft.clause, _REFUSED),
        clause=draft.clause,
        where=draft.node.where,
    )


def _parameters(reader: Reader, draft: _Draft, address: str) -> dict[str, Parameter]:
    declared: dict[str, Parameter] = {}
    used = variables(address)
    for name, node in reader.entries(draft.node, "parameters", "a map of name to parameter"):
        entry = reader.object(node, name, "a parameter: a map")
        if entry is None:
            continue
        if name not in used:
            what = f"the parameter {name!r} is not in {address}"
            reader.wrong(node, what, f"{{{name}}} in the address", nearest(name, used))
        # A parameter of AsyncAPI 3 is no schema, but its enum and examples read as those of a text.
        declared[name] = Parameter(name, "path", True, Schema.at(entry, reader.folder))
    for name in used:
        if name not in declared:
            where = draft.node.document.where(f"{draft.node.pointer}/address")
            what = f"{{{name}}} in {address} is no declared parameter"
            reader.wrong(where, what, "a parameter of the channel", nearest(name, declared))
    return declared


def _query(reader: Reader, node: Node) -> tuple[str, ...]:
    """The query parameters of the channel's WebSocket binding."""
    for key in ("bindings", "ws", "query"):
        child = node.get(key)
        found = None if child is None else reader.object(child, key)
        if found is None:
            return ()
        node = found
    reader.schema(node)
    return tuple(name for name, _ in shapes.properties(node, reader.folder))
