"""Money comes in, and goes from the envelope to the projects that residents selected."""

from civicvote.db import db
from civicvote.domain.allocations import rules
from civicvote.domain.allocations.errors import ProjectNotSelected
from civicvote.domain.allocations.models import Account, Transfer
from civicvote.domain.allocations.services_posting import (
    Entry,
    Place,
    currency_of,
    open_accounts,
    post,
    posted_before,
    project_places,
)
from civicvote.domain.allocations.services_telling import tell_proposer
from civicvote.domain.allocations.states import AccountKind, TransferKind
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.budgeting.models import Project
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.policy import require_open
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.permissions import Permission


def fund_envelope(
    *, actor: Actor, round: Round, source: str, amount: int, reason: str, evidence: str, idempotency_key: str
) -> Transfer:
    """Money of ``source`` (a name, such as 시비) enters the round's envelope.

    Not bound to phases: money often arrives before the vote. Raises ``NotPermitted``, ``AmountNotPositive``,
    ``DetailMissing``, ``KeyUsedOtherwise``.
    """
    require(actor, Permission.LEDGER_ENTER, round.region_id)
    rules.require_amount(amount)
    name = rules.required_text(source, field="source", longest=80)
    outside = Place(round.id, 0, AccountKind.SOURCE, name)
    envelope = Place(round.id, 0, AccountKind.ENVELOPE)
    accounts = open_accounts(round.region_id, [outside, envelope])
    entry = Entry(
        debit=accounts[outside],
        credit=accounts[envelope],
        amount=amount,
        kind=TransferKind.FUNDING,
        reason=rules.required_text(reason, field="reason", longest=1000),
        evidence=rules.required_text(evidence, field="evidence", longest=300),
        key=rules.stored_key(idempotency_key),
        author_id=actor.person_id,
    )
    if earlier := posted_before(round.region_id, entry):
        return earlier
    transfer = post(round.region_id, entry)
    record_transfer(transfer, verb=AuditVerb.LEDGER_FUND, actor=actor, source=name)
    return transfer


def allocate(*, actor: Actor, project: Project, amount: int, reason: str, idempotency_key: str) -> Transfer:
    """Money of the envelope is set aside for a selected project, never above the cost on the ballot.

    Raises ``NotPermitted``, ``PhaseClosed``, ``ProjectNotSelected``, ``AboveTheCost``, ``NotEnoughLeft``,
    ``KeyUsedOtherwise``. The first allocation is told to the author of the proposal.
    """
    region_id = project.region_id
    require(actor, Permission.LEDGER_ENTER, region_id)
    require_open(db.session.get_one(Round, (region_id, project.round_id)), Permission.LEDGER_ENTER)
    rules.require_amount(amount)
    require_selected(project)
    envelope = Place(project.round_id, 0, AccountKind.ENVELOPE)
    places = project_places(project.round_id, project.id)
    accounts = open_accounts(region_id, [envelope, *places.values()])
    entry = Entry(
        debit=accounts[envelope],
        credit=accounts[places[AccountKind.ALLOCATED]],
        amount=amount,
        kind=TransferKind.ALLOCATION,
        reason=rules.required_text(reason, field="reason", longest=1000),
        key=rules.stored_key(idempotency_key),
        author_id=actor.person_id,
    )
    if earlier := posted_before(region_id, entry):
        return earlier
    before = money_on({kind: accounts[place] for kind, place in places.items()}, cost=project.cost_amount)
    if amount > before.room:
        rules.require_below_cost(before, amount, currency_of(region_id))
    transfer = post(region_id, entry)
    record_transfer(transfer, verb=AuditVerb.LEDGER_ALLOCATE, actor=actor, project=project.id)
    if before.allocated == 0:
        tell_proposer(project, amount)
    return transfer


def require_selected(project: Project) -> None:
    """Raise ``ProjectNotSelected`` for a project that residents did not select (yet)."""
    if project.state is not ProjectState.SELECTED:
        raise ProjectNotSelected


def money_on(accounts: dict[AccountKind, Account], *, cost: int, waiting: int = 0) -> rules.ProjectMoney:
    """What a project's three accounts hold."""
    return rules.ProjectMoney(
        cost=cost,
        left=accounts[AccountKind.ALLOCATED].balance,
        disbursed=accounts[AccountKind.DISBURSED].balance,
        returned=accounts[AccountKind.RETURNED].balance,
        waiting=waiting,
    )


def record_transfer(transfer: Transfer, *, verb: AuditVerb, actor: Actor, **detail: int | str) -> None:
    """One entry in the region's chain for one transfer."""
    record(
        region_id=transfer.region_id,
        actor_id=actor.person_id,
        verb=verb,
        subject=f"transfer:{transfer.id}",
        detail={
            "debit": transfer.debit_account_id,
            "credit": transfer.credit_account_id,
            "amount": transfer.amount,
            "reason": transfer.reason,
            "evidence": transfer.evidence,
            **detail,
        },
    )
