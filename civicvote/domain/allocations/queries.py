"""Sums: where a round's and a project's money stands. Two statements whatever the number of rows."""

from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.allocations.models import Account, Disbursement
from civicvote.domain.allocations.rules import ProjectMoney, RoundMoney
from civicvote.domain.allocations.states import AccountKind, DisbursementState
from civicvote.domain.budgeting.models import Project


def waiting_amount(region_id: int, project_id: int) -> int:
    """What payments of the project that nobody has decided about ask for, together."""
    return _waiting(region_id, [project_id]).get(project_id, 0)


def project_money(project: Project) -> ProjectMoney:
    """Where the project's money stands."""
    return money_of_projects(project.region_id, [project])[project.id]


def money_of_projects(region_id: int, projects: Iterable[Project]) -> dict[int, ProjectMoney]:
    """Where the money of each of these projects of one region stands, by project id."""
    costs = {project.id: project.cost_amount for project in projects}
    if not costs:
        return {}
    rounds = {project.round_id for project in projects}
    balances: dict[int, dict[AccountKind, int]] = defaultdict(dict)
    rows = db.session.execute(
        sa.select(Account.project_id, Account.kind, Account.balance)
        .where(Account.region_id == region_id, Account.round_id.in_(rounds), Account.project_id.in_(costs))
        .order_by(Account.id)
    )
    for project_id, kind, balance in rows:
        balances[project_id][kind] = balance
    waiting = _waiting(region_id, costs)
    return {
        project_id: ProjectMoney(
            cost=cost,
            left=balances[project_id].get(AccountKind.ALLOCATED, 0),
            disbursed=balances[project_id].get(AccountKind.DISBURSED, 0),
            returned=balances[project_id].get(AccountKind.RETURNED, 0),
            waiting=waiting.get(project_id, 0),
        )
        for project_id, cost in costs.items()
    }


def round_money(region_id: int, round_id: int) -> RoundMoney:
    """Where the round's money stands."""
    sums: dict[AccountKind, int] = dict(
        db.session.execute(
            sa.select(Account.kind, sa.cast(sa.func.sum(Account.balance), sa.BigInteger))
            .where(Account.region_id == region_id, Account.round_id == round_id)
            .group_by(Account.kind)
            .order_by(Account.kind)
        ).all()
    )
    waiting = db.session.scalar(
        sa.select(sa.cast(sa.func.sum(Disbursement.amount), sa.BigInteger))
        .join(
            Project,
            (Project.region_id == Disbursement.region_id) & (Project.id == Disbursement.project_id),
        )
        .where(
            Disbursement.region_id == region_id,
            Disbursement.state == DisbursementState.WAITING,
            Project.round_id == round_id,
        )
    )
    return RoundMoney(
        funded=-sums.get(AccountKind.SOURCE, 0),
        in_envelope=sums.get(AccountKind.ENVELOPE, 0),
        left=sums.get(AccountKind.ALLOCATED, 0),
        disbursed=sums.get(AccountKind.DISBURSED, 0),
        returned=sums.get(AccountKind.RETURNED, 0),
        waiting=waiting or 0,
    )


def sources_of(region_id: int, round_id: int) -> list[tuple[str, int]]:
    """Where the round's money came from: name and amount, the largest first. Sources that gave nothing (any more) are
    left out."""
    rows = db.session.execute(
        sa.select(Account.name, -Account.balance)
        .where(
            Account.region_id == region_id,
            Account.round_id == round_id,
            Account.kind == AccountKind.SOURCE,
            Account.balance < 0,
        )
        .order_by(Account.balance, Account.id)
    )
    return [(name, amount) for name, amount in rows]


def _waiting(region_id: int, project_ids: Iterable[int]) -> dict[int, int]:
    return dict(
        db.session.execute(
            sa.select(Disbursement.project_id, sa.cast(sa.func.sum(Disbursement.amount), sa.BigInteger))
            .where(
                Disbursement.region_id == region_id,
                Disbursement.state == DisbursementState.WAITING,
                Disbursement.project_id.in_(list(project_ids)),
            )
            .group_by(Disbursement.project_id)
            .order_by(Disbursement.project_id)
        ).all()
    )
