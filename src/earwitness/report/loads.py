"""A load of results.json as the page shows it; a part that an older record does not have is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from earwitness.errors import ExitCode
from earwitness.report.capacity import answer, capacity_view
from earwitness.report.plots import distribution, per_second, plots
from earwitness.report.record import LoadResult
from earwitness.report.text import block, one_line
from earwitness.report.views_load import (
    AnomalyView,
    BreachView,
    CountView,
    Fact,
    LoadView,
    SloView,
    Table,
)
from earwitness.report.words import RUN_SENTENCES, RUN_TONES, WORDS, Word, capital, plural, run_verdict
from earwitness.verdict import Verdict

MOST_ANOMALIES: Final = 100
MOST_NAMES: Final = 12
MOST_REASONS: Final = 20
MOST_BREACHES: Final = 50
MOST_SLOS: Final = 200

SLO_WORDS: Final[Mapping[bool | None, Word]] = {
    True: Word("held", "✓", "+", "good"),
    False: Word("missed", "✗", "x", "bad"),
    None: Word("undecided", "?", "?", "doubt"),
}
_MEANINGS: Final = {
    "expected": "deliveries that had to happen: each acknowledged message, once for every socket that must hear it",
    "heard": "of these, those that did",
    "lost": "acknowledged, and not heard by a listener that must hear it",
    "duplicated": "heard again",
    "reordered": "heard after a later message of the same sender",
    "misdelivered": "heard by a socket it is not for",
    "corrupted": "a new message whose text is not one that was sent",
    "phantom": "never sent, or refused, and heard",
    "recovered": "never acknowledged, and heard",
}
# What is heard without an answer is worth a look, and is nobody's loss.
_NO_HARM: Final = frozenset({"recovered"})
_MESSAGES: Final = {
    "acknowledged": "acknowledged",
    "unanswered": "unanswered",
    "refused": "refused",
    "unsent": "never sent",
}
_STATISTICS: Final = ("p50", "p90", "p99", "p999", "max")
_TIMES: Final = (
    ("latency_ms", "delivery: from when a message was due until a listener heard it"),
    ("last_listener_ms", "last listener: until the last one heard it"),
    ("answer_ms", "answer: until its sender was answered"),
    ("connect_ms", "connect: how long a socket took to open"),
    ("read_ms", "read: how long a request for a list took"),
)
_SELF_LAG: Final = "self-lag: how much of a delivery's time it waited for the generator to read it"


def load_view(anchor: str, of: LoadResult) -> LoadView:
    """The view of a load; ``anchor`` is what its ids begin with."""
    load, code = of.record, of.code
    slos = tuple(_slos(_many(load, "slo")[:MOST_SLOS]))
    groups = _many(load, "anomalies")
    contract = _one(load, "contract")
    # Sorted so that no number of notes pushes a breach off the page.
    breaches = sorted(_many(contract, "findings"), key=_is_set_aside)
    seconds, left = per_second(load)
    return LoadView(
        anchor=anchor,
        title=f"{'Capacity by' if 'capacity' in load else 'Load'} {_text(load, 'profile')} on {_text(load, 'api')}",
        deployment=_text(load, "deployment"),
        word=capital(run_verdict(code)),
        tone=RUN_TONES[code],
        sentence=_sentence(load, slos, code),
        note=_text(load, "note", 1_000),
        reason=_text(load, "reason", 1_000),
        partial=load.get("drained") is False,
        facts=_facts(load),
        slos=slos,
        slo_tally=_tally(slos),
        audit=tuple(_audit(_one(load, "audit"))),
        anomalies=tuple(_anomaly(one) for one in groups[:MOST_ANOMALIES]),
        anomalies_left=max(0, len(groups) - MOST_ANOMALIES),
        closed=tuple(_closed(_one(load, "closed"))),
        contract=_contract(contract, breaches),
        breaches=tuple(_breach(one) for one in breaches[:MOST_BREACHES]),
        breaches_left=max(0, len(breaches) - MOST_BREACHES),
        latency=_latency(load),
        trust=_text(_one(load, "generator"), "trust", 1_000),
        per_second=seconds,
        seconds_left=left,
        distribution=distribution(load),
        plots=plots(load),
        environment=tuple(_environment(load)),
        repeat=one_line(of.command, 4_000),
        capacity=capacity_view(load),
    )


def _sentence(load: Mapping[str, Any], slos: Sequence[SloView], code: ExitCode) -> str:
    audit = _one(load, "audit")
    if not audit.get("expected"):
        return f"Nothing was measured. {RUN_SENTENCES[code]}" if code else "Nothing was measured."
    if found := answer(load):
        return f"{found} {RUN_SENTENCES[code]}" if code else found
    lost = f"{_number(audit.get('heard'))} of {_number(audit.get('expected'))} deliveries were heard"
    return f"{lost}; service levels: {_tally(slos) or 'none'}." + (
        f" {RUN_SENTENCES[code]}" if code not in (ExitCode.PASSED, ExitCode.BREACHED) else ""
    )


def _tally(slos: Iterable[SloView]) -> str:
    counts: dict[str, int] = {}
    for one in slos:
        counts[one.word.label] = counts.get(one.word.label, 0) + 1
    return ", ".join(
        f"{counts[word.label]} {word.label}" for word in SLO_WORDS.values() if word.label in counts
    )


def _slos(found: Iterable[Mapping[str, Any]]) -> Iterator[SloView]:
    for one in found:
        held = one.get("held")
        measured = one.get("measured")
        yield SloView(
            _text(one, "slo"),
            "nothing" if measured is None else _number(measured),
            SLO_WORDS[held if isinstance(held, bool) else None],
        )


def _facts(load: Mapping[str, Any]) -> tuple[Fact, ...]:
    rate, messages = _one(load, "rate"), _one(load, "messages")
    sent = [
        f"{_number(messages[name])} {word}"
        for name, word in _MESSAGES.items()
        if messages.get(name) or (name == "acknowledged" and name in messages)
    ]
    facts = (
        Fact("Deployment", _text(load, "deployment")),
        Fact("Sockets", _number(load["sockets"]) if "sockets" in load else ""),
        Fact("Rooms", _rooms(_one(load, "room"))),
        Fact("Messages", ", ".join(sent)),
        Fact(
            "Rate",
            f"{_number(rate.get('offered'))} a second offered, {_number(rate.get('achieved'))} achieved"
            if rate
            else "",
        ),
        Fact("Presence, counted apart", _presence(_one(load, "presence"))),
        Fact("Not judged", _excused(load)),
        Fact("Clocks", _clocks(_one(load, "clocks"))),
        Fact("Seed", _seed(load)),
    )
    return tuple(fact for fact in facts if fact.value)


def _rooms(room: Mapping[str, Any]) -> str:
    if not room:
        return ""
    who = {"members": "each listener a member of its own", "devices": "the listeners devices of its members"}
    of = f"{_number(room.get('rooms'))} of kind {_text(room, 'kind')}, with {_number(room.get('members'))} members"
    return f"{of}; {who.get(str(room.get('listeners')), 'listeners unknown')}"


def _excused(load: Mapping[str, Any]) -> str:
    found = load.get("excused")
    return f"{_number(found)} deliveries, said while sockets were away or near to it" if found else ""


def _clocks(clocks: Mapping[str, Any]) -> str:
    return _text(clocks, "trust") if clocks.get("machines", 1) != 1 else ""


def _seed(load: Mapping[str, Any]) -> str:
    if "seed" not in load:
        return ""
    return "none: nothing in a load is drawn by lot" if load["seed"] is None else _number(load["seed"])


def _presence(presence: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{_number(times)} {one_line(event, 40)}" for event, times in sorted(presence.items())[:MOST_REASONS]
    )


def _audit(audit: Mapping[str, Any]) -> Iterator[CountView]:
    for name, meaning in _MEANINGS.items():
        if name in audit:
            number = int(audit[name])
            wrong = name not in ("expected", "heard") and number > 0
            tone = ("remark" if name in _NO_HARM else "bad") if wrong else ""
            yield CountView(name, number, tone, meaning)


def _anomaly(one: Mapping[str, Any]) -> AnomalyView:
    kind, sender, at = _text(one, "kind"), _text(one, "sender"), one.get("at_s")
    when = "due at" if kind in ("lost", "recovered") else "at"
    return AnomalyView(
        kind=kind,
        message=f"message {_number(one.get('sequence'))} of {sender}"
        if sender
        else "a text that nobody sent so",
        when=f"{when} {at:.3f} s" if isinstance(at, int | float) else "",
        who=_names(one.get("listeners")),
    )


def _closed(closed: Mapping[str, Any]) -> Iterator[Fact]:
    for why, who in list(closed.items())[:MOST_REASONS]:
        yield Fact(one_line(str(why)) or "without a reason", _names(who))
    if len(closed) > MOST_REASONS:
        yield Fact(f"and {len(closed) - MOST_REASONS} more reasons", "in results.json")


def _contract(contract: Mapping[str, Any], findings: Sequence[Mapping[str, Any]]) -> str:
    if not contract:
        return ""
    # Older records count neither answers nor what is invalid.
    answers = f" and {_number(contract['answers'])} answers" if "answers" in contract else ""
    known = sum(bool(_known(one)) for one in findings)
    notes = sum(_is_set_aside(one) for one in findings) - known
    wrong, ways = contract.get("invalid"), len(findings) - notes - known
    came = (
        f"{_number(wrong)} break it"
        if wrong
        else f"broken in {plural(ways, 'way')}"
        if ways
        else "none breaks it"
    )
    silent = (
        f" {plural(notes, 'note')}: there the document is silent and only we decided what to expect."
        if notes
        else ""
    )
    aside = f" {plural(known, 'known failure')} {'does' if known == 1 else 'do'} not count." if known else ""
    heard = f"{_number(contract.get('frames'))} frames ({_number(contract.get('distinct'))} distinct)"
    return f"{heard}{answers} were held against the API's document: {came}.{silent}{aside}"


def _is_set_aside(finding: Mapping[str, Any]) -> bool:
    return finding.get("note") is True or bool(_known(finding))


def _known(finding: Mapping[str, Any]) -> str:
    """Why what was found is put up with; "" when it is not."""
    return _text(finding, "known")


def _breach(one: Mapping[str, Any]) -> BreachView:
    first, count, known = one.get("first_at_s"), one.get("count"), _known(one)
    aside = WORDS[Verdict.KNOWN_FAIL if known else Verdict.NOTE]
    return BreachView(
        check=_text(one, "check"),
        message=_text(one, "message", 1_000),
        word=aside if _is_set_aside(one) else Word("invalid", "✗", "x", "bad"),
        count="once" if count == 1 else f"{_number(count)} times",
        first=f"first at {first:.3f} s" if isinstance(first, int | float) else "",
        text=block(str(one.get("text") or ""), 1_000, stay=""),
        known=known,
    )


def _latency(load: Mapping[str, Any]) -> Table:
    rows = []
    for key, name in _TIMES:
        of = load.get(key)
        figures = of if isinstance(of, Mapping) else {"max": of} if isinstance(of, int | float) else {}
        if figures:
            rows.append((name, *(_ms(figures.get(stat)) for stat in _STATISTICS)))
        if key == "latency_ms" and (own := _one(_one(load, "generator"), "self_lag_ms")):
            rows.append((_SELF_LAG, *(_ms(own.get(stat)) for stat in _STATISTICS)))
    return Table(("milliseconds", "p50", "p90", "p99", "p99.9", "max"), tuple(rows))


def _environment(load: Mapping[str, Any]) -> Iterator[Fact]:
    generator = _one(load, "generator")
    if "processes" in generator:
        yield Fact("generator", f"{plural(int(generator['processes']), 'process', 'processes')}")
    if "cpu" in generator:
        yield Fact("processor use of the busiest process", f"{float(generator['cpu']):.0%} of a core")
    if "held" in generator:
        yield Fact("kept from running", f"{float(generator['held']):.0%} of the time")
    if "lag_ms" in generator:
        p99 = f"{_ms(generator['lag_p99_ms'])} ms (p99), " if "lag_p99_ms" in generator else ""
        yield Fact("the generator woke up late by", f"{p99}{_ms(generator['lag_ms'])} ms at worst")
    if "outcome" in load:
        yield Fact("load ended", _text(load, "outcome"))
    for part in ("environment", "versions"):
        for name, value in list(_one(load, part).items())[:MOST_REASONS]:
            yield Fact(one_line(str(name)), one_line(str(value)))


def _names(who: object) -> str:
    names = [one_line(str(name), 80) for name in who[:MOST_NAMES]] if isinstance(who, list | tuple) else []
    left = len(who) - MOST_NAMES if isinstance(who, list | tuple) else 0
    return ", ".join(names) + (f" and {left} more, in results.json" if left > 0 else "")


def _one(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = of.get(name)
    return found if isinstance(found, Mapping) else {}


def _many(of: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    found = of.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list | tuple) else []


def _text(of: Mapping[str, Any], name: str, keep: int = 300) -> str:
    found = of.get(name)
    return "" if found is None else one_line(str(found), keep)


def _number(value: object) -> str:
    return (
        f"{value:g}" if isinstance(value, float) else one_line(str(value), 40) if value is not None else "–"
    )


def _ms(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, int | float) else "–"
