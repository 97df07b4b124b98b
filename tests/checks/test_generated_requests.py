"""What Schemathesis found is a finding of ours, with its basis and its exchange."""

from __future__ import annotations

from tests.shapes import REFUSED
from tests.story import Story


def test_without_a_report_there_is_nothing() -> None:
    story = Story()
    story.sends("alice", "hi", 31)
    assert story.findings() == ()


def test_a_report_is_a_finding_about_its_exchange() -> None:
    story = Story()
    asked = story.answers(story.begins("alice", "editMessage", body={}, message_id=99), 404, REFUSED)
    story.reports("editMessage", "negative_data_rejection", asked.exchange, basis="decided")
    finding = story.the_finding("generated-requests")
    assert finding.evidence == (asked.n,)
    assert (finding.cause, finding.operation) == (
        "generated-requests:editMessage:negative_data_rejection",
        "editMessage",
    )
    assert (finding.basis, finding.clause) == ("decided", "5.MSG")


def test_a_report_about_no_exchange_and_no_operation_is_its_own_evidence() -> None:
    story = Story()
    report = story.reports("noSuchOperation", "server_error")
    finding = story.the_finding("generated-requests")
    assert (finding.evidence, finding.clause, finding.basis) == ((report,), "", "stated")
