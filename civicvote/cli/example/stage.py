"""A stage on which the past is played: acts happen at their own moments, in order, through the ordinary services."""

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count

from civicvote.db import database_clock
from civicvote.kernel import clock

Act = Callable[[], object]


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """The application's and the database's clock both stand at ``moment``."""
    with clock.frozen_at(moment), database_clock(lambda: moment):
        yield


class Stage:
    """``opening`` is the day that the story's days count from."""

    def __init__(self, opening: datetime) -> None:
        self.opening = opening
        self._numbers = count()
        self._acts: list[tuple[datetime, int, Act]] = []

    def moment(self, day: float) -> datetime:
        return self.opening + timedelta(days=day)

    def plan(self, day: float, act: Act) -> None:
        """Let ``act`` happen on that day. An act may plan others, later than itself."""
        heapq.heappush(self._acts, (self.moment(day), next(self._numbers), act))

    def play(self) -> None:
        """Play everything that is planned, in order of time; acts of one moment in the order they were planned."""
        while self._acts:
            moment, _, act = heapq.heappop(self._acts)
            with at(moment):
                act()
