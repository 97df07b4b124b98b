"""Reports of a run, as text: results.json, junit.xml, index.html, a terminal summary, transcripts and lines to repeat findings."""

from earwitness.report.html import index_html
from earwitness.report.junit import junit
from earwitness.report.merge import Merged, finding_id, merge
from earwitness.report.past import Past
from earwitness.report.record import LoadResult
from earwitness.report.reproduce import reproduce
from earwitness.report.results import dumps, results
from earwitness.report.summary import show_summary, summary
from earwitness.report.transcript import Line, Remark, Transcript, remarks_on, transcript
from earwitness.report.words import run_verdict

__all__ = [
    "Line",
    "LoadResult",
    "Merged",
    "Past",
    "Remark",
    "Transcript",
    "dumps",
    "finding_id",
    "index_html",
    "junit",
    "merge",
    "remarks_on",
    "reproduce",
    "results",
    "run_verdict",
    "show_summary",
    "summary",
    "transcript",
]
