"""The templates of the HTML report: the only place in this package that reads files."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from earwitness.content import content_root


@dataclass(frozen=True, slots=True)
class Inlined:
    """A style sheet or a script and its hash, which is all that the page's policy allows to apply."""

    text: Markup
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
    environment.filters["data"] = data

    def inline(*paths: str) -> Inlined:
        text = "\n".join(loader.get_source(environment, path)[0] for path in paths)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
        return Inlined(Markup(text), f"sha256-{digest}")

    return environment.get_template(name).render(inline=inline, **values)


def data(value: Sequence[Sequence[float | None]]) -> Markup:
    """``value`` as JSON that stands in a script element and can neither end it nor begin another."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))
