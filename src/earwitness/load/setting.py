"""In which rooms an API is loaded, over which socket they are heard, and how texts are sent there: read off its documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from earwitness.binding import Binding, Form, SocketBinding
from earwitness.binding.expressions import names
from earwitness.errors import Problem, UsageError
from earwitness.load.hearing import EVENT
from earwitness.load.profile import Profile
from earwitness.spec import Audience, Spec

PAIR: Final = "pair"
GROUP: Final = "group"
_SPOKEN: Final = (
    "; texts are said on sockets, which answer nothing: acknowledged means written to a socket that told of no error and stayed open for a"
    " deadline, or heard by somebody"
)
_OURS: Final = "; its document does not say that what is said on a socket is told to others, so a loss may be a misreading of ours"


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a load takes place: in rooms of ``kind`` (the binding's word), which are pairs or not, heard on ``socket``; a new message
    there reaches ``audience``; texts are sent by ``form``, ``http`` or ``socket``."""

    kind: str
    is_pair: bool
    socket: SocketBinding
    audience: Audience
    form: str

    @property
    def is_heard_by_room(self) -> bool:
        """Whether a socket hears of one room alone, so that whoever listens needs a room to listen in."""
        return self.socket.per != "member"


def setting_of(spec: Spec, binding: Binding, profile: Profile) -> Setting:
    """The setting of ``profile`` on an API: in groups where the API has them, in pairs elsewhere, unless the profile says which.

    Raises UsageError for what the API does not have.
    """
    kind = _kind(binding, profile.room)
    found = next((one for one in binding.sockets.values() if not one.kinds or kind in one.kinds), None)
    audience = _audience(spec, binding, found) if found else None
    if found is None or audience is None:
        raise UsageError(f"{binding.api} does not say who hears a new message in a {kind}")
    return Setting(kind, binding.rooms[kind].pair, found, audience, _form(binding, kind, profile.send))


def can_add(binding: Binding, kind: str) -> bool:
    """Whether members can be added to a room of ``kind`` that there is already, several at once."""
    form = binding.verbs.get("add-member", {}).get("http")
    return form is not None and any(
        "peers" in names(line) for step in form.steps_for(kind) for line in step.arguments.values()
    )


def lists(binding: Binding, kind: str) -> tuple[str, ...]:
    """The verbs that read lists over HTTP, where a load may read beside what it writes."""
    forms = {verb: binding.verbs.get(verb, {}).get("http") for verb in ("list-rooms", "list-messages")}
    return tuple(verb for verb, form in forms.items() if form is not None and form.steps_for(kind))


def can_type(binding: Binding, kind: str) -> bool:
    """Whether members can tell others on a socket that they type in a room of ``kind``."""
    form = binding.verbs.get("type", {}).get("socket")
    return form is not None and len(form.steps_for(kind)) == 1


def note(binding: Binding, setting: Setting, foreign: bool) -> str:
    """What a report has to say about who listens here, and about texts that nothing acknowledges."""
    if not setting.is_pair:
        who = f"{binding.api} has groups ({setting.kind}): each listener is a member of its own, with one socket"
    else:
        only = all(kind.pair for kind in binding.rooms.values())
        how = "has only pairs" if only else f"is loaded in pairs ({setting.kind})"
        who = f"{binding.api} {how}: the listeners are devices of its members, so one member's sockets stand for an audience"
    if setting.form != "socket":
        return who
    cause = binding.events[EVENT].cause("send-text", "socket")
    ours = foreign and (cause is None or cause.basis == "decided")
    return who + _SPOKEN + (_OURS if ours else "")


def _kind(binding: Binding, wanted: str) -> str:
    groups = [name for name, kind in binding.rooms.items() if not kind.pair and _can_load(binding, name)]
    pairs = [name for name, kind in binding.rooms.items() if kind.pair]
    found = {GROUP: groups, PAIR: pairs, "": groups or pairs}[wanted]
    if not found:
        what = f"{binding.api} has no {wanted or PAIR} that a load could write in"
        has = " or ".join(word for word, kinds in ((GROUP, groups), (PAIR, pairs)) if kinds)
        raise UsageError(Problem(what, expected=f"room: {has}" if has else ""))
    return found[0]


def _can_load(binding: Binding, kind: str) -> bool:
    """Whether members can start a room of ``kind`` with others and write there. One that outsiders may enter proves nothing about them."""
    start, send = binding.verbs.get("start-group", {}).get("http"), binding.verbs.get("send-text", {})
    if start is None or binding.rooms[kind].open or not any(form.steps_for(kind) for form in send.values()):
        return False
    return _makes(start, kind)


def _makes(form: Form, kind: str) -> bool:
    """Whether a form of ``start-group`` makes rooms of ``kind``: it gives this one, or leaves open which it gives."""
    given = {
        shown["room"].kind
        for step in form.steps_for(kind)
        for shown in step.gives.values()
        if "room" in shown
    }
    return bool({"", kind} & given)


def _audience(spec: Spec, binding: Binding, socket: SocketBinding) -> Audience | None:
    """Who must and who may hear a new message on ``socket``."""
    messages, frames = binding.events[EVENT].messages, spec.channels[socket.channel].hears.values()
    return next((frame.audience for frame in frames if frame.name in messages and frame.audience), None)


def _form(binding: Binding, kind: str, wanted: str) -> str:
    """How texts are sent: as ``wanted``, else by HTTP where the API has that."""
    forms = [name for name, form in binding.verbs.get("send-text", {}).items() if form.steps_for(kind)]
    found = wanted or ("http" if "http" in forms else "socket")
    if found not in forms:
        known = ", ".join(forms) or "nothing"
        raise UsageError(Problem(f"{binding.api} has no send-text by {found}", expected=f"send: {known}"))
    return found
