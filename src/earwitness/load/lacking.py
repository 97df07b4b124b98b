"""How many deliveries are not there yet, while a load runs: counted the short way where that is exact, and only where it takes little."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from earwitness.load.ledger import Ledger, Sent
from earwitness.load.numbers import size, up_to

# What a listener and a sender take, in milliseconds: where all was acknowledged and nobody was away, and else.
_PLAIN_MS: Final = 0.0002
_DEAR_MS: Final = 0.005


def lacking(ledger: Ledger, sent: Mapping[str, Sent]) -> int:
    """How many deliveries there are in what ``ledger.missing`` tells."""
    plain, rest = _parted(ledger, sent)
    count = sum(size([run]) for *_, run in ledger.missing(rest)) if rest else 0
    hearers = _hearers(ledger)
    for name, out in plain.items():
        issued, windows = out.issued, ledger.windows.get(name, {}).values()
        count += (hearers[name] - len(windows)) * issued
        for window in windows:
            if window.high < issued:
                count += issued - window.high
            if window.gaps:
                count += size(up_to(window.gaps.runs(), issued))
    return count


def effort_ms(ledger: Ledger, sent: Mapping[str, Sent]) -> float:
    """How long ``lacking`` may take, in milliseconds."""
    plain, rest = _parted(ledger, sent)
    hearers = _hearers(ledger)
    return sum(hearers[name] for name in plain) * _PLAIN_MS + sum(hearers[name] for name in rest) * _DEAR_MS


def settled(sent: Mapping[str, Sent], told: Mapping[str, int]) -> dict[str, Sent]:
    """``sent`` without what is not known to be lost yet: ``told`` says, by sender, up to which message all have told since its deadline."""
    return {
        name: replace(out, issued=min(out.issued, out.settled, told.get(name, 0)))
        for name, out in sent.items()
    }


def _parted(ledger: Ledger, sent: Mapping[str, Sent]) -> tuple[dict[str, Sent], dict[str, Sent]]:
    """The senders of whom every message up to the last is due to everybody who has to hear them, and the others."""
    plain = {name: out for name, out in sent.items() if not (ledger.away or out.unanswered or out.refused)}
    return plain, {name: out for name, out in sent.items() if name not in plain}


def _hearers(ledger: Ledger) -> Counter[str]:
    """How many have to hear each sender."""
    found: Counter[str] = Counter()
    # Thousands have to hear the same few.
    for senders, listeners in Counter(ledger.must.values()).items():
        for sender in senders:
            found[sender] += listeners
    return found
