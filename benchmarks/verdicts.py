"""What the runs say about each operation: its share of the yardstick, growth, crowding, and what of SPEED.md holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.bench import Result
from benchmarks.load import Sample
from benchmarks.measure import NO_SIZE
from benchmarks.operations import Operation
from benchmarks.settings import Plan

CROWD = 32
CROWD_KEEPS = 0.8
VISIT_REQUESTS = 8
VISIT_BYTES = 200 * 1024


@dataclass(frozen=True, slots=True)
class Spread:
    """A median with the range it came from."""

    middle: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        return cls(median(values), min(values), max(values)) if values else cls(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Check:
    """Something that SPEED.md asks of an operation. ``value`` and ``limit`` as they are printed.

    ``fails_the_run``: not the share of raw commits, which says more of a disk (or of its cache) than of the site."""

    what: str
    value: str
    limit: str
    held: bool
    fails_the_run: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """``share`` is of the yardstick, with the clients floors are judged at, at the large size."""

    operation: Operation
    share: Spread
    checks: tuple[Check, ...]

    @property
    def floor_held(self) -> bool:
        return self.operation.floor is None or self.share.middle >= self.operation.floor

    @property
    def stretch_held(self) -> bool:
        return self.operation.stretch is not None and self.share.middle >= self.operation.stretch


def rate(samples: Sequence[Sample]) -> Spread:
    return Spread.of([sample.per_second for sample in samples])


def share(result: Result, operation: Operation, size: str, clients: int) -> Spread:
    """Of the yardstick's requests per second, repetition by repetition."""
    return Spread.of(result.runs.ratios((operation.name, size, clients), (operation.yardstick, NO_SIZE, clients)))


def growth(result: Result, operation: Operation, plan: Plan) -> Spread:
    """Time at the large size by time at the small one."""
    at = plan.judged_at
    return Spread.of(result.runs.ratios((operation.name, plan.small.name, at), (operation.name, plan.large.name, at)))


def crowding(result: Result, operation: Operation, plan: Plan) -> Spread:
    """Requests per second with 32 clients by those with the clients floors are judged at, at the large size."""
    large = plan.large.name
    return Spread.of(result.runs.ratios((operation.name, large, CROWD), (operation.name, large, plan.judged_at)))


def verdict(result: Result, operation: Operation, plan: Plan) -> Verdict:
    small, large = (result.costs[(operation.name, size.name)] for size in plan.sizes)
    checks = [
        Check("statements, both sizes alike", f"{small.statements} and {large.statements}", "equal",
              small.statements == large.statements),
    ]  # fmt: skip
    if operation.statements is not None:
        checks.append(_most("statements", large.statements, operation.statements))
    if operation.commits:
        checks.append(Check("commits", str(large.commits), str(operation.commits), large.commits == operation.commits))
    if operation.gzipped is not None:
        checks.append(_most("bytes, gzipped", large.gzipped, operation.gzipped))
    if operation.growth is not None:
        grown = growth(result, operation, plan).middle
        checks.append(
            Check("time at ten times the size", f"{grown:.2f} ×", f"≤ {operation.growth} ×", grown <= operation.growth)
        )
    if CROWD in plan.clients:
        kept = crowding(result, operation, plan).middle
        checks.append(Check("kept with 32 clients", f"{kept:.2f} ×", f"≥ {CROWD_KEEPS} ×", kept >= CROWD_KEEPS))
    if operation.commit_share is not None:
        made = median(
            sample.per_second / commits
            for sample, commits in zip(
                result.runs.of(operation.name, plan.large.name, plan.judged_at), result.runs.commits, strict=True
            )
        )
        checks.append(
            Check(
                "of raw commits",
                f"{made:.1%}",
                f"≥ {operation.commit_share:.1%}",
                made >= operation.commit_share,
                fails_the_run=False,
            )
        )
    return Verdict(operation, share(result, operation, plan.large.name, plan.judged_at), tuple(checks))


def _most(what: str, value: int, limit: int) -> Check:
    return Check(what, f"{value:,}", f"≤ {limit:,}", value <= limit)


def verdicts(result: Result, plan: Plan) -> list[Verdict]:
    return [verdict(result, operation, plan) for operation in result.operations]


def complaints(result: Result, plan: Plan) -> list[str]:
    """Why the run fails: wrong answers, writes that were lost, and floors that must hold and do not."""
    found = [
        f"{' '.join(map(str, key))} clients: {number} wrong answers {result.runs.statuses(key) or ''}"
        for key, number in result.runs.wrong.items()
    ]
    if result.stored.found != result.stored.acknowledged:
        found.append(f"{result.stored.acknowledged} writes acknowledged, {result.stored.found} found")
    if plan.must_hold:
        for each in verdicts(result, plan):
            found += _broken(each)
    return found


def _broken(verdict: Verdict) -> list[str]:
    operation = verdict.operation
    found = [
        f"{operation.title}: {check.what}: {check.value}, the limit is {check.limit}"
        for check in verdict.checks
        if check.fails_the_run and not check.held
    ]
    if not verdict.floor_held:
        share = f"{verdict.share.middle:.2f} × {operation.yardstick}"
        found.append(f"{operation.title}: {share}, the floor is {operation.floor}")
    return found
