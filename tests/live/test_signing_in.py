"""Whoever signs in with a password gets a token that no file ever holds: its answer is written after it was learnt."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from earwitness.content import content_root
from earwitness.deployment import ReferenceServer
from earwitness.documents import load_documents
from earwitness.history import Journal, Response
from earwitness.history.entries import to_json
from earwitness.live import Session
from earwitness.redact import Redactor


def test_a_token_that_an_answer_brings_is_in_no_line_of_the_history(tmp_path: Path) -> None:
    with ReferenceServer.start("conversations", content=content_root()) as server:
        accounts = tuple(replace(one, token="") for one in server.deployment.accounts)
        deployment, redactor = replace(server.deployment, accounts=accounts), Redactor()
        journal = Journal(tmp_path / "history.jsonl", redactor.redact)
        session = Session(load_documents("conversations"), deployment, journal, redactor)
        try:
            signed_in = session.signed_in(accounts[0])
        finally:
            session.end()
            journal.close()
    (answer,) = [entry for entry in journal if isinstance(entry, Response)]
    assert answer.status == 200
    assert signed_in.token.startswith("ey")
    text = (tmp_path / "history.jsonl").read_text(encoding="utf-8")
    told = json.dumps(to_json(answer))
    assert signed_in.token not in text + told
    assert "$ALICE_ACCESS_TOKEN" in told and "$ALICE_REFRESH_TOKEN" in told
    assert '"ey' not in told, "nor any other token that came with it"
    assert redactor.sweep(tmp_path) == []
