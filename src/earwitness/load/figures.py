"""Latencies: a histogram that keeps every value to within half a percent, or coarser and smaller; merging two loses nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from earwitness.history import Json

# 2**7 steps to each power of two: a bucket is at most 1/128 of its value wide, and its middle at most 1/256 off.
FINE: Final = 7
# The same with 2**4 steps: a middle is at most 1/32 off, and all values up to 17 minutes fall into 432 buckets.
COARSE: Final = 4


class Histogram:
    """Counts of whole microseconds in log-linear buckets, ``2**bits`` to each power of two.

    Values below ``2**(bits + 1)`` µs, the maximum and the sum are exact.
    """

    __slots__ = ("bits", "counts", "max", "n", "total")

    def __init__(self, bits: int = FINE) -> None:
        self.bits = bits
        self.counts: dict[int, int] = {}
        self.n = 0
        self.total = 0
        self.max = 0

    def add(self, value: int, times: int = 1) -> None:
        """Count ``value`` (microseconds; what is below 0 counts as 0)."""
        value = max(0, value)
        bucket = _bucket(value, self.bits)
        self.counts[bucket] = self.counts.get(bucket, 0) + times
        self.n += times
        self.total += value * times
        self.max = max(self.max, value)

    def add_all(self, values: Collection[int]) -> None:
        """Count them all, as ``add`` does one; with many at a time that costs a third."""
        if not values:
            return
        values = [max(0, value) for value in values] if min(values) < 0 else values
        bits, counts, whole_up_to = self.bits, self.counts, 1 << (self.bits + 1)
        # What ``_bucket`` does, without a call for each.
        buckets = [
            value if value < whole_up_to
            else ((shift := value.bit_length() - bits - 1) << bits) + (value >> shift)
            for value in values
        ]  # fmt: skip
        for bucket, times in Counter(buckets).items():
            counts[bucket] = counts.get(bucket, 0) + times
        self.n += len(values)
        self.total += sum(values)
        self.max = max(self.max, *values)

    def merge(self, other: Histogram) -> None:
        """Add what ``other``, which has as many bits or more, has counted: the same as if its values had been counted here."""
        counts, bits = self.counts, self.bits
        for bucket, times in other.counts.items():
            if other.bits > bits:
                bucket = _bucket(_low(bucket, other.bits), bits)
            counts[bucket] = counts.get(bucket, 0) + times
        self.n += other.n
        self.total += other.total
        self.max = max(self.max, other.max)

    def since(self, before: Histogram) -> Histogram:
        """What was counted since ``before``, which is what this one was once. Its maximum is exact if it is that of all."""
        made = Histogram(self.bits)
        for bucket, times in self.counts.items():
            if (more := times - before.counts.get(bucket, 0)) > 0:
                made.counts[bucket] = more
        made.n, made.total = self.n - before.n, self.total - before.total
        if made.counts:
            highest = max(made.counts)
            is_new = self.max > before.max or highest == _bucket(self.max, self.bits)
            made.max = self.max if is_new else round(_middle(highest, self.bits))
        return made

    def values(self) -> Iterator[tuple[float, int]]:
        """Microseconds, and how often, from the lowest up: each the middle of what is told apart."""
        return (
            (min(_middle(bucket, self.bits), float(self.max)), self.counts[bucket])
            for bucket in sorted(self.counts)
        )

    def percentile(self, percent: float) -> float | None:
        """The value that ``percent`` of all values do not exceed; None without any."""
        if not self.n:
            return None
        rank = max(1, -(-self.n * round(percent * 1000) // 100_000))
        seen = 0
        for bucket in sorted(self.counts):
            seen += self.counts[bucket]
            if seen >= rank:
                return min(_middle(bucket, self.bits), float(self.max))
        return float(self.max)

    def milliseconds(self, percent: float) -> float | None:
        """The same in milliseconds; 100 is the maximum, exactly."""
        found = float(self.max) if percent == 100 and self.n else self.percentile(percent)
        return None if found is None else round(found / 1000, 3)

    def dump(self) -> dict[str, Json]:
        """As JSON, for the way to another process."""
        return {
            "bits": self.bits,
            "counts": {str(k): v for k, v in self.counts.items()},
            "n": self.n,
            "total": self.total,
            "max": self.max,
        }

    @staticmethod
    def load(value: Mapping[str, Json]) -> Histogram:
        """What ``dump`` gave."""
        made = Histogram(whole(value["bits"]))
        counts = value["counts"]
        assert isinstance(counts, Mapping)
        made.counts = {int(k): whole(v) for k, v in counts.items()}
        made.n, made.total, made.max = whole(value["n"]), whole(value["total"]), whole(value["max"])
        return made


def _bucket(value: int, bits: int) -> int:
    if value < 1 << (bits + 1):
        return value
    shift = value.bit_length() - bits - 1
    return (shift << bits) + (value >> shift)


def _low(bucket: int, bits: int) -> int:
    """The least value in a bucket."""
    shift = max(0, (bucket >> bits) - 1)
    return (bucket - (shift << bits)) << shift


def _middle(bucket: int, bits: int) -> float:
    shift = max(0, (bucket >> bits) - 1)
    return _low(bucket, bits) + ((1 << shift) / 2 if shift else 0.0)


def whole(value: Json) -> int:
    """``value``, which is a whole number. Raises TypeError when it is not."""
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value
