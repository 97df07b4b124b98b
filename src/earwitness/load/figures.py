"""Latencies and rates: a histogram that keeps every value to within half a percent, and a series by the second; both can be merged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from earwitness.history import Json

# 2**7 steps to each power of two: a bucket is at most 1/128 of its value wide, and its middle at most 1/256 off.
_BITS: Final = 7
_EXACT: Final = 1 << (_BITS + 1)


class Histogram:
    """Counts of whole microseconds in log-linear buckets; values below 256 µs, the maximum and the sum are exact."""

    __slots__ = ("counts", "max", "n", "total")

    def __init__(self) -> None:
        self.counts: dict[int, int] = {}
        self.n = 0
        self.total = 0
        self.max = 0

    def add(self, value: int, times: int = 1) -> None:
        """Count ``value`` (microseconds; what is below 0 counts as 0)."""
        value = max(0, value)
        bucket = _bucket(value)
        self.counts[bucket] = self.counts.get(bucket, 0) + times
        self.n += times
        self.total += value * times
        self.max = max(self.max, value)

    def merge(self, other: Histogram) -> None:
        """Add what ``other`` has counted."""
        for bucket, times in other.counts.items():
            self.counts[bucket] = self.counts.get(bucket, 0) + times
        self.n += other.n
        self.total += other.total
        self.max = max(self.max, other.max)

    def percentile(self, percent: float) -> float | None:
        """The value that ``percent`` of all values do not exceed; None without any."""
        if not self.n:
            return None
        rank = max(1, -(-self.n * round(percent * 1000) // 100_000))
        seen = 0
        for bucket in sorted(self.counts):
            seen += self.counts[bucket]
            if seen >= rank:
                return min(_middle(bucket), float(self.max))
        return float(self.max)

    def milliseconds(self, percent: float) -> float | None:
        """The same in milliseconds; 100 is the maximum, exactly."""
        found = float(self.max) if percent == 100 and self.n else self.percentile(percent)
        return None if found is None else round(found / 1000, 3)

    def dump(self) -> dict[str, Json]:
        """As JSON, for the way to another process."""
        return {
            "counts": {str(k): v for k, v in self.counts.items()},
            "n": self.n,
            "total": self.total,
            "max": self.max,
        }

    @staticmethod
    def load(value: Mapping[str, Json]) -> Histogram:
        """What ``dump`` gave."""
        made = Histogram()
        counts = value["counts"]
        assert isinstance(counts, Mapping)
        made.counts = {int(k): whole(v) for k, v in counts.items()}
        made.n, made.total, made.max = whole(value["n"]), whole(value["total"]), whole(value["max"])
        return made

    def __iter__(self) -> Iterator[tuple[float, int]]:
        """Each bucket's middle and count."""
        return ((_middle(bucket), times) for bucket, times in sorted(self.counts.items()))


def _bucket(value: int) -> int:
    if value < _EXACT:
        return value
    shift = value.bit_length() - _BITS - 1
    return (shift << _BITS) + (value >> shift)


def _middle(bucket: int) -> float:
    if bucket < _EXACT:
        return float(bucket)
    shift = (bucket >> _BITS) - 1
    low = (bucket - (shift << _BITS)) << shift
    return low + (1 << shift) / 2


def whole(value: Json) -> int:
    """``value``, which is a whole number. Raises TypeError when it is not."""
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value
