"""How money moves: find or open accounts, lock them in sorted order, take what is there, write one row.

Three things keep a balance from falling below zero, each enough alone: the row locks, the condition of the update, and
the CHECK of the schema. Locks are always taken in this order: disbursement, accounts (by id), audit chain.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.allocations.errors import AlreadyReversed, KeyUsedOtherwise, NotEnoughLeft
from civicvote.domain.allocations.models import Account, Transfer
from civicvote.domain.allocations.rules import Currency
from civicvote.domain.allocations.states import AccountKind, TransferKind
from civicvote.domain.regions.models import Region
from civicvote.kernel import clock, ids

PROJECT_KINDS = (AccountKind.ALLOCATED, AccountKind.DISBURSED, AccountKind.RETURNED)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where an account stands. ``project_id`` is 0 for the round's own; ``name`` tells sources apart."""

    round_id: int
    project_id: int
    kind: AccountKind
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A transfer to be posted. ``key`` is the stored form of the idempotency key."""

    debit: Account
    credit: Account
    amount: int
    kind: TransferKind
    reason: str
    key: str
    author_id: int
    evidence: str = ""
    approver_id: int | None = None
    reverses_id: int | None = None
    field: str | None = field(default="amount")


def open_accounts(region_id: int, places: Iterable[Place]) -> dict[Place, Account]:
    """The accounts at these places, opened where they are missing, and locked. Sorted, so that no two requests wait
    for each other in a circle."""
    wanted = sorted(set(places))
    found = _find(region_id, wanted)
    for place in wanted:
        if place not in found:
            found[place] = _open(region_id, place)
    lock_accounts(region_id, [account.id for account in found.values()])
    return found


def lock_accounts(region_id: int, account_ids: Iterable[int]) -> dict[int, Account]:
    """The accounts by id, locked in sorted order until the transaction ends, with their balances as they are now."""
    rows = db.session.scalars(
        sa.select(Account)
        .where(Account.region_id == region_id, Account.id.in_(sorted(account_ids)))
        .order_by(Account.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {account.id: account for account in rows}


def project_places(round_id: int, project_id: int) -> dict[AccountKind, Place]:
    """The three places of a project's money."""
    return {kind: Place(round_id, project_id, kind) for kind in PROJECT_KINDS}


def _find(region_id: int, places: list[Place]) -> dict[Place, Account]:
    columns = sa.tuple_(Account.round_id, Account.project_id, Account.kind, Account.name)
    rows = db.session.scalars(
        sa.select(Account)
        .where(
            Account.region_id == region_id,
            columns.in_([(place.round_id, place.project_id, place.kind, place.name) for place in places]),
        )
        .order_by(Account.id)
    )
    return {Place(row.round_id, row.project_id, row.kind, row.name): row for row in rows}


def _open(region_id: int, place: Place) -> Account:
    account = Account(
        region_id=region_id,
        id=ids.new_id(),
        round_id=place.round_id,
        project_id=place.project_id,
        kind=place.kind,
        name=place.name,
        balance=0,
    )
    try:
        with db.session.begin_nested():
            db.session.add(account)
    except sa.exc.IntegrityError:
        return _find(region_id, [place])[place]  # another request opened it first
    return account


def post(region_id: int, entry: Entry) -> Transfer:
    """Move the amount and write the row. The caller has locked the accounts and then asked ``posted_before``.

    Raises ``NotEnoughLeft``, ``KeyUsedOtherwise``, ``AlreadyReversed``.
    """
    try:
        with db.session.begin_nested():
            take(entry.debit, entry.amount, field=entry.field)
            give(entry.credit, entry.amount)
            transfer = _row(region_id, entry)
            db.session.add(transfer)
    except sa.exc.IntegrityError:
        # Between the caller's look and the row: the same key for other accounts, or the same reversal.
        posted_before(region_id, entry)
        if entry.reverses_id and is_reversed(region_id, entry.reverses_id):
            raise AlreadyReversed from None
        raise
    return transfer


def posted_before(region_id: int, entry: Entry) -> Transfer | None:
    """The transfer under the entry's key. Raises ``KeyUsedOtherwise`` when it says something else."""
    earlier = db.session.scalars(
        sa.select(Transfer).where(Transfer.region_id == region_id, Transfer.idempotency_key == entry.key)
    ).one_or_none()
    if earlier is None:
        return None
    said = (
        earlier.debit_account_id,
        earlier.credit_account_id,
        earlier.amount,
        earlier.kind,
        earlier.reason,
        earlier.evidence,
        earlier.author_id,
        earlier.reverses_id,
    )
    asked = (
        entry.debit.id,
        entry.credit.id,
        entry.amount,
        entry.kind,
        entry.reason,
        entry.evidence,
        entry.author_id,
        entry.reverses_id,
    )
    if said != asked:
        raise KeyUsedOtherwise
    return earlier


def is_reversed(region_id: int, transfer_id: int) -> bool:
    return (
        db.session.scalar(
            sa.select(Transfer.id).where(Transfer.region_id == region_id, Transfer.reverses_id == transfer_id)
        )
        is not None
    )


def take(account: Account, amount: int, *, field: str | None = None) -> None:
    """Take ``amount`` out if it is there, in one statement. Only a source may go below zero: it is outside money.

    Raises ``NotEnoughLeft``."""
    enough = sa.or_(Account.balance >= amount, Account.kind == AccountKind.SOURCE)
    if not _change(account, -amount, enough):
        currency = currency_of(account.region_id)
        raise NotEnoughLeft(field=field, left=currency.money(account.balance), amount=currency.money(amount))


def give(account: Account, amount: int) -> None:
    """Put ``amount`` in."""
    _change(account, amount, sa.true())


def _change(account: Account, amount: int, condition: sa.ColumnElement[bool]) -> bool:
    done = db.session.connection().execute(
        sa.update(Account)
        .where(Account.region_id == account.region_id, Account.id == account.id, condition)
        .values(balance=Account.balance + amount)
    )
    db.session.expire(account, ["balance"])
    return done.rowcount == 1


def currency_of(region_id: int) -> Currency:
    """The region's currency, for the amounts in a refusal."""
    region = db.session.get_one(Region, region_id)
    return Currency(region.currency, region.currency_exponent)


def _row(region_id: int, entry: Entry) -> Transfer:
    return Transfer(
        region_id=region_id,
        id=ids.new_id(),
        debit_account_id=entry.debit.id,
        credit_account_id=entry.credit.id,
        amount=entry.amount,
        kind=entry.kind,
        reason=entry.reason,
        evidence=entry.evidence,
        idempotency_key=entry.key,
        reverses_id=entry.reverses_id,
        author_id=entry.author_id,
        approver_id=entry.approver_id,
        posted_at=clock.now(),
    )
