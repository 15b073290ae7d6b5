"""Two persons for every payment: one officer enters it, another approves or refuses it."""

from collections.abc import Sequence

import sqlalchemy as sa

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.allocations import rules
from civicvote.domain.allocations.errors import AlreadyDecided, KeyUsedOtherwise, UnknownDisbursement
from civicvote.domain.allocations.models import Disbursement
from civicvote.domain.allocations.policy import require_second
from civicvote.domain.allocations.queries import waiting_amount
from civicvote.domain.allocations.services_evidence import keep_evidence, require_same_evidence
from civicvote.domain.allocations.services_funding import money_on, record_transfer, require_selected
from civicvote.domain.allocations.services_posting import Entry, currency_of, open_accounts, post, project_places
from civicvote.domain.allocations.services_telling import tell_approvers, tell_enterer
from civicvote.domain.allocations.states import AccountKind, DisbursementState, TransferKind
from civicvote.domain.audit.services import record
from civicvote.domain.audit.verbs import AuditVerb
from civicvote.domain.budgeting.models import Project
from civicvote.domain.rounds.models import Round
from civicvote.domain.rounds.policy import require_open
from civicvote.kernel import clock, ids
from civicvote.kernel.actor import Actor, require
from civicvote.kernel.permissions import Permission


def enter_disbursement(
    *,
    actor: Actor,
    project: Project,
    amount: int,
    payee: str,
    reason: str,
    evidence: str,
    idempotency_key: str,
    upload_ids: Sequence[int] = (),
) -> Disbursement:
    """Ask for a payment out of what was allocated. No money moves before another officer approves it.

    ``upload_ids``: the actor's own uploads that prove it; they stay with the payment for good.
    Raises ``NotPermitted``, ``PhaseClosed``, ``ProjectNotSelected``, ``NotEnoughLeft``, ``PaymentsWaiting``,
    ``DetailMissing``, ``KeyUsedOtherwise``, ``TooManyFiles``, ``UploadNotYours``.
    """
    region_id = project.region_id
    require(actor, Permission.LEDGER_ENTER, region_id)
    _require_ledger_open(project, Permission.LEDGER_ENTER)
    rules.require_amount(amount)
    require_selected(project)
    disbursement = Disbursement(
        region_id=region_id,
        id=ids.new_id(),
        project_id=project.id,
        amount=amount,
        payee=rules.required_text(payee, field="payee", longest=200),
        reason=rules.required_text(reason, field="reason", longest=1000),
        evidence=rules.required_text(evidence, field="evidence", longest=300),
        idempotency_key=rules.stored_key(idempotency_key),
        state=DisbursementState.WAITING,
        entered_by_id=actor.person_id,
        entered_at=clock.now(),
    )
    places = project_places(project.round_id, project.id)
    accounts = open_accounts(region_id, places.values())
    if earlier := _entered_before(disbursement):
        require_same_evidence(actor, earlier, upload_ids)
        return earlier
    money = money_on(
        {kind: accounts[place] for kind, place in places.items()},
        cost=project.cost_amount,
        waiting=waiting_amount(region_id, project.id),
    )
    if amount > money.free:
        rules.require_free(money, amount, currency_of(region_id))
    _store(disbursement)
    papers = keep_evidence(actor, disbursement, upload_ids)
    _record(disbursement, verb=AuditVerb.DISBURSEMENT_ENTER, actor=actor, **papers)
    tell_approvers(disbursement, project)
    return disbursement


def approve_disbursement(*, actor: Actor, region_id: int, disbursement_id: int, note: str = "") -> Disbursement:
    """Let the payment happen: the amount moves from the project's account to what was paid out.

    Raises ``UnknownDisbursement``, ``NotPermitted``, ``SecondPersonNeeded``, ``PhaseClosed``, ``AlreadyDecided``,
    ``NotEnoughLeft`` (money was returned or reversed since the payment was entered).
    """
    disbursement = _undecided(actor, region_id, disbursement_id)
    project = db.session.get_one(Project, (region_id, disbursement.project_id))
    _require_ledger_open(project, Permission.LEDGER_APPROVE)
    places = project_places(project.round_id, project.id)
    accounts = open_accounts(region_id, places.values())
    transfer = post(
        region_id,
        Entry(
            debit=accounts[places[AccountKind.ALLOCATED]],
            credit=accounts[places[AccountKind.DISBURSED]],
            amount=disbursement.amount,
            kind=TransferKind.DISBURSEMENT,
            reason=disbursement.reason,
            evidence=disbursement.evidence,
            key=rules.approval_key(disbursement.id),
            author_id=disbursement.entered_by_id,
            approver_id=actor.person_id,
            field=None,
        ),
    )
    disbursement.transfer_id = transfer.id
    _decide(disbursement, DisbursementState.APPROVED, actor, rules.optional_text(note, field="note", longest=1000))
    record_transfer(transfer, verb=AuditVerb.DISBURSEMENT_APPROVE, actor=actor, disbursement=disbursement.id)
    tell_enterer(disbursement, project)
    return disbursement


def refuse_disbursement(*, actor: Actor, region_id: int, disbursement_id: int, note: str) -> Disbursement:
    """Turn the payment down with the reason; possible in every phase, since no money moves.

    Raises ``UnknownDisbursement``, ``NotPermitted``, ``SecondPersonNeeded``, ``AlreadyDecided``, ``DetailMissing``.
    """
    disbursement = _undecided(actor, region_id, disbursement_id)
    reason = rules.required_text(note, field="note", longest=1000)
    _decide(disbursement, DisbursementState.REFUSED, actor, reason)
    _record(disbursement, verb=AuditVerb.DISBURSEMENT_REFUSE, actor=actor, note=reason)
    tell_enterer(disbursement, db.session.get_one(Project, (region_id, disbursement.project_id)))
    return disbursement


def _require_ledger_open(project: Project, permission: Permission) -> None:
    require_open(db.session.get_one(Round, (project.region_id, project.round_id)), permission)


def _undecided(actor: Actor, region_id: int, disbursement_id: int) -> Disbursement:
    """The payment, locked, if this actor may decide about it and nobody has."""
    require(actor, Permission.LEDGER_APPROVE, region_id)
    disbursement = db.session.get(
        Disbursement, (region_id, disbursement_id), with_for_update=True, populate_existing=True
    )
    if disbursement is None:
        raise UnknownDisbursement
    require_second(actor, region_id=region_id, first_person_id=disbursement.entered_by_id)
    if disbursement.state is not DisbursementState.WAITING:
        decider = db.session.get_one(Person, disbursement.decided_by_id)
        raise AlreadyDecided(name=decider.display_name, state=disbursement.state, decided_at=disbursement.decided_at)
    return disbursement


def _decide(disbursement: Disbursement, state: DisbursementState, actor: Actor, note: str) -> None:
    disbursement.state = state
    disbursement.decided_by_id = actor.person_id
    disbursement.decided_at = clock.now()
    disbursement.decision_note = note
    db.session.flush()


def _entered_before(asked: Disbursement) -> Disbursement | None:
    earlier = db.session.scalars(
        sa.select(Disbursement).where(
            Disbursement.region_id == asked.region_id, Disbursement.idempotency_key == asked.idempotency_key
        )
    ).one_or_none()
    if earlier is not None and _request_of(earlier) != _request_of(asked):
        raise KeyUsedOtherwise
    return earlier


def _request_of(row: Disbursement) -> tuple[int, int, str, str, str, int]:
    return row.project_id, row.amount, row.payee, row.reason, row.evidence, row.entered_by_id


def _store(disbursement: Disbursement) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(disbursement)
    except sa.exc.IntegrityError:
        # The project's accounts are locked: only a payment of another project can have taken the key meanwhile.
        raise KeyUsedOtherwise from None


def _record(disbursement: Disbursement, *, verb: AuditVerb, actor: Actor, **detail: str) -> None:
    record(
        region_id=disbursement.region_id,
        actor_id=actor.person_id,
        verb=verb,
        subject=f"disbursement:{disbursement.id}",
        detail={
            "project": disbursement.project_id,
            "amount": disbursement.amount,
            "payee": disbursement.payee,
            "evidence": disbursement.evidence,
            **detail,
        },
    )
