"""What a suggestion costs beside a page that is read by its primary key, in turn, in the same process."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

#: A suggestion may cost so many pages.
MOST_TIMES = 10.0
_WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds, sorted: of the suggestion and of the page by primary key."""

    suggestion: tuple[float, ...]
    page: tuple[float, ...]

    @property
    def times(self) -> float:
        """Median by median."""
        return statistics.median(self.suggestion) / statistics.median(self.page)

    @property
    def times_at_95(self) -> float:
        return at_95(self.suggestion) / at_95(self.page)


def cost_of(suggestion: Sequence[Callable[[], None]], page: Sequence[Callable[[], None]], repetitions: int) -> Cost:
    """Time both in turn, so that a machine that slows down slows both."""
    found: tuple[list[float], list[float]] = ([], [])
    for number in range(repetitions + _WARM_UP):
        for kind, acts in enumerate((suggestion, page)):
            start = time.perf_counter()
            acts[number % len(acts)]()
            if number >= _WARM_UP:
                found[kind].append((time.perf_counter() - start) * 1000)
    return Cost(tuple(sorted(found[0])), tuple(sorted(found[1])))


def at_95(values: Sequence[float]) -> float:
    return values[int(0.95 * (len(values) - 1))]
