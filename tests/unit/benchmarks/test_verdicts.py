"""What a benchmark run says about floors, growth and lost writes."""

from dataclasses import replace

import pytest

from benchmarks.bench import Result, Stored
from benchmarks.costs import Cost
from benchmarks.load import Sample
from benchmarks.measure import NO_SIZE, Runs
from benchmarks.operations import OPERATIONS, REF
from benchmarks.settings import FULL
from benchmarks.verdicts import Spread, complaints, crowding, growth, share, verdict

LIST = next(each for each in OPERATIONS if each.name == "list")


def sample(per_second: float, wrong: int = 0) -> Sample:
    return Sample(per_second=per_second, p50=1.0, p95=2.0, answered=int(per_second), wrong=wrong)


def result_of(large: list[float], *, small: list[float] | None = None, ref: list[float] | None = None) -> Result:
    """A list measured with these requests per second, repetition by repetition; nine tenths with 32 clients."""
    runs = Runs()
    for clients, factor in ((1, 1.0), (8, 1.0), (32, 0.9)):
        runs.samples[(REF, NO_SIZE, clients)] = [sample(rate) for rate in ref or [1000.0] * len(large)]
        runs.samples[("list", "small", clients)] = [sample(rate * factor) for rate in small or large]
        runs.samples[("list", "large", clients)] = [sample(rate * factor) for rate in large]
    cost = Cost(status=200, statements=6, commits=0, bytes=15_000, gzipped=4_000)
    return Result(
        database="PostgreSQL",
        operations=(LIST,),
        runs=runs,
        costs={("list", "small"): cost, ("list", "large"): cost},
        visits={},
        stored=Stored(acknowledged=10, found=10),
    )


def test_share_is_taken_repetition_by_repetition() -> None:
    # The machine slows down by half for yardstick and operation alike: the share stays what it is.
    slowing = result_of([300.0, 150.0, 75.0], ref=[1000.0, 500.0, 250.0])

    assert share(slowing, LIST, "large", 8) == Spread(0.3, 0.3, 0.3)


def test_growth_is_the_time_at_ten_times_the_size() -> None:
    assert growth(result_of([100.0], small=[150.0]), LIST, FULL).middle == pytest.approx(1.5)


def test_crowding_compares_32_clients_with_8() -> None:
    assert crowding(result_of([100.0]), LIST, FULL).middle == pytest.approx(0.9)


@pytest.mark.parametrize(("rate", "held"), [(200.0, True), (199.0, False)])
def test_floor_that_must_hold_fails_the_run_when_it_breaks(rate: float, held: bool) -> None:
    result = result_of([rate] * 3)

    assert verdict(result, LIST, FULL).floor_held is held
    assert (complaints(result, FULL) == []) is held


def test_quick_run_judges_no_floor() -> None:
    assert complaints(result_of([1.0]), replace(FULL, must_hold=False)) == []


def test_lost_writes_and_wrong_answers_fail_any_run() -> None:
    result = result_of([300.0])
    lost = replace(result, stored=Stored(acknowledged=10, found=9))
    result.runs.samples[("list", "large", 8)] = [sample(300.0, wrong=2)]

    assert complaints(lost, FULL)[-1] == "10 writes acknowledged, 9 found"
    assert "list large 8 clients: 2 wrong answers" in complaints(result, FULL)[0]


def test_statements_that_grow_with_the_size_are_not_held() -> None:
    result = result_of([300.0])
    more = replace(result.costs[("list", "large")], statements=7)
    grown = replace(result, costs=result.costs | {("list", "large"): more})

    checks = {check.what: check.held for check in verdict(grown, LIST, FULL).checks}
    assert checks["statements, both sizes alike"] is False
    assert checks["statements"] is True
    assert complaints(grown, FULL) == [
        "List of proposals, anonymous: statements, both sizes alike: 6 and 7, the limit is equal"
    ]


def test_time_that_grows_with_the_size_fails_the_run() -> None:
    complaint = complaints(result_of([300.0], small=[450.0]), FULL)

    assert complaint == ["List of proposals, anonymous: time at ten times the size: 1.50 ×, the limit is ≤ 1.15 ×"]
