"""The ledger's verbs, each refusal beside the success that shares its set-up."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.domain.allocations.errors import (
    AboveTheCost,
    AlreadyDecided,
    AlreadyReversed,
    DetailMissing,
    KeyUsedOtherwise,
    NotEnoughLeft,
    NotReversible,
    PaymentsWaiting,
    ProjectNotSelected,
    SecondPersonNeeded,
    UnknownDisbursement,
    UnknownTransfer,
)
from civicvote.domain.allocations.models import Account, Disbursement, Transfer
from civicvote.domain.allocations.queries import project_money, round_money, sources_of
from civicvote.domain.allocations.services import (
    approve_disbursement,
    enter_disbursement,
    refuse_disbursement,
    return_money,
    reverse_transfer,
)
from civicvote.domain.allocations.states import DisbursementState, TransferKind
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.audit.queries_chain import broken_links
from civicvote.domain.budgeting.states import ProjectState
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.models import Notification, OutboxMessage
from civicvote.domain.rounds.errors import PhaseClosed
from civicvote.kernel.actor import NotPermitted
from civicvote.kernel.permissions import Role
from civicvote.kernel.phases import Phase
from tests.factories.ledger_truth import recount
from tests.factories.money import Spending, key, make_project, make_spending
from tests.factories.people import actor_for, make_officer, make_person
from tests.factories.places import make_region, make_round


@pytest.fixture
def spending(session: Session) -> Spending:
    made = make_spending()
    made.fund(50_000_000)
    made.allocate(8_000_000)
    return made


def test_money_of_a_source_reaches_the_envelope(session: Session) -> None:
    spending = make_spending()

    transfer = spending.fund(30_000_000, source="시비")
    spending.fund(12_000_000, source="국비")

    assert transfer.kind is TransferKind.FUNDING
    assert sources_of(spending.region.id, spending.round.id) == [("시비", 30_000_000), ("국비", 12_000_000)]
    money = round_money(spending.region.id, spending.round.id)
    assert (money.funded, money.in_envelope, money.drift) == (42_000_000, 42_000_000, 0)
    assert recount(spending.region.id).is_sound


def test_a_selected_project_gets_an_allocation_and_one_that_was_not_selected_none(spending: Spending) -> None:
    assert project_money(spending.project).left == 8_000_000
    for state in (ProjectState.PREPARING, ProjectState.ON_BALLOT, ProjectState.NOT_SELECTED):
        other = make_project(spending.region, spending.round, state=state)
        with pytest.raises(ProjectNotSelected):
            spending.allocate(1, project=other)


def test_an_allocation_up_to_the_cost_is_posted_and_one_won_above_is_refused(spending: Spending) -> None:
    with pytest.raises(AboveTheCost) as refused:
        spending.allocate(2_000_001)
    assert refused.value.params["room"].amount == 2_000_000  # type: ignore[attr-defined]

    spending.allocate(2_000_000)

    assert project_money(spending.project).room == 0


def test_money_that_was_returned_does_not_make_room_above_the_cost(spending: Spending) -> None:
    spending.allocate(2_000_000)
    return_money(
        actor=spending.enterer,
        project=spending.project,
        amount=3_000_000,
        reason="낙찰 차액",
        evidence="정산서",
        idempotency_key=key(),
    )

    with pytest.raises(AboveTheCost):
        spending.allocate(1)


def test_more_than_the_envelope_holds_is_refused_and_nothing_is_stored(session: Session) -> None:
    spending = make_spending()
    spending.fund(5_000_000)

    with pytest.raises(NotEnoughLeft):
        spending.allocate(5_000_001)
    assert session.scalars(sa.select(Transfer.kind).where(Transfer.region_id == spending.region.id)).all() == [
        TransferKind.FUNDING
    ]

    spending.allocate(5_000_000)
    assert round_money(spending.region.id, spending.round.id).in_envelope == 0


def test_the_same_request_under_the_same_key_is_the_same_transfer(spending: Spending, session: Session) -> None:
    first = spending.allocate(500_000, idempotency_key="once")
    again = spending.allocate(500_000, idempotency_key="once")

    assert again is first
    assert project_money(spending.project).left == 8_500_000
    with pytest.raises(KeyUsedOtherwise):
        spending.allocate(500_001, idempotency_key="once")
    other = make_project(spending.region, spending.round)
    with pytest.raises(KeyUsedOtherwise):
        spending.allocate(500_000, project=other, idempotency_key="once")
    audited = session.scalars(
        sa.select(AuditEntry.verb).where(
            AuditEntry.region_id == spending.region.id, AuditEntry.subject == f"transfer:{first.id}"
        )
    ).all()
    assert audited == ["ledger:allocate"]


def test_a_repeated_request_is_known_even_when_the_money_is_gone_meanwhile(session: Session) -> None:
    spending = make_spending()
    spending.fund(10_000_000)
    first = spending.allocate(10_000_000, idempotency_key="all")

    assert spending.allocate(10_000_000, idempotency_key="all") is first


def test_a_payment_waits_until_another_officer_approves_it(spending: Spending) -> None:
    waiting = spending.enter(3_000_000)
    assert waiting.state is DisbursementState.WAITING
    assert project_money(spending.project).disbursed == 0

    approved = spending.approve(waiting)

    assert approved.state is DisbursementState.APPROVED
    assert approved.decided_by_id == spending.approver.person_id
    money = project_money(spending.project)
    assert (money.left, money.disbursed, money.waiting) == (5_000_000, 3_000_000, 0)
    assert recount(spending.region.id).is_sound


def test_nobody_approves_or_refuses_what_they_entered_themselves(spending: Spending) -> None:
    both = actor_for(make_officer(spending.region.id, Role.BUDGET_ENTRY, Role.BUDGET_APPROVAL))
    own = enter_disbursement(
        actor=both,
        project=spending.project,
        amount=1_000,
        payee="가",
        reason="나",
        evidence="다",
        idempotency_key=key(),
    )

    with pytest.raises(SecondPersonNeeded):
        approve_disbursement(actor=both, region_id=spending.region.id, disbursement_id=own.id, note="")
    with pytest.raises(SecondPersonNeeded):
        refuse_disbursement(actor=both, region_id=spending.region.id, disbursement_id=own.id, note="아님")
    with pytest.raises(NotPermitted):
        approve_disbursement(actor=spending.enterer, region_id=spending.region.id, disbursement_id=own.id, note="")
    assert spending.approve(own).state is DisbursementState.APPROVED


def test_the_database_itself_refuses_one_person_in_both_parts(spending: Spending, session: Session) -> None:
    waiting = spending.enter(1_000)
    with pytest.raises(sa.exc.IntegrityError, match="two_persons"), session.begin_nested():
        session.execute(
            sa.update(Disbursement)
            .where(Disbursement.id == waiting.id)
            .values(decided_by_id=Disbursement.entered_by_id)
        )


def test_no_more_can_be_asked_for_than_is_left_less_what_waits(spending: Spending) -> None:
    spending.enter(5_000_000)

    with pytest.raises(PaymentsWaiting) as refused:
        spending.enter(3_000_001)
    assert refused.value.params["free"].amount == 3_000_000  # type: ignore[attr-defined]
    with pytest.raises(NotEnoughLeft):
        spending.enter(8_000_001)
    assert spending.enter(3_000_000).state is DisbursementState.WAITING


def test_approving_checks_again_whether_the_money_is_there(spending: Spending, session: Session) -> None:
    allocation = session.scalars(
        sa.select(Transfer).where(Transfer.region_id == spending.region.id, Transfer.kind == TransferKind.ALLOCATION)
    ).one()
    waiting = spending.enter(3_000_000)
    reverse_transfer(
        actor=spending.approver,
        region_id=spending.region.id,
        transfer_id=allocation.id,
        reason="잘못 배정",
        idempotency_key=key(),
    )

    with pytest.raises(NotEnoughLeft):
        spending.approve(waiting)
    session.refresh(waiting)
    assert waiting.state is DisbursementState.WAITING

    spending.allocate(3_000_000)
    assert spending.approve(waiting).state is DisbursementState.APPROVED


def test_the_second_officer_is_told_who_decided_before(spending: Spending) -> None:
    waiting = spending.enter(1_000)
    spending.approve(waiting)
    late = actor_for(make_officer(spending.region.id, Role.BUDGET_APPROVAL))

    with pytest.raises(AlreadyDecided) as refused:
        refuse_disbursement(actor=late, region_id=spending.region.id, disbursement_id=waiting.id, note="중복")
    assert refused.value.params["name"] == "이승인"
    with pytest.raises(AlreadyDecided):
        spending.approve(waiting)
    assert project_money(spending.project).disbursed == 1_000


def test_a_refusal_needs_a_reason_and_frees_the_money(spending: Spending) -> None:
    waiting = spending.enter(8_000_000)
    with pytest.raises(DetailMissing):
        refuse_disbursement(
            actor=spending.approver, region_id=spending.region.id, disbursement_id=waiting.id, note="  "
        )

    refuse_disbursement(
        actor=spending.approver, region_id=spending.region.id, disbursement_id=waiting.id, note="증빙 없음"
    )

    assert waiting.decision_note == "증빙 없음"
    assert project_money(spending.project).free == 8_000_000


def test_money_is_returned_except_what_payments_wait_for(spending: Spending) -> None:
    spending.enter(6_000_000)

    def give_back(amount: int) -> Transfer:
        return return_money(
            actor=spending.enterer,
            project=spending.project,
            amount=amount,
            reason="낙찰 차액",
            evidence="정산서",
            idempotency_key=key(),
        )

    with pytest.raises(PaymentsWaiting):
        give_back(2_000_001)
    give_back(2_000_000)
    money = project_money(spending.project)
    assert (money.left, money.returned, money.allocated) == (6_000_000, 2_000_000, 8_000_000)


@pytest.mark.parametrize("kind", ["funding", "allocation", "disbursement", "return"])
def test_a_reversal_restores_every_balance_once_and_is_final(spending: Spending, session: Session, kind: str) -> None:
    def balances() -> dict[int, int]:
        rows = session.execute(sa.select(Account.id, Account.balance).where(Account.region_id == spending.region.id))
        return dict(rows.all())

    before = balances()
    posted = {
        "funding": lambda: spending.fund(1_000),
        "allocation": lambda: spending.allocate(1_000),
        "disbursement": lambda: session.get_one(Transfer, (spending.region.id, spending.pay(1_000).transfer_id)),
        "return": lambda: return_money(
            actor=spending.enterer,
            project=spending.project,
            amount=1_000,
            reason="정산",
            evidence="정산서",
            idempotency_key=key(),
        ),
    }[kind]()
    assert balances() != before

    def reverse(transfer: Transfer) -> Transfer:
        return reverse_transfer(
            actor=spending.approver,
            region_id=spending.region.id,
            transfer_id=transfer.id,
            reason="입력 오류",
            idempotency_key=key(),
        )

    reversal = reverse(posted)

    assert balances() == before
    assert reversal.reverses_id == posted.id
    with pytest.raises(AlreadyReversed):
        reverse(posted)
    second_approver = actor_for(make_officer(spending.region.id, Role.BUDGET_APPROVAL))
    with pytest.raises(NotReversible):
        reverse_transfer(
            actor=second_approver,
            region_id=spending.region.id,
            transfer_id=reversal.id,
            reason="되돌림",
            idempotency_key=key(),
        )
    assert recount(spending.region.id).is_sound


def test_a_repeated_reversal_under_its_key_is_the_same_reversal(spending: Spending) -> None:
    transfer = spending.fund(1_000)

    def reverse(reason: str) -> Transfer:
        return reverse_transfer(
            actor=spending.approver,
            region_id=spending.region.id,
            transfer_id=transfer.id,
            reason=reason,
            idempotency_key="again",
        )

    assert reverse("입력 오류") is reverse("입력 오류")
    with pytest.raises(KeyUsedOtherwise):
        reverse("다른 까닭")


def test_funding_that_was_spent_meanwhile_cannot_be_reversed(session: Session) -> None:
    spending = make_spending()
    transfer = spending.fund(1_000)
    spending.allocate(1)

    with pytest.raises(NotEnoughLeft):
        reverse_transfer(
            actor=spending.approver,
            region_id=spending.region.id,
            transfer_id=transfer.id,
            reason="입력 오류",
            idempotency_key=key(),
        )


def test_the_author_of_a_transfer_does_not_reverse_it(spending: Spending) -> None:
    both = actor_for(make_officer(spending.region.id, Role.BUDGET_ENTRY, Role.BUDGET_APPROVAL))
    mine = Spending(spending.region, spending.round, spending.project, both, spending.approver).fund(1_000)

    with pytest.raises(SecondPersonNeeded):
        reverse_transfer(
            actor=both, region_id=spending.region.id, transfer_id=mine.id, reason="오류", idempotency_key=key()
        )


def test_money_of_another_region_cannot_be_reached(spending: Spending) -> None:
    elsewhere = make_spending()
    foreign = elsewhere.fund(1_000)
    elsewhere.allocate(1_000)
    payment = elsewhere.enter(1_000)

    with pytest.raises(UnknownTransfer):
        reverse_transfer(
            actor=spending.approver,
            region_id=spending.region.id,
            transfer_id=foreign.id,
            reason="오류",
            idempotency_key=key(),
        )
    with pytest.raises(UnknownDisbursement):
        approve_disbursement(actor=spending.approver, region_id=spending.region.id, disbursement_id=payment.id, note="")
    with pytest.raises(NotPermitted):
        approve_disbursement(
            actor=spending.approver, region_id=elsewhere.region.id, disbursement_id=payment.id, note=""
        )


@pytest.mark.parametrize("phase", [Phase.MATCHING, Phase.BUDGET_VOTE])
def test_before_the_allocation_phase_money_comes_in_but_does_not_go_out(session: Session, phase: Phase) -> None:
    spending = make_spending(phase=phase)

    spending.fund(1_000)
    with pytest.raises(PhaseClosed):
        spending.allocate(1_000)
    with pytest.raises(PhaseClosed):
        spending.enter(1_000)


@pytest.mark.parametrize("phase", [Phase.ALLOCATION, Phase.IMPLEMENTATION, Phase.RESULTS])
def test_from_the_allocation_phase_on_money_goes_out(session: Session, phase: Phase) -> None:
    spending = make_spending(phase=phase)
    spending.fund(1_000)
    spending.allocate(1_000)

    assert spending.pay(1_000).state is DisbursementState.APPROVED


def test_people_without_the_role_move_nothing(session: Session) -> None:
    spending = make_spending()
    nobody = actor_for(make_person())
    for stranger in (nobody, spending.approver):
        with pytest.raises(NotPermitted):
            Spending(spending.region, spending.round, spending.project, stranger, stranger).fund(1)


def test_a_posted_transfer_can_be_neither_edited_nor_deleted(spending: Spending, session: Session) -> None:
    for change in (sa.update(Transfer).values(amount=1), sa.delete(Transfer)):
        with pytest.raises(sa.exc.IntegrityError, match="guarded"), session.begin_nested():
            session.execute(change.where(Transfer.region_id == spending.region.id))


def test_the_schema_alone_keeps_a_balance_from_falling_below_zero(spending: Spending, session: Session) -> None:
    with pytest.raises(sa.exc.IntegrityError, match="never_below_zero"), session.begin_nested():
        session.execute(sa.update(Account).where(Account.region_id == spending.region.id).values(balance=-1))


def test_each_act_is_in_the_chain_and_the_chain_holds(spending: Spending, session: Session) -> None:
    spending.approve(spending.enter(1_000))
    verbs = session.scalars(
        sa.select(AuditEntry.verb).where(AuditEntry.region_id == spending.region.id).order_by(AuditEntry.sequence)
    ).all()
    assert verbs == ["ledger:fund", "ledger:allocate", "disbursement:enter", "disbursement:approve"]
    assert list(broken_links(spending.region.id)) == []


def test_those_whom_a_payment_concerns_hear_of_it(spending: Spending, session: Session) -> None:
    def told(person_id: int) -> list[NotificationKind]:
        rows = session.scalars(
            sa.select(Notification.kind).where(Notification.person_id == person_id).order_by(Notification.id)
        )
        return list(rows)

    waiting = spending.enter(1_000)
    assert told(spending.approver.person_id) == [NotificationKind.DISBURSEMENT_WAITING]
    assert told(spending.enterer.person_id) == []

    spending.approve(waiting)
    assert told(spending.enterer.person_id) == [NotificationKind.DISBURSEMENT_DECIDED]
    mails = session.scalars(sa.select(OutboxMessage.kind).order_by(OutboxMessage.id)).all()
    assert mails == [
        NotificationKind.PROJECT_FUNDED,
        NotificationKind.DISBURSEMENT_WAITING,
        NotificationKind.DISBURSEMENT_DECIDED,
    ]


def test_the_proposer_hears_of_the_first_allocation_only(spending: Spending, session: Session) -> None:
    spending.allocate(1_000)
    funded = session.scalars(sa.select(Notification).where(Notification.kind == NotificationKind.PROJECT_FUNDED)).all()
    assert [message.params["amount"] for message in funded] == [8_000_000]


def test_rounds_of_one_region_do_not_share_an_envelope(session: Session) -> None:
    spending = make_spending()
    spending.fund(1_000)
    other_round = make_round(spending.region, Phase.IMPLEMENTATION)
    other = make_project(spending.region, other_round)

    with pytest.raises(NotEnoughLeft):
        spending.allocate(1, project=other)
    assert make_region().id != spending.region.id
    assert round_money(spending.region.id, other_round.id).funded == 0
