"""Bindings out of a few lines of YAML."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

import pytest

from earwitness.binding import Binding, read_binding
from earwitness.errors import Problem
from earwitness.spec.source import parse_yaml

Read = Callable[[str], tuple[Binding, list[Problem]]]
Bind = Callable[[str], Binding]


def _read(text: str) -> tuple[Binding, list[Problem]]:
    document = parse_yaml(dedent(text), "binding.yaml")
    assert document.problems == ()
    return read_binding(document.value, document.where)


@pytest.fixture
def read() -> Read:
    """Reads a text as a binding: the binding, and what is wrong with it."""
    return _read


@pytest.fixture
def bind() -> Bind:
    """Reads a text as a binding that has nothing wrong."""

    def bound(text: str) -> Binding:
        binding, problems = _read(text)
        assert [str(problem) for problem in problems] == []
        return binding

    return bound
