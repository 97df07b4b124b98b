"""The audit's page: nothing on it is asked for elsewhere, nothing said by a server is more than text, and secrets stay secret."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from earwitness.content import content_root
from earwitness.redact import Redactor
from load.audit_page import AuditPage

PAGE = content_root() / "load" / "audit.html"
SECRET = "a-token-of-alice-that-is-long"


@dataclass
class Answer:
    """What a web framework's response is to those who make one."""

    text: str
    headers: dict[str, str]
    mimetype: str


@dataclass
class App:
    """A web framework that keeps what is served."""

    rules: dict[str, Callable[[], Answer]] = field(default_factory=dict)
    view_functions: dict[str, Any] = field(default_factory=lambda: {"locust.index": lambda: ""})
    response_class: type[Answer] = Answer
    wsgi_app: Any = None

    def add_url_rule(self, path: str, name: str, view: Callable[[], Answer]) -> None:
        self.rules[path] = view


@dataclass
class WebUi:
    """Locust's web server, as far as a page knows it."""

    app: App = field(default_factory=App)
    guarded: int = 0

    def auth_required_if_enabled(self, view: Callable[[], Answer]) -> Callable[[], Answer]:
        self.guarded += 1
        return view


def serve(standing: dict[str, Any], base: str = "") -> WebUi:
    redactor = Redactor()
    redactor.add(SECRET, "$ALICE_TOKEN")
    web_ui = WebUi()
    AuditPage(lambda: (standing, redactor)).add_to(web_ui, base)
    return web_ui


@pytest.mark.parametrize("base", ["", "/load"])
def test_both_are_served_behind_the_login_of_locust(base: str) -> None:
    web_ui = serve({"phase": "waiting"}, base)
    assert set(web_ui.app.rules) == {f"{base}/earwitness", f"{base}/earwitness/audit.json"}
    assert web_ui.guarded == 2


def test_figures_are_redacted_and_say_the_verdict() -> None:
    hostile = f"</script><script>alert(1)</script> {SECRET} \u0000"
    standing = {"phase": "over", "outcome": {"exit_code": 4, "summary": [hostile], "reason": SECRET}}
    answer = serve(standing).app.rules["/earwitness/audit.json"]()
    assert SECRET not in answer.text
    found = json.loads(answer.text)
    assert found["outcome"]["verdict"] == "breached"
    assert found["outcome"]["summary"] == [hostile.replace(SECRET, "$ALICE_TOKEN")]
    assert answer.mimetype == "application/json"
    assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == (
        "nosniff",
        "no-store",
    )


def test_several_who_look_ask_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, now = 0, 50.0

    def stands() -> tuple[dict[str, Any], Redactor]:
        nonlocal asked
        asked += 1
        return {"phase": "sending", "asked": asked}, Redactor()

    web_ui = WebUi()
    AuditPage(stands).add_to(web_ui, "")
    figures = web_ui.app.rules["/earwitness/audit.json"]
    monkeypatch.setattr("load.audit_page.time.monotonic", lambda: now)
    assert json.loads(figures().text) == json.loads(figures().text)
    now = 51.0
    figures()
    assert asked == 2


def test_the_policy_allows_what_is_in_the_page_and_nothing_else() -> None:
    answer = serve({}).app.rules["/earwitness"]()
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert (
        policy["default-src"]
        == policy["base-uri"]
        == policy["form-action"]
        == policy["frame-ancestors"]
        == "'none'"
    )
    assert policy["connect-src"] == "'self'"
    for element in ("style", "script"):
        (text,) = re.findall(f"<{element}>(.*?)</{element}>", answer.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert policy[f"{element}-src"] == f"'sha256-{digest}'"


def test_the_page_asks_nobody_else_and_writes_text_alone() -> None:
    html = PAGE.read_text(encoding="utf-8")
    assert not re.search(r"https?:|//[a-z]|@import|url\(|\ssrc=|\sstyle=|\son[a-z]+=", html)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval|Function\(", html)
    assert "prefers-color-scheme: dark" in html
    assert set(re.findall(r'of\("([\w-]+)"\)', html)) <= set(re.findall(r'id="([\w-]+)"', html))


@pytest.mark.parametrize(
    ("path", "stays"), [("/earwitness/audit.json", False), ("/earwitness", False), ("/stats/requests", True)]
)
def test_pages_of_other_origins_may_not_read_it(path: str, stays: bool) -> None:
    app = App()
    web_ui = WebUi(app)

    def locust(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        start("200 OK", [("Access-Control-Allow-Origin", "*"), ("Content-Type", "text/html")])
        return [b""]

    app.wsgi_app = locust
    AuditPage(lambda: ({}, Redactor())).add_to(web_ui, "")
    sent: list[tuple[str, str]] = []
    app.wsgi_app({"PATH_INFO": path}, lambda status, headers: sent.extend(headers))
    assert ("Content-Type", "text/html") in sent
    assert (("Access-Control-Allow-Origin", "*") in sent) is stays
