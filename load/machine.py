"""Which machine this is: processes on one share a clock."""

from __future__ import annotations

from pathlib import Path


def machine() -> str:
    """What tells this machine's clock from those of others."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return "one"
