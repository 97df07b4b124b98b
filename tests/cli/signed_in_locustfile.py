"""The locustfile with a login of its own, as somebody would write it who wants Locust's ``--web-login``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import load.locustfile
from load.users import Participant

__all__ = ["Participant"]

_locustfile: Any = load.locustfile


def guard(web_ui: Any, **_: Any) -> None:
    """Nobody is signed in, ever."""
    web_ui.app.secret_key = "of no use to anybody"
    web_ui.login_manager.user_loader(lambda name: None)


_locustfile.events.init.add_listener(guard)
