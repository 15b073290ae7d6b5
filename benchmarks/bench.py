"""One run on one database system: databases filled, servers up, everything measured, everything gone again."""

from collections.abc import Callable, Collection
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
import structlog

from benchmarks import databases, measure, yardsticks
from benchmarks.costs import Cost, cost_of
from benchmarks.first_visit import Visit, visit
from benchmarks.measure import NO_SIZE, Measurement, Runs
from benchmarks.operations import OPERATIONS, Operation, Site, first_visits
from benchmarks.operations import yardsticks as yardstick_targets
from benchmarks.scenario import prepare
from benchmarks.servers import serving
from benchmarks.settings import Plan, production_environment
from civicvote.app import create_app
from civicvote.config import Settings
from civicvote.domain.polls.models import CastRecord
from civicvote.domain.threads.models import Comment


@dataclass(frozen=True, slots=True)
class Stored:
    """Writes that were answered as done, and what the databases hold of them afterwards."""

    acknowledged: int
    found: int


@dataclass(frozen=True, slots=True)
class Result:
    database: str
    operations: tuple[Operation, ...]
    runs: Runs
    costs: dict[tuple[str, str], Cost]
    visits: dict[str, Visit]
    stored: Stored


def bench(system: str, plan: Plan, folder: Path, *, only: Collection[str], say: Callable[[str], None]) -> Result:
    """Measure the operations, all or those named, on ``postgresql`` or ``sqlite``."""
    operations = tuple(each for each in OPERATIONS if not only or each.name in only)
    with ExitStack() as stack:
        sites: dict[str, Site] = {}
        addresses = {}
        for size in plan.sizes:
            say(f"{system}: filling the {size.name} database")
            own = folder / size.name
            own.mkdir()
            address = stack.enter_context(databases.fresh_database(system, own, size.name))
            environment = production_environment(address, own)
            scenario = prepare(environment, size, plan.voters)
            port = stack.enter_context(serving("wsgi:app", environment, own, "/readyz"))
            app = create_app(Settings.from_environment(environment))
            structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
            sites[size.name], addresses[size.name] = Site(port, scenario, app), address
        largest = addresses[plan.large.name]
        engine = sa.create_engine(largest, poolclass=sa.NullPool)
        yardsticks.fill(engine)
        for address in addresses.values():
            databases.settle(address)
        bare = stack.enter_context(
            serving("benchmarks.yardsticks:create_app()", {"CIVICVOTE_DATABASE_URL": largest}, folder, "/hello")
        )
        measurements = [Measurement(name, NO_SIZE, target) for name, target in yardstick_targets(bare).items()]
        measurements += [
            Measurement(each.name, size, each.build(site)) for each in operations for size, site in sites.items()
        ]
        before = _rows(addresses.values())
        runs = measure.run(
            measurements,
            clients=plan.clients,
            repetitions=plan.repetitions,
            seconds=plan.seconds,
            commits=lambda: databases.commits_per_second(largest, plan.seconds, folder),
            folder=folder,
            say=say,
        )
        stored = Stored(
            acknowledged=sum(runs.answered(each.name) for each in operations if each.commits),
            found=_rows(addresses.values()) - before,
        )
        say("counting statements and bytes")
        arrival = sites[plan.large.name]
        return Result(
            database=databases.version_of(largest),
            operations=operations,
            runs=runs,
            costs={
                (each.name, each.size): cost_of(sites[each.size].app, each.target.shots[0])
                for each in measurements
                if each.size
            },
            visits={} if only else {title: visit(arrival.port, path) for title, path in first_visits(arrival)},
            stored=stored,
        )


def _rows(addresses: Collection[str]) -> int:
    """Comments and casts in all databases."""
    total = 0
    for address in addresses:
        engine = sa.create_engine(address, poolclass=sa.NullPool)
        with engine.connect() as connection:
            for model in (Comment, CastRecord):
                total += connection.scalar(sa.select(sa.func.count()).select_from(model)) or 0
    return total
