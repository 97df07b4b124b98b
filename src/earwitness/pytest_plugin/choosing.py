"""Which tests are for which API: over which forms, operations, relations and kinds of room they run, and why others do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from earwitness.binding import EVENTS, VERBS, Binding
from earwitness.binding.expressions import names
from earwitness.content import api_names
from earwitness.documents import Documents
from earwitness.errors import EarwitnessError
from earwitness.live import features, group_kinds, offers, startable_kinds
from earwitness.member import STRANGERS
from earwitness.pytest_plugin.arguments import may_omit
from earwitness.pytest_plugin.fixtures import documents_of

LEFT_OUT = pytest.StashKey[list[str]]()

# Who shows no good token is turned away before anybody asks for what; and what is not there, or does not fit, is so in any room.
_WHATEVER_THE_ROOM = (*STRANGERS, "absent", "invalid")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "api" not in metafunc.fixturenames:
        return
    more = [name for name in ("form", "operation", "relation", "story") if name in metafunc.fixturenames]
    kinds_as = _kinds_as(metafunc)
    chosen: list[tuple[str, ...]] = []
    ids: list[str] = []
    for name in metafunc.config.getoption("--api") or api_names():
        try:
            documents = documents_of(metafunc.config, name)
        except EarwitnessError as error:
            raise pytest.UsageError(str(error)) from error
        kinds = kinds_for(metafunc, documents.binding)
        reason = missing(metafunc, documents) or _no_kind(metafunc, documents.binding, kinds)
        values = [] if reason else [(name, *each) for each in _values(metafunc, documents, more)]
        if not values:
            reason = reason or f"{name} has nothing to run it over"
            metafunc.config.stash[LEFT_OUT].append(f"{metafunc.definition.nodeid} [{name}]: {reason}")
        if not kinds_as:
            chosen += values
            ids += ["-".join(each) for each in values]
            continue
        values = [
            (*each, kind) for each in values for kind in _kinds_of(each, more, documents.binding, kinds)
        ]
        chosen += values
        # An API with one kind of room needs no word for it.
        ids += ["-".join(each if len(kinds) > 1 else each[:-1]) for each in values]
    arguments = ("api", *more, *((kinds_as,) if kinds_as else ()))
    indirect = [name for name in arguments if name in ("api", "story")]
    metafunc.parametrize(arguments, chosen, ids=ids, indirect=indirect, scope="session")


def _kinds_as(metafunc: pytest.Metafunc) -> str:
    """The fixture that a test with the marker ``each_kind`` gets its kinds by; "" for a test without."""
    if metafunc.definition.get_closest_marker("each_kind") is None:
        return ""
    return next((name for name in ("group_kind", "kind") if name in metafunc.fixturenames), "")


def kinds_for(metafunc: pytest.Metafunc, binding: Binding) -> tuple[str, ...]:
    """The kinds of room that a test can be run in: those members can start and in which they can do what it needs."""
    groups = "group_kind" in metafunc.fixturenames
    needed = [
        verbs
        for words in _needed(metafunc)
        if (verbs := [verb for verb in map(_verb, words) if verb and _is_about_a_room(verb)])
    ]
    kinds = group_kinds(binding) if groups else startable_kinds(binding)
    return tuple(
        kind for kind in kinds if all(any(offers(binding, verb, kind) for verb in verbs) for verbs in needed)
    )


def _verb(word: str) -> str:
    """The verb that ``word`` is, or is something of; "" for an event."""
    verb = word.partition(".")[0]
    return verb if verb in VERBS else ""


def _is_about_a_room(verb: str) -> bool:
    return "room" in (*VERBS[verb].needs, *VERBS[verb].may)


def _needed(metafunc: pytest.Metafunc) -> Iterator[list[str]]:
    """What a test needs, each need with the words of which one will do: "start-direct or open-direct"."""
    for mark in metafunc.definition.iter_markers("needs"):
        yield from (words.split(" or ") for words in mark.args)


def _kinds_of(
    values: tuple[str, ...], more: Sequence[str], binding: Binding, kinds: Sequence[str]
) -> Sequence[str]:
    """The kinds of room to run a test in that runs over ``values`` of ``more`` (after the API): those that make a difference."""
    told = dict(zip(more, values[1:], strict=True))
    if "operation" not in told:
        return kinds
    concerned = _concerned(binding, told["operation"], kinds)
    if told.get("relation") in _WHATEVER_THE_ROOM:
        return concerned[:1]
    # Scenarios are run in every kind; of kinds that the binding says the same of, one stands for the others here.
    return list({_told_of(binding, kind): kind for kind in reversed(concerned)}.values())[::-1]


def _told_of(binding: Binding, kind: str) -> tuple[object, ...]:
    """All that a binding says of a kind of room: what it is, and which steps and sockets are for it."""
    steps = tuple(kind in step.kinds for form in binding.forms() for step in form.steps if step.kinds)
    sockets = tuple(kind in socket.kinds for socket in binding.sockets.values() if socket.kinds)
    return (replace(binding.rooms[kind], name=""), steps, sockets)


def _concerned(binding: Binding, operation: str, kinds: Sequence[str]) -> Sequence[str]:
    """The kinds of room that make a difference to ``operation``: those it is for; the first where it is about no room."""
    steps = [step for form in binding.forms() for step in form.steps if step.operation == operation]
    limited = [kind for kind in kinds if any(kind in step.kinds for step in steps)]
    about = {name for step in steps for line in step.arguments.values() for name in names(line)}
    return limited or (kinds if about & {"room", "message"} else kinds[:1])


def _no_kind(metafunc: pytest.Metafunc, binding: Binding, kinds: Sequence[str]) -> str:
    """Why a test finds no room in this API; "" when it does, or needs none."""
    if "group_kind" in metafunc.fixturenames and not kinds:
        return f"members of {binding.api} cannot start a room for more than two in which this can be done"
    if "kind" in metafunc.fixturenames and not kinds:
        return f"members of {binding.api} cannot start a room in which this can be done"
    return ""


def _values(
    metafunc: pytest.Metafunc, documents: Documents, more: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    """What a test runs over besides the API: forms of a verb, operations, operations with each relation they refuse, or stories."""
    operations = documents.spec.operations.values()
    if not more:
        yield ()
    elif list(more) == ["form"]:
        for mark in metafunc.definition.iter_markers("each_form"):
            for verb in mark.args:
                forms = documents.binding.verbs.get(verb, {})
                yield from ((form,) for form in forms if form in mark.kwargs.get("only", form))
    elif list(more) == ["story"]:
        yield from ((str(number + 1),) for number in range(metafunc.config.getoption("stories")))
    elif list(more) == ["operation"]:
        yield from ((operation.id,) for operation in operations if not operation.presigned)
    elif list(more) == ["operation", "relation"]:
        for operation in operations:
            strangers = [role for role in STRANGERS if role not in operation.refusals]
            relations = [*operation.refusals, *(strangers if operation.secured else [])]
            yield from ((operation.id, relation) for relation in relations)
    else:
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: nothing fills {', '.join(more)} together")


def _has(binding: Binding, word: str) -> bool:
    """Whether the API has ``word``: an event, a verb, or of a verb something that it takes or gives ("list-rooms.next")."""
    verb, _, name = word.partition(".")
    if word in EVENTS:
        return word in binding.events
    steps = [step for form in binding.verbs.get(verb, {}).values() for step in form.steps]
    return any(
        not name
        or any(name in names(line) for line in step.arguments.values())
        or any(name in gives for gives in step.gives.values())
        for step in steps
    )


def missing(metafunc: pytest.Metafunc, documents: Documents) -> str:
    """Why a test is not for this API; "" when it is."""
    binding = documents.binding
    for words in _needed(metafunc):
        if not any(_has(binding, word) for word in words):
            return f"{binding.api} has no {' or '.join(words)}"
    for mark in metafunc.definition.iter_markers("has"):
        for feature in mark.args:
            if feature not in features(binding):
                return f"{binding.api} has no {feature}"
    for mark in metafunc.definition.iter_markers("may_omit"):
        if not may_omit(documents, *mark.args):
            return f"{binding.api} cannot {mark.args[0]} without {mark.args[1]}"
    for mark in metafunc.definition.iter_markers("each_form"):
        if not any(
            form in mark.kwargs.get("only", form)
            for verb in mark.args
            for form in binding.verbs.get(verb, {})
        ):
            by = f" by {mark.kwargs['only']}" if "only" in mark.kwargs else ""
            return f"{binding.api} has no {' or '.join(mark.args)}{by}"
    for mark in metafunc.definition.iter_markers("refuses"):
        relation, *verbs = mark.args
        steps = (
            step for verb in verbs for form in binding.verbs.get(verb, {}).values() for step in form.steps
        )
        asked = (step.operation for step in steps if step.operation)
        if not any(relation in documents.spec.operations[operation].refusals for operation in asked):
            return f"{binding.api} refuses nobody {relation} who would {' or '.join(verbs)}"
    for mark in metafunc.definition.iter_markers("rule"):
        rule = binding.rule(mark.args[0])
        if rule is None or (mark.args[1:] and rule.value not in mark.args[1:]):
            return f"the rule {mark.args[0]} of {binding.api} is {rule.value if rule else 'not given'}"
    return ""
