"""Builds the request of one operation out of values by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from earwitness.binding import MISSING, Binding
from earwitness.errors import Problem, UsageError, nearest
from earwitness.member.credentials import auth_headers
from earwitness.member.outgoing import File, HttpRequest, Part, json_bytes, segment
from earwitness.member.sockets import PLACE
from earwitness.member.values import fitted
from earwitness.spec import Operation, RequestBody, Spec

JSON = "application/json"
MULTIPART = "multipart/form-data"
FORM = "application/x-www-form-urlencoded"


def operation_request(
    spec: Spec,
    binding: Binding,
    operation: str,
    values: Mapping[str, object],
    *,
    role: str = "member",
    token: str = "",
    me: object = None,
    paths: str = "",
    fit: bool = False,
    body: object = MISSING,
    content: bytes | None = None,
    content_type: str = "",
    headers: Mapping[str, str] | None = None,
    url: str = "",
) -> HttpRequest:
    """The request that calls ``operation`` with ``values``.

    A value goes where the operation has its name: into the path, the query, a header, else into the body (into the query
    when there is no body for it). ``body`` (any JSON) or ``content`` (any bytes) replaces the whole body. Nothing is
    mended unless ``fit`` asks for ids to be spelt as the schema wants them, so a request may be as wrong as its values.
    ``paths`` names a set of paths out of the binding; ``url`` is the absolute URL of a presigned operation, which never
    gets credentials.

    Raises UsageError for unknown names and when nothing fills a place of the path.
    """
    described = _operation(spec, operation)
    left = {name: value for name, value in values.items() if value is not MISSING}
    target = url or _filled(described, _path(binding, described, paths), left)
    query: list[tuple[str, str]] = []
    lines: dict[str, str] = {}
    for parameter in described.parameters:
        if parameter.location == "query" and parameter.name in left:
            query += _pairs(parameter.name, left.pop(parameter.name))
        elif parameter.location == "header" and parameter.name in left:
            lines[parameter.name] = str(left.pop(parameter.name))
    parts: tuple[Part, ...] = ()
    if body is not MISSING or content is not None or described.request is None:
        query += [pair for name, value in left.items() for pair in _pairs(name, value)]
        if body is not MISSING:
            content, content_type = json_bytes(body), content_type or JSON
    else:
        content, content_type, parts = _body(described, described.request, left, fit)
    open_to_all = described.presigned or not described.secured or bool(url)
    return HttpRequest(
        method=described.method.upper(),
        target=target,
        operation=described.id,
        query=tuple(query),
        headers={**lines, **(headers or {})},
        credentials={} if open_to_all else auth_headers(binding, role, token, me),
        content=content,
        content_type=content_type,
        parts=parts,
        role=role,
    )


def _operation(spec: Spec, operation: str) -> Operation:
    found = spec.operations.get(operation)
    if found is None:
        raise UsageError(
            Problem(f"{spec.name} has no operation {operation!r}", hint=nearest(operation, spec.operations))
        )
    return found


def _path(binding: Binding, operation: Operation, paths: str) -> str:
    if paths and paths not in binding.paths:
        raise UsageError(
            Problem(f"{binding.api} has no set of paths {paths!r}", hint=nearest(paths, binding.paths))
        )
    return binding.paths.get(paths, {}).get(operation.id, operation.path)


def _filled(operation: Operation, path: str, values: dict[str, object]) -> str:
    """``path`` with its places filled; what fills them is taken out of ``values``."""
    for place in PLACE.findall(path):
        if place not in values:
            raise UsageError(
                Problem(f"nothing fills {{{place}}} of {path}", operation.where, f"a value for {place}")
            )
        path = path.replace(f"{{{place}}}", segment(values.pop(place)))
    return path


def _body(
    operation: Operation, described: RequestBody, values: Mapping[str, object], fit: bool
) -> tuple[bytes | None, str, tuple[Part, ...]]:
    if not values and not described.required:
        return None, "", ()
    media = _media(operation, described.content, values)
    schema = described.content[media]
    if media == MULTIPART:
        return None, "", tuple(part for name, value in values.items() for part in _parts(name, value))
    if media == FORM:
        pairs = [pair for name, value in values.items() for pair in _pairs(name, value)]
        return urlencode(pairs).encode("ascii"), FORM, ()
    return json_bytes(fitted(schema, dict(values)) if fit else dict(values)), media, ()


def _media(operation: Operation, offered: Iterable[str], values: Mapping[str, object]) -> str:
    """The media type to use: JSON where it can be, multipart where a file makes it necessary."""
    offered = tuple(offered)
    files = [name for name, value in values.items() if _has_file(value)]
    for media in (MULTIPART,) if files else (JSON, MULTIPART, FORM):
        if media in offered:
            return media
    if files:
        raise UsageError(
            Problem(
                f"{operation.id} takes no file, and {files[0]} is one",
                operation.where,
                f"{MULTIPART} among its bodies",
            )
        )
    return offered[0]


def _has_file(value: object) -> bool:
    if isinstance(value, list | tuple):
        return any(_has_file(element) for element in value)
    return isinstance(value, File | bytes)


def _pairs(name: str, value: object) -> list[tuple[str, str]]:
    if value is None or value is MISSING or isinstance(value, File):
        return []  # a file stands in no query
    if isinstance(value, list | tuple):
        return [pair for element in value for pair in _pairs(name, element)]
    return [(name, _text(value))]


def _parts(name: str, value: object) -> list[Part]:
    if value is None or value is MISSING:
        return []
    if isinstance(value, list | tuple):
        return [part for element in value for part in _parts(name, element)]
    if isinstance(value, File):
        return [Part(name, value.content, value.name, value.type)]
    return [Part(name, value if isinstance(value, bytes) else _text(value).encode("utf-8", "surrogatepass"))]


def _text(value: object) -> str:
    return value if isinstance(value, str) else json_bytes(value).decode("utf-8")
