"""What a load came to, in the lines in which people read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from earwitness.load.ledger import KINDS

# Groups of anomalies that the summary shows, and names that it shows of each; results.json has them all.
_SHOWN: Final = 20
_NAMES: Final = 6


def summary(load: Mapping[str, Any]) -> Iterator[str]:
    """The lines that say what ``load`` (of results.json) came to, free of controls whatever a server said."""
    return ("".join(c if c.isprintable() else "?" for c in line) for line in _lines(load))


def _lines(load: Mapping[str, Any]) -> Iterator[str]:
    audit, latency, rate, last = load["audit"], load["latency_ms"], load["rate"], load["last_listener_ms"]
    messages = load["messages"]
    words = {"unanswered": "unanswered", "refused": "refused", "unsent": "never sent"}
    others = "".join(f", {messages[key]} {word}" for key, word in words.items() if messages[key])
    yield f"{load['profile']} on {load['api']} ({load['deployment']}): {load['sockets']} sockets, {messages['acknowledged']} messages acknowledged{others}"
    yield f"  {load['note']}"
    yield f"  expected {audit['expected']}, heard {audit['heard']}; " + ", ".join(
        f"{audit[name]} {name}" for name in KINDS
    )
    if load["excused"]:
        yield f"  {load['excused']} deliveries are not judged: said while sockets were away, or within a deadline of it"
    yield f"  delivery from the due time, ms: {_row(latency)}"
    if "self_lag_ms" in load["generator"]:
        yield f"  of that our own self-lag, ms:   {_row(load['generator']['self_lag_ms'])}"
    yield f"  answer from the due time, ms:   {_row(load['answer_ms'])}"
    yield f"  last listener, ms:              {_row(last)}"
    if load["reads"]:
        came = ", ".join(f"{times} {how}" for how, times in sorted(load["reads"].items()))
        yield f"  lists read: {came}; ms: {_row(load['read_ms'])}"
    yield f"  rate, messages a second: offered {rate['offered']:g}, achieved {rate['achieved']:g}"
    yield f"  trust: {load['generator']['trust']}"
    if load["clocks"]["machines"] > 1:
        yield f"  clocks: {load['clocks']['trust']}"
    shown = load["anomalies"]
    for one in shown[:_SHOWN]:
        who = ", ".join(one["listeners"][:_NAMES])
        more = f" and {len(one['listeners']) - _NAMES} more" if len(one["listeners"]) > _NAMES else ""
        what = (
            f"message {one['sequence']} of {one['sender']}" if one["sender"] else "a text that nobody sent so"
        )
        when = "due at" if one["kind"] in ("lost", "recovered") else "at"
        yield f"  {one['kind'].upper()}  {what}, {when} {one['at_s']:.3f} s: {who}{more}"
    if len(shown) > _SHOWN:
        yield f"  and {len(shown) - _SHOWN} more messages, in results.json"
    if load["typed"]:
        yield f"  {load['typed']} typing notices were said"
    if presence := load["presence"]:
        told = " and ".join(f"{times} {event}" for event, times in sorted(presence.items()))
        yield f"  presence, counted apart: {told} heard"
    contract = load["contract"]
    broken = f"{contract['invalid']} break it" if contract["invalid"] else "none breaks it"
    yield f"  contract: {contract['frames']} frames ({contract['distinct']} distinct) and {contract['answers']} answers held against it, {broken}"
    for one in contract["findings"][:_SHOWN]:
        known = one.get("known", "")
        word = "KNOWN" if known else "NOTE" if one["note"] else "INVALID"
        times = "once" if one["count"] == 1 else f"{one['count']} times"
        why = f" ({known})" if known else ""
        yield f"  {word}  {times}, first at {one['first_at_s']:.3f} s: {one['check']}: {one['message']}{why}"
    for why, closed in list(load["closed"].items())[:_NAMES]:
        who = ", ".join(closed[:_NAMES]) + (
            f" and {len(closed) - _NAMES} more" if len(closed) > _NAMES else ""
        )
        yield f"  CLOSED by the other side, {why}: {who}"
    for slo in load["slo"]:
        word = {True: "held", False: "MISSED", None: "undecided"}[slo["held"]]
        yield f"  {word:<9}  {slo['slo']}  (measured {'nothing' if slo['measured'] is None else format(slo['measured'], 'g')})"
    if not load["drained"]:
        yield "  partial: judged without a drain, so what was still under way counts neither as heard nor as lost"
    if load["reason"]:
        yield f"  {load['outcome']}: {load['reason']}"


def _row(figures: Mapping[str, float | None]) -> str:
    return "  ".join(
        f"{name} {'-' if value is None else format(value, '.1f')}" for name, value in figures.items()
    )
