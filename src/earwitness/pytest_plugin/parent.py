"""Ends a run whose starter is gone, so that nothing is left behind even by ``kill -9``."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

# How long an interrupted run may take to write its last entries before it is ended for good.
_PATIENCE_S = 15.0


def end_with_parent(pipe: int) -> None:
    """Watch ``pipe``, whose other end our parent holds: when it closes, interrupt this process, then end it."""
    # A shell that runs us in the background has interrupts ignored, for us and for all that we start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Thread(target=_watch, args=(pipe,), name="earwitness-parent", daemon=True).start()


def _watch(pipe: int) -> None:
    try:
        while os.read(pipe, 1024):
            pass
    except OSError:
        pass
    sys.stderr.flush()
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(_PATIENCE_S)
    os._exit(130)
