"""Reads a multipart body that was sent as it stands, so that generated forms are read like those of tests."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from email.parser import BytesParser
from email.policy import HTTP
from functools import lru_cache

from earwitness.history import Body


def fields_of(body: Body, headers: Mapping[str, str]) -> dict[str, object]:
    """The fields of a form by name (RFC 7578): texts, and of files their name, type and size; nothing of any other body."""
    sent_as = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    if (
        body.form not in ("text", "base64")
        or body.cut
        or not sent_as.lower().startswith("multipart/form-data")
    ):
        return {}
    head = f"Content-Type: {sent_as}\r\n\r\n".encode("utf-8", "replace")
    return dict(_parsed(head + _bytes(body)))


@lru_cache(maxsize=1024)
def _parsed(form_with_head: bytes) -> Mapping[str, object]:
    """The fields of a form with its head. A world is worked out again and again while a test runs, over the same bodies."""
    form = BytesParser(policy=HTTP).parsebytes(form_with_head)
    found: dict[str, object] = {}
    for part in form.iter_parts() if form.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(content, bytes):
            continue
        filename = part.get_filename()
        if filename is None:
            found.setdefault(name, content.decode("utf-8", "replace"))
        else:
            found.setdefault(name, {"name": filename, "type": part.get_content_type(), "size": len(content)})
    return found


def _bytes(body: Body) -> bytes:
    return (
        base64.b64decode(str(body.value))
        if body.form == "base64"
        else str(body.value).encode("utf-8", "surrogatepass")
    )
