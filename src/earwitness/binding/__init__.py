"""Binding: how an API says what every messaging API says, as data."""

from earwitness.binding.expressions import MISSING, Missing, Sources, evaluate
from earwitness.binding.load import load_binding, read_binding
from earwitness.binding.model import (
    Binding,
    Cause,
    EventBinding,
    Form,
    RoomKind,
    Rule,
    Shown,
    SocketBinding,
    Step,
)
from earwitness.binding.reading import Reading, Seen, given, key_of, read_frame, read_request, see, show
from earwitness.binding.rooms import by_peer, only_kind, pair_key, room_key
from earwitness.binding.unify import unify
from earwitness.binding.vocabulary import EVENTS, RULES, VERBS

__all__ = [
    "EVENTS",
    "MISSING",
    "RULES",
    "VERBS",
    "Binding",
    "Cause",
    "EventBinding",
    "Form",
    "Missing",
    "Reading",
    "RoomKind",
    "Rule",
    "Seen",
    "Shown",
    "SocketBinding",
    "Sources",
    "Step",
    "by_peer",
    "evaluate",
    "given",
    "key_of",
    "load_binding",
    "only_kind",
    "pair_key",
    "read_binding",
    "read_frame",
    "read_request",
    "room_key",
    "see",
    "show",
    "unify",
]
