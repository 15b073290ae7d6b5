"""How long answers take, compared within one run: as an outsider sees it, and as work of the processor.

Other load on the machine lengthens single tries, so what the clock says is measured again where a round was spoilt. The
work is not touched by it: were one kind of account answered without hashing a password, it would show in any round.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median

#: What the sign-in is held to: medians of one run, seconds.
MOST_SECONDS_APART = 0.030
#: The least work of any kind over the most. Hashing is nearly all of it.
LEAST_ALIKE = 0.7
_ROUNDS = 4


@dataclass(frozen=True)
class Taken:
    seconds: float
    work: float


def timed(act: Callable[[], object]) -> Taken:
    clock, work = time.perf_counter(), time.thread_time()
    act()
    return Taken(time.perf_counter() - clock, time.thread_time() - work)


def assert_taking_as_long(rounds: Iterator[dict[str, list[Taken]]]) -> None:
    """Each round is a measurement of every kind; further ones are asked for only where the clock shows a difference."""
    apart: list[float] = []
    for taken in rounds:
        works = [median(each.work for each in tries) for tries in taken.values()]
        assert min(works) / max(works) > LEAST_ALIKE, dict(zip(taken, works, strict=True))
        seconds = [median(each.seconds for each in tries) for tries in taken.values()]
        apart.append(max(seconds) - min(seconds))
        if apart[-1] < MOST_SECONDS_APART:
            return
        if len(apart) == _ROUNDS:
            break
    raise AssertionError(f"seconds between the medians, round by round: {apart}")
