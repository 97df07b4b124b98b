from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from earwitness.checks import Crash
from earwitness.content import content_root
from earwitness.errors import ExitCode
from earwitness.report import index_html
from earwitness.report.apis import MOST_FINDINGS, PAGE_KEPT
from earwitness.report.text import one_line
from earwitness.report.words import WORDS
from earwitness.verdict import ApiVerdict, Verdict
from tests.report.made_up import HOSTILE, api, finding, history

ENTRIES, NUMBERS = history()
VOID = {"meta", "br", "hr", "img", "link", "input"}
# All that the page is made of; a script, an image, a form or a frame would have to come from hostile text.
TAGS = re.findall(
    r"\w+",
    "html head meta title style body main header footer section article nav h1 h2 h3 h4 p a span div strong code pre"
    " dl dt dd ul li table thead tbody tr th td details summary",
)
ATTRIBUTES = re.findall(
    r"\S+",
    "lang charset name content http-equiv class id href open title tabindex aria-hidden aria-label data-label scope colspan",
)


class Read(HTMLParser):
    """What a browser would make of the page: its tags, their attributes and the text between them."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.stack: list[str] = []
        self.style = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.stack and self.stack[-1] == "style":
            self.style += data
        else:
            self.text.append(data)

    def values(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]


def page(*apis: ApiVerdict, code: int = 1) -> str:
    return index_html(
        "r1",
        HOSTILE,
        apis or [api(NUMBERS)],
        {one.api: ENTRIES for one in apis} or {"fe16ops": ENTRIES},
        code,
    )


@pytest.fixture(scope="module")
def read() -> Read:
    return Read(page())


def test_hostile_text_makes_no_element_and_no_attribute(read: Read) -> None:
    assert {tag for tag, _ in read.tags} <= set(TAGS)
    assert {name for _, attrs in read.tags for name in attrs} <= set(ATTRIBUTES)
    assert read.stack == []
    shown = one_line(HOSTILE)
    assert sum(shown in " ".join(text.split()) for text in read.text) > 20


def test_nothing_is_asked_of_anybody(read: Read) -> None:
    assert all(href.startswith("#") for href in read.values("href"))
    assert not re.search(r"url\(|@import|https?:|//[a-z]", re.sub(r"/\*.*?\*/", "", read.style))


def test_the_policy_allows_our_style_sheet_and_nothing_else(read: Read) -> None:
    policy = next(
        attrs["content"] for tag, attrs in read.tags if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    digest = base64.b64encode(hashlib.sha256(read.style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_a_check_that_broke_is_named() -> None:
    crash = Crash("delivery-lost", f"KeyError: {HOSTILE}")
    page = Read(
        index_html("r1", "earwitness check", (api(NUMBERS, crashed=(crash,)),), {"fe16ops": ENTRIES}, 3)
    )
    assert any("Earwitness's own check delivery-lost broke: KeyError" in text for text in page.text)
    assert {tag for tag, _ in page.tags} <= set(TAGS)


def test_template_code_in_a_servers_text_is_not_run() -> None:
    text = page()
    assert "{{ 7*7 }}" in text
    assert "{% raw %}" in text


def test_the_page_can_be_written_and_shows_no_control_character() -> None:
    text = page()
    text.encode("utf-8")
    assert not any(c in text for c in "\x00\x07\x1b\u202e")


def test_every_link_leads_somewhere_and_no_id_is_given_twice() -> None:
    read = Read(page(api(NUMBERS), api(NUMBERS, api="connectify")))
    ids = read.values("id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in read.values("href")} <= set(ids)


def test_every_item_is_shown_with_its_verdict_in_words(read: Read) -> None:
    text = " ".join("\n".join(read.text).split())
    for item in api(NUMBERS).items:
        assert item.id in text
        assert WORDS[item.verdict].label in text
    for wanted in (
        "Acceptance checklist",
        "Findings, by cause",
        "Notes",
        "Known failures",
        "Not run",
        "Operations",
        "Environment",
    ):
        assert wanted in text
    for wanted in (
        "Name",
        "Signature",
        "Date",
        "seed",
        "201 × 12",
        "never reached",
        "delivery-lost:message-created",
        "7",
    ):
        assert wanted.lower() in text.lower()


def test_the_evidence_of_what_did_not_pass_is_open_and_that_of_a_pass_is_not() -> None:
    for verdict in Verdict:
        items = tuple(item for item in api(NUMBERS).items if item.verdict is verdict)
        tags = Read(page(api(NUMBERS, items=items, findings=(), notes=(), known=()))).tags
        first = next(attrs for tag, attrs in tags if tag == "details")
        assert ("open" in first) is (WORDS[verdict].tone in ("bad", "doubt", "remark"))


def test_a_known_failure_shows_its_reason_and_its_expiry() -> None:
    assert "Listed: ticket 7 (until 2026-01-31)" in page()


def test_a_shared_transcript_stands_once_with_the_gravest_item() -> None:
    text = page()
    assert text.count('id="api-1-case-1"') == 1
    graves = text.index("MSG-0<")
    assert text.index('id="api-1-case-1"') > graves
    assert text.index('id="api-1-case-1"') < text.index("MSG-1<")
    assert "stands with MSG-0" in text


def test_what_only_a_person_can_judge_stands_where_they_sign() -> None:
    text = page()
    signing = text[text.index('id="sign-off"') :]
    manual = next(item for item in api(NUMBERS).items if item.verdict is Verdict.MANUAL)
    assert manual.id in signing
    assert signing.count('class="tick"') == 2


def test_the_page_is_bounded_however_much_there_is() -> None:
    entries, numbers = history("m" * 50_000, extra_frames=2_000)
    lost = tuple(finding(numbers, cause=f"cause-{n}", heard="h" * 100_000) for n in range(400))
    text = index_html("r1", "c", [api(numbers, findings=lost)], {"fe16ops": entries}, 1)
    assert len(text) < PAGE_KEPT + MOST_FINDINGS * 12_000
    assert "[cut: " in text
    assert f"and {400 - MOST_FINDINGS} more" in text


@pytest.mark.parametrize("code", list(ExitCode))
def test_every_exit_code_makes_a_page_with_or_without_apis(code: ExitCode) -> None:
    assert Read(page(replace(api(NUMBERS), exit_code=code), code=code)).stack == []
    assert Read(index_html("r1", "c", [], {}, code)).stack == []


def test_an_api_without_anything_makes_a_page() -> None:
    empty = api(NUMBERS, items=(), operations=(), findings=(), notes=(), known=(), cases=(), counts={})
    assert Read(index_html("r1", "c", [empty], {}, 5)).stack == []


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2, section 'relative luminance')."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_colour_can_be_read_on_its_ground_in_light_and_dark() -> None:
    css = (content_root() / "reports" / "templates" / "report.css").read_text(encoding="utf-8")
    first, second = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    light, dark = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", part)) for part in (first, second))
    assert set(light) == set(dark)
    for colours in (light, dark):
        for tone in ("good", "bad", "doubt", "remark", "quiet"):
            # 4.5 to 1: WCAG 2.2, criterion 1.4.3 (AA) for text of this size.
            assert contrast(colours[tone], colours[f"{tone}-bg"]) >= 4.5
        for ground in ("paper", "card", "code"):
            for ink in ("ink", "soft", "remark"):
                assert contrast(colours[ink], colours[ground]) >= 4.5


def test_a_finding_is_shown_with_its_severity_and_its_weaknesses() -> None:
    long = finding(NUMBERS, check="page-size", cause="page-size:listMessages", severity="low")
    shown = Read(page(api(NUMBERS, findings=(long,), notes=(), known=()))).text
    assert {"low", "CWE-770, API4:2023"} <= set(shown)
