"""What an officer should look at first: what waits, what is late, what will run over."""

from dataclasses import dataclass

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.allocations.models import Account, Disbursement
from civicvote.domain.allocations.rules import LATE_AFTER
from civicvote.domain.allocations.states import AccountKind, DisbursementState
from civicvote.domain.budgeting.models import Project
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.queries import announced_round
from civicvote.domain.rounds.states import RoundState
from civicvote.kernel import clock

#: More than this many need no list but a look at the table.
MOST_ALERTS = 10


@dataclass(frozen=True, slots=True)
class WaitingCounts:
    """Payments that nobody has decided about: all, those that wait too long, those that this officer may decide."""

    all: int
    late: int
    for_me: int


@dataclass(frozen=True, slots=True)
class Overrun:
    """A project whose waiting payments ask for ``excess`` more than is left, so that not all can be approved."""

    project_id: int
    title: str
    excess: int


def waiting_counts(region_id: int, round_id: int, person_id: int) -> WaitingCounts:
    """How many payments of the round wait. One statement."""
    late_before = clock.now() - LATE_AFTER
    row = db.session.execute(
        sa.select(
            sa.func.count(),
            sa.func.count(sa.case((Disbursement.entered_at < late_before, 1))),
            sa.func.count(sa.case((Disbursement.entered_by_id != person_id, 1))),
        )
        .select_from(Disbursement)
        .join(Project, (Project.region_id == Disbursement.region_id) & (Project.id == Disbursement.project_id))
        .where(
            Disbursement.region_id == region_id,
            Disbursement.state == DisbursementState.WAITING,
            Project.round_id == round_id,
        )
    ).one()
    return WaitingCounts(*row)


def overruns(region_id: int, round_id: int) -> list[Overrun]:
    """Projects of the round of which more waits than is left, the worst first; at most ``MOST_ALERTS``."""
    asked = (
        sa.select(Disbursement.project_id, sa.cast(sa.func.sum(Disbursement.amount), sa.BigInteger).label("amount"))
        .where(Disbursement.region_id == region_id, Disbursement.state == DisbursementState.WAITING)
        .group_by(Disbursement.project_id)
        .subquery()
    )
    excess = asked.c.amount - Account.balance
    rows = db.session.execute(
        sa.select(Project.id, Project.title, excess)
        .join(asked, asked.c.project_id == Project.id)
        .join(
            Account,
            sa.and_(
                Account.region_id == Project.region_id,
                Account.round_id == Project.round_id,
                Account.project_id == Project.id,
                Account.kind == AccountKind.ALLOCATED,
            ),
        )
        .where(Project.region_id == region_id, Project.round_id == round_id, excess > 0)
        .order_by(excess.desc(), Project.id)
        .limit(MOST_ALERTS)
    )
    return [Overrun(*row) for row in rows]


def selected_cost(region_id: int, round_id: int) -> int:
    """What the projects cost together that residents selected in the round."""
    total = db.session.scalar(
        sa.select(sa.cast(sa.func.sum(Project.cost_amount), sa.BigInteger)).where(
            Project.region_id == region_id,
            Project.round_id == round_id,
            Project.state == ProjectState.SELECTED,
        )
    )
    return total or 0


def shown_round(region_id: int, round_id: int | None = None) -> Round | None:
    """The announced round that was asked for, else the newest that has accounts, else the newest; None where there is
    none. Raises ``UnknownRound``."""
    if round_id is not None:
        return announced_round(region_id, round_id)
    has_accounts = sa.exists().where(Account.region_id == Round.region_id, Account.round_id == Round.id)
    return db.session.scalars(
        sa.select(Round)
        .where(Round.region_id == region_id, Round.state == RoundState.ANNOUNCED)
        .order_by(has_accounts.desc(), Round.year.desc(), Round.id.desc())
        .limit(1)
    ).first()
