"""Holds what is heard under load against the contract: every distinct frame once, every answer, and what breaks it counted and shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from earwitness.history import Body, Json
from earwitness.load.figures import whole
from earwitness.spec import ABSENT, Channel, FrameSpec, NotJson, Operation, Violation

FRAME_SCHEMA: Final = "frame-schema"
RESPONSE_SCHEMA: Final = "response-schema"
# Characters kept of a text that breaks the contract, and characters shown of it: what is shown is cut after secrets were taken out, so
# that no part of one is left at the end.
_KEPT, SHOWN = 8_192, 500
_LONGEST: Final = 199


@dataclass(frozen=True, slots=True)
class Miss:
    """One way in which a frame or an answer breaks the contract. ``cause`` is the same for all that break it in the same way; ``note``
    says that only a decision of ours is broken, which nobody promised there; ``known`` is why it is put up with, "" if it is not."""

    check: str
    cause: str
    message: str
    note: bool
    known: str = ""

    @property
    def is_set_aside(self) -> bool:
        """Whether it does not count as invalid."""
        return self.note or bool(self.known)


@dataclass(frozen=True, slots=True)
class Promises:
    """How much of the contract a deployment promises: a ``foreign`` one only those of our decisions that it has ``adopted``. What is
    ``known`` to fail, by check or cause, has its reason there."""

    foreign: bool = False
    adopted: tuple[str, ...] = ()
    known: Mapping[str, str] = field(default_factory=dict)

    def frame(self, channel: Channel, body: Body) -> tuple[FrameSpec | None, tuple[Miss, ...]]:
        """Which frame that is which was heard on ``channel``, None if no documented one, and what is wrong with it."""
        value = body.value if body.is_json else NotJson(str(body.value or ""))
        frame = channel.recognise(value)
        # A channel would find out for itself which frame it is, once more.
        violations = frame.schema.check(value, "the frame") if frame else channel.check_frame(value)
        # As for the check of this name: that a socket carries nothing but the documented frames is said by no document.
        unknown = frame is None and body.is_json
        return frame, tuple(
            self._miss(
                FRAME_SCHEMA, frame.name if frame else "unknown", each, "decided" if unknown else each.basis
            )
            for each in violations
        )

    def answer(
        self, operation: Operation, status: int, content_type: str, content: bytes
    ) -> tuple[Miss, ...]:
        """What is wrong with an answer. Errors of the server, and being told to slow down, are no matter of schemas."""
        if status >= 500 or status == 429:
            return ()
        body = Body.of(content)
        if body.cut:
            return ()
        value = ABSENT if body.form == "none" else body.value if body.is_json else NotJson(str(body.value))
        return tuple(
            self._miss(RESPONSE_SCHEMA, f"{operation.id} {status}", each, each.basis)
            for each in operation.check_response(status, content_type or None, value)
        )

    def _miss(self, check: str, name: str, violation: Violation, basis: str) -> Miss:
        cause = f"{check}:{name.replace(' ', ':')}:{violation.schema_pointer}"
        note = self.foreign and basis == "decided" and not {check, cause, "all"} & set(self.adopted)
        expected, heard = violation.expected or violation.message, violation.heard or violation.message
        # What was cut might end in half a secret, which nobody could recognise.
        heard = heard if len(heard) < _LONGEST else "more than fits here"
        message = f"{name}: {violation.pointer or 'the whole'}: expected {expected}, heard {heard}"
        known = self.known.get(cause) or self.known.get(check) or ""
        return Miss(check, cause, message, note, known)


@dataclass(slots=True)
class Found:
    """All frames or answers that break the contract in one way: how many, and the first of them, with its text."""

    check: str
    message: str
    note: bool
    count: int
    first: int
    text: str
    known: str = ""


@dataclass(slots=True)
class Contract:
    """What one process has held against the contract.

    ``frames`` were heard, ``distinct`` of them read (a payload once, and again when more than the memory holds came between),
    ``answers`` taken; ``invalid`` of both break the contract in a way that is not set aside. ``found`` is by cause; the schemas bound
    how many there are.
    """

    frames: int = 0
    distinct: int = 0
    answers: int = 0
    invalid: int = 0
    found: dict[str, Found] = field(default_factory=dict)

    def take(self, misses: tuple[Miss, ...], at: int, content: bytes) -> None:
        """Count what breaks the contract: something that was heard ``at`` (monotonic nanoseconds)."""
        self.invalid += not all(miss.is_set_aside for miss in misses)
        for cause, miss in {miss.cause: miss for miss in misses}.items():
            known = self.found.get(cause)
            if known is None:
                text = content[:_KEPT].decode("utf-8", "replace")
                self.found[cause] = Found(miss.check, miss.message, miss.note, 1, at, text, miss.known)
            else:
                known.count += 1

    def merge(self, other: Contract) -> None:
        """Add what another process has found."""
        self.frames += other.frames
        self.distinct += other.distinct
        self.answers += other.answers
        self.invalid += other.invalid
        for cause, theirs in other.found.items():
            ours = self.found.get(cause)
            if ours is None:
                self.found[cause] = theirs
                continue
            first, count = min(ours, theirs, key=lambda one: (one.first, one.text)), ours.count + theirs.count
            self.found[cause] = replace(first, count=count)

    def rebase(self, start: int) -> None:
        """Count times from ``start``; what was before is at 0."""
        self.found = {
            cause: replace(one, first=max(0, one.first - start)) for cause, one in self.found.items()
        }

    def dump(self) -> dict[str, Json]:
        """As JSON."""
        return {
            "counts": [self.frames, self.distinct, self.answers, self.invalid],
            "found": {
                cause: [one.check, one.message, one.note, one.count, one.first, one.text, one.known]
                for cause, one in self.found.items()
            },
        }

    @staticmethod
    def load(value: Mapping[str, Json]) -> Contract:
        """What ``dump`` gave."""
        counts, found = value["counts"], value["found"]
        assert isinstance(counts, list | tuple) and isinstance(found, Mapping)
        frames, distinct, answers, invalid = map(whole, counts)
        made = Contract(frames, distinct, answers, invalid)
        for cause, row in found.items():
            assert isinstance(row, list | tuple)
            check, message, note, count, first, text, known = row
            made.found[str(cause)] = Found(
                str(check), str(message), bool(note), whole(count), whole(first), str(text), str(known)
            )
        return made
