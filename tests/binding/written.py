"""Reads bindings out of a few lines of YAML."""

from __future__ import annotations

from textwrap import dedent

from earwitness.binding import Binding, read_binding
from earwitness.errors import Problem
from earwitness.spec.source import Document, parse_yaml


def written(text: str) -> Document:
    """The document that ``text`` is, in a file called binding.yaml."""
    document = parse_yaml(dedent(text), "binding.yaml")
    assert document.problems == ()
    return document


def read(text: str) -> tuple[Binding, list[Problem]]:
    """The binding that ``text`` is, and what is wrong with it."""
    document = written(text)
    return read_binding(document.value, document.where)


def bind(text: str) -> Binding:
    """The binding that ``text`` is, with nothing wrong."""
    binding, problems = read(text)
    assert [str(problem) for problem in problems] == []
    return binding
