"""Faults: a proxy between harness and server that delays, slices, cuts, stalls and resets what passes; see ``plan``."""

from earwitness.faults.plan import (
    GONE_AFTER_THE_ANSWER,
    GONE_BEFORE_THE_ANSWER,
    LOST_ANSWER,
    Cut,
    CutNow,
    Delay,
    Fault,
    Slice,
    Stall,
)
from earwitness.faults.proxy import Bounds, Proxy, Strike

__all__ = [
    "GONE_AFTER_THE_ANSWER",
    "GONE_BEFORE_THE_ANSWER",
    "LOST_ANSWER",
    "Bounds",
    "Cut",
    "CutNow",
    "Delay",
    "Fault",
    "Proxy",
    "Slice",
    "Stall",
    "Strike",
]
