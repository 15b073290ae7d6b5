"""TRUST.md, "Money": 12 threads in 2 processes overspend on PostgreSQL, and can't. Without the guard they can."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import upgrade

from civicvote.app import create_app
from civicvote.db import db, unit_of_work
from civicvote.domain.allocations.models import Disbursement
from civicvote.domain.allocations.queries import project_money, round_money
from civicvote.domain.audit.queries_chain import broken_links
from civicvote.kernel import clock, ids
from tests.conftest import create_postgres_database, drop_postgres_database, make_settings
from tests.factories.ledger_truth import approved_without_transfer, recount
from tests.factories.money import Spending, make_project, make_spending

pytestmark = pytest.mark.postgres

WORKERS, THREADS_EACH, TURNS = 2, 6, 5
MILLION = 1_000_000
#: 60 requests of a million each go for 30 million.
FUNDS = 30 * MILLION


class Workers:
    """Processes that spend at the same moment."""

    def __init__(self, url: str, folder: Path, guard: str) -> None:
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.integration.allocations.spender", url, str(folder), guard],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            for _ in range(WORKERS)
        ]

    def say(self, process: "subprocess.Popen[str]", line: str) -> None:
        assert process.stdin is not None
        process.stdin.write(f"{line}\n")
        process.stdin.flush()

    def hear(self, process: "subprocess.Popen[str]") -> str:
        assert process.stdout is not None
        return process.stdout.readline().strip()

    def race(self, *, subjects: list[list[int]], **plan: Any) -> dict[str, Any]:
        """Let each thread work through its own list of ``subjects``, half of the threads in each process."""
        share = len(subjects) // WORKERS
        for number, process in enumerate(self.processes):
            self.say(process, json.dumps({**plan, "threads": subjects[number * share : (number + 1) * share]}))
        assert [self.hear(process) for process in self.processes] == ["ready"] * WORKERS
        for process in self.processes:
            self.say(process, "go")
        reports = [json.loads(self.hear(process)) for process in self.processes]
        db.session.rollback()
        counted: Counter[str] = Counter()
        for report in reports:
            counted.update(report["counted"])
        return {"counted": counted, "made": {made for report in reports for made in report["made"]}}

    def dismiss(self) -> None:
        for process in self.processes:
            process.communicate(timeout=30)


@pytest.fixture(scope="module")
def arena(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A database of its own, in which what is committed is seen by other processes."""
    url = create_postgres_database(postgres_server)
    folder = tmp_path_factory.mktemp("overspending")
    app = create_app(make_settings(folder, url))
    with app.app_context():
        upgrade(directory="migrations")
        yield url, folder
        db.session.remove()
        db.engine.dispose()
    drop_postgres_database(postgres_server, url)


@pytest.fixture(scope="module")
def workers(arena: tuple[str, Path]) -> Iterator[Workers]:
    hired = Workers(*arena, "guarded")
    yield hired
    hired.dismiss()


@pytest.fixture(scope="module")
def naive_workers(arena: tuple[str, Path]) -> Iterator[Workers]:
    hired = Workers(*arena, "naive")
    yield hired
    hired.dismiss()


def overspend_envelope(workers: Workers) -> tuple[Spending, dict[str, Any]]:
    """Every thread allocates to a project of its own, so that they meet in the envelope."""
    with unit_of_work():
        spending = make_spending()
        spending.fund(FUNDS)
        projects = [
            make_project(spending.region, spending.round, cost_amount=100 * MILLION).id
            for _ in range(WORKERS * THREADS_EACH)
        ]
    report = workers.race(
        act="allocate",
        region_id=spending.region.id,
        actor_id=spending.enterer.person_id,
        amount=MILLION,
        subjects=[[project] * TURNS for project in projects],
    )
    return spending, report


def overspend_project(workers: Workers) -> tuple[Spending, dict[str, Any]]:
    """Twice as many payments wait as there is money, as after a reversal, and all are approved at once."""
    with unit_of_work():
        spending = make_spending(cost_amount=FUNDS)
        spending.fund(FUNDS)
        spending.allocate(FUNDS)
        waiting = [_waiting(spending, number) for number in range(WORKERS * THREADS_EACH * TURNS)]
        db.session.add_all(waiting)
        queue = [row.id for row in waiting]
    report = workers.race(
        act="approve",
        region_id=spending.region.id,
        actor_id=spending.approver.person_id,
        amount=MILLION,
        subjects=[queue[start::12] for start in range(WORKERS * THREADS_EACH)],
    )
    return spending, report


def _waiting(spending: Spending, number: int) -> Disbursement:
    return Disbursement(
        region_id=spending.region.id,
        id=ids.new_id(),
        project_id=spending.project.id,
        amount=MILLION,
        payee="가",
        reason="나",
        evidence="다",
        idempotency_key=f"race-{number}",
        entered_by_id=spending.enterer.person_id,
        entered_at=clock.now(),
    )


def test_twelve_threads_cannot_overspend_an_envelope(workers: Workers) -> None:
    spending, report = overspend_envelope(workers)

    assert report["counted"] == {"done": 30, "not_enough_left": 30}
    assert recount(spending.region.id).is_sound
    money = round_money(spending.region.id, spending.round.id)
    assert (money.in_envelope, money.left, money.drift) == (0, FUNDS, 0)
    assert list(broken_links(spending.region.id)) == []


def test_twelve_threads_cannot_overspend_a_project(workers: Workers) -> None:
    spending, report = overspend_project(workers)

    assert report["counted"] == {"done": 30, "not_enough_left": 30}
    assert recount(spending.region.id).is_sound
    assert approved_without_transfer(spending.region.id) == 0
    money = project_money(spending.project)
    assert (money.left, money.disbursed, money.waiting) == (0, FUNDS, FUNDS)


def test_twelve_threads_cannot_allocate_above_the_cost(workers: Workers) -> None:
    with unit_of_work():
        spending = make_spending(cost_amount=FUNDS)
        spending.fund(4 * FUNDS)
    report = workers.race(
        act="allocate",
        region_id=spending.region.id,
        actor_id=spending.enterer.person_id,
        amount=MILLION,
        subjects=[[spending.project.id] * TURNS] * (WORKERS * THREADS_EACH),
    )

    assert report["counted"] == {"done": 30, "above_the_cost": 30}
    assert recount(spending.region.id).is_sound


def test_twelve_threads_cannot_ask_for_more_than_is_left(workers: Workers) -> None:
    with unit_of_work():
        spending = make_spending(cost_amount=FUNDS)
        spending.fund(FUNDS)
        spending.allocate(FUNDS)
    report = workers.race(
        act="enter",
        region_id=spending.region.id,
        actor_id=spending.enterer.person_id,
        amount=MILLION,
        subjects=[[spending.project.id] * TURNS] * (WORKERS * THREADS_EACH),
    )

    assert report["counted"] == {"done": 30, "payments_waiting": 30}
    assert project_money(spending.project).free == 0


def test_one_key_sent_by_twelve_threads_moves_money_once(workers: Workers) -> None:
    with unit_of_work():
        spending = make_spending()
        spending.fund(FUNDS)
    report = workers.race(
        act="allocate",
        key="one-click",
        region_id=spending.region.id,
        actor_id=spending.enterer.person_id,
        amount=MILLION,
        subjects=[[spending.project.id] * TURNS] * (WORKERS * THREADS_EACH),
    )

    assert report["counted"] == {"done": 60}
    assert len(report["made"]) == 1
    assert project_money(spending.project).left == MILLION
    assert recount(spending.region.id).is_sound


@pytest.mark.parametrize("overspend", [overspend_envelope, overspend_project])
def test_without_the_guard_the_same_race_breaks_the_ledger(naive_workers: Workers, overspend: Any) -> None:
    spending, report = overspend(naive_workers)

    truth = recount(spending.region.id)
    assert truth.wrong, "a lost update leaves a balance that is not the sum of its transfers"
    assert truth.overspent > 0
    assert report["counted"]["done"] > 30
