"""How many deliveries are not there yet, while a load runs: counted the short way where that is exact, and only where it takes little."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from earwitness.load.ledger import Ledger, Sent
from earwitness.load.numbers import size, up_to

# What a listener and a sender take, in milliseconds: where all was acknowledged and nobody was away, and else.
_PLAIN_MS: Final = 0.0002
_DEAR_MS: Final = 0.005


def lacking(ledgers: Sequence[Ledger], *asked: Mapping[str, Sent], most_ms: float) -> tuple[int | None, ...]:
    """For each of ``asked``, how many deliveries ``missing`` of all ``ledgers`` tells of; None for each where counting them all may take
    more than ``most_ms`` milliseconds."""
    hearers = [_hearers(ledger) for ledger in ledgers]
    both = list(zip(ledgers, hearers, strict=True))
    if sum(_effort_ms(ledger, sent, heard_by) for sent in asked for ledger, heard_by in both) > most_ms:
        return (None,) * len(asked)
    return tuple(sum(_lacking(ledger, sent, heard_by) for ledger, heard_by in both) for sent in asked)


def settled(sent: Mapping[str, Sent], told: Mapping[str, int]) -> dict[str, Sent]:
    """``sent`` without what is not known to be lost yet: ``told`` says, by sender, up to which message all have told since its deadline."""
    return {
        name: replace(out, issued=min(out.issued, out.settled, told.get(name, 0)))
        for name, out in sent.items()
    }


def _lacking(ledger: Ledger, sent: Mapping[str, Sent], hearers: Counter[str]) -> int:
    plain, rest = _parted(ledger, sent)
    count = sum(size([run]) for *_, run in ledger.missing(rest)) if rest else 0
    for name, out in plain.items():
        issued, windows = out.issued, ledger.windows.get(name, {}).values()
        count += (hearers[name] - len(windows)) * issued
        for window in windows:
            if window.high < issued:
                count += issued - window.high
            if window.gaps:
                count += size(up_to(window.gaps.runs(), issued))
    return count


def _effort_ms(ledger: Ledger, sent: Mapping[str, Sent], hearers: Counter[str]) -> float:
    plain, rest = _parted(ledger, sent)
    return sum(hearers[name] for name in plain) * _PLAIN_MS + sum(hearers[name] for name in rest) * _DEAR_MS


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
