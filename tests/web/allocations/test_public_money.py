"""The public money page: one sum, its way, and each payment with its evidence."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from civicvote.db import db
from civicvote.domain.accounts.models import Person
from civicvote.domain.allocations.models import Account, Disbursement
from civicvote.domain.allocations.services import reverse_transfer
from civicvote.domain.allocations.states import AccountKind, DisbursementState
from civicvote.domain.budgeting.models import Project
from civicvote.domain.budgeting.states import ProjectState
from civicvote.kernel import clock, ids
from civicvote.kernel.phases import Phase
from tests.factories.money import Spending, key, make_project, make_spending
from tests.factories.places import make_region, make_round
from tests.strict_client import StrictClient


@pytest.fixture
def spending(session: Session) -> Spending:
    made = make_spending()
    made.fund(50_000_000)
    made.allocate(8_000_000)
    made.pay(3_000_000)
    return made


def test_the_page_says_the_sum_in_words_and_in_full_digits(spending: Spending, client: StrictClient) -> None:
    client.get(f"/regions/{spending.region.slug}/money")
    heading = client.page.xpath("//h1")[0]
    assert heading.xpath("string(.//span[@aria-hidden='true'])") == "300만 원"
    assert heading.xpath("string(.//span[@class='visually-hidden'])") == "3,000,000원"
    assert not client.page.xpath("//form[.//input[@name='csrf_token']]"), "anonymous pages can be cached"


def test_a_payment_that_was_taken_back_says_so(spending: Spending, client: StrictClient, session: Session) -> None:
    paid = spending.pay(1_000_000)
    reverse_transfer(
        actor=spending.approver,
        region_id=spending.region.id,
        transfer_id=paid.transfer_id or 0,
        reason="두 번 입력됨",
        idempotency_key=key(),
    )
    client.get(f"/regions/{spending.region.slug}/money")
    assert "두 번 입력됨" in client.text()
    client.get(f"/regions/{spending.region.slug}/projects/{ids.encode(spending.project.id)}")
    assert "두 번 입력됨" in client.text()


def test_a_payment_that_only_waits_is_not_public(spending: Spending, client: StrictClient) -> None:
    waiting = spending.enter(1_000)
    waiting.payee = "아직 모르는 회사"
    client.get(f"/regions/{spending.region.slug}/money")
    assert "아직 모르는 회사" not in client.text()


def test_each_round_has_its_own_money(spending: Spending, client: StrictClient) -> None:
    newer = make_round(spending.region, Phase.DISCOVERY)
    newer.year, newer.title_ko = 2027, "2027년 회차"
    client.get(f"/regions/{spending.region.slug}/money")
    assert "300만 원" in client.text(), "the newest round that has money comes first"
    client.get(f"/regions/{spending.region.slug}/money?round={ids.encode(newer.id)}")
    assert "300만 원" not in client.text()
    assert client.get(f"/regions/{spending.region.slug}/money?round=unknown").status_code == 404


def test_a_region_without_rounds_says_why_there_is_nothing(session: Session, client: StrictClient) -> None:
    region = make_region()
    assert client.get(f"/regions/{region.slug}/money").status_code == 200
    assert "공고된 회차가 없" in client.text()


def test_english_readers_get_english_sums(spending: Spending, client: StrictClient) -> None:
    client.get(f"/en/regions/{spending.region.slug}/money")
    assert "₩3 million has been paid out so far" in client.text().replace("₩3,000,000", "")


@pytest.mark.parametrize("address", ["money", "desk/budget", "rounds/{round}/projects"])
def test_lists_ask_the_database_equally_often_at_60_and_at_2000_projects(
    spending: Spending, session: Session, sign_in: Any, count_queries: Any, address: str
) -> None:

    browser = sign_in(session.get_one(Person, spending.approver.person_id))
    path = f"/regions/{spending.region.slug}/{address.format(round=ids.encode(spending.round.id))}"
    session.commit()

    def statements() -> int:
        with count_queries() as queries:
            assert browser.get(path).status_code == 200
        return len(queries)

    item = make_project(spending.region, spending.round).agenda_item_id
    _fill(spending, item, 60)
    few = statements()
    assert few <= 20
    _fill(spending, item, 1_940)
    assert statements() == few


def _fill(spending: Spending, agenda_item_id: int, number: int) -> None:
    """Projects, each with accounts, a payment that waits and one that was made."""

    region_id, round_id, now = spending.region.id, spending.round.id, clock.now()
    projects = [
        {
            "region_id": region_id,
            "id": ids.new_id(),
            "round_id": round_id,
            "agenda_item_id": agenda_item_id,
            "title": f"사업 {index}",
            "summary": "한 문장",
            "description": "",
            "cost_amount": 1_000,
            "department": "도로과",
            "place": "",
            "state": ProjectState.SELECTED,
            "created_at": now,
        }
        for index in range(number)
    ]
    db.session.execute(db.insert(Project), projects)
    accounts = [
        {
            "region_id": region_id,
            "id": ids.new_id(),
            "round_id": round_id,
            "project_id": project["id"],
            "kind": AccountKind.ALLOCATED,
            "name": "",
            "balance": 0,
        }
        for project in projects
    ]
    db.session.execute(db.insert(Account), accounts)
    payments = [
        {
            "region_id": region_id,
            "id": ids.new_id(),
            "project_id": project["id"],
            "amount": 10,
            "payee": "가",
            "reason": "나",
            "evidence": "다",
            "idempotency_key": f"fill-{project['id']}-{state}",
            "state": state,
            "entered_by_id": spending.enterer.person_id,
            "entered_at": now,
            "decided_by_id": spending.approver.person_id if state is DisbursementState.APPROVED else None,
            "decided_at": now if state is DisbursementState.APPROVED else None,
            "decision_note": "",
        }
        for project in projects
        for state in (DisbursementState.APPROVED, DisbursementState.WAITING)
    ]
    db.session.execute(db.insert(Disbursement), payments)
    db.session.commit()
