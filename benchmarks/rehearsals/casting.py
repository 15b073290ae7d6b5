"""Voters who cast and do not give up: whatever happens to a request, it is sent again under the same key."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.load import fresh
from benchmarks.rehearsals.town import Town, Voter
from benchmarks.rehearsals.wire import CUT, Answer, Wire, post

#: Every so manieth voter thinks again, casts another ballot, and then a late copy of the first request arrives.
CHANGES_EVERY = 50
_PATIENCE_SECONDS = 10.0
_PAUSE_SECONDS = 0.05
_DOWN = 503
_DONE = 303


@dataclass(slots=True)
class Log:
    """``in_box``: by person, the choices of the ballot that was acknowledged last. ``acknowledged``: ballots, late
    copies not counted. ``answers``: how many of each kind, ``CUT`` for none. ``silence``: the longest time in seconds
    without an acknowledgement."""

    in_box: dict[int, frozenset[str]] = field(default_factory=dict)
    acknowledged: int = 0
    copies: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    silence: float = 0.0
    last_at: float = field(default_factory=time.monotonic)

    def note(self) -> None:
        now = time.monotonic()
        self.silence, self.last_at = max(self.silence, now - self.last_at), now


@dataclass(slots=True)
class _Client:
    wire: Wire
    town: Town
    log: Log
    source: random.Random
    progressed: Callable[[], None]

    async def vote(self, number: int) -> None:
        voter = self.town.voters[number]
        first = self._ballot()
        key = fresh()
        await self._cast(voter, first, key)
        self._in_box(voter, first)
        if number % CHANGES_EVERY:
            return
        second = self._ballot()
        await self._cast(voter, second, fresh())
        self._in_box(voter, second)
        await self._cast(voter, first, key)
        self.log.copies += 1

    def _ballot(self) -> list[str]:
        return self.source.sample(self.town.option_keys, self.source.randint(1, 5))

    def _in_box(self, voter: Voter, choices: list[str]) -> None:
        self.log.in_box[voter.person_id] = frozenset(choices)
        self.log.acknowledged += 1
        self.log.note()
        self.progressed()

    async def _cast(self, voter: Voter, choices: list[str], key: str) -> None:
        """Send the ballot until its receipt is shown."""
        values: dict[str, str | list[str]] = {"choices": choices, "idempotency_key": key, "csrf_token": voter.csrf}
        request = post(f"{self.town.poll_path}/cast", voter.cookie, values)
        while not self._is_acknowledged(await self.wire.ask(request)):
            await asyncio.sleep(_PAUSE_SECONDS * (1 + self.source.random()))

    def _is_acknowledged(self, answer: Answer) -> bool:
        self.log.answers[answer.status] += 1
        if answer.status == _DONE and answer.header(b"location").endswith("/receipt"):
            return True
        if answer.status not in (CUT, _DOWN):
            self.log.wrong.append(f"{answer.status} {answer.header(b'location')}".strip())
        return False


async def cast_all(town: Town, port: int, *, clients: int, seed: int, log: Log, progressed: Callable[[], None]) -> None:
    """Let every voter of the town vote, ``clients`` at a time."""
    waiting = iter(range(len(town.voters)))

    async def work(number: int) -> None:
        source = random.Random(f"{seed}.{number}")  # noqa: S311
        client = _Client(Wire(port, _PATIENCE_SECONDS), town, log, source, progressed)
        for voter in waiting:
            await client.vote(voter)
        client.wire.close()

    async with asyncio.TaskGroup() as group:
        for number in range(clients):
            group.create_task(work(number))
