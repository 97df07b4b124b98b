"""The command ``earwitness``."""

from earwitness.cli.app import main

__all__ = ["main"]
