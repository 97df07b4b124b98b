"""A small API as documents, and the means to break one line of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from earwitness.errors import Problem, SpecError
from earwitness.spec import Spec, load_spec

OPENAPI = """\
openapi: 3.1.0
info: {title: Small chat, version: 1.0.0}
servers:
  - url: http://localhost:8000
security:
  - token: []
paths:
  /rooms/{room}/:
    parameters:
      - {name: room, in: path, required: true, schema: {type: integer}, example: 7}
    get:
      operationId: readRoom
      x-clause: "1"
      parameters:
        - name: page
          in: query
          schema: {type: integer, minimum: 1}
          examples: {second: {value: 2}}
      x-refusals:
        anonymous: {status: 401}
        not-a-member: {status: 404, basis: shown, clause: "2"}
      responses:
        200:
          description: the room
          x-basis: shown
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Room"}
              example: {id: 7, title: Chat}
        401: {$ref: "#/components/responses/Refused"}
        4XX: {$ref: "#/components/responses/Refused"}
  /login/:
    post:
      operationId: login
      security: []
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, required: [name], properties: {name: {type: string}}}
            examples: {alice: {value: {name: alice}}}
      responses:
        201:
          description: a token
          x-basis: decided
          x-clause: "2"
          content:
            application/json:
              schema: {type: object, required: [token], properties: {token: {type: string}}}
        204: {description: known already}
components:
  responses:
    Refused:
      description: refused
      content:
        application/json:
          schema: {type: object}
  schemas:
    Room:
      type: object
      required: [id, title]
      properties:
        id: {type: integer, x-basis: stated}
        title: {type: string, minLength: 1, x-basis: decided}
        last: {$ref: "#/components/schemas/Message"}
    Message:
      type: object
      x-basis: shown
      required: [id, text]
      properties:
        id: {type: integer}
        text: {type: string}
        sent: {type: string, format: date-time, x-basis: decided}
      examples:
        - {id: 1, text: hello, sent: 2025-10-22T14:30:00Z}
"""

ASYNCAPI = """\
asyncapi: 3.1.0
info: {title: Small chat, version: 1.0.0}
servers:
  here: {host: localhost, protocol: ws, security: [{type: httpApiKey, name: token, in: query}]}
channels:
  inbox:
    address: /ws/{room}/
    x-clause: "2"
    x-refusals:
      anonymous: {status: 401, basis: decided}
    parameters:
      room: {description: the room}
    bindings:
      ws:
        query: {type: object, properties: {token: {type: string}}}
    messages:
      created: {$ref: "#/components/messages/created"}
      typing: {$ref: "#/components/messages/typing"}
      say: {$ref: "#/components/messages/say"}
operations:
  push:
    action: send
    channel: {$ref: "#/channels/inbox"}
    messages:
      - {$ref: "#/channels/inbox/messages/created"}
      - {$ref: "#/channels/inbox/messages/typing"}
  take:
    action: receive
    channel: {$ref: "#/channels/inbox"}
    messages:
      - {$ref: "#/channels/inbox/messages/say"}
components:
  messages:
    created:
      x-clause: "1"
      x-audience: {must: others, may: sender, basis: shown}
      payload:
        type: object
        required: [type, message]
        properties:
          type: {const: created}
          message: {$ref: "openapi.yaml#/components/schemas/Message"}
      examples:
        - payload: {type: created, message: {id: 1, text: hello}}
    typing:
      x-basis: decided
      payload:
        type: object
        required: [type, who]
        properties:
          type: {const: typing}
          who: {type: integer}
    say:
      payload:
        type: object
        required: [text]
        properties:
          text: {type: string}
"""

CHECKLIST = """\
clauses:
  1: Rooms
  "2": Sockets
items:
  - id: ROOM-1
    section: Rooms
    text: A member reads a room.
    clause: "1"
  - id: SOCK-1
    section: Sockets
    text: A listener hears.
    clause: "2"
    manual: needs two people
    observed: by what the socket hears
"""


@dataclass(slots=True)
class Api:
    """The small API in a folder of its own. A line that ends in ``#!`` is one that a problem is expected on."""

    folder: Path
    files: dict[str, str] = field(
        default_factory=lambda: {
            "openapi.yaml": OPENAPI,
            "asyncapi.yaml": ASYNCAPI,
            "checklist.yaml": CHECKLIST,
        }
    )

    def change(self, file: str, old: str, new: str) -> Api:
        """Replaces ``old``, which has to be there, by ``new``."""
        assert old in self.files[file], f"{old!r} is not in {file}"
        self.files[file] = self.files[file].replace(old, new, 1)
        return self

    def http(self, old: str, new: str) -> Api:
        return self.change("openapi.yaml", old, new)

    def socket(self, old: str, new: str) -> Api:
        return self.change("asyncapi.yaml", old, new)

    def listed(self, old: str, new: str) -> Api:
        return self.change("checklist.yaml", old, new)

    def load(self) -> Spec:
        self.folder.mkdir(exist_ok=True)
        for name, text in self.files.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        return load_spec(self.folder)

    def problems(self) -> tuple[Problem, ...]:
        with pytest.raises(SpecError) as caught:
            self.load()
        return caught.value.problems

    def marked(self) -> list[tuple[str, int]]:
        """The places of the lines that end in ``#!``."""
        return [
            (name, number)
            for name, text in sorted(self.files.items())
            for number, line in enumerate(text.splitlines(), 1)
            if line.endswith("#!")
        ]

    def problem(self) -> str:
        """The one problem there is, as people see it; its place is the marked line."""
        problems = self.problems()
        places = [(Path(p.where.file).name, p.where.line) for p in problems if p.where is not None]
        assert places == self.marked(), "\n".join(map(str, problems))
        (only,) = problems
        return str(only).partition(": ")[2]


@pytest.fixture
def api(tmp_path: Path) -> Api:
    return Api(tmp_path / "small")
