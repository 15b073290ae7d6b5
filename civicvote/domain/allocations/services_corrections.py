"""Money goes back: what a project does not need, and what was posted wrongly. Nothing is ever edited."""

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.allocations import rules
from civicvote.domain.allocations.errors import AlreadyReversed, NotReversible, UnknownTransfer
from civicvote.domain.allocations.models import Transfer
from civicvote.domain.allocations.policy import require_second
from civicvote.domain.allocations.queries import waiting_amount
from civicvote.domain.allocations.services_funding import money_on, record_transfer
from civicvote.domain.allocations.services_posting import (
    Entry,
    currency_of,
    is_reversed,
    lock_accounts,
    open_accounts,
    post,
    posted_before,
    project_places,
)
from civicvote.domain.allocations.states import AccountKind, TransferKind
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.budgeting.models import Project
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.permissions import Permission


def return_money(
    *, actor: Actor, project: Project, amount: int, reason: str, evidence: str, idempotency_key: str
) -> Transfer:
    """What a project did not need leaves it for good (반납). What payments wait for can't be returned.

    Not bound to phases: accounts are often settled after the round. Raises ``NotPermitted``, ``NotEnoughLeft``,
    ``PaymentsWaiting``, ``DetailMissing``, ``KeyUsedOtherwise``.
    """
    region_id = project.region_id
    require(actor, Permission.LEDGER_ENTER, region_id)
    rules.require_amount(amount)
    places = project_places(project.round_id, project.id)
    accounts = open_accounts(region_id, places.values())
    entry = Entry(
        debit=accounts[places[AccountKind.ALLOCATED]],
        credit=accounts[places[AccountKind.RETURNED]],
        amount=amount,
        kind=TransferKind.RETURN,
        reason=rules.required_text(reason, field="reason", longest=1000),
        evidence=rules.required_text(evidence, field="evidence", longest=300),
        key=rules.stored_key(idempotency_key),
        author_id=actor.person_id,
    )
    if earlier := posted_before(region_id, entry):
        return earlier
    money = money_on(
        {kind: accounts[place] for kind, place in places.items()},
        cost=project.cost_amount,
        waiting=waiting_amount(region_id, project.id),
    )
    if amount > money.free:
        rules.require_free(money, amount, currency_of(region_id))
    transfer = post(region_id, entry)
    record_transfer(transfer, verb=AuditVerb.LEDGER_RETURN, actor=actor, project=project.id)
    return transfer


def reverse_transfer(*, actor: Actor, region_id: int, transfer_id: int, reason: str, idempotency_key: str) -> Transfer:
    """Post the opposite of a transfer, once, by somebody else than its author; possible in every phase.

    Raises ``UnknownTransfer``, ``NotPermitted``, ``SecondPersonNeeded``, ``NotReversible`` (a reversal is final),
    ``AlreadyReversed``, ``NotEnoughLeft`` (the money has moved on), ``DetailMissing``, ``KeyUsedOtherwise``.
    """
    require(actor, Permission.LEDGER_APPROVE, region_id)
    original = db.session.scalars(
        sa.select(Transfer).where(Transfer.region_id == region_id, Transfer.id == transfer_id)
    ).one_or_none()
    if original is None:
        raise UnknownTransfer
    require_second(actor, region_id=region_id, first_person_id=original.author_id)
    if original.kind is TransferKind.REVERSAL:
        raise NotReversible
    accounts = lock_accounts(region_id, [original.debit_account_id, original.credit_account_id])
    entry = Entry(
        debit=accounts[original.credit_account_id],
        credit=accounts[original.debit_account_id],
        amount=original.amount,
        kind=TransferKind.REVERSAL,
        reason=rules.required_text(reason, field="reason", longest=1000),
        evidence=original.evidence,
        key=rules.stored_key(idempotency_key),
        author_id=actor.person_id,
        reverses_id=original.id,
        field=None,
    )
    if earlier := posted_before(region_id, entry):
        return earlier
    if is_reversed(region_id, original.id):
        raise AlreadyReversed
    transfer = post(region_id, entry)
    record_transfer(transfer, verb=AuditVerb.LEDGER_REVERSE, actor=actor, reverses=original.id)
    return transfer
