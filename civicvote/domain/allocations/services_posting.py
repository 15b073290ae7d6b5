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

# Built once: every transfer runs each of them.
_AT_PLACES = (
    sa.select(Account.round_id, Account.project_id, Account.kind, Account.name, Account.id)
    .where(
        Account.region_id == sa.bindparam("region_id"),
        Account.round_id.in_(sa.bindparam("round_ids", expanding=True)),
        Account.project_id.in_(sa.bindparam("project_ids", expanding=True)),
    )
    .order_by(Account.id)
)
_LOCKED = (
    sa.select(Account)
    .where(
        Account.region_id == sa.bindparam("region_id"),
        Account.id.in_(sa.bindparam("account_ids", expanding=True)),
    )
    .order_by(Account.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)
_UNDER_KEY = sa.select(Transfer).where(
    Transfer.region_id == sa.bindparam("region_id"), Transfer.idempotency_key == sa.bindparam("key")
)
_REVERSAL_OF = sa.select(Transfer.id).where(
    Transfer.region_id == sa.bindparam("region_id"), Transfer.reverses_id == sa.bindparam("transfer_id")
)
_GIVE = (
    sa.update(Account)
    .where(Account.region_id == sa.bindparam("of_region"), Account.id == sa.bindparam("of_account"))
    .values(balance=Account.balance + sa.bindparam("amount"))
)
#: The guard. Only a source may go below zero: it is outside money.
_TAKE = (
    sa.update(Account)
    .where(
        Account.region_id == sa.bindparam("of_region"),
        Account.id == sa.bindparam("of_account"),
        sa.or_(Account.balance >= sa.bindparam("amount"), Account.kind == AccountKind.SOURCE),
    )
    .values(balance=Account.balance - sa.bindparam("amount"))
)


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
    accounts = lock_accounts(region_id, found.values())
    return {place: accounts[account_id] for place, account_id in found.items()}


def lock_accounts(region_id: int, account_ids: Iterable[int]) -> dict[int, Account]:
    """The accounts by id, locked in sorted order until the transaction ends, with their balances as they are now."""
    rows = db.session.scalars(_LOCKED, {"region_id": region_id, "account_ids": sorted(account_ids)})
    return {account.id: account for account in rows}


def project_places(round_id: int, project_id: int) -> dict[AccountKind, Place]:
    """The three places of a project's money."""
    return {kind: Place(round_id, project_id, kind) for kind in PROJECT_KINDS}


def _find(region_id: int, places: list[Place]) -> dict[Place, int]:
    """Account ids. A round has few accounts of its own, so that reading them all costs less than naming each."""
    rows = db.session.execute(
        _AT_PLACES,
        {
            "region_id": region_id,
            "round_ids": list({place.round_id for place in places}),
            "project_ids": list({place.project_id for place in places}),
        },
    )
    found = {Place(round_id, project_id, kind, name): id_ for round_id, project_id, kind, name, id_ in rows}
    return {place: found[place] for place in places if place in found}


def _open(region_id: int, place: Place) -> int:
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
    return account.id


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
    earlier = db.session.scalars(_UNDER_KEY, {"region_id": region_id, "key": entry.key}).one_or_none()
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
    return db.session.scalar(_REVERSAL_OF, {"region_id": region_id, "transfer_id": transfer_id}) is not None


def take(account: Account, amount: int, *, field: str | None = None) -> None:
    """Take ``amount`` out if it is there, in one statement. Raises ``NotEnoughLeft``."""
    if not _change(_TAKE, account, amount):
        currency = currency_of(account.region_id)
        raise NotEnoughLeft(field=field, left=currency.money(account.balance), amount=currency.money(amount))


def give(account: Account, amount: int) -> None:
    """Put ``amount`` in."""
    _change(_GIVE, account, amount)


def _change(statement: sa.Update, account: Account, amount: int) -> bool:
    values = {"of_region": account.region_id, "of_account": account.id, "amount": amount}
    done = db.session.connection().execute(statement, values)
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
