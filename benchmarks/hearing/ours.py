"""The benchmark's client of ours: sockets in a listener bank, or a greenlet each, all that they hear validated, audited and recorded."""

from __future__ import annotations

import gc
import sys
import time
from functools import partial

# As in a load: Locust patches sockets when it is imported.
import locust  # noqa: F401
from gevent.event import Event

from benchmarks.hearing.gauge import API, CHANNEL, RUN, SENDER, Gauge
from earwitness.documents import load_documents
from earwitness.load.doubt import at_least
from earwitness.load.hearing import Hearing
from earwitness.load.ledger import Ledger, Sent
from earwitness.load.listening import Scribe
from earwitness.load.part import Part
from load.bank import Bank
from load.ears import Ear, GreenletEar, open_all

_LIMIT_S, _AT_ONCE = 60.0, 20


def main(how: str) -> None:
    documents = load_documents(API)
    gauge = Gauge()
    part = Part(Ledger(RUN, {SENDER: gauge.rounds}))
    scribe = Scribe(part, Hearing(documents.spec, documents.binding))
    done = Event()

    class Watched(Bank):
        """A bank that tells the gauge after each batch, so that what is gauged is not slowed by a call for each frame."""

        def hear_all(self) -> None:
            super().hear_all()
            if gauge.heard(part.contract.frames):
                done.set()

    bank = Watched(_fault, scribe.lagged)

    def open_one(number: int) -> None:
        ear: Ear = bank.ear(_LIMIT_S) if how == "bank" else GreenletEar(_LIMIT_S)
        hear = scribe.listener(f"b1/{number}", CHANNEL, (SENDER,), ()).hear

        def told(payload: bytes, at: int, binary: bool) -> None:
            hear(payload, at, binary)
            if gauge.heard(part.contract.frames):
                done.set()

        ear.open(gauge.url, {}, hear if how == "bank" else told, _closed)
        ears.append(ear)

    ears: list[Ear] = []
    began = time.monotonic()
    open_all((partial(open_one, number) for number in range(gauge.sockets)), _AT_ONCE)
    opened_s = time.monotonic() - began
    gauge.ready()
    gc.freeze()  # as a load does
    if gauge.rounds:
        done.wait()
    scribe.settle()
    # All of them were answered, so to speak: what was not heard was lost.
    part.ledger.sent[SENDER] = Sent(issued=gauge.rounds)
    audit = part.ledger.judge()
    wrong = gauge.sockets * gauge.rounds - audit.heard + sum(audit.counts.values()) + part.contract.invalid
    delivery, waited = part.times["delivery"], part.times["self-lag"]
    gauge.over(
        wrong, opened_s=opened_s, distinct=part.contract.distinct, validated=part.contract.frames,
        p50_ms=delivery.milliseconds(50), p99_ms=delivery.milliseconds(99),
        self_lag_ms={f"p{percent}": waited.milliseconds(percent) for percent in (50, 99)},
        at_least_ms={f"p{percent}": at_least(delivery, percent, [waited]) for percent in (50, 99)},
        self_lag_of=waited.n, bounds=part.bounded,
        mean_ms=delivery.total / max(1, delivery.n) / 1e3, self_lag_mean_ms=waited.total / max(1, waited.n) / 1e3,
    )  # fmt: skip


def _fault(error: Exception) -> None:
    sys.exit(f"the bank broke: {error!r}")


def _closed(why: str) -> None:
    sys.exit(f"a socket was closed: {why}")


if __name__ == "__main__":
    main(sys.argv[4])
