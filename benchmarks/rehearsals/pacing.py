"""Requests at a given rate, whether answers keep up or not: times count from the moment at which a request was due, so
a site that falls behind can't hide it."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

from benchmarks.load import percentile
from benchmarks.rehearsals.wire import CUT, Answer, Wire

#: Whoever waits longer has gone, and what comes later is no answer.
PATIENCE_SECONDS = 10.0
_MOST_CONNECTIONS = 400


@dataclass(slots=True)
class Measured:
    """What came of one kind of request. ``times`` in milliseconds; ``wrong`` says what was answered instead."""

    times: list[float] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    def quantile(self, share: float) -> float:
        return percentile(sorted(self.times), share)


@dataclass(slots=True)
class Phase:
    """A stretch of the evening. ``kinds``: by the kind of request."""

    name: str
    seconds: float
    kinds: defaultdict[str, Measured] = field(default_factory=lambda: defaultdict(Measured))

    @property
    def wrong(self) -> int:
        return sum(kind.wrong.total() for kind in self.kinds.values())

    @property
    def silent(self) -> int:
        return sum(kind.answers[CUT] for kind in self.kinds.values())


class Crowd:
    """Visitors who share connections, as behind a proxy that keeps them alive."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[Wire] = []
        self._room = asyncio.Semaphore(_MOST_CONNECTIONS)

    async def ask(
        self, measured: Measured, due_at: float, request: bytes, is_right: Callable[[Answer], bool]
    ) -> Answer:
        """Send what was due at ``due_at`` (monotonic), and note what came and whether it is right."""
        async with self._room:
            left = due_at + PATIENCE_SECONDS - time.monotonic()
            wire = self._idle.pop() if self._idle else Wire(self._port, PATIENCE_SECONDS)
            answer = await wire.ask(request, left) if left > 0 else Answer(CUT)
            self._idle.append(wire)
        measured.answers[answer.status] += 1
        if answer.status != CUT:
            measured.times.append((time.monotonic() - due_at) * 1000)
        if not is_right(answer):
            measured.wrong[f"{answer.status or 'no answer'} {answer.header(b'location')}".strip()] += 1
        return answer

    def leave(self) -> None:
        for wire in self._idle:
            wire.close()


async def at_rate(per_second: float, seconds: float, begin: Callable[[float], Coroutine[None, None, None]]) -> None:
    """Begin ``per_second`` × ``seconds`` visits at even steps, each told when it was due, and wait for all of them."""
    start = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for number in range(int(per_second * seconds)):
            due_at = start + number / per_second
            if (wait := due_at - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            group.create_task(begin(due_at))
