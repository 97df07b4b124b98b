"""The templates of the HTML report: the only place in this package that reads files."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from earwitness.content import content_root


@dataclass(frozen=True, slots=True)
class Style:
    """The style sheet and its hash, which is all that the page's policy allows to apply."""

    css: Markup
    source: str


def render(name: str, **values: object) -> str:
    """The template ``name`` of ``reports/templates`` with ``values``; everything in them is escaped.

    Raises jinja2.UndefinedError when the template asks for what it was not given.
    """
    loader = FileSystemLoader(content_root() / "reports" / "templates")
    # Not select_autoescape: its choice hangs on the template's name, and a server's text is hostile under any name.
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    css, _, _ = loader.get_source(environment, "report.css")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode("ascii")
    return environment.get_template(name).render(style=Style(Markup(css), f"sha256-{digest}"), **values)
