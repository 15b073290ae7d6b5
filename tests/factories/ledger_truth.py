"""The ledger recounted from its transfers alone, to hold the kept balances against."""

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.allocations.models import Disbursement, Transfer
from civicvote.domain.allocations.states import AccountKind, DisbursementState, TransferKind


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


_ACCOUNTS = sa.text("""
    SELECT a.id, a.kind, a.project_id, a.balance,
           COALESCE((SELECT SUM(t.amount) FROM ledger_transfers t
                     WHERE t.region_id = a.region_id AND t.credit_account_id = a.id), 0)
         - COALESCE((SELECT SUM(t.amount) FROM ledger_transfers t
                     WHERE t.region_id = a.region_id AND t.debit_account_id = a.id), 0) AS flow,
           (SELECT p.cost_amount FROM projects p WHERE p.region_id = a.region_id AND p.id = a.project_id) AS cost
    FROM ledger_accounts a WHERE a.region_id = :region_id ORDER BY a.id
""")


def recount(region_id: int) -> Truth:
    """Every account of the region, from its transfers. One statement."""
    accounts = db.session.execute(_ACCOUNTS, {"region_id": region_id}).all()
    inside = [row for row in accounts if row.kind != AccountKind.SOURCE]
    received: Counter[int] = Counter()
    costs: dict[int, int] = {}
    for row in inside:
        if row.project_id:
            received[row.project_id] += int(row.flow)
            costs[row.project_id] = row.cost
    above_cost = sum(max(0, received[project_id] - cost) for project_id, cost in costs.items())
    return Truth(
        drift=sum(row.balance for row in accounts),
        wrong=[row.id for row in accounts if row.balance != row.flow],
        below=[row.id for row in inside if row.balance < 0 or row.flow < 0],
        overspent=above_cost + sum(max(0, -int(row.flow)) for row in inside),
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
