from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from earwitness.errors import ExitCode
from earwitness.report import LoadResult, index_html, junit, results
from earwitness.report.loads import MOST_ANOMALIES, MOST_BREACHES, MOST_NAMES, load_view
from earwitness.report.plots import MOST_POINTS, MOST_ROWS, plots
from earwitness.report.templates import data
from earwitness.report.text import one_line
from tests.report.loads import load, older, record, unmeasured
from tests.report.made_up import HOSTILE, api, history
from tests.report.test_html import ATTRIBUTES, TAGS, Read
from tests.report.test_results import validator

ENTRIES, NUMBERS = history()
# What the plots add to what a page is made of.
MORE_TAGS = {"script", "figure", "figcaption"}
MORE_ATTRIBUTES = {"type", "hidden", "data-plot"}


def page(*loads: LoadResult, code: int = 4, checked: bool = False) -> str:
    apis = [api(NUMBERS)] if checked else []
    return index_html("r1", HOSTILE, apis, {"fe16ops": ENTRIES}, code, loads)


def scripts(text: str) -> list[tuple[str, str]]:
    """The attributes and the text of every script element, as a browser cuts them out."""
    return re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL)


def policy(text: str) -> str:
    found = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert found is not None
    return found[1]


def digest(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def shown(text: str) -> str:
    return " ".join("\n".join(Read(text).text).split())


@pytest.mark.parametrize("checked", [True, False])
@pytest.mark.parametrize("made", [load(), older(), unmeasured()], ids=["whole", "older", "unmeasured"])
def test_hostile_text_makes_no_element_and_no_attribute(made: LoadResult, checked: bool) -> None:
    text = page(made, checked=checked)
    read = Read(text)
    assert {tag for tag, _ in read.tags} <= {*TAGS, *MORE_TAGS}
    assert {name for _, attrs in read.tags for name in attrs} <= {*ATTRIBUTES, *MORE_ATTRIBUTES}
    assert read.stack == []
    assert not any(c in text for c in "\x00\x07\x1b\u202e")
    text.encode("utf-8")


def test_all_that_a_server_said_is_there_to_read() -> None:
    text = shown(page(load()))
    for what in ("a1", "b1/1", "1011", "id is no integer", "gone", "up to 1.2 ms", "only pairs", "staging"):
        assert f"{what} {one_line(HOSTILE)}"[:60] in text, what


def test_the_policy_allows_our_scripts_and_style_by_their_hashes_and_nothing_else() -> None:
    text = page(load())
    run = [body for attributes, body in scripts(text) if not attributes]
    read = Read(text)
    assert len(run) == 2
    wanted = f"default-src 'none'; style-src {digest(read.style)}; script-src {digest(run[0])} {digest(run[1])}; base-uri 'none'; form-action 'none'"
    assert policy(text) == wanted
    assert "unsafe" not in policy(text)


def test_a_page_without_a_load_has_no_script() -> None:
    text = index_html("r1", "c", [api(NUMBERS)], {"fe16ops": ENTRIES}, 1)
    assert scripts(text) == []
    assert "script-src" not in policy(text)


def test_the_figures_are_beside_the_script_as_data() -> None:
    drawn = [
        json.loads(body) for attributes, body in scripts(page(load())) if "application/json" in attributes
    ]
    rate, heard, latency, percentiles = drawn
    # A message is heard by two; on one scale with a hundred listeners what was sent would be a line at the bottom.
    assert rate == [[0, 1, 2], [40, 40, 40], [40, 39, 40]]
    assert heard == [[0, 1, 2], [80, 77, 0]]
    assert latency == [[0, 1, 2], [3.1, 3.2, None], [4.0, 4.6, None], [6.0, 20.2, None]]
    assert percentiles == [[50, 90, 99, 99.9, 100], [3.2, 3.9, 4.6, 19.5, 20.2]]


def test_what_the_generator_added_stands_below_what_it_is_a_part_of() -> None:
    view = load_view("load", load())
    names = [row[0].split(":")[0] for row in view.latency.rows]
    assert names[:2] == ["delivery", "self-lag"]
    assert view.latency.rows[1][1:] == ("0.4", "0.9", "1.4", "1.9", "2.9")
    without = load(generator={"lag_ms": 1.7, "cpu": 0.07})
    assert "self-lag" not in shown(page(without))
    columns = {**load().record["series"], "self_lag_p99_ms": [1.1, 1.4, None]}
    assert "self-lag p99, ms" in shown(page(load(series=columns)))


def test_data_can_neither_end_its_element_nor_begin_another() -> None:
    text = str(data("</script><!--\u2028 &"))  # type: ignore[arg-type]  # it must hold for whatever comes
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == "</script><!--\u2028 &"


def test_without_a_script_the_figures_stand_as_tables() -> None:
    text = page(load())
    read = Read(text)
    assert all("hidden" in attrs for tag, attrs in read.tags if tag == "figure")
    told = shown(text)
    assert "second due a second acknowledged a second heard a second p50, ms p99, ms worst, ms" in told
    assert "1 40 39 77 3.2 4.6 20.2" in told
    assert "99.9 % 19.5" in told


def test_an_older_record_is_drawn_from_what_it_has() -> None:
    found = plots(older().record)
    assert found is not None
    assert found.columns["rate"] == [[0, 1], [None, None], [40, 39]]
    assert found.columns["heard"] == [[0, 1], [80, 77]]
    assert found.columns["latency"] == [[0, 1], [None, None], [None, None], [4.748, None]]
    assert found.columns["distribution"] == [[50, 90, 99, 99.9, 100], [3.2, 3.9, 4.6, 19.5, 20.2]]


def test_a_long_load_is_drawn_by_steps_that_keep_the_worst() -> None:
    n = 10 * MOST_POINTS
    columns = {
        "second": list(range(n)),
        "heard": [10] * n,
        "max_ms": [900.0 if s == 777 else 1.0 for s in range(n)],
    }
    found = plots({"series": columns})
    assert found is not None
    seconds, _, _, worst = found.columns["latency"]
    assert found.step == 10
    assert len(seconds) == MOST_POINTS
    assert [at for at, late in zip(seconds, worst, strict=True) if late == 900.0] == [770]
    assert set(found.columns["heard"][1]) == {10}


@pytest.mark.parametrize("odd", [
    {"series": {"second": [0, 1], "heard": [1]}}, {"series": {"second": []}}, {"series": 5}, {"distribution": [[1], "x", None]},
    {"distribution": [[float("nan"), 1], [2, float("inf")]]}, {"anomalies": None}, {"slo": None}, {"closed": None}, {"generator": {}},
    {"contract": {}}, {"last_listener_ms": 3.5}, {"last_listener_ms": None}, {"series": None, "seconds": None, "distribution": None},
])  # fmt: skip
def test_a_part_that_is_not_there_or_odd_costs_no_page(odd: dict[str, Any]) -> None:
    assert Read(page(load(**odd))).stack == []


def test_every_level_is_told_with_what_was_measured_and_what_came_of_it() -> None:
    told = shown(page(load()))
    assert "lost == 0 3 ✗ missed" in told
    assert "delivery p99 < 500 ms 4.6 ✓ held" in told
    assert "nothing ? undecided" in told
    assert "957 of 960 deliveries were heard; service levels: 1 held, 1 missed, 1 undecided" in told


def test_who_did_not_hear_which_message_is_told_and_bounded() -> None:
    many = [
        {
            "kind": "lost",
            "sender": "a1",
            "sequence": n,
            "at_s": n / 10,
            "listeners": [f"b1/{m}" for m in range(50)],
        }
        for n in range(MOST_ANOMALIES + 40)
    ]
    told = shown(page(load(anomalies=many)))
    assert "lost message 7 of a1 due at 0.700 s b1/0, b1/1" in told
    assert "and 40 more messages, in results.json" in told
    assert f"and {50 - MOST_NAMES} more, in results.json" in told


def test_the_page_is_bounded_however_long_the_load() -> None:
    n = 100_000
    names = ("second", "due", "acknowledged", "heard", "p50_ms", "p99_ms", "max_ms")
    text = page(
        load(
            series={name: list(range(n)) for name in names},
            anomalies=[{"kind": "x" * 9_999, "sender": "y" * 9_999, "sequence": 1, "at_s": 1.0, "listeners": ["z" * 9_999] * 999}] * 999,
            closed={f"{k} {'r' * 9_999}": ["w" * 9_999] * 99 for k in range(99)},
            contract={"findings": [{"check": "c", "message": "m" * 9_999, "text": "t" * 9_999}] * 999},
        )
    )  # fmt: skip
    assert len(text) < 800_000
    assert f"and {n - MOST_ROWS} more seconds" in text


def finding(message: str, note: bool, count: int = 1) -> dict[str, Any]:
    return {
        "check": "frame-schema", "cause": message, "message": message, "note": note, "count": count, "first_at_s": 1.5, "text": "{}",
    }  # fmt: skip


def contract(*findings: dict[str, Any], invalid: int = 0) -> dict[str, Any]:
    return {"frames": 1000, "distinct": 12, "answers": 480, "invalid": invalid, "findings": list(findings)}


def test_what_breaks_the_contract_under_load_is_counted_over_frames_and_answers() -> None:
    told = shown(page(load(contract=contract(finding("id is no integer", False, 4), invalid=4))))
    assert (
        "1000 frames (12 distinct) and 480 answers were held against the API's document: 4 break it." in told
    )
    assert "id is no integer invalid frame-schema 4 times first at 1.500 s" in told
    assert "none breaks it" in shown(page(load(contract=contract())))


def test_what_only_we_decided_is_a_note_under_load_and_no_breach() -> None:
    text = page(load(contract=contract(finding("only we say so", True))))
    told = shown(text)
    assert (
        "480 answers were held against the API's document: none breaks it. 1 note: there the document is silent"
        in told
    )
    assert "only we say so note frame-schema once first at 1.500 s" in told
    assert 'class="finding is-remark"' in text
    assert 'class="finding is-bad"' not in text


def test_what_is_known_to_break_the_contract_is_set_aside_with_its_reason() -> None:
    known = {**finding("id is no integer", False, 4), "known": f"until the next release {HOSTILE}"}
    text = page(load(contract=contract(known, finding("only we say so", True))))
    told = shown(text)
    assert "none breaks it. 1 note: there the document is silent" in told
    assert "1 known failure does not count." in told
    assert (
        "id is no integer known failure frame-schema 4 times first at 1.500 s until the next release" in told
    )
    assert 'class="finding is-bad"' not in text
    several = shown(
        page(load(contract=contract(known, {**known, "message": "x"}, finding("y", False), invalid=1)))
    )
    assert "1 break it. 2 known failures do not count." in several


def test_on_what_it_was_generated_is_told_and_that_nothing_was_drawn() -> None:
    made = load(seed=None, environment={"python": "CPython 3.11.9"}, versions={"locust": f"2.47 {HOSTILE}"})
    told = shown(page(made))
    assert "Seed none: nothing in a load is drawn by lot" in told
    assert "python CPython 3.11.9 locust 2.47" in told
    assert "Seed 7" in shown(page(load()))
    assert "Seed" not in shown(page(older()))


def test_no_number_of_notes_pushes_a_breach_off_the_page() -> None:
    notes = [finding(f"note {n}", True) for n in range(2 * MOST_BREACHES)]
    told = shown(page(load(contract=contract(*notes, finding("the breach", False), invalid=1))))
    assert "the breach invalid" in told
    assert f"and {MOST_BREACHES + 1} more, in results.json" in told


def test_a_breach_that_is_counted_is_told_where_the_record_does_not_show_it() -> None:
    told = shown(page(load(contract=contract(invalid=7))))
    assert "7 break it" in told
    older_one = {"frames": 5, "distinct": 1, "findings": [finding("x", False)]}
    assert "5 frames (1 distinct) were held against the API's document: broken in 1 way." in shown(
        page(load(contract=older_one))
    )


def test_messages_that_were_never_sent_are_told() -> None:
    sent = {"acknowledged": 400, "unanswered": 0, "refused": 2, "unsent": 78}
    assert "400 acknowledged, 2 refused, 78 never sent" in shown(page(load(messages=sent)))


def test_what_was_not_measured_says_why() -> None:
    told = shown(page(unmeasured(), code=2))
    assert "Nothing was measured" in told
    assert "earwitness: too few members" in told


@pytest.mark.parametrize("code", list(ExitCode))
def test_every_ending_makes_a_page_and_its_test_cases(code: ExitCode) -> None:
    for made in (load(code), LoadResult(unmeasured().record, code, "c")):
        assert Read(page(made, code=int(code))).stack == []
        root = ET.fromstring(junit("r1", [], {}, [made]).encode())
        failed = sum(int(root.get(name, "0")) for name in ("failures", "errors", "skipped"))
        # No load that did not pass looks green.
        assert failed > 0 or code is ExitCode.PASSED


def test_a_missed_level_fails_its_test_case_and_an_undecided_one_is_skipped() -> None:
    root = ET.fromstring(junit("r1", [], {}, [load()]).encode())
    cases = {one.get("name", ""): [child.tag for child in one] for one in root.iter("testcase")}
    assert cases["lost == 0"] == ["failure"]
    assert cases["delivery p99 < 500 ms"] == []
    assert [tags for name, tags in cases.items() if name.startswith("connect")] == [["skipped"]]
    assert root.get("failures") == "1"


def test_one_load_is_an_object_and_several_are_a_list() -> None:
    one = results("r", "c", [], {}, 4, [load()])
    assert one["load"] == record()
    assert "loads" not in one and "apis" not in one
    several = results("r", "c", [api(NUMBERS)], {"fe16ops": ENTRIES}, 4, [load(), unmeasured(), older()])
    assert several["loads"] == [record(), older().record]
    assert "load" not in several
    now = results("r", "c", [], {}, 4, [load(), unmeasured()])
    for found in (one, now, results("r", "c", [], {}, 2, [unmeasured()])):
        assert list(validator().iter_errors(found)) == []


def test_several_results_stand_on_one_page_with_a_line_each() -> None:
    text = page(load(), older(), checked=True)
    read = Read(text)
    ids = read.values("id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in read.values("href")} <= set(ids)
    assert {"api-1", "load-1", "load-2", "sign-off"} <= set(ids)
    signing = text[text.index('id="sign-off"') :]
    assert signing.count("service levels: 1 held") == 2


def test_in_what_rooms_and_who_came_and_went_is_told() -> None:
    room = {"kind": f"group-chat {HOSTILE}", "rooms": 2, "members": 10, "listeners": "members"}
    presence = {"came-online": 190, f"went-offline {HOSTILE}": 1}
    text = page(load(room=room, presence=presence))
    assert Read(text).stack == []
    told = shown(text)
    assert "2 of kind group-chat" in told and "with 10 members; each listener a member of its own" in told
    assert "Presence, counted apart 190 came-online, 1 went-offline" in told
    devices = shown(page(load(room={**room, "listeners": "devices"})))
    assert "the listeners devices of its members" in devices
    assert "Presence" not in shown(page(load(presence={})))
