"""The ledger recounted from its transfers alone, to hold the kept balances against."""

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.allocations.models import Account, Disbursement, Transfer
from civicvote.domain.allocations.states import AccountKind, DisbursementState, TransferKind
from civicvote.domain.budgeting.models import Project


@dataclass(frozen=True)
class Truth:
    """``drift``: sum of all balances; ``wrong``: accounts whose balance is not the sum of their transfers; ``below``:
    inside accounts below zero by balance or by their transfers; ``overspent``: money out of an account that was never
    in it, and projects that received more than they cost."""

    drift: int
    wrong: list[int]
    below: list[int]
    overspent: int

    @property
    def is_sound(self) -> bool:
        return self.drift == 0 and not self.wrong and not self.below and self.overspent == 0


def recount(region_id: int) -> Truth:
    """Every account of the region, from its transfers."""
    flows: Counter[int] = Counter()
    for debit, credit, amount in db.session.execute(
        sa.select(Transfer.debit_account_id, Transfer.credit_account_id, Transfer.amount).where(
            Transfer.region_id == region_id
        )
    ):
        flows[debit] -= amount
        flows[credit] += amount
    accounts = db.session.execute(
        sa.select(Account.id, Account.kind, Account.project_id, Account.balance).where(Account.region_id == region_id)
    ).all()
    inside = [row for row in accounts if row.kind is not AccountKind.SOURCE]
    received: Counter[int] = Counter()
    for row in inside:
        received[row.project_id] += flows[row.id]
    costs = dict(
        db.session.execute(sa.select(Project.id, Project.cost_amount).where(Project.region_id == region_id)).all()
    )
    above_cost = sum(max(0, received[project_id] - cost) for project_id, cost in costs.items())
    return Truth(
        drift=sum(row.balance for row in accounts),
        wrong=[row.id for row in accounts if row.balance != flows[row.id]],
        below=[row.id for row in inside if row.balance < 0 or flows[row.id] < 0],
        overspent=above_cost + sum(max(0, -flows[row.id]) for row in inside),
    )


def approved_without_transfer(region_id: int) -> int:
    """How far approved payments and the transfers they became are apart; 0."""
    approved = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Disbursement.amount), 0)).where(
            Disbursement.region_id == region_id, Disbursement.state == DisbursementState.APPROVED
        )
    )
    paid = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Transfer.amount), 0)).where(
            Transfer.region_id == region_id, Transfer.kind == TransferKind.DISBURSEMENT
        )
    )
    return int(approved or 0) - int(paid or 0)
