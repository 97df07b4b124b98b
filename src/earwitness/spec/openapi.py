"""Reads ``openapi.yaml`` (OpenAPI 3.1): what an API answers over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from earwitness.errors import nearest
from earwitness.spec.extensions import read_refusals, require_anonymous
from earwitness.spec.model import Header, Operation, Parameter, RequestBody, ResponseSpec
from earwitness.spec.reading import Reader
from earwitness.spec.refs import Node
from earwitness.spec.routes import blank, variables
from earwitness.spec.schema import Schema
from earwitness.spec.wording import kind
from earwitness.spec.words import Basis

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_LOCATIONS: Final = ("path", "query", "header")
_STATUS: Final = re.compile(r"[1-5](\d\d|XX)|default")
_REFUSED: Final = range(400, 600)


def read_openapi(reader: Reader, root: Node) -> tuple[str, dict[str, Operation]]:
    """The API's title and its operations by id."""
    version = reader.text(root, "openapi", required=True)
    if version and not version.startswith("3.1."):
        reader.wrong(root.document.where("/openapi"), f"openapi is {version!r}", "a version 3.1.x")
    info = root.get("info")
    entry = None if info is None else reader.object(info, "info")
    title = "" if entry is None else reader.text(entry, "title")
    _servers(reader, root)
    operations: dict[str, Operation] = {}
    paths: dict[tuple[str, str], str] = {}
    for path, item in reader.entries(root, "paths", "a map of path to path item", required=True):
        for operation in _path_item(reader, root, path, item):
            _unique(reader, operation, operations, paths)
    return title, operations


def _servers(reader: Reader, root: Node) -> None:
    """Requests are matched by their whole path, so the path of a server would hide in no path of the document."""
    for server in reader.items(root, "servers", "a list of servers"):
        entry = reader.object(server, "the server")
        url = "" if entry is None else reader.text(entry, "url")
        if url.partition("://")[2].partition("/")[2].strip("/") or (url.startswith("/") and url.strip("/")):
            where = server.document.where(f"{server.pointer}/url")
            expected = "a server without a path, and its path in front of every path below"
            reader.wrong(where, f"the server {url} has a path", expected)


def _unique(
    reader: Reader, operation: Operation, operations: dict[str, Operation], paths: dict[tuple[str, str], str]
) -> None:
    if operation.id in operations:
        line = operations[operation.id].where.line
        what = f"the operationId {operation.id} is here twice, first on line {line}"
        reader.wrong(operation.where, what, "every id once")
        return
    other = paths.setdefault((operation.method, blank(operation.path)), operation.id)
    if other != operation.id:
        what = f"{operation.method} {operation.path} is the same path as that of {other}"
        reader.wrong(operation.where, what, "every path once")
    operations[operation.id] = operation


def _path_item(reader: Reader, root: Node, path: str, node: Node) -> list[Operation]:
    item = reader.object(node, path, "a path item: a map of method to operation")
    if item is None:
        return []
    if not path.startswith("/"):
        reader.wrong(node, f"the path {path!r} does not start with a slash", f"/{path}")
    reader.extensions(item, "path item")
    shared = _parameters(reader, item)
    found = []
    for method in _METHODS:
        child = item.get(method)
        entry = None if child is None else reader.object(child, method, "an operation: a map")
        operation = None if entry is None else _operation(reader, root, path, method.upper(), entry, shared)
        if operation is not None:
            found.append(operation)
    return found


def _operation(
    reader: Reader, root: Node, path: str, method: str, node: Node, shared: dict[tuple[str, str], Parameter]
) -> Operation | None:
    reader.extensions(node, "operation")
    identity = reader.text(node, "operationId", required=True)
    clause, basis = reader.clause(node), reader.basis(node)
    parameters = shared | _parameters(reader, node)
    _path_parameters(reader, node, path, parameters)
    operation = Operation(
        id=identity,
        method=method,
        path=path,
        summary=reader.text(node, "summary"),
        clause=clause,
        basis=basis,
        parameters=tuple(parameters.values()),
        request=_request(reader, node),
        responses=_responses(reader, node, clause, basis),
        refusals=read_refusals(reader, node, clause, _REFUSED),
        secured=_secured(reader, root, node),
        presigned=reader.flag(node, "x-presigned"),
        where=node.where,
    )
    _refusals_documented(reader, node, operation)
    return operation if identity else None


def _parameters(reader: Reader, owner: Node) -> dict[tuple[str, str], Parameter]:
    found: dict[tuple[str, str], Parameter] = {}
    for item in reader.items(owner, "parameters", "a list of parameters"):
        entry = reader.object(item, "the parameter", "a map with name, in and schema")
        if entry is None:
            continue
        reader.extensions(entry, "parameter")
        name = reader.text(entry, "name", required=True)
        location = reader.word(entry, "in", _LOCATIONS, required=True)
        schema = _parameter_schema(reader, entry, name)
        required = reader.flag(entry, "required")
        if not name or location is None or schema is None:
            continue
        if (name, location) in found:
            reader.wrong(item, f"the {location} parameter {name!r} is here twice", "every parameter once")
        found[name, location] = Parameter(name, location, required, schema)
    return found


def _parameter_schema(reader: Reader, entry: Node, name: str) -> Schema | None:
    schema, holder = entry.get("schema"), entry
    if schema is None:
        for _, media in reader.entries(entry, "content", "a map of one media type"):
            found = reader.object(media, "content", "a media type: a map with a schema")
            schema, holder = (None, entry) if found is None else (found.get("schema"), found)
    if schema is None:
        reader.wrong(entry, f"the parameter {name!r} has no schema", "a schema")
        return None
    return reader.schema(schema, holder)


def _path_parameters(
    reader: Reader, node: Node, path: str, parameters: Mapping[tuple[str, str], Parameter]
) -> None:
    declared = {name for name, location in parameters if location == "path"}
    used = variables(path)
    for name in used:
        if name not in declared:
            what = f"{{{name}}} in {path} is no declared path parameter"
            reader.wrong(node, what, "a parameter `in: path`", nearest(name, declared))
    for name in sorted(declared - set(used)):
        what = f"the path parameter {name!r} is not in {path}"
        reader.wrong(node, what, f"{{{name}}} in the path", nearest(name, used))


def _request(reader: Reader, node: Node) -> RequestBody | None:
    child = node.get("requestBody")
    entry = None if child is None else reader.object(child, "requestBody", "a map with content")
    if entry is None:
        return None
    reader.extensions(entry, "request body")
    content: dict[str, Schema] = {}
    for media, item in reader.entries(entry, "content", "a map of media type to schema", required=True):
        found = _media_type(reader, item, media)
        schema = None if found is None else found.get("schema")
        if schema is not None:
            content[media] = reader.schema(schema, found)
        elif found is not None:
            reader.wrong(item, f"{media} has no schema", "a schema; `schema: true` takes anything")
    return RequestBody(reader.flag(entry, "required"), content)


def _responses(reader: Reader, node: Node, clause: str, basis: Basis) -> dict[str, ResponseSpec]:
    responses: dict[str, ResponseSpec] = {}
    for status, item in reader.entries(node, "responses", "a map of status to response", required=True):
        if not _STATUS.fullmatch(status):
            expected = "a status such as 200, a class such as 4XX, or default"
            reader.wrong(item, f"{status!r} is no status of a response", expected)
            continue
        entry = reader.object(item, status, "a response: a map with a description")
        if entry is None:
            continue
        reader.extensions(entry, "response")
        content: dict[str, Schema | None] = {}
        for media, child in reader.entries(entry, "content", "a map of media type to schema"):
            found = _media_type(reader, child, media)
            schema = None if found is None else found.get("schema")
            content[media] = None if schema is None else reader.schema(schema, found)
        responses[status] = ResponseSpec(
            status=status,
            description=reader.text(entry, "description"),
            content=content,
            basis=reader.basis(entry, basis),
            clause=reader.clause(entry, clause),
            headers=tuple(_headers(reader, entry)),
        )
    return responses


def _headers(reader: Reader, response: Node) -> Iterator[Header]:
    for name, item in reader.entries(response, "headers", "a map of name to header"):
        # Content-Type is what `content` says (OpenAPI 3.1, section 4.8.17.1).
        entry = (
            None
            if name.lower() == "content-type"
            else reader.object(item, name, "a header: a map with a schema")
        )
        schema = None if entry is None else entry.get("schema")
        if entry is not None and schema is not None:
            yield Header(name, reader.flag(entry, "required"), reader.schema(schema, entry))


def _media_type(reader: Reader, node: Node, name: str) -> Node | None:
    found = reader.object(node, name, "a media type: a map with a schema")
    if found is not None:
        reader.extensions(found, "media type")
    return found


def _secured(reader: Reader, root: Node, node: Node) -> bool:
    """Whether a caller needs a credential: the operation's own ``security``, or the document's, without an empty choice."""
    owner = node if node.get("security") is not None else root
    choices = reader.items(owner, "security", "a list of security requirements")
    for choice in choices:
        if not isinstance(choice.value, dict):
            what = f"a security requirement is {kind(choice.value)}"
            reader.wrong(choice, what, "a map of scheme to scopes")
    return bool(choices) and all(isinstance(choice.value, dict) and choice.value for choice in choices)


def _refusals_documented(reader: Reader, node: Node, operation: Operation) -> None:
    responses = node.get("responses")
    # As they are written: a response that is documented badly is a problem of its own.
    documented = [name for name, _ in responses.children()] if responses is not None else []
    for name, refusal in operation.refusals.items():
        if not {str(refusal.status), f"{refusal.status // 100}XX", "default"} & set(documented):
            where = node.document.where(f"{node.pointer}/x-refusals/{name}/status")
            what = f"{name} is refused with {refusal.status}, which is no response of {operation.id}"
            reader.wrong(where, what, f"one of {', '.join(documented) or 'nothing'}")
    if operation.secured:
        require_anonymous(reader, node, operation.id or "the operation")
