"""A generated form is blamed for what is wrong with it as it was sent, and not for what the engine had meant to be wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from earwitness.documents import load_documents
from earwitness.history import Reported
from earwitness.spec import Spec
from tests.generated.test_read import BASE, coded, failure, outcome, record, scenario


@pytest.mark.parametrize(
    ("said", "form", "told"),
    [
        ("Invalid component: positive test case", True, False),
        ("Invalid component: positive test case", False, True),
        ("violates `type`", True, False),
        ("violates `minLength`", True, True),
    ],
)
def test_a_form_is_blamed_for_no_types_and_for_nothing_that_has_a_name(
    spec: Spec, said: str, form: bool, told: bool
) -> None:
    operation = spec.operations["writeNote"]
    assert operation.request is not None
    content = {"multipart/form-data": next(iter(operation.request.content.values()))}
    if form:
        operation = replace(operation, request=replace(operation.request, content=content))
        spec = replace(spec, operations={**spec.operations, "writeNote": operation})
    failed = failure("negative_data_rejection")
    failed["failure_info"]["failure"]["message"] = said
    found = outcome(spec, [record()], scenario("POST /rooms/{room}/notes/", checks={"c1": [failed]}))
    assert any(isinstance(one, Reported) for one in found.results["writeNote"].entries) is told


TEXT, FILE = "", '; filename="a"'


@pytest.mark.parametrize(
    ("api", "label", "name", "kind", "said", "told"),
    [
        ("conversations", "conversations/{conversation_id}", "attachment", FILE, "bytes", False),
        ("conversations", "conversations/{conversation_id}", "other", FILE, "bytes", True),
        ("conversations", "conversations/{conversation_id}", "content", TEXT, "", True),
        # Of several files each has a part of its own.
        ("connectify", "conversations/{conversation_id}", "attachments", FILE, "bytes", False),
    ],
)
def test_a_form_is_not_blamed_for_what_only_one_of_its_alternatives_requires(
    api: str, label: str, name: str, kind: str, said: str, told: bool
) -> None:
    spec = load_documents(api).spec
    path = spec.operations["sendMessage"].path
    assert label in path
    made = record(
        operation="sendMessage",
        url=f"{BASE}{path.replace('{conversation_id}', '7')}",
        headers=[["Content-Type", "multipart/form-data; boundary=b"]],
        body=coded(
            f'--b\r\nContent-Disposition: form-data; name="{name}"{kind}\r\n\r\n{said}\r\n--b--\r\n'.encode()
        ),
    )
    failed = failure("negative_data_rejection")
    failed["failure_info"]["failure"]["message"] = "violates `required` at /anyOf/0 (was content)"
    found = outcome(spec, [made], scenario(f"POST {path}", checks={"c1": [failed]}))
    assert any(isinstance(one, Reported) for one in found.results["sendMessage"].entries) is told
