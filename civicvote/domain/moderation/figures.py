"""The moderators' week in figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """``median_hours`` and ``slowest_hours`` (90th percentile) from report to decision; None without decisions."""

    decided: int
    hidden: int
    kept: int
    restored: int
    median_hours: int | None
    slowest_hours: int | None


def rank_value(waits: Sequence[timedelta], hundredth: int) -> timedelta | None:
    """The nearest-rank percentile: the smallest wait that at least ``hundredth`` per cent of them don't exceed."""
    if not waits:
        return None
    ordered = sorted(waits)
    return ordered[max(0, -(-len(ordered) * hundredth // 100) - 1)]


def whole_hours(wait: timedelta | None) -> int | None:
    """Hours, rounded up: nothing waits 0 hours."""
    return None if wait is None else max(1, -(-int(wait.total_seconds()) // 3600))
