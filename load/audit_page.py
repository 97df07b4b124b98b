"""The audit while a load runs, on Locust's own web server: a page at ``earwitness``, its figures as ``earwitness/audit.json``, and a link."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final

from earwitness.errors import ExitCode
from earwitness.redact import Redactor
from earwitness.report.words import run_verdict

# The page asks once a second; several who look share one answer.
_FRESH_S: Final = 0.9
# What Locust calls the view of its page.
_INDEX: Final = "locust.index"
_PAGE: Final = Path(__file__).with_name("audit.html")
# Locust's page is a script's, which knows no tabs of others; so the link stands beside it.
_LINK: Final = (
    '<a href="./earwitness" style="position:fixed;left:1rem;bottom:1rem;z-index:9999;padding:.45rem .9rem;border-radius:8px;'
    'background:#1b569c;color:#fff;font:600 14px system-ui,sans-serif;text-decoration:none">Audit: who heard what</a>'
)

# How a load stands, and what keeps secrets out of it.
Standing = Callable[[], tuple[dict[str, Any], Redactor]]


class AuditPage:
    """Shows how a load stands, as ``standing`` tells, to whoever may see Locust's own page."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._text, self._at = "", 0.0

    def add_to(self, web_ui: Any, base: str) -> None:
        """Serve it on ``web_ui``, Locust's, below ``base``; where Locust asks for a login, this does."""
        app, html = web_ui.app, _PAGE.read_text(encoding="utf-8")
        headers = _headers(html)

        def page() -> Any:
            return app.response_class(html, headers=headers, mimetype="text/html")

        def figures() -> Any:
            return app.response_class(self._figures(), headers=headers, mimetype="application/json")

        for path, view in (("/earwitness", page), ("/earwitness/audit.json", figures)):
            app.add_url_rule(
                f"{base}{path}", f"earwitness.{view.__name__}", web_ui.auth_required_if_enabled(view)
            )
        app.view_functions[_INDEX] = _with_link(app, app.view_functions[_INDEX])
        app.wsgi_app = _of_one_origin(app.wsgi_app, f"{base}/earwitness")

    def _figures(self) -> str:
        now = time.monotonic()
        if not self._text or now > self._at + _FRESH_S:
            standing, redactor = self._standing()
            if (outcome := standing.get("outcome")) is not None:
                outcome["verdict"] = run_verdict(ExitCode(outcome["exit_code"]))
            self._text, self._at = redactor.redact(json.dumps(standing)), now
        return self._text


def _headers(html: str) -> dict[str, str]:
    """What a browser may do with the page: apply the style and the script that are in it, and ask this server for figures."""
    hashes = {
        name: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
        for name, text in re.findall(r"<(style|script)>(.*?)</\1>", html, re.DOTALL)
    }
    policy = (
        f"default-src 'none'; style-src 'sha256-{hashes['style']}'; script-src 'sha256-{hashes['script']}'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }


def _with_link(app: Any, index: Callable[..., Any]) -> Callable[..., Any]:
    """Locust's own page with a link to the audit; where it is a page to sign in instead, or an error, that is left as it is."""

    @wraps(index)
    def linked(*arguments: Any, **more: Any) -> Any:
        made = app.make_response(index(*arguments, **more))
        if made.status_code == 200 and made.mimetype == "text/html":
            made.set_data(made.get_data(as_text=True).replace("</body>", f"{_LINK}</body>"))
        return made

    return linked


def _of_one_origin(serve: Callable[..., Any], path: str) -> Callable[..., Any]:
    """Locust lets pages of any origin read what it serves; who heard what is none of theirs."""

    def served(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            kept = [
                (name, value) for name, value in headers if not name.lower().startswith("access-control-")
            ]
            return start(status, kept, *more)

        ours = environ.get("PATH_INFO", "").startswith(path)
        return serve(environ, begin if ours else start)

    return served
