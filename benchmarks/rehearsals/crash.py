"""``python -m benchmarks.rehearsals.crash``: nothing acknowledged is lost, and nothing counts twice, whatever dies.

While clients cast and retry, workers and the whole server get ``kill -9`` and the database stops without a goodbye, at
even steps of the vote, whatever the speed. Then the poll is closed and counted, and the ballots compared with what was
acknowledged. With ``--naive`` a careless variant stands in for the site; then the rehearsal must fail.
"""

import asyncio
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import cycle, islice
from pathlib import Path

import click
import structlog

from benchmarks.rehearsals.casting import Log, cast_all
from benchmarks.rehearsals.checking import Findings, examine
from benchmarks.rehearsals.cluster import Cluster, throw_away_cluster
from benchmarks.rehearsals.server import MortalServer, mortal_server
from benchmarks.rehearsals.town import Town, found_town
from benchmarks.settings import production_environment
from civicvote.domain.polls.states import PollKind

_CLIENTS = 16
_LONGEST_SECONDS = 600.0
#: After the last receipt nothing dies for a moment, so that what is lost was lost by a kill.
_REST_SECONDS = 1.0


class Victim(StrEnum):
    WORKER = "worker"
    SERVER = "server"
    DATABASE = "database"


class Naive(StrEnum):
    ANSWERS_FIRST = "answers-first"
    FORGETS_KEYS = "forgets-keys"


_APPLICATIONS = {
    None: "wsgi:app",
    Naive.ANSWERS_FIRST: "benchmarks.rehearsals.naive:answers_first()",
    Naive.FORGETS_KEYS: "benchmarks.rehearsals.naive:forgets_keys()",
}


def victims(kills: int, *, has_server: bool) -> list[Victim]:
    """Who dies, in turn; SQLite is a file and dies with those who write to it."""
    database = Victim.DATABASE if has_server else Victim.WORKER
    turn = [Victim.WORKER, database, Victim.SERVER, Victim.WORKER, database]
    return list(islice(cycle(turn), kills))


@dataclass(slots=True)
class Killer:
    """Kills one after another as the vote goes on."""

    server: MortalServer
    cluster: Cluster | None
    waiting: list[Victim]
    source: random.Random
    killed: Counter[Victim] = field(default_factory=Counter)

    async def strike(self) -> None:
        victim = self.waiting[self.killed.total()]
        match victim:
            case Victim.WORKER:
                while not self.server.kill_worker(self.source):
                    await asyncio.sleep(0.05)
            case Victim.SERVER:
                self.server.kill()
                self.server.start()
            case Victim.DATABASE:
                assert self.cluster, "only a cluster of its own is stopped"
                await asyncio.to_thread(self.cluster.stop_immediately)
                await asyncio.to_thread(self.cluster.start)
        self.killed[victim] += 1


async def vote_among_crashes(town: Town, killer: Killer, seed: int) -> Log:
    """Everybody votes; each kill waits for its share of the acknowledgements, and for the kill before it."""
    log, progress = Log(), asyncio.Event()

    async def kill_in_turn() -> None:
        steps = len(killer.waiting) + 1
        for number in range(1, steps):
            while log.acknowledged < number * len(town.voters) // steps:
                progress.clear()
                await progress.wait()
            await killer.strike()

    async with asyncio.timeout(_LONGEST_SECONDS), asyncio.TaskGroup() as group:
        group.create_task(kill_in_turn())
        group.create_task(
            cast_all(town, killer.server.port, clients=_CLIENTS, seed=seed, log=log, progressed=progress.set)
        )
    return log


@dataclass(frozen=True, slots=True)
class Result:
    log: Log
    findings: Findings
    killed: Counter[Victim]
    seconds: float

    @property
    def holds(self) -> bool:
        return not self.findings.lost and not self.findings.double and not self.log.wrong


def rehearse(
    system: str, *, ballots: int, kills: int, seed: int, naive: Naive | None, say: Callable[[str], None]
) -> Result:
    """Found a town with ``ballots`` voters on a database of its own, let them vote, and look into the box."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="civicvote-rehearsal-") as name, _database(system, Path(name)) as database:
        folder = Path(name)
        cluster, address = database
        environment = production_environment(address, folder)
        town = found_town(environment, ballots, PollKind.AGENDA)
        structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
        say(f"{ballots:,} people may vote after {time.monotonic() - start:.1f} s")
        with mortal_server(_APPLICATIONS[naive], environment, folder) as server:
            waiting = victims(kills, has_server=cluster is not None)
            killer = Killer(server, cluster, waiting, random.Random(seed))  # noqa: S311
            began = time.monotonic()
            log = asyncio.run(vote_among_crashes(town, killer, seed))
            time.sleep(_REST_SECONDS)
            for complaint in server.complaints() if log.wrong else ():
                say(complaint)
            say(f"everybody has voted after {time.monotonic() - began:.1f} s more")
        findings = examine(environment, town, log.in_box)
    return Result(log, findings, killer.killed, time.monotonic() - start)


@contextmanager
def _database(system: str, folder: Path) -> Iterator[tuple[Cluster | None, str]]:
    with throw_away_cluster() if system == "postgresql" else nullcontext() as cluster:
        yield cluster, cluster.address if cluster else f"sqlite:///{folder / 'rehearsal.db'}"


def told(result: Result) -> Iterator[str]:
    log, findings = result.log, result.findings
    answers = ", ".join(f"{status or 'cut'} × {number:,}" for status, number in sorted(log.answers.items()))
    yield f"killed: {', '.join(f'{number} × {victim}' for victim, number in sorted(result.killed.items()))}"
    yield f"answers: {answers}; longest time without a receipt: {log.silence:.1f} s"
    yield f"acknowledged: {log.acknowledged:,} ballots of {len(log.in_box):,} people, and {log.copies:,} late copies"
    yield f"counted: {findings.counted:,}; lost: {findings.lost:,}; double: {findings.double:,}"
    if log.wrong:
        yield f"wrong answers: {dict(Counter(log.wrong))}"
    yield f"{result.seconds:.1f} s in all"


@click.command()
@click.option("--database", "system", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
@click.option("--ballots", type=click.IntRange(min=20), default=10_000, show_default=True, help="How many people vote.")
@click.option("--kills", type=click.IntRange(min=0), default=21, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="Chooses ballots and victims.")
@click.option(
    "--naive",
    type=click.Choice([each.value for each in Naive]),
    help="Rehearse a careless variant instead, which must fail.",
)
def main(system: str, ballots: int, kills: int, seed: int, naive: str | None) -> None:
    """Kill workers, server and database while people vote. Exit status: 0 nothing lost or double, 1 something was."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # ends with what it started
    result = rehearse(
        system, ballots=ballots, kills=kills, seed=seed, naive=Naive(naive) if naive else None, say=click.echo
    )
    for line in told(result):
        click.echo(line)
    if not result.holds:
        sys.exit(1)


if __name__ == "__main__":
    main()
