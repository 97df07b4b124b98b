"""Where the APIs differ in what the core does, not only in how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Settings:
    """What an API chooses. ``oldest_first``: the order of messages in lists. ``jwt``: tokens are JWTs, else they are opaque."""

    oldest_first: bool = False
    jwt: bool = False


PLAIN: Final = Settings()
