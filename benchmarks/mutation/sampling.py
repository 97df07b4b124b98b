"""Chooses by seed which mutations are tried, and on which API."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from benchmarks.mutation.mutations import Mutation, mutations

# What is behind the documented behaviour. Not the levers and the command line, which no API has, nor the planted defects.
PLACES = ("core/*.py", "apis/*.py", "app.py", "web.py", "fields.py")

# The functions that an API's suites have run, as a mutation names them: file and qualified name.
Reached = frozenset[tuple[str, str]]


def population(server: Path) -> tuple[Mutation, ...]:
    """All mutations of the reference server whose package is the folder ``server``, by file and place."""
    files = sorted({path for place in PLACES for path in server.glob(place)})
    return tuple(
        one
        for path in files
        for one in mutations(path.relative_to(server).as_posix(), path.read_text(encoding="utf-8"))
    )


def owner(file: str, apis: Iterable[str]) -> str:
    """The one API that ``file`` is for: ``apis/<api>.py``, ``apis/_<api>_….py``; "" for what serves all."""
    folder, _, name = file.rpartition("/")
    if folder != "apis":
        return ""
    stem = name.removesuffix(".py")
    return next((api for api in apis if stem == api or stem.startswith(f"_{api}_")), "")


def sample(found: Sequence[Mutation], size: int, seed: int) -> tuple[Mutation, ...]:
    """``size`` of the mutations, or all when there are fewer, from each file as many as its share of them, in random order.

    The same for the same ``seed`` and mutations, and nearly the same when a few come or go, so that what was tried stays of use.
    The order mixes the files: its beginning is a fair sample too.
    """
    by_file: dict[str, list[Mutation]] = {}
    for one in sorted(found, key=lambda each: _rank(each, seed)):
        by_file.setdefault(one.file, []).append(one)
    size = min(size, len(found))
    shares = {file: size * len(ones) / len(found) for file, ones in by_file.items()}
    taken = {file: int(share) for file, share in shares.items()}
    # What rounding down has left goes to those that lost most by it.
    losers = sorted(shares, key=lambda each: (taken[each] - shares[each], each))
    for file in losers[: size - sum(taken.values())]:
        taken[file] += 1
    chosen = [one for file, ones in by_file.items() for one in ones[: taken[file]]]
    return tuple(sorted(chosen, key=lambda each: _rank(each, seed)))


def _rank(one: Mutation, seed: int) -> tuple[float, str]:
    return random.Random(f"{seed} {one.id}").random(), one.id


def on_the_path(found: Iterable[Mutation], reached: Mapping[str, Reached]) -> tuple[Mutation, ...]:
    """Those of ``found`` that an API of ``reached`` can show: in its own module, or in a function that its suites have run."""
    run = frozenset[tuple[str, str]]().union(*reached.values())
    return tuple(
        one
        for one in found
        if owner(one.file, reached) or (not _of_another(one.file, reached) and _is_run(one, run))
    )


def _of_another(file: str, reached: Iterable[str]) -> bool:
    """Whether ``file`` is the module of an API that is not among ``reached``."""
    return file.startswith("apis/") and file != "apis/__init__.py" and not owner(file, reached)


def _is_run(one: Mutation, run: Reached) -> bool:
    # What stands at the top of a module, or of a class, is run when it is imported.
    return not one.function or (one.file, one.function) in run


def assign(
    chosen: Sequence[Mutation], reached: Mapping[str, Reached], seed: int
) -> tuple[tuple[Mutation, str], ...]:
    """Each mutation with the API it is tried on: its owner, or in turn one of those whose suites run the function it is in.

    One that no suite runs falls to any API of ``reached``: it will survive, and that says something.
    """
    order = sorted(reached)
    random.Random(seed).shuffle(order)
    turns: Counter[str] = Counter()
    assigned = []
    for one in chosen:
        own = owner(one.file, order)
        candidates = [own] if own else [api for api in order if _is_run(one, reached[api])] or order
        api = min(candidates, key=lambda each: (turns[each], order.index(each)))
        turns[api] += not own
        assigned.append((one, api))
    return tuple(assigned)
