"""Streams of load messages with anomalies planted in them, and the list of what was planted: what an audit has to find, no more and no less."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Final

from earwitness.load.ledger import Ledger, Sent
from earwitness.load.stamp import Stamp, read_stamp

RUN: Final = "audit"
# Of another room: nobody here must or may hear it.
STRANGER: Final = "stranger"
# One anomaly in a block at most, so that none hides in another.
_BLOCK: Final = 8
# How many messages later a late one may come.
_LATE: Final = 400
_KINDS: Final = ("lost", "duplicated", "swapped", "late", "misdelivered", "corrupted", "phantom")

# Kind, sender, sequence: as an anomaly names it.
Named = tuple[str, str, int]


@dataclass
class Planted:
    """What one listener hears in order (None: a text that was changed), and what is wrong with it."""

    listener: str
    frames: list[Stamp | None] = field(default_factory=list)
    wrong: Counter[Named] = field(default_factory=Counter)


@dataclass(frozen=True)
class Field:
    """A load with anomalies: who sent what, and what each listener hears of it."""

    planned: dict[str, int]
    sent: dict[str, Sent]
    listeners: tuple[Planted, ...]

    def ledger(self, planted: Planted) -> Ledger:
        """An empty ledger for one of the listeners."""
        made = Ledger(RUN, self.planned)
        made.listen(planted.listener, [name for name in self.planned if name != STRANGER])
        return made


def plant(listeners: int, senders: int, messages: int, share: float, seed: int) -> Field:
    """So many messages of each sender for each listener, and about a ``share`` of them with something wrong.

    Of each sender some messages were never acknowledged, and some refused; a listener that hears these hears something recovered, or a
    phantom.
    """
    chance = Random(seed)
    names = [f"a{i}" for i in range(1, senders + 1)]
    sent: dict[str, Sent] = {}
    for name in names:
        sent[name] = out = Sent(messages, messages)
        for sequence in range(1, messages + 1):
            drawn = chance.random()
            if drawn < share / 10:
                (out.unanswered if drawn < share / 20 else out.refused).add(sequence)
    heard = tuple(_listener(f"b/{i}", sent, messages, share, chance) for i in range(1, listeners + 1))
    return Field({**dict.fromkeys(names, messages), STRANGER: messages}, sent, heard)


def _listener(name: str, sent: dict[str, Sent], messages: int, share: float, chance: Random) -> Planted:
    made = Planted(name)
    streams = [list(_stream(made, sender, out, messages, share, chance)) for sender, out in sent.items()]
    # Senders do not wait for one another, but the order of each stays as it is.
    while streams:
        stream = streams[chance.randrange(len(streams))]
        made.frames += stream[:5]
        del stream[:5]
        streams = [one for one in streams if one]
    return made


def _stream(
    made: Planted, sender: str, out: Sent, messages: int, share: float, chance: Random
) -> Iterator[Stamp | None]:
    """What the listener hears of one sender."""
    # What comes later than its turn, by the number of the block after which it comes.
    late: dict[int, list[int]] = {}

    def wrong(kind: str, number: int, whose: str = sender) -> None:
        made.wrong[kind, whose, number] += 1

    for begin in range(1, messages + 1, _BLOCK):
        block = list(range(begin, min(begin + _BLOCK, messages + 1)))
        frames: list[Stamp | None] = []
        kind = chance.choice(_KINDS) if chance.random() < share * _BLOCK else ""
        whole = len(block) == _BLOCK and not any(n in out.unanswered or n in out.refused for n in block)
        at = chance.randrange(_BLOCK - 1)
        if kind == "swapped" and whole:
            wrong("reordered", block[at])
            block[at], block[at + 1] = block[at + 1], block[at]
        for i, number in enumerate(block):
            stamp = _stamp(sender, number)
            if number in out.unanswered or number in out.refused:
                if chance.random() < 0.5:
                    wrong("recovered" if number in out.unanswered else "phantom", number)
                    frames.append(stamp)
            elif not whole or i != at or kind in ("", "swapped"):
                frames.append(stamp)
            elif kind == "lost":
                wrong("lost", number)
            elif kind == "duplicated":
                wrong("duplicated", number)
                frames += [stamp, stamp]
            elif kind == "late":
                after = min((begin - 1 + chance.randint(_BLOCK, _LATE)) // _BLOCK, (messages - 1) // _BLOCK)
                late.setdefault(after, []).append(number)
                # Nothing later is there to overtake what comes last of all.
                if after > (begin - 1) // _BLOCK or number < block[-1]:
                    wrong("reordered", number)
            elif kind == "misdelivered":
                wrong("misdelivered", number, STRANGER)
                frames += [stamp, _stamp(STRANGER, number)]
            elif kind == "corrupted":
                # Two things are wrong then: it was heard so, and it was not heard as it was sent.
                wrong("corrupted", 0, "")
                wrong("lost", number)
                frames.append(_changed(stamp, chance))
            else:
                wrong("phantom", number)
                frames += [stamp, Stamp("another", sender, number, 0)]
        yield from frames
        yield from (_stamp(sender, number) for number in sorted(late.pop((begin - 1) // _BLOCK, [])))


def _stamp(sender: str, number: int) -> Stamp:
    return Stamp(RUN, sender, number, number * 1_000_000)


def _changed(stamp: Stamp, chance: Random) -> Stamp | None:
    """The stamp that is read from its text with one letter changed: none, or the checksum is worth nothing."""
    text = stamp.text(80)
    at = chance.randrange(len(text))
    return read_stamp(text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :])
