"""An append-only history: entries in memory, and on disk as one JSON object a line."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from heapq import merge
from pathlib import Path
from time import monotonic_ns
from typing import TextIO

from earwitness.errors import Problem, UsageError, Where
from earwitness.history.entries import Entry, from_json, to_json

Redact = Callable[[str], str]


class Journal:
    """The history of a run while it is being written.

    Every entry gets its number and time here, in the order of appending, from whichever thread. ``redact`` sees each
    line before it is kept, in memory as on disk: nothing later can leak what the history never held.
    """

    def __init__(
        self,
        path: Path | None = None,
        redact: Redact = lambda line: line,
        clock: Callable[[], int] = monotonic_ns,
    ) -> None:
        self._entries: list[Entry] = []
        self._by_case: dict[str, list[Entry]] = {}
        self._redact = redact
        self._clock = clock
        self._lock = threading.Lock()
        self._file: TextIO | None = path.open("a", encoding="utf-8") if path else None
        if self._file and path and not _ends_whole(path):
            self._file.write("\n")  # whoever wrote before us was killed in the middle of a line
        self.case = ""
        # Sees each entry before it is redacted: what it holds may be a secret that nobody could know before.
        self.learn: Callable[[Entry], None] = lambda entry: None

    def append(self, entry: Entry) -> Entry:
        """Add ``entry``; its number is set here, and its time and case too unless it brings them. Returns it as kept."""
        with self._lock:
            stamped = replace(
                entry, n=len(self._entries) + 1, t=entry.t or self._clock(), case=entry.case or self.case
            )
            self.learn(stamped)
            line = json.dumps(to_json(stamped), ensure_ascii=True, separators=(",", ":"))
            redacted = self._redact(line)
            kept = stamped if redacted == line else from_json(json.loads(redacted))
            self._entries.append(kept)
            self._by_case.setdefault(kept.case, []).append(kept)
            if self._file:
                self._file.write(redacted + "\n")
                self._file.flush()
            return kept

    def since(self, n: int) -> tuple[Entry, ...]:
        """The entries after number ``n``."""
        with self._lock:
            return tuple(self._entries[n:])

    def of(self, *cases: str) -> tuple[Entry, ...]:
        """The entries of these cases, in the order of the history; "" is what belongs to the whole run."""
        with self._lock:
            found = [self._by_case.get(case, ()) for case in dict.fromkeys(cases)]
            return tuple(merge(*found, key=lambda entry: entry.n))

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.since(0))

    def close(self) -> None:
        """Close the file; the entries stay readable."""
        if self._file:
            self._file.close()
            self._file = None


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        if file.seek(0, 2) == 0:
            return True
        file.seek(-1, 2)
        return file.read(1) == b"\n"


def read_history(path: Path) -> tuple[Entry, ...]:
    """The entries of a history file.

    A line that was cut short because its writer was killed is left out: the last one of the file, or of a run that
    another one follows. Raises UsageError for any other broken line.
    """
    return tuple(_parse(path.read_text(encoding="utf-8", errors="replace").split("\n"), path))


def _parse(lines: list[str], path: Path) -> Iterable[Entry]:
    # What follows the last line break is nothing, or was cut short.
    for number, line in enumerate(lines, start=1):
        try:
            yield from_json(json.loads(line))
        except (ValueError, TypeError) as error:
            if number == len(lines):
                return
            if lines[number].startswith('{"kind":"run-started"'):
                continue
            raise UsageError(
                Problem(
                    f"not an entry of a history: {error}",
                    Where(str(path), number),
                    "one JSON object a line, as `earwitness check` writes them",
                )
            ) from error
