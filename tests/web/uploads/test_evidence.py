"""Papers behind payments: handed in with the payment, opened by officers and observers only, unchanged from then on."""

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy.orm import Session

from civicvote.db import db
from civicvote.domain.allocations.models import Disbursement, DisbursementFile
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.uploads.models import Upload
from civicvote.kernel import ids
from civicvote.kernel.permissions import Role
from tests.factories.files import paper, photo, saved
from tests.factories.money import Spending, make_spending
from tests.factories.people import make_officer, make_person
from tests.strict_client import StrictClient

TYPED = {"amount": "3,000,000", "payee": "빛고을조명(주)", "reason": "1차 기성", "evidence": "도로과-3021"}
BUTTON = "입력하고 승인 요청하기"


@pytest.fixture
def spending(session: Session) -> Spending:
    made = make_spending()
    made.fund(10_000_000)
    made.allocate(8_000_000)
    db.session.commit()
    return made


@pytest.fixture
def officer(spending: Spending, sign_in: Any) -> StrictClient:
    """A budget officer at the empty form."""
    made: StrictClient = sign_in(make_officer(spending.region.id, Role.BUDGET_ENTRY))
    key = ids.encode(spending.project.id)
    made.get(f"/regions/{spending.region.slug}/desk/budget/projects/{key}/enter")
    return made


def bill(name: str = "세금계산서.pdf") -> tuple[BytesIO, str, str]:
    return BytesIO(saved(paper(text="Bill"))), name, "application/pdf"


def entered(officer: StrictClient) -> tuple[Disbursement, Upload]:
    officer.submit({**TYPED, "files": [bill()]}, button=BUTTON)
    return db.session.query(Disbursement).one(), db.session.query(Upload).one()


def address(spending: Spending, disbursement: Disbursement, upload: Upload) -> str:
    slug = spending.region.slug
    return f"/regions/{slug}/desk/payments/{ids.encode(disbursement.id)}/files/{ids.encode(upload.id)}"


def test_a_bill_comes_with_the_payment_and_stands_on_its_page(
    officer: StrictClient, spending: Spending, sign_in: Any
) -> None:
    disbursement, upload = entered(officer)
    approver = sign_in(make_officer(spending.region.id, Role.BUDGET_APPROVAL))
    approver.get(f"/regions/{spending.region.slug}/desk/budget/payments/{ids.encode(disbursement.id)}")
    [link] = approver.page.xpath("//*[@class='papers']//a")
    assert link.text_content() == "세금계산서.pdf"
    assert "예산 담당자, 참관인, 관리자만" in approver.text()
    answer = approver.get(link.get("href"))
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert link.get("href") == address(spending, disbursement, upload)


def test_the_audit_entry_names_the_bytes(officer: StrictClient, spending: Spending) -> None:
    _disbursement, upload = entered(officer)
    entry = db.session.query(AuditEntry).filter(AuditEntry.verb == "disbursement:enter").one()
    assert upload.sha256 in str(entry.detail)


@pytest.mark.parametrize("role", [None, *Role])
def test_a_bill_is_opened_by_officers_and_observers_only(
    officer: StrictClient, spending: Spending, sign_in: Any, role: Role | None
) -> None:
    where = address(spending, *entered(officer))
    person = make_officer(spending.region.id, role) if role else make_person()
    readers = {Role.BUDGET_ENTRY, Role.BUDGET_APPROVAL, Role.OBSERVER, Role.ADMINISTRATOR}
    assert sign_in(person).get(where).status_code == (200 if role in readers else 403)


def test_a_visitor_and_an_officer_elsewhere_get_no_bill(
    officer: StrictClient, client: StrictClient, spending: Spending, sign_in: Any
) -> None:
    where = address(spending, *entered(officer))
    assert client.get(where).status_code == 303
    elsewhere = make_spending()
    stranger = sign_in(make_officer(elsewhere.region.id, *Role))
    assert stranger.get(where).status_code == 403
    other = where.replace(spending.region.slug, elsewhere.region.slug)
    assert stranger.get(other).status_code == 404


def test_the_same_form_sent_twice_is_one_payment_with_one_bill(officer: StrictClient) -> None:
    form = {name: value for name, value in officer.form(button=BUTTON).form_values() if name != "files"}
    where = officer.address
    for _ in range(2):
        answer = officer.post(where, data={**form, **TYPED, "files": [bill()]})
        assert answer.status_code == 303
    assert db.session.query(Disbursement).count() == db.session.query(DisbursementFile).count() == 1
    other = BytesIO(photo()), "a.jpg", "image/jpeg"
    assert officer.post(where, data={**form, **TYPED, "files": [other]}).status_code == 422
    assert db.session.query(DisbursementFile).count() == 1


def test_a_bill_already_kept_survives_a_slip_in_the_amount(officer: StrictClient) -> None:
    officer.submit({"files": [bill()]}, button="고른 파일 올리기")
    assert officer.submit({**TYPED, "amount": "9,000,000"}, button=BUTTON).status_code == 422
    officer.submit({"amount": "3,000,000"}, button=BUTTON)
    assert db.session.query(DisbursementFile).count() == 1


@pytest.mark.parametrize(("role", "seen"), [(Role.OBSERVER, 1), (Role.MODERATOR, 0), (None, 0)])
def test_the_public_page_of_the_project_leads_observers_to_the_bill(
    officer: StrictClient, spending: Spending, sign_in: Any, role: Role | None, seen: int
) -> None:
    disbursement, _upload = entered(officer)
    spending.approve(disbursement)
    db.session.commit()
    reader = sign_in(make_officer(spending.region.id, role) if role else make_person())
    reader.get(f"/regions/{spending.region.slug}/projects/{ids.encode(spending.project.id)}")
    assert "도로과-3021" in reader.text()
    assert len(reader.page.xpath("//*[@class='papers']//a")) == seen
