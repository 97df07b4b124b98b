"""Reads answers and frames by a binding's views, and tells which verb a request or a frame was."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from earwitness.binding.expressions import MISSING, Sources, at, evaluate, names, text_of
from earwitness.binding.model import Binding, Form, Shown, Step, View, ViewField
from earwitness.binding.rooms import named, placed, room_key
from earwitness.binding.unify import merged, unify
from earwitness.binding.vocabulary import VERBS, base_view


@dataclass(frozen=True, slots=True)
class Seen:
    """An object as a view shows it: only the fields that were there. Ids are strings, so that they compare."""

    view: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def get(self, name: str) -> object:
        """The field, or None when the object does not show it."""
        return self.fields.get(name)

    def text(self, name: str) -> str:
        """The field as a string; "" when it is not shown."""
        value = self.fields.get(name)
        return "" if value is None else str(value)


_NUMBER = re.compile(r"[0-9]{1,18}")

# Fields that name a thing by its id; ids are compared as text, whatever type an API gives them.
_IDS = frozenset(
    ("id", "room", "author", "recipient", "message", "member", "peer", "last_author", "reply_to")
)


def see(binding: Binding, view_name: str, value: object) -> Seen:
    """``value`` read by the view ``view_name``, or by a variant; what is seen is called by the view itself.

    A field that is not there, or not of the form that the view describes, is left out.
    """
    view: View = binding.views.get(view_name, {})
    found = {name: _field(binding, name, spec, value) for name, spec in view.items()}
    shown = {name: held for name, held in found.items() if held is not MISSING}
    return Seen(base_view(view_name), placed(binding, base_view(view_name), shown))


def _field(binding: Binding, name: str, spec: ViewField, value: object) -> object:
    found = at(value, spec.tokens)
    if spec.groups is not None:
        return _groups(spec.groups, spec.each, found)
    if spec.each:
        return _gathered(binding, spec.each, [found, *(at(value, tokens) for tokens in spec.more)])
    if found is MISSING:
        return MISSING
    if spec.filled:
        return found is not None
    if spec.equals is not MISSING:
        return type(found) is type(spec.equals) and found == spec.equals
    if name in _IDS and found is not None:
        return MISSING if isinstance(found, Mapping | list) else str(found)
    return found


def _groups(fields: tuple[str, str], view: str, found: object) -> object:
    if not isinstance(found, Mapping):
        return MISSING
    key, held = fields
    return tuple(
        Seen(view, {key: str(group), held: str(one)})
        for group, members in found.items()
        if isinstance(members, list)
        for one in members
        if isinstance(one, str | int)
    )


def _gathered(binding: Binding, view: str, places: Sequence[object]) -> object:
    """What stands at several places, as one list. A place that is absent or null is skipped; one thing is a list of one."""
    there = [found for found in places if found is not MISSING and found is not None]
    if not there:
        return MISSING
    return tuple(
        see(binding, view, one) for found in there for one in (found if isinstance(found, list) else [found])
    )


def key_of(binding: Binding, room: Seen) -> str:
    """What a room that was seen is called in a run; "" when it shows no id."""
    return room_key(binding, room.text("kind"), room.get("id"))


def show(binding: Binding, shown: Shown, sources: Sources) -> object:
    """What ``shown`` finds: a value, a ``Seen``, or for a list a tuple of them; ``MISSING`` when nothing is there.

    Null is a value where a value is wanted, and nothing where a thing is: a thing with a view needs a field to be seen.
    """
    found = evaluate(shown.at, sources)
    if found is MISSING:
        return MISSING
    if shown.each:
        return tuple(_thing(binding, shown, one) for one in found) if isinstance(found, list) else MISSING
    if shown.number:
        return _number_in(found)
    thing = _thing(binding, shown, found)
    return MISSING if isinstance(thing, Seen) and not set(thing.fields) - {"kind"} else thing


def _number_in(text: object) -> object:
    """The whole number in ``text``: nothing when there is none, and when there are several, since nobody knows which is meant."""
    numbers = _NUMBER.findall(text) if isinstance(text, str) else []
    return int(numbers[0]) if len(numbers) == 1 else MISSING


def _thing(binding: Binding, shown: Shown, found: object) -> object:
    if shown.view:
        seen = see(binding, shown.view, found)
        return Seen(seen.view, {"kind": shown.kind, **seen.fields}) if shown.kind else seen
    if shown.kind:
        # A bare id: the answer shows neither the room nor its kind.
        there = isinstance(found, str | int) and not isinstance(found, bool)
        return Seen("room", {"id": str(found), "kind": shown.kind} if there else {"kind": shown.kind})
    return found


def given(binding: Binding, step: Step, status: int, sources: Sources) -> dict[str, object] | None:
    """What a step gave, by name; None when ``status`` does not mean that the step did what it is for.

    A status listed in ``gives`` means success when all that is pointed to there can be found; without such a list every
    2xx does.
    """
    listed = step.gives.get(status)
    if listed is None:
        if not 200 <= status < 300:
            return None
        listed = step.gives.get(0, {})
    found = {name: show(binding, shown, sources) for name, shown in listed.items()}
    if not 200 <= status < 300 and MISSING in found.values():
        return None
    return {name: value for name, value in found.items() if value is not MISSING}


@dataclass(frozen=True, slots=True)
class Reading:
    """A request or frame, read as a step of a verb: ``arguments`` are keyed ``room`` or ``peer.id``; ``last`` says
    whether the step is the one that completes the verb."""

    form: Form
    step: Step
    arguments: Mapping[str, object]
    last: bool

    @property
    def verb(self) -> str:
        return self.form.verb

    def argument(self, name: str) -> str:
        """The argument as text; "" when the request does not carry it."""
        value = self.arguments.get(name)
        return "" if value is None else str(value)


def read_request(
    binding: Binding,
    operation: str,
    sent: Mapping[str, object],
    verb: str = "",
    me: Mapping[str, object] | None = None,
) -> tuple[Reading, ...]:
    """The verbs that a call of ``operation`` with ``sent`` (path, query and body by name) can be, the best first.

    ``verb`` is what the sender says it was doing; it decides between equals. ``me`` is what is known of the caller: where a
    step sends an attribute of ``$me``, only a request that carries the caller's own is that step.
    """
    steps = (
        (form, step)
        for form in binding.forms()
        for step in form.steps
        if operation and step.operation == operation
    )
    return _ranked((_match(binding, form, step, sent, me or {}) for form, step in steps), verb)


def read_frame(
    binding: Binding,
    frame: str,
    sent: Mapping[str, object],
    verb: str = "",
    me: Mapping[str, object] | None = None,
) -> tuple[Reading, ...]:
    """The verbs that saying ``frame`` with the keys ``sent`` can be, the best first; ``verb`` and ``me`` as for a request."""
    steps = ((form, step) for form in binding.forms() for step in form.steps if frame and step.frame == frame)
    return _ranked((_match(binding, form, step, sent, me or {}) for form, step in steps), verb)


def _match(
    binding: Binding, form: Form, step: Step, sent: Mapping[str, object], me: Mapping[str, object]
) -> tuple[int, Reading] | None:
    before = itertools.takewhile(lambda other: other is not step, form.steps)
    # What an earlier step gave is never left out, even if the caller may give it.
    may = set(VERBS[form.verb].may).difference(*(gives for other in before for gives in other.gives.values()))
    arguments: dict[str, object] = {}
    score = 0
    for name, expression in step.arguments.items():
        used = names(expression)
        # What may be left out, or cannot be known of the caller, may be missing. A literal never is.
        optional = bool(used) and (
            used <= may or (used == {"me"} and evaluate(expression, Sources({"me": me})) is MISSING)
        )
        if sent.get(name) is None and used and (optional or name in sent):
            if optional:
                continue
            return None  # null fills nothing that a verb needs
        found = unify(expression, sent[name]) if name in sent else None
        mine = None if found is None else _mine(found, me)
        if found is None or mine is None:
            return None
        together = merged(arguments, {key: value for key, value in found.items() if not _is_me(key)})
        if together is None:
            return None
        arguments = together
        # The caller's own attribute says more than an argument that could be anybody's.
        score += 2 if mine else 1
    return score, Reading(
        form, step, named(binding, arguments, me, step.kinds), last=form.ends_with(step, binding.rooms)
    )


def _is_me(key: str) -> bool:
    return key.partition(".")[0] == "me"


def _mine(found: Mapping[str, object], me: Mapping[str, object]) -> bool | None:
    """Whether ``found`` names attributes of the caller that are known and right; None when one is wrong."""
    mine = False
    for key, value in found.items():
        if not _is_me(key):
            continue
        own = me.get(key.partition(".")[2] or "id", MISSING)
        if own is not MISSING:
            if text_of(own) != text_of(value):
                return None
            mine = True
    return mine


def _ranked(matches: Iterable[tuple[int, Reading] | None], verb: str) -> tuple[Reading, ...]:
    found = [match for match in matches if match is not None]
    found.sort(key=lambda match: (match[0], match[1].verb == verb), reverse=True)
    return tuple(reading for _, reading in found)
