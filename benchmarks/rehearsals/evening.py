"""``python -m benchmarks.rehearsals.evening``: the last evening of a vote and the night of its outcome.

As ``TRUST.md`` derives it from Warsaw, Paris and Estonia's last hour: three minutes of 12 ballots and 100 page requests
a second, sign-ins among them; a minute of 300 a second, in whose middle the vote closes and is counted; then 600 a
second for the published outcome. On PostgreSQL, with two workers, settings as in production. Nothing may be answered
wrongly or not at all, and what was acknowledged must be what was counted.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import sqlalchemy as sa
import structlog

from benchmarks import yardsticks
from benchmarks.databases import commits_per_second, fresh_database, settle
from benchmarks.rehearsals.checking import counted_ballots
from benchmarks.rehearsals.pacing import Crowd, Phase, at_rate
from benchmarks.rehearsals.town import Town, found_town, inside
from benchmarks.rehearsals.visitors import CAST, PASSWORD, SIGNS_IN_EVERY, Evening, pages_to_read
from benchmarks.rehearsals.wire import get
from benchmarks.scenario import key_folder
from benchmarks.servers import serving
from benchmarks.settings import production_environment
from civicvote.db import db, unit_of_work
from civicvote.domain.polls.models import Poll
from civicvote.domain.polls.services import publish_poll
from civicvote.domain.polls.states import PollKind

BALLOTS_A_SECOND = 12
#: The ballot, the look over it and the receipt of every voter; the form and the answer of who signs in.
_PAGES_A_BALLOT = 3 + 2 / SIGNS_IN_EVERY
SLOWEST_CAST_MS = 500
_WARM_UP_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Seconds of each phase and of the raw commits, page requests a second. ``is_judged``: a slow cast fails."""

    steady_seconds: float
    burst_seconds: float
    results_seconds: float
    commit_seconds: float
    steady: int = 100
    burst: int = 300
    results: int = 600
    is_judged: bool = True

    @property
    def voters(self) -> int:
        return int(BALLOTS_A_SECOND * (self.steady_seconds + self.burst_seconds + _WARM_UP_SECONDS)) + 1


FULL = Plan(steady_seconds=180, burst_seconds=60, results_seconds=60, commit_seconds=5)
SHORT = Plan(steady_seconds=10, burst_seconds=10, results_seconds=10, commit_seconds=2, is_judged=False)


@dataclass(frozen=True, slots=True)
class Result:
    """``amiss``: ballots that were acknowledged and not counted as chosen, or counted and not acknowledged."""

    phases: list[Phase]
    told: int
    refused: int
    amiss: int
    commits: float

    def complaints(self, plan: Plan) -> Iterator[str]:
        if self.amiss:
            yield f"{self.amiss} ballots were not counted as acknowledged"
        for phase in self.phases:
            if phase.wrong:
                yield f"{phase.name}: {phase.wrong:,} wrong, {phase.silent:,} of them without any answer"
            slowest = phase.kinds[CAST].quantile(0.95) if CAST in phase.kinds else 0
            if plan.is_judged and slowest > SLOWEST_CAST_MS:
                yield f"{phase.name}: p95 of a cast is {slowest:.0f} ms, more than {SLOWEST_CAST_MS}"


def rehearse(plan: Plan, say: Callable[[str], None]) -> Result:
    with (
        tempfile.TemporaryDirectory(prefix="civicvote-rehearsal-") as name,
        fresh_database("postgresql", Path(name), "evening") as address,
    ):
        folder = Path(name)
        environment = production_environment(address, folder)
        town = found_town(environment, plan.voters, PollKind.BUDGET, password=PASSWORD)
        structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
        engine = sa.create_engine(address, poolclass=sa.NullPool)
        yardsticks.fill(engine)
        settle(address)
        commits = commits_per_second(address, plan.commit_seconds, folder)
        say(f"{plan.voters:,} people may vote; {commits:,.0f} raw durable commits/s (pgbench, 32 clients)")
        with serving("wsgi:app", environment, folder, "/readyz") as port:
            phases, evening = asyncio.run(_hold(plan, town, environment, port, say))
        with inside(environment):
            counted = counted_ballots(town)
    told = Counter(evening.told)
    amiss = ((told - counted) + (counted - told)).total()
    return Result(phases, len(evening.told), evening.refused, amiss, commits)


async def _hold(
    plan: Plan, town: Town, environment: dict[str, str], port: int, say: Callable[[str], None]
) -> tuple[list[Phase], Evening]:
    """The three phases in turn."""
    closes_at = time.time() + 2 * _WARM_UP_SECONDS + plan.steady_seconds + plan.burst_seconds / 2
    with inside(environment):
        _close_at(town, closes_at)
    steady, burst = Phase("evening", plan.steady_seconds), Phase("last minute", plan.burst_seconds)
    results = Phase("outcome", plan.results_seconds)
    evening = Evening(town, Crowd(port), closes_at)
    pages = pages_to_read(town)
    # A site that was just started prepares each page once; nobody starts it on the last evening.
    warm_up = Phase("warm-up", _WARM_UP_SECONDS)
    await at_rate(2, warm_up.seconds, lambda due_at: evening.vote(warm_up, due_at))
    await at_rate(5, warm_up.seconds, lambda due_at: evening.read(warm_up, due_at, pages))
    await _vote_and_read(evening, steady, plan.steady, pages)
    say(_line(steady))
    async with asyncio.TaskGroup() as group:
        group.create_task(_vote_and_read(evening, burst, plan.burst, pages))
        group.create_task(asyncio.to_thread(_close_by_schedule, environment, closes_at))
    say(_line(burst))
    await asyncio.to_thread(_publish, environment, town)
    outcome = (get(f"{town.poll_path}/outcome"),)
    await at_rate(plan.results, plan.results_seconds, lambda due_at: evening.read(results, due_at, outcome))
    say(_line(results))
    evening.crowd.leave()
    return [steady, burst, results], evening


async def _vote_and_read(evening: Evening, phase: Phase, per_second: int, pages: tuple[bytes, ...]) -> None:
    """Ballots, and as many other page requests as the rate leaves room for."""
    others = per_second - BALLOTS_A_SECOND * _PAGES_A_BALLOT
    async with asyncio.TaskGroup() as group:
        group.create_task(at_rate(BALLOTS_A_SECOND, phase.seconds, lambda due_at: evening.vote(phase, due_at)))
        group.create_task(at_rate(others, phase.seconds, lambda due_at: evening.read(phase, due_at, pages)))


def _close_at(town: Town, closes_at: float) -> None:
    """The schedule of the poll: its end is not among what was fixed when it opened."""
    with unit_of_work():
        db.session.execute(
            sa.update(Poll)
            .where(Poll.region_id == town.region_id, Poll.id == town.poll_id)
            .values(closes_at=datetime.fromtimestamp(closes_at, UTC))
        )


def _close_by_schedule(environment: dict[str, str], closes_at: float) -> None:
    """What the timer does: close, unseal and count while people still come."""
    time.sleep(max(0.0, closes_at - time.time()))
    command = [sys.executable, "-m", "civicvote", "advance-phases"]
    subprocess.run(command, env={**os.environ, **environment}, check=True, capture_output=True)


def _publish(environment: dict[str, str], town: Town) -> None:
    with inside(environment), unit_of_work():
        publish_poll(actor=town.administrator, region_id=town.region_id, poll_id=town.poll_id, key_folder=key_folder())


def _line(phase: Phase) -> str:
    told = []
    for name, kind in sorted(phase.kinds.items()):
        rate = (kind.answers.total() - kind.wrong.total()) / phase.seconds
        told.append(
            f"{name} {rate:.1f}/s right, p50 {kind.quantile(0.5):.0f}, p95 {kind.quantile(0.95):.0f}, "
            f"p99 {kind.quantile(0.99):.0f} ms"
        )
        told += [f"WRONG {name}: {what} × {number:,}" for what, number in kind.wrong.most_common(5)]
    return f"{phase.name} ({timedelta(seconds=phase.seconds)}): {'; '.join(told)}"


@click.command()
@click.option("--short", is_flag=True, help="Ten seconds a phase, to see that everything works; speed is not judged.")
def main(short: bool) -> None:
    """Hold a voting evening. Exit status: 0 all right, 1 something was wrong, silent or too slow."""
    plan = SHORT if short else FULL
    result = rehearse(plan, click.echo)
    casts = sum(phase.kinds[CAST].answers.total() for phase in result.phases if CAST in phase.kinds)
    slowest = max(phase.kinds[CAST].quantile(0.95) for phase in result.phases if CAST in phase.kinds)
    requests = sum(kind.answers.total() for phase in result.phases for kind in phase.kinds.values())
    click.echo(
        f"{requests:,} requests; {casts:,} casts, p95 {slowest:.0f} ms in the slower phase; "
        f"{result.told:,} ballots acknowledged, {result.refused:,} people told that voting is over; "
        f"{result.amiss} not counted as acknowledged; {result.commits:,.0f} raw commits/s"
    )
    complaints = list(result.complaints(plan))
    for complaint in complaints:
        click.echo(complaint, err=True)
    if complaints:
        sys.exit(1)


if __name__ == "__main__":
    main()
