"""What a binding says once it is read: how one API says what every messaging API says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from earwitness.binding.expressions import MISSING, Expression
from earwitness.errors import Where


@dataclass(frozen=True, slots=True)
class Shown:
    """A thing that an answer or a frame shows: where it is (``at``), by which view it is read, whether ``at`` is a list
    of such things (``each``) and, for rooms, of which kind they are where the answer does not show it. A room with a kind
    and without a view is shown as a bare id. With ``number`` it is the only whole number in the text that stands there."""

    at: Expression
    view: str = ""
    each: bool = False
    kind: str = ""
    number: bool = False


@dataclass(frozen=True, slots=True)
class ViewField:
    """A field of a view: a JSON pointer into the object (tokens), and the view of what stands there if it is a list
    (``each``, gathered from ``tokens`` and every place in ``more``), or a map whose keys are one field and whose lists hold
    another (``groups``: key field, value field). With ``equals``, the field says whether that value stands there; ``filled``,
    whether anything but null does."""

    tokens: tuple[str, ...]
    each: str = ""
    groups: tuple[str, str] | None = None
    equals: object = MISSING
    more: tuple[tuple[str, ...], ...] = ()
    filled: bool = False


View = Mapping[str, ViewField]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do for a verb: call an ``operation``, say a ``frame`` on the socket ``on``, send ``method`` to what
    ``url`` gives (an absolute URL, or one relative to the deployment's HTTP address), or ``open`` a socket. ``arguments``
    fill path, query and body by name (path and query first); an argument whose expression gives nothing is left out.
    ``gives`` is keyed by status; 0 stands for every success. ``kinds`` limits the step to rooms of these kinds."""

    where: Where
    operation: str = ""
    frame: str = ""
    on: str = ""
    method: str = ""
    url: Expression | None = None
    arguments: Mapping[str, Expression] = field(default_factory=dict)
    headers: Mapping[str, Expression] = field(default_factory=dict)
    body: Expression | None = None
    gives: Mapping[int, Mapping[str, Shown]] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    open: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One way to do a verb: over ``http`` or by the ``socket``. Lists of the same name that several steps give are one
    list, in the order of the steps."""

    verb: str
    name: str
    steps: tuple[Step, ...]

    def steps_for(self, kind: str) -> tuple[Step, ...]:
        """The steps that apply to a room of ``kind``; all of them where no room is involved (kind "")."""
        return tuple(step for step in self.steps if not step.kinds or not kind or kind in step.kinds)

    def ends_with(self, step: Step, kinds: Iterable[str]) -> bool:
        """Whether ``step`` completes the verb in a room of one of its kinds; ``kinds`` are those that the API has."""
        possible = step.kinds or tuple(kinds) or ("",)
        return any((steps := self.steps_for(kind)) and steps[-1] is step for kind in possible)


@dataclass(frozen=True, slots=True)
class Cause:
    """What makes an event due: a verb, in every form or in one, with the basis of that promise."""

    verb: str
    form: str = ""
    basis: str = "stated"
    clause: str = ""


@dataclass(frozen=True, slots=True)
class EventBinding:
    """How an event is heard: as one of the AsyncAPI ``messages``, on every channel that has it; what they show, and what
    causes it."""

    name: str
    messages: tuple[str, ...]
    gives: Mapping[str, Shown]
    after: tuple[Cause, ...]
    where: Where

    def cause(self, verb: str, form: str) -> Cause | None:
        """The cause that doing ``verb`` in ``form`` is, if it is one; the one that names the form before the general one."""
        causes = [cause for cause in self.after if cause.verb == verb and cause.form in ("", form)]
        return max(causes, key=lambda cause: cause.form == form, default=None)


@dataclass(frozen=True, slots=True)
class SocketBinding:
    """A socket that a member may open: its channel, whether it is opened per ``member``, ``room`` or ``peer``, for which
    kinds of room, what fills the address, and where the token travels."""

    name: str
    channel: str
    per: str
    kinds: tuple[str, ...]
    arguments: Mapping[str, Expression]
    headers: Mapping[str, Expression]
    where: Where


@dataclass(frozen=True, slots=True)
class RoomKind:
    """A kind of room: ``pair`` when it has two members and they have only one such room; ``separate_ids`` when its ids are
    numbered apart from other kinds'; ``address`` is ``peer`` when it is addressed by the peer (and needs no starting), else
    its id is; ``open`` when outsiders may read it and opening its socket joins."""

    name: str
    pair: bool = False
    separate_ids: bool = False
    address: str = ""
    open: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A promise out of the vocabulary's rules. The document gives it ``of`` the answers to these verbs (of all, when there are
    none): of others it is ours."""

    name: str
    value: str | int
    basis: str
    clause: str
    where: Where
    of: tuple[str, ...] = ()

    def basis_of(self, verb: str) -> str:
        """What it rests on that the rule holds of an answer to ``verb``."""
        return self.basis if not self.of or verb in self.of else "decided"


@dataclass(frozen=True, slots=True)
class Binding:
    """How one API says what every messaging API says; see ``docs/vocabulary.md`` for the form of the file."""

    api: str
    attributes: tuple[str, ...]
    credentials: tuple[str, ...]
    auth: Mapping[str, Expression]
    rooms: Mapping[str, RoomKind]
    views: Mapping[str, View]
    sockets: Mapping[str, SocketBinding]
    verbs: Mapping[str, Mapping[str, Form]]
    events: Mapping[str, EventBinding]
    rules: Mapping[str, Rule]
    correlate: str = "id"
    paths: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def forms(self) -> Iterator[Form]:
        """Every form of every verb."""
        for forms in self.verbs.values():
            yield from forms.values()

    def rule(self, name: str) -> Rule | None:
        """The rule of that name, when this API promises it."""
        return self.rules.get(name)

    def number(self, rule: str) -> int:
        """The whole number that a rule has for its value; 0 where this API does not promise it."""
        promised = self.rules.get(rule)
        return promised.value if promised is not None and isinstance(promised.value, int) else 0
