"""What a project's money did: every transfer that passed through its account, one statement a page."""

from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.allocations.models import Account, Disbursement, Transfer
from civicvote.domain.allocations.states import AccountKind, TransferKind
from civicvote.domain.casefile.steps import MONEY_RANK, CaseEvent, CaseLine, moment_of

_EVENTS = {
    TransferKind.ALLOCATION: CaseEvent.ALLOCATED,
    TransferKind.DISBURSEMENT: CaseEvent.PAID,
    TransferKind.RETURN: CaseEvent.RETURNED,
    TransferKind.REVERSAL: CaseEvent.REVERSED,
}


def money_lines(
    projects: Mapping[int, str],
    region_id: int,
    *,
    after: tuple[int, ...] | None = None,
    most: int | None = None,
    newest: int | None = None,
) -> Iterator[CaseLine]:
    """The moves of the projects' money (``projects``: titles by id), the oldest first.

    ``after`` (a line's key) and ``most`` cut out a page, ``newest`` takes the last ones. No statement without projects.
    """
    if not projects:
        return
    # Whatever moves a project's money passes through its allocated account, once.
    statement = (
        sa.select(Transfer, Account.project_id, Disbursement.payee)
        .join(
            Account,
            (Account.region_id == Transfer.region_id)
            & sa.or_(Account.id == Transfer.debit_account_id, Account.id == Transfer.credit_account_id),
        )
        .outerjoin(
            Disbursement,
            (Disbursement.region_id == Transfer.region_id)
            & (Disbursement.project_id == Account.project_id)
            & (Disbursement.transfer_id == Transfer.id),
        )
        .where(
            Account.region_id == region_id,
            Account.project_id.in_(list(projects)),
            Account.kind == AccountKind.ALLOCATED,
            Transfer.kind.in_(list(_EVENTS)),
        )
    )
    if after is not None:
        statement = statement.where(_behind(after))
    if newest is not None:
        statement = statement.order_by(Transfer.posted_at.desc(), Transfer.id.desc()).limit(newest)
    else:
        statement = statement.order_by(Transfer.posted_at, Transfer.id).limit(most)
    for transfer, project_id, payee in db.session.execute(statement):
        yield CaseLine(
            transfer.posted_at,
            _EVENTS[transfer.kind],
            transfer.id,
            reason=transfer.reason,
            detail={
                "amount": transfer.amount,
                "project_id": project_id,
                "subject": projects[project_id],
                "payee": payee or "",
                "evidence": transfer.evidence,
            },
        )


def _behind(after: tuple[int, ...]) -> sa.ColumnElement[bool]:
    at, rank, last_id = moment_of(after[0]), after[1], after[2]
    if rank < MONEY_RANK:
        return Transfer.posted_at >= at
    if rank > MONEY_RANK:
        return Transfer.posted_at > at
    return sa.tuple_(Transfer.posted_at, Transfer.id) > sa.tuple_(
        sa.bindparam("after_at", at, Transfer.posted_at.type), sa.bindparam("after_id", last_id, Transfer.id.type)
    )
