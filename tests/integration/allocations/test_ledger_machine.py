"""TRUST.md, "Money": whatever officers do in whatever order, nothing drifts and nothing is overspent.

300 runs of 50 steps on SQLite, each run in a savepoint of one transaction that is never committed; fewer on PostgreSQL,
where every statement crosses a socket.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from civicvote.db import db
from civicvote.domain.allocations.models import Disbursement, Transfer
from civicvote.domain.allocations.queries import money_of_projects, round_money
from civicvote.domain.allocations.services import (
    approve_disbursement,
    refuse_disbursement,
    return_money,
    reverse_transfer,
)
from civicvote.domain.allocations.states import TransferKind
from civicvote.domain.budgeting.models import Project
from civicvote.kernel.errors import Refusal
from tests.factories.ledger_truth import approved_without_transfer, recount
from tests.factories.money import Spending, key, make_project, make_spending

#: Small ones that usually fit, and others that do not.
AMOUNTS = st.one_of(st.integers(min_value=1, max_value=6), st.integers(min_value=-1, max_value=40))


class Ledger(RuleBasedStateMachine):
    """Officers who fund, allocate, enter, approve, refuse, return, reverse and click twice, with amounts that often do
    not fit."""

    #: What all runs posted together, by kind: a machine whose every act is refused would prove nothing.
    posted: ClassVar[Counter[TransferKind]] = Counter()
    transfers = Bundle("transfers")
    payments = Bundle("payments")

    #: Made once; each run happens in a savepoint behind it.
    world: ClassVar[Spending]
    projects: ClassVar[list[Project]]

    def __init__(self) -> None:
        super().__init__()
        self.run = db.session.begin_nested()

    def teardown(self) -> None:
        self.the_sums_that_people_read_agree()
        self.posted.update(
            db.session.scalars(sa.select(Transfer.kind).where(Transfer.region_id == self.world.region.id))
        )
        self.run.rollback()

    def attempt(self, act: Callable[[], Any]) -> Any:
        """What a request does: all of it, or nothing and a refusal."""
        before = db.session.begin_nested()
        try:
            done = act()
        except Refusal:
            before.rollback()
            return None
        before.commit()
        return done

    @rule(target=transfers, amount=AMOUNTS)
    def fund(self, amount: int) -> Any:
        return self.outcome(self.attempt(lambda: self.world.fund(amount)))

    @rule(target=transfers, amount=AMOUNTS, which=st.integers(0, 1))
    def allocate(self, amount: int, which: int) -> Any:
        return self.outcome(self.attempt(lambda: self.world.allocate(amount, project=self.projects[which])))

    @rule(target=payments, amount=AMOUNTS, which=st.integers(0, 1))
    def enter(self, amount: int, which: int) -> Any:
        return self.outcome(self.attempt(lambda: self.world.enter(amount, project=self.projects[which])))

    @rule(target=transfers, payment=payments)
    def approve(self, payment: Disbursement) -> Any:
        world = self.world
        decided = self.attempt(
            lambda: approve_disbursement(actor=world.approver, region_id=world.region.id, disbursement_id=payment.id)
        )
        if decided is None:
            return multiple()
        return db.session.get_one(Transfer, (world.region.id, decided.transfer_id))

    @rule(target=transfers, amount=AMOUNTS, which=st.integers(0, 1))
    def pay(self, amount: int, which: int) -> Any:
        paid = self.attempt(lambda: self.world.pay(amount, project=self.projects[which]))
        if paid is None:
            return multiple()
        return db.session.get_one(Transfer, (self.world.region.id, paid.transfer_id))

    @rule(payment=payments)
    def refuse(self, payment: Disbursement) -> None:
        world = self.world
        self.attempt(
            lambda: refuse_disbursement(
                actor=world.approver, region_id=world.region.id, disbursement_id=payment.id, note="증빙 없음"
            )
        )

    @rule(target=transfers, amount=AMOUNTS, which=st.integers(0, 1))
    def give_back(self, amount: int, which: int) -> Any:
        returned = self.attempt(
            lambda: return_money(
                actor=self.world.enterer,
                project=self.projects[which],
                amount=amount,
                reason="정산",
                evidence="정산서",
                idempotency_key=key(),
            )
        )
        return self.outcome(returned)

    @rule(transfer=transfers)
    def reverse(self, transfer: Transfer) -> None:
        before = self.balances(transfer)
        world = self.world
        reversal = self.attempt(
            lambda: reverse_transfer(
                actor=world.approver,
                region_id=world.region.id,
                transfer_id=transfer.id,
                reason="입력 오류",
                idempotency_key=key(),
            )
        )
        if reversal is not None:
            debit, credit = before
            assert self.balances(transfer) == (debit + transfer.amount, credit - transfer.amount)

    @rule(amount=st.integers(1, 5))
    def click_twice(self, amount: int) -> None:
        once = key()
        first = self.attempt(lambda: self.world.fund(amount, idempotency_key=once))
        again = self.attempt(lambda: self.world.fund(amount, idempotency_key=once))
        assert again is first

    @staticmethod
    def outcome(made: Any) -> Any:
        return multiple() if made is None else made

    def balances(self, transfer: Transfer) -> tuple[int, int]:
        from_, to = transfer.debit_account_id, transfer.credit_account_id
        rows = db.session.execute(BALANCES, {"region": self.world.region.id, "debit": from_, "credit": to})
        found = {row.id: row.balance for row in rows}
        return found[from_], found[to]

    @invariant()
    def nothing_drifts_and_nothing_is_overspent(self) -> None:
        truth = recount(self.world.region.id)
        assert truth.is_sound, truth

    def the_sums_that_people_read_agree(self) -> None:
        region_id = self.world.region.id
        whole = round_money(region_id, self.world.round.id)
        parts = money_of_projects(region_id, self.projects).values()
        assert whole.drift == 0
        assert whole.left == sum(part.left for part in parts)
        assert whole.waiting == sum(part.waiting for part in parts)
        assert all(part.left >= 0 and part.room >= 0 for part in parts)
        assert approved_without_transfer(region_id) == 0


BALANCES = sa.text(
    "SELECT id, balance FROM ledger_accounts WHERE region_id = :region AND id IN (:debit, :credit) ORDER BY id"
)


def test_no_order_of_acts_breaks_the_ledger(session: Session, request: pytest.FixtureRequest) -> None:
    on_sqlite = request.config.getoption("--database") == "sqlite"
    runs = 300 if on_sqlite else 30
    Ledger.posted.clear()
    Ledger.world = make_spending(cost_amount=60)
    Ledger.projects = [
        Ledger.world.project,
        make_project(Ledger.world.region, Ledger.world.round, cost_amount=25),
    ]
    Ledger.world.fund(70)
    Ledger.world.allocate(30)
    Ledger.world.allocate(10, project=Ledger.projects[1])
    session.flush()
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=runs,
            stateful_step_count=50,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert all(Ledger.posted[kind] >= runs for kind in TransferKind), Ledger.posted
