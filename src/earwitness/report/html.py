"""index.html: one self-contained page with the checklist, its evidence, the findings, the loads and a place to sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from earwitness.errors import ExitCode
from earwitness.history import Entry
from earwitness.report.apis import ApiPage, Purse
from earwitness.report.loads import load_view
from earwitness.report.past import Past
from earwitness.report.record import LoadResult
from earwitness.report.templates import render
from earwitness.report.text import one_line
from earwitness.report.views import Page
from earwitness.report.words import RUN_SENTENCES, RUN_TONES, capital, run_verdict
from earwitness.verdict import ApiVerdict


def index_html(
    run_id: str,
    command: str,
    apis: Sequence[ApiVerdict],
    histories: Mapping[str, Sequence[Entry]],
    exit_code: int,
    loads: Sequence[LoadResult] = (),
) -> str:
    """The text of index.html. It asks nobody for anything and escapes all that it shows; a script is in it only to draw
    the figures of ``loads``.

    ``histories`` are by the API's name; what an API without one did is not shown. Raises ValueError when ``exit_code``
    is not one of ``ExitCode``.
    """
    code = ExitCode(exit_code)
    purse = Purse()
    page = Page(
        run=one_line(run_id),
        command=one_line(command),
        word=capital(run_verdict(code)),
        tone=RUN_TONES[code],
        sentence=RUN_SENTENCES[code],
        exit_code=int(code),
        apis=tuple(
            ApiPage(place, api, Past.of(histories.get(api.api, ())), purse).view()
            for place, api in enumerate(apis, start=1)
        ),
        loads=tuple(load_view(f"load-{place}", one) for place, one in enumerate(loads, start=1)),
    )
    return render("index.html.j2", page=page)
