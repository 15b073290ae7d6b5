"""The budget desk, walked through as the officers do: without JavaScript, and with htmx where it differs."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.domain.accounts.models import Person
from civicvote.domain.allocations.models import Disbursement, Transfer
from civicvote.domain.allocations.queries import project_money, round_money
from civicvote.domain.allocations.services import approve_disbursement, reverse_transfer
from civicvote.domain.allocations.states import DisbursementState, TransferKind
from civicvote.kernel import ids
from civicvote.kernel.permissions import Role
from tests.factories.ledger_truth import recount
from tests.factories.money import Spending, key, make_spending
from tests.factories.people import actor_for, make_officer, make_person
from tests.strict_client import StrictClient


@pytest.fixture
def spending(session: Session) -> Spending:
    return make_spending()


@pytest.fixture
def entry(spending: Spending, session: Session, sign_in: Any) -> StrictClient:
    return _browser(session, sign_in, spending.enterer.person_id)


@pytest.fixture
def approval(spending: Spending, session: Session, sign_in: Any) -> StrictClient:
    return _browser(session, sign_in, spending.approver.person_id)


def _browser(session: Session, sign_in: Any, person_id: int) -> StrictClient:
    made = sign_in(session.get_one(Person, person_id))
    assert isinstance(made, StrictClient)
    return made


def desk(spending: Spending) -> str:
    return f"/regions/{spending.region.slug}/desk/budget"


def books(spending: Spending) -> str:
    return f"{desk(spending)}/projects/{ids.encode(spending.project.id)}"


def test_two_officers_take_money_from_a_source_to_a_payment(
    spending: Spending, entry: StrictClient, approval: StrictClient, client: StrictClient
) -> None:
    entry.get(desk(spending))
    entry.get(f"{desk(spending)}/rounds/{ids.encode(spending.round.id)}/fund")
    entry.submit(
        {"source": "시비", "amount": "50,000,000", "reason": "본예산", "evidence": "예산과-1"}, button="들어온 돈 저장"
    )
    assert "예산에 들어왔습니다" in entry.text()

    entry.get(f"{books(spending)}/allocate")
    entry.submit({"amount": "8,000,000", "reason": "선정 사업"}, button="배정하기")
    assert "800만 원" in entry.text()

    entry.get(f"{books(spending)}/enter")
    entry.submit(
        {"amount": "3,000,000", "payee": "빛고을조명(주)", "reason": "1차 기성", "evidence": "도로과-7"},
        button="입력하고 승인 요청하기",
    )
    assert "승인 대기" in entry.text()
    assert not entry.page.xpath("//form[contains(@action, '/approve')]")

    approval.get(desk(spending))
    assert "빛고을조명(주)" in approval.text()
    approval.submit(action="/approve")
    assert "지급을 승인했습니다" in approval.text()
    assert project_money(spending.project).disbursed == 3_000_000
    assert recount(spending.region.id).is_sound

    client.get(f"/regions/{spending.region.slug}/money")
    for words in ("지금까지", "300만 원", "시비", "빛고을조명(주)", "도로과-7", "1차 기성"):
        assert words in client.text()


def test_a_form_that_is_sent_twice_takes_effect_once(spending: Spending, entry: StrictClient) -> None:
    entry.get(f"{desk(spending)}/rounds/{ids.encode(spending.round.id)}/fund")
    typed = {"source": "시비", "amount": "1000", "reason": "가", "evidence": "나"}
    form_page, address = entry.page, entry.address
    entry.submit(typed, button="들어온 돈 저장")
    entry.page, entry.address = form_page, address
    entry.submit(typed, button="들어온 돈 저장")

    assert round_money(spending.region.id, spending.round.id).funded == 1_000


def test_a_refused_form_says_why_beside_the_field_and_keeps_what_was_typed(
    spending: Spending, entry: StrictClient
) -> None:
    spending.fund(20_000_000)
    entry.get(f"{books(spending)}/allocate")

    answer = entry.submit({"amount": "10,000,001", "reason": "더 필요함"}, button="배정하기")

    assert answer.status_code == 422
    assert "1,000만 원" in entry.page.xpath("string(//*[@id='amount-error'])")
    assert entry.page.xpath("string(//input[@id='amount']/@value)") == "10,000,001"
    assert "더 필요함" in entry.page.xpath("string(//textarea[@id='reason'])")
    assert project_money(spending.project).allocated == 0


def test_an_empty_form_names_everything_that_is_missing(spending: Spending, entry: StrictClient) -> None:
    entry.get(f"{books(spending)}/enter")
    answer = entry.submit({"amount": "삼백만"}, button="입력하고 승인 요청하기")
    assert answer.status_code == 422
    faults = entry.page.xpath("//*[@id='error-summary']//a/@href")
    assert faults == ["#amount", "#payee", "#reason", "#evidence"]


def test_what_waits_already_limits_what_can_be_entered(spending: Spending, entry: StrictClient) -> None:
    spending.fund(20_000_000)
    spending.allocate(10_000_000)
    spending.enter(9_000_000)
    entry.get(f"{books(spending)}/enter")

    answer = entry.submit(
        {"amount": "2,000,000", "payee": "가", "reason": "나", "evidence": "다"}, button="입력하고 승인 요청하기"
    )

    assert answer.status_code == 422
    told = entry.page.xpath("string(//*[@id='amount-error'])")
    assert "900만 원" in told
    assert "100만 원" in told


def test_htmx_gets_the_row_and_the_sums_that_changed(spending: Spending, approval: StrictClient) -> None:
    spending.fund(20_000_000)
    spending.allocate(10_000_000)
    waiting = spending.enter(4_000_000)
    approval.get(desk(spending))

    answer = approval.submit(action=f"/{ids.encode(waiting.id)}/approve", htmx=True, follow=False)

    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "<html" not in text
    assert f'id="payment-{waiting.id}"' in text
    for changed in (f"disbursed-{spending.project.id}", f"left-{spending.project.id}", "disbursed-all", "waiting-all"):
        assert f'id="{changed}" hx-swap-oob="true"' in text
    assert "승인" in text
    assert waiting.state is DisbursementState.APPROVED


@pytest.mark.parametrize("htmx", [False, True])
def test_the_officer_who_comes_second_is_told_who_decided(
    spending: Spending, approval: StrictClient, session: Session, sign_in: Any, htmx: bool
) -> None:
    spending.fund(20_000_000)
    spending.allocate(10_000_000)
    spending.enter(4_000_000)
    second = sign_in(make_officer(spending.region.id, Role.BUDGET_APPROVAL, name="박둘째"))
    second.get(desk(spending))
    approval.get(desk(spending))
    approval.submit(action="/approve")

    answer = second.submit(action="/approve", htmx=htmx)

    assert answer.status_code == 422
    assert "이승인" in answer.get_data(as_text=True)
    assert project_money(spending.project).disbursed == 4_000_000


def test_a_refusal_needs_a_reason_which_the_other_officer_reads(
    spending: Spending, entry: StrictClient, approval: StrictClient
) -> None:
    spending.fund(20_000_000)
    spending.allocate(10_000_000)
    waiting = spending.enter(4_000_000)
    payment = f"{desk(spending)}/payments/{ids.encode(waiting.id)}"
    approval.get(payment)
    assert approval.submit({"note": ""}, action="/refuse").status_code == 422

    approval.submit({"note": "세금계산서가 없습니다."}, action="/refuse")

    assert waiting.state is DisbursementState.REFUSED
    entry.get(payment)
    assert "세금계산서가 없습니다." in entry.text()


def test_nobody_finds_a_button_for_their_own_payment(spending: Spending, session: Session, sign_in: Any) -> None:
    both = make_officer(spending.region.id, Role.BUDGET_ENTRY, Role.BUDGET_APPROVAL)
    spending.fund(20_000_000)
    spending.allocate(10_000_000)
    Spending(spending.region, spending.round, spending.project, actor_for(both), spending.approver).enter(1_000)
    browser = sign_in(both)
    browser.get(desk(spending))
    assert not browser.page.xpath("//form[contains(@action, '/approve')]")
    assert "다른 담당자" in browser.text()


def test_a_transfer_is_reversed_with_its_reason_and_only_once(
    spending: Spending, approval: StrictClient, session: Session
) -> None:
    spending.fund(20_000_000)
    spending.allocate(10_000_000)
    approval.get(books(spending))
    [address] = approval.page.xpath("//a[contains(@href, '/reverse')]/@href")
    approval.get(address)
    assert approval.submit({"reason": ""}, button="정정 기록 남기기").status_code == 422
    approval.submit({"reason": "다른 사업에 배정할 돈"}, button="정정 기록 남기기")

    assert project_money(spending.project).allocated == 0
    approval.get(books(spending))
    assert "다른 사업에 배정할 돈" in approval.text()
    assert not approval.page.xpath("//a[contains(@href, '/reverse')]")
    approval.get(address)
    assert approval.submit({"reason": "또"}, button="정정 기록 남기기").status_code == 422


def test_money_is_returned_from_its_form(spending: Spending, entry: StrictClient) -> None:
    spending.fund(20_000_000)
    spending.allocate(10_000_000)
    entry.get(f"{books(spending)}/return")
    entry.submit({"amount": "1,000,000", "reason": "낙찰 차액", "evidence": "정산서-1"}, button="반납하기")
    assert project_money(spending.project).returned == 1_000_000


def test_what_is_late_and_what_runs_over_stands_on_top(
    spending: Spending, approval: StrictClient, session: Session
) -> None:
    spending.fund(10_000_000)
    spending.allocate(10_000_000)
    waiting = spending.enter(6_000_000)
    session.execute(
        sa.update(Disbursement)
        .where(Disbursement.id == waiting.id)
        .values(entered_at=waiting.entered_at.replace(year=waiting.entered_at.year - 1))
    )
    session.expire_all()
    paid = spending.pay(2_000_000)
    allocation = session.scalars(sa.select(Transfer).where(Transfer.kind == TransferKind.ALLOCATION)).one()
    spending.fund(1)
    with pytest.raises(Exception, match="not_enough_left"):
        reverse_transfer(
            actor=spending.approver,
            region_id=spending.region.id,
            transfer_id=allocation.id,
            reason="오류",
            idempotency_key=key(),
        )
    reverse_transfer(
        actor=actor_for(make_officer(spending.region.id, Role.BUDGET_APPROVAL)),
        region_id=spending.region.id,
        transfer_id=paid.transfer_id or 0,
        reason="오류",
        idempotency_key=key(),
    )
    reverse_transfer(
        actor=spending.approver,
        region_id=spending.region.id,
        transfer_id=allocation.id,
        reason="오류",
        idempotency_key=key(),
    )

    approval.get(desk(spending))

    assert "지연" in approval.text()
    assert "600만 원" in approval.page.xpath("string(//*[@id='alerts'])")


def test_strangers_stay_outside(spending: Spending, sign_in: Any, client: StrictClient) -> None:
    resident = sign_in(make_person())
    assert resident.get(desk(spending)).status_code == 403
    assert client.get(desk(spending)).status_code == 303
    elsewhere = make_spending()
    foreign = elsewhere.fund(1)
    browser = sign_in(make_officer(spending.region.id, Role.BUDGET_APPROVAL))
    assert browser.get(f"{desk(spending)}/transfers/{ids.encode(foreign.id)}/reverse").status_code == 404


def test_an_approver_cannot_reach_the_forms_of_entry_nor_the_other_way(
    spending: Spending, entry: StrictClient, approval: StrictClient
) -> None:
    spending.fund(1_000)
    spending.allocate(1_000)
    waiting = spending.enter(1_000)
    assert approval.get(f"{books(spending)}/enter").status_code == 403
    entry.get(f"{books(spending)}/enter")
    token = entry.page.xpath("string(//main//input[@name='csrf_token']/@value)")
    answer = entry.post(f"{desk(spending)}/payments/{ids.encode(waiting.id)}/approve", data={"csrf_token": token})
    assert answer.status_code == 403
    assert approve_disbursement(actor=spending.approver, region_id=spending.region.id, disbursement_id=waiting.id)


def test_the_desk_reads_in_english_too(spending: Spending, approval: StrictClient) -> None:
    spending.fund(20_000_000)
    spending.allocate(10_000_000)
    spending.enter(1_000)
    approval.get(f"/en{desk(spending)}")
    assert "Waiting for approval" in approval.text()
