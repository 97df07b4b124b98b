"""How an exercise ends before its last line: not run, not offered, unreachable, or with nothing left to build on."""

from __future__ import annotations


class NotRun(Exception):
    """A tier, lever, member or setting is missing; the message says which."""


class Unimplemented(Exception):
    """The API does not offer what the exercise needs."""


class Unreachable(Exception):
    """The deployment does not answer any more: nothing can be tested."""


class Stopped(AssertionError):
    """A step that everything after it builds on did not succeed; the claims made so far tell the rest."""
