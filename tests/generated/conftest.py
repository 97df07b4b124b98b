"""A small API as documents, for what is read by them and for what is tried on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from earwitness.spec import Spec, load_spec

OPENAPI = """\
openapi: 3.1.0
info: {title: Notes, version: 1.0.0}
servers:
  - url: http://localhost:8000
security:
  - token: []
paths:
  /rooms/{room}/:
    parameters:
      - {name: room, in: path, required: true, schema: {type: integer, minimum: 1}, example: 1}
    get:
      operationId: readRoom
      x-clause: "1"
      x-refusals:
        anonymous: {status: 401}
      responses:
        200: {description: the room, content: {application/json: {schema: {type: object}}}}
        401: {description: refused}
        404: {description: not there}
    delete:
      operationId: deleteRoom
      x-clause: "1"
      x-refusals:
        anonymous: {status: 401}
        absent: {status: 404, basis: shown}
      responses:
        200: {description: gone}
        401: {description: refused}
        404: {description: not there}
  /rooms/{room}/notes/:
    parameters:
      - {name: room, in: path, required: true, schema: {type: integer, minimum: 1}, example: 1}
    post:
      operationId: writeNote
      x-clause: "1"
      x-refusals:
        anonymous: {status: 401}
        invalid: {status: 400, basis: shown}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [text, to]
              properties:
                text: {type: string, minLength: 1}
                to: {type: integer}
            examples:
              documented: {value: {text: hello, to: 1}}
      responses:
        201: {description: written, content: {application/json: {schema: {type: object}}}}
        400: {description: unfit}
        401: {description: refused}
        404: {description: not there}
components:
  securitySchemes:
    token: {type: apiKey, in: header, name: Authorization}
"""
ASYNCAPI = """\
asyncapi: 3.1.0
info: {title: Notes, version: 1.0.0}
servers:
  here: {host: localhost, protocol: ws}
channels:
  inbox:
    address: /ws/
    x-clause: "1"
    messages:
      said: {payload: {type: object}}
operations:
  push:
    action: send
    channel: {$ref: "#/channels/inbox"}
    messages:
      - {$ref: "#/channels/inbox/messages/said"}
"""
CHECKLIST = """\
clauses: {"1": Notes}
items: []
"""


@pytest.fixture(scope="session")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Spec:
    """The small API, read from its folder."""
    folder: Path = tmp_path_factory.mktemp("notes")
    for name, text in (("openapi", OPENAPI), ("asyncapi", ASYNCAPI), ("checklist", CHECKLIST)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_spec(folder)
