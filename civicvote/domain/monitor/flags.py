"""What observers are pointed to. A flag is a question to people, never an answer: nothing is discarded by it.

First ballots count, not changed ones: whoever thinks again three times is one voter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

#: So many from one network within ``BURST_WINDOW``: more than a family, fewer than a school class, whose teacher can
#: be asked.
BURST_SIZE = 20
BURST_WINDOW = timedelta(minutes=10)
#: A couple shares a computer; from the third on somebody may be voting for others, or kindly helping them.
SHARED_DEVICE_SIZE = 3
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """``ballots`` that came in one minute from origins of one mark."""

    mark: str
    at: datetime
    ballots: int


@dataclass(frozen=True, slots=True)
class Burst:
    """``network`` numbers the networks of the list from 1, by the hour of their first burst, then by its ballots.

    ``begins_at`` and ``ends_at`` are full hours around it: who knows the minute in which somebody voted must not find
    it here (docs/decisions/0076)."""

    network: int
    begins_at: datetime
    ends_at: datetime
    ballots: int


def bursts(moments: Iterable[Moment], *, size: int = BURST_SIZE, window: timedelta = BURST_WINDOW) -> list[Burst]:
    """Stretches in which every ``window`` that reaches them holds ``size`` ballots of a network; overlaps are one."""
    found = []
    by_mark = sorted(moments, key=lambda moment: (moment.mark, moment.at))
    for mark, own in groupby(by_mark, key=lambda moment: moment.mark):
        found += [(mark, *stretch) for stretch in _stretches(list(own), size, window)]
    told = [
        (mark, full_hour(begins_at), full_hour(ends_at) + HOUR, ballots) for mark, begins_at, ends_at, ballots in found
    ]
    told.sort(key=lambda each: (each[1], -each[3], each[0]))
    numbers: dict[str, int] = {}
    return [
        Burst(numbers.setdefault(mark, len(numbers) + 1), begins_at, ends_at, ballots)
        for mark, begins_at, ends_at, ballots in told
    ]


def full_hour(moment: datetime) -> datetime:
    """The last full hour before it."""
    return moment.replace(minute=0, second=0, microsecond=0)


def _stretches(moments: Sequence[Moment], size: int, window: timedelta) -> list[tuple[datetime, datetime, int]]:
    """Begin, end and ballots of each run of minutes that lie in a window with enough ballots."""
    in_burst = [False] * len(moments)
    first, held = 0, 0
    for last, moment in enumerate(moments):
        held += moment.ballots
        while moment.at - moments[first].at >= window:
            held -= moments[first].ballots
            first += 1
        if held >= size:
            in_burst[first : last + 1] = [True] * (last + 1 - first)
    runs: list[list[Moment]] = []
    for at, moment in enumerate(moments):
        if not in_burst[at]:
            continue
        if at and in_burst[at - 1] and moment.at - moments[at - 1].at < window:
            runs[-1].append(moment)
        else:
            runs.append([moment])
    return [(run[0].at, run[-1].at, sum(moment.ballots for moment in run)) for run in runs]


def shared_devices(ballots_by_mark: Mapping[str, int], *, size: int = SHARED_DEVICE_SIZE) -> list[int]:
    """How many first ballots came from each device with at least ``size``, most first."""
    return sorted((ballots for ballots in ballots_by_mark.values() if ballots >= size), reverse=True)
