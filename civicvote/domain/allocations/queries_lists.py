"""Lists of the ledger: payments and transfers one by one, for the public page and for the desk. All paged by key."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.allocations.errors import UnknownDisbursement, UnknownTransfer
from civicvote.domain.allocations.models import Account, Disbursement, Transfer
from civicvote.domain.allocations.states import AccountKind, DisbursementState
from civicvote.domain.budgeting.models import Project
from civicvote.kernel.actor import Actor, NotPermitted, can
from civicvote.kernel.paging import Page, page_of, read_cursor, write_cursor
from civicvote.kernel.permissions import Permission

PAGE_SIZE = 20
#: So many payments of a project stand on the page of a whole round; the project's own page has all.
LATEST_PAYMENTS = 5

_Reversal = aliased(Transfer)


@dataclass(frozen=True, slots=True)
class Payment:
    """An approved payment, and the reversal that took it back, if any."""

    disbursement: Disbursement
    reversal: Transfer | None


@dataclass(frozen=True, slots=True)
class DeskPayment:
    """A payment as officers see it: of which project, who entered it, who decided about it, whether it was reversed."""

    disbursement: Disbursement
    project: Project
    entered_by: str
    decided_by: str | None
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class TransferLine:
    """A transfer, the kind of account that it left and reached, who posted it, and whether it was reversed."""

    transfer: Transfer
    source: Account
    target: Account
    author: str
    is_reversed: bool


def require_desk(actor: Actor | None, region_id: int) -> Actor:
    """Raise ``NotPermitted`` unless the actor enters or approves payments in the region."""
    if actor is None or not any(
        can(actor, permission, region_id) for permission in (Permission.LEDGER_ENTER, Permission.LEDGER_APPROVE)
    ):
        raise NotPermitted
    return actor


def payments_of_project(
    region_id: int, project_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[Payment]:
    """What was paid out for a project, the latest first; public."""
    statement = _payments(region_id).where(Disbursement.project_id == project_id)
    if keys := read_cursor(cursor, 1):
        statement = statement.where(Disbursement.id < keys[0])
    rows = db.session.execute(statement.order_by(Disbursement.id.desc()).limit(size + 1))
    found = [Payment(*row) for row in rows]
    return page_of(found, size, cursor=lambda last: write_cursor(last.disbursement.id))


def latest_payments(region_id: int, project_ids: Iterable[int]) -> dict[int, list[Payment]]:
    """The latest ``LATEST_PAYMENTS`` and one more of each project (the one too many says that there are more)."""
    number = (
        sa.func.row_number().over(partition_by=Disbursement.project_id, order_by=Disbursement.id.desc()).label("number")
    )
    numbered = (
        sa.select(Disbursement.id, number)
        .where(
            Disbursement.region_id == region_id,
            Disbursement.state == DisbursementState.APPROVED,
            Disbursement.project_id.in_(list(project_ids)),
        )
        .subquery()
    )
    rows = db.session.execute(
        _payments(region_id)
        .join(numbered, numbered.c.id == Disbursement.id)
        .where(numbered.c.number <= LATEST_PAYMENTS + 1)
        .order_by(Disbursement.id.desc())
    )
    found: dict[int, list[Payment]] = defaultdict(list)
    for disbursement, reversal in rows:
        found[disbursement.project_id].append(Payment(disbursement, reversal))
    return found


def _payments(region_id: int) -> sa.Select[Disbursement, Transfer]:
    return (
        sa.select(Disbursement, _Reversal)
        .outerjoin(
            _Reversal,
            (_Reversal.region_id == Disbursement.region_id) & (_Reversal.reverses_id == Disbursement.transfer_id),
        )
        .where(Disbursement.region_id == region_id, Disbursement.state == DisbursementState.APPROVED)
    )


def waiting_payments(
    actor: Actor, region_id: int, round_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[DeskPayment]:
    """Payments of a round that nobody has decided about, the oldest first. Raises ``NotPermitted``."""
    require_desk(actor, region_id)
    statement = _desk_payments(region_id).where(
        Disbursement.state == DisbursementState.WAITING, Project.round_id == round_id
    )
    if keys := read_cursor(cursor, 1):
        statement = statement.where(Disbursement.id > keys[0])
    rows = db.session.execute(statement.order_by(Disbursement.id).limit(size + 1))
    found = [DeskPayment(*row) for row in rows]
    return page_of(found, size, cursor=lambda last: write_cursor(last.disbursement.id))


def desk_payments_of_project(
    actor: Actor, region_id: int, project_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[DeskPayment]:
    """All payments of a project, decided or not, the latest first. Raises ``NotPermitted``."""
    require_desk(actor, region_id)
    statement = _desk_payments(region_id).where(Disbursement.project_id == project_id)
    if keys := read_cursor(cursor, 1):
        statement = statement.where(Disbursement.id < keys[0])
    rows = db.session.execute(statement.order_by(Disbursement.id.desc()).limit(size + 1))
    found = [DeskPayment(*row) for row in rows]
    return page_of(found, size, cursor=lambda last: write_cursor(last.disbursement.id))


def desk_payment(actor: Actor, region_id: int, disbursement_id: int) -> DeskPayment:
    """One payment. Raises ``NotPermitted``, ``UnknownDisbursement``."""
    require_desk(actor, region_id)
    row = db.session.execute(_desk_payments(region_id).where(Disbursement.id == disbursement_id)).one_or_none()
    if row is None:
        raise UnknownDisbursement
    return DeskPayment(*row)


def _desk_payments(region_id: int) -> sa.Select[Disbursement, Project, str, str, bool]:
    enterer, decider = aliased(Person), aliased(Person)
    reversed_ = sa.exists().where(
        _Reversal.region_id == Disbursement.region_id, _Reversal.reverses_id == Disbursement.transfer_id
    )
    return (
        sa.select(Disbursement, Project, enterer.display_name, decider.display_name, reversed_)
        .join(Project, (Project.region_id == Disbursement.region_id) & (Project.id == Disbursement.project_id))
        .join(enterer, enterer.id == Disbursement.entered_by_id)
        .outerjoin(decider, decider.id == Disbursement.decided_by_id)
        .where(Disbursement.region_id == region_id)
    )


def transfers_of_project(
    actor: Actor, region_id: int, project: Project, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[TransferLine]:
    """Every move of a project's money, the latest first. Raises ``NotPermitted``."""
    require_desk(actor, region_id)
    # Whatever moves a project's money passes through its allocated account.
    account_id = db.session.scalar(
        sa.select(Account.id).where(
            Account.region_id == region_id,
            Account.round_id == project.round_id,
            Account.project_id == project.id,
            Account.kind == AccountKind.ALLOCATED,
        )
    )
    passing = sa.or_(Transfer.debit_account_id == account_id, Transfer.credit_account_id == account_id)
    return _transfer_page(region_id, passing if account_id else sa.false(), cursor, size)


def fundings_of_round(
    region_id: int, round_id: int, *, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[TransferLine]:
    """What came into the round's envelope from outside, reversals too, the latest first; public."""
    sources = sa.select(Account.id).where(
        Account.region_id == region_id, Account.round_id == round_id, Account.kind == AccountKind.SOURCE
    )
    outside = sa.or_(Transfer.debit_account_id.in_(sources), Transfer.credit_account_id.in_(sources))
    return _transfer_page(region_id, outside, cursor, size)


def _transfer_page(
    region_id: int, condition: sa.ColumnElement[bool], cursor: str | None, size: int
) -> Page[TransferLine]:
    statement = _transfers(region_id).where(condition)
    if keys := read_cursor(cursor, 1):
        statement = statement.where(Transfer.id < keys[0])
    rows = db.session.execute(statement.order_by(Transfer.id.desc()).limit(size + 1))
    found = [TransferLine(*row) for row in rows]
    return page_of(found, size, cursor=lambda last: write_cursor(last.transfer.id))


def transfer_line(actor: Actor, region_id: int, transfer_id: int) -> TransferLine:
    """One transfer. Raises ``NotPermitted``, ``UnknownTransfer``."""
    require_desk(actor, region_id)
    row = db.session.execute(_transfers(region_id).where(Transfer.id == transfer_id)).one_or_none()
    if row is None:
        raise UnknownTransfer
    return TransferLine(*row)


def _transfers(region_id: int) -> sa.Select[Transfer, Account, Account, str, bool]:
    debit, credit = aliased(Account), aliased(Account)
    reversed_ = sa.exists().where(_Reversal.region_id == Transfer.region_id, _Reversal.reverses_id == Transfer.id)
    return (
        sa.select(Transfer, debit, credit, Person.display_name, reversed_)
        .join(debit, (debit.region_id == Transfer.region_id) & (debit.id == Transfer.debit_account_id))
        .join(credit, (credit.region_id == Transfer.region_id) & (credit.id == Transfer.credit_account_id))
        .join(Person, Person.id == Transfer.author_id)
        .where(Transfer.region_id == region_id)
    )


def project_of_transfer(line: TransferLine) -> int | None:
    """Whose money it moved; None for money that came into the round."""
    return line.source.project_id or line.target.project_id or None
