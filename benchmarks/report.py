"""The results as Markdown. Nothing in it names a machine or a folder."""

import os
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version

from benchmarks import wrk
from benchmarks.bench import Result
from benchmarks.measure import NO_SIZE
from benchmarks.operations import HELLO, REF, V4
from benchmarks.servers import THREADS, WORKERS
from benchmarks.settings import Plan, Size
from benchmarks.verdicts import VISIT_BYTES, VISIT_REQUESTS, Spread, rate, share, verdicts

_YARDSTICKS = {
    HELLO: "bare Flask view, short text",
    REF: "bare Flask view, 50 rows through SQLAlchemy and Jinja",
    V4: "bare Flask POST, 4 statements, one durable commit",
}


def report(results: Sequence[Result], plan: Plan, load_before: float) -> str:
    """The whole document, a section for each database system. ``load_before``: the machine's load when it began."""
    lines = ["# Results of `make bench`", "", *_conditions(plan, load_before)]
    for result in results:
        lines += ["", f"## {result.database}"]
        for part in (_judged, _visits, _yardsticks, _runs, _costs):
            if written := list(part(result, plan)):
                lines += ["", *written]
    return "\n".join(lines) + "\n"


def _conditions(plan: Plan, load_before: float) -> list[str]:
    reader = "wrk" if wrk.path() else "the benchmarks' own client"
    return [
        "Only the ratios mean anything: every operation ran in turn with its yardstick, on the same server and",
        f"database settings, {plan.repetitions} × {plan.seconds:g} s with each number of clients. Figures are medians, "
        "ranges in parentheses;",
        "shares are taken repetition by repetition.",
        "",
        f"- {os.cpu_count()} cores shared by server, database and load; Python {platform.python_version()}, "
        f"Flask {version('flask')}, SQLAlchemy {version('sqlalchemy')}",
        f"- load of the machine before the run: {load_before:.1f}; where that is not near 0 others were at work, and "
        "the ranges are wide",
        f"- gunicorn {version('gunicorn')}, gthread, {WORKERS} workers × {THREADS} threads, production settings, "
        "pages made anew for each request, but for the two that say otherwise",
        f"- GETs by {reader}, POSTs by the benchmarks' own client, keep-alive; every writer is signed in as somebody "
        "else and every cast has a fresh key",
        f"- sizes: {_size(plan.small)}; {_size(plan.large)}",
    ]


def _size(size: Size) -> str:
    return f"{size.name} = {size.proposals:,} proposals, {size.comments:,} comments, {size.people:,} people"


def _judged(result: Result, plan: Plan) -> Iterable[str]:
    yield f"### Against the floors ({plan.judged_at} clients, {plan.large.name})"
    yield ""
    yield "| Operation | Requests/s | p50 ms | p95 ms | Share | Floor | Stretch | Held |"
    yield "|---|--:|--:|--:|--:|--:|--:|---|"
    judged = verdicts(result, plan)
    for each in judged:
        operation = each.operation
        samples = result.runs.of(operation.name, plan.large.name, plan.judged_at)
        held = "stretch" if each.stretch_held else "floor" if each.floor_held else "**no**"
        yield _row(
            operation.title,
            _rate(rate(samples)),
            _time(Spread.of([sample.p50 for sample in samples])),
            _time(Spread.of([sample.p95 for sample in samples])),
            f"{_ratio(each.share)} × {operation.yardstick}",
            f"{operation.floor:.2f}" if operation.floor is not None else "–",
            f"{operation.stretch:.2f}" if operation.stretch is not None else "–",
            held,
        )
    yield ""
    yield "| Operation | What else | Measured | Limit | Held |"
    yield "|---|---|--:|--:|---|"
    for each in judged:
        for check in each.checks:
            yield _row(each.operation.title, check.what, check.value, check.limit, _yes(check.held))
    yield ""
    yield (
        f"Writes acknowledged: {result.stored.acknowledged:,}; found in the databases: {result.stored.found:,}. "
        f"Wrong or missing answers: {sum(result.runs.wrong.values()):,}."
    )


def _visits(result: Result, _plan: Plan) -> Iterable[str]:
    if not result.visits:
        return
    yield "### First visit"
    yield ""
    yield (
        f"Without fonts; limits: {VISIT_REQUESTS} requests, {VISIT_BYTES // 1024} KB, "
        "files kept for a year and compressed."
    )
    yield ""
    yield "| Page | Requests | KB | Held | Not kept for a year | Not compressed |"
    yield "|---|--:|--:|---|---|---|"
    for title, visit in result.visits.items():
        held = visit.requests <= VISIT_REQUESTS and visit.bytes <= VISIT_BYTES
        kept = held and not visit.unkept and not visit.uncompressed
        yield _row(
            title,
            str(visit.requests),
            f"{visit.bytes / 1024:.1f}",
            _yes(kept),
            ", ".join(visit.unkept) or "–",
            ", ".join(visit.uncompressed) or "–",
        )


def _yardsticks(result: Result, plan: Plan) -> Iterable[str]:
    yield "### Yardsticks"
    yield ""
    yield "| Yardstick | What it is | Clients | Requests/s | p50 ms | p95 ms |"
    yield "|---|---|--:|--:|--:|--:|"
    for name, what in _YARDSTICKS.items():
        for clients in plan.clients:
            samples = result.runs.of(name, NO_SIZE, clients)
            yield _row(
                name,
                what,
                str(clients),
                _rate(rate(samples)),
                _time(Spread.of([sample.p50 for sample in samples])),
                _time(Spread.of([sample.p95 for sample in samples])),
            )
    yield _row("commit", "raw durable single-row commits", "–", _rate(Spread.of(result.runs.commits)), "–", "–")


def _runs(result: Result, plan: Plan) -> Iterable[str]:
    yield "### All runs"
    yield ""
    yield "| Operation | Size | Clients | Requests/s | p50 ms | p95 ms | Share |"
    yield "|---|---|--:|--:|--:|--:|--:|"
    for operation in result.operations:
        for size in plan.sizes:
            for clients in plan.clients:
                samples = result.runs.of(operation.name, size.name, clients)
                yield _row(
                    operation.title,
                    size.name,
                    str(clients),
                    _rate(rate(samples)),
                    _time(Spread.of([sample.p50 for sample in samples])),
                    _time(Spread.of([sample.p95 for sample in samples])),
                    f"{_ratio(share(result, operation, size.name, clients))} × {operation.yardstick}",
                )


def _costs(result: Result, plan: Plan) -> Iterable[str]:
    yield "### Statements and bytes of one answer"
    yield ""
    yield "| Operation | Size | Statements | Commits | Bytes | Gzipped |"
    yield "|---|---|--:|--:|--:|--:|"
    for operation in result.operations:
        for size in plan.sizes:
            cost = result.costs[(operation.name, size.name)]
            yield _row(
                operation.title,
                size.name,
                str(cost.statements),
                str(cost.commits),
                f"{cost.bytes:,}",
                f"{cost.gzipped:,}",
            )


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _rate(spread: Spread) -> str:
    return f"{spread.middle:,.0f} ({spread.lowest:,.0f}–{spread.highest:,.0f})"


def _time(spread: Spread) -> str:
    return f"{spread.middle:.1f} ({spread.lowest:.1f}–{spread.highest:.1f})"


def _ratio(spread: Spread) -> str:
    return f"{spread.middle:.2f} ({spread.lowest:.2f}–{spread.highest:.2f})"


def _yes(held: bool) -> str:
    return "yes" if held else "**no**"
