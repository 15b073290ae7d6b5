"""Paying, closing and granting ask for a second factor of the last minutes, and keep what was typed meanwhile."""

import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.domain.accounts.models import Person, RoleGrant
from civicvote.domain.allocations.models import Disbursement, Transfer
from civicvote.domain.allocations.states import DisbursementState, TransferKind
from civicvote.kernel import ids
from civicvote.kernel.keys import KeyRing
from civicvote.kernel.permissions import Role
from tests.factories.money import Spending, make_spending
from tests.factories.people import make_officer, make_person
from tests.factories.second_factors import code_now, enrol_authenticator
from tests.strict_client import StrictClient
from tests.web.second_factor.conftest import Shown

A_WHILE = timedelta(minutes=6)


class Approver:
    """The officer who approves, with an authenticator, whose last showing is a while ago."""

    def __init__(self, spending: Spending, browser: StrictClient, secret: str) -> None:
        self.spending, self.browser, self.secret = spending, browser, secret
        self.waiting = spending.enter(4_000_000)
        self.page = f"/regions/{spending.region.slug}/desk/budget/payments/{ids.encode(self.waiting.id)}"

    def confirm(self, code: str | None = None, *, follow: bool = True) -> Any:
        typed = {"second_factor_code": code or code_now(self.secret)}
        return self.browser.submit(typed, action="/second-factor/confirm", follow=follow)


@pytest.fixture
def approver(session: Session, sign_in: Any, keys: KeyRing, shown: Shown) -> Approver:
    spending = make_spending()
    spending.fund(20_000_000)
    spending.allocate(10_000_000)
    person = session.get_one(Person, spending.approver.person_id)
    secret = enrol_authenticator(person, keys)
    browser = sign_in(person)
    shown(person, A_WHILE)
    return Approver(spending, browser, secret)


def payments(session: Session) -> int:
    session.expire_all()
    return (
        session.scalar(
            sa.select(sa.func.count()).select_from(Transfer).where(Transfer.kind == TransferKind.DISBURSEMENT)
        )
        or 0
    )


def state(session: Session) -> DisbursementState:
    session.expire_all()
    return session.scalars(sa.select(Disbursement.state)).one()


@pytest.mark.parametrize("htmx", [False, True])
def test_paying_without_a_fresh_factor_is_refused_and_stores_nothing(
    approver: Approver, session: Session, htmx: bool
) -> None:
    approver.browser.get(approver.page)
    answer = approver.browser.submit(action="/approve", htmx=htmx)
    assert answer.status_code == 403
    assert "아직 처리하지 않았습니다" in approver.browser.text()
    assert payments(session) == 0
    assert state(session) is DisbursementState.WAITING
    if htmx:
        assert answer.headers["HX-Trigger"] == "civicvote:send-as-page"


def test_paying_goes_on_with_what_was_sent_once_the_factor_is_shown(approver: Approver, session: Session) -> None:
    approver.browser.get(approver.page)
    approver.browser.submit(action="/approve")
    assert approver.confirm("000000").status_code == 422
    assert payments(session) == 0
    answer = approver.confirm(follow=False)
    assert answer.status_code == 307
    assert answer.headers["Location"] == f"{approver.page}/approve"
    assert payments(session) == 0, "the browser sends the form again"
    approver.browser.get(approver.page)
    assert approver.browser.submit(action="/approve").status_code == 200, "fresh now"
    assert payments(session) == 1


def test_a_browser_that_follows_needs_nothing_but_the_code(approver: Approver, session: Session) -> None:
    approver.browser.get(approver.page)
    approver.browser.submit(action="/approve")
    assert approver.confirm().status_code == 200
    assert "승인했습니다" in approver.browser.text()
    assert state(session) is DisbursementState.APPROVED
    assert payments(session) == 1


def test_what_was_typed_arrives_unchanged(session: Session, sign_in: Any, keys: KeyRing, shown: Shown) -> None:
    spending = make_spending()
    funding = spending.fund(20_000_000)
    person = session.get_one(Person, spending.approver.person_id)
    secret, browser = enrol_authenticator(person, keys), sign_in(person)
    shown(person, A_WHILE)
    reason = '잘못 "편성"했습니다.\n둘째 줄 <b>&amp;</b>'
    browser.get(f"/regions/{spending.region.slug}/desk/budget/transfers/{ids.encode(funding.id)}/reverse")
    assert browser.submit({"reason": reason}, action="/reverse").status_code == 403
    browser.submit({"second_factor_code": code_now(secret)}, action="/second-factor/confirm")
    session.expire_all()
    (stored,) = session.scalars(sa.select(Transfer.reason).where(Transfer.kind == TransferKind.REVERSAL))
    assert stored.replace("\r\n", "\n") == reason


def test_looking_and_what_can_be_undone_asks_for_nothing_more(approver: Approver, session: Session) -> None:
    assert approver.browser.get(approver.page).status_code == 200
    assert approver.browser.submit({"note": "세금계산서가 없습니다."}, action="/refuse").status_code == 200
    assert state(session) is DisbursementState.REFUSED


def test_a_form_after_half_a_day_is_kept_too(approver: Approver, session: Session, shown: Shown) -> None:
    approver.browser.get(approver.page)
    shown(session.get_one(Person, approver.spending.approver.person_id), timedelta(hours=13))
    assert approver.browser.submit({"note": "세금계산서가 없습니다."}, action="/refuse").status_code == 403
    assert state(session) is DisbursementState.WAITING
    assert approver.confirm().status_code == 200
    assert state(session) is DisbursementState.REFUSED


def test_a_link_to_the_page_that_asks_sends_no_form(approver: Approver, session: Session) -> None:
    """Somebody else's link names an act; confirming leads there as reading, and does nothing."""
    approver.browser.get(f"/account/second-factor/confirm?next={approver.page}/approve")
    answer = approver.confirm(follow=False)
    assert answer.status_code == 303
    assert payments(session) == 0


@pytest.mark.parametrize("next_", ["//evil.example/x", "/\\evil.example", "https://evil.example", "/\t/evil"])
def test_going_on_stays_on_this_site(approver: Approver, next_: str) -> None:
    approver.browser.get("/account/second-factor/confirm", query_string={"next": next_})
    assert approver.confirm(follow=False).headers["Location"] == "/me"


def test_a_ticket_is_good_for_its_session_and_address(
    approver: Approver, session: Session, sign_in: Any, keys: KeyRing
) -> None:
    approver.browser.get(approver.page)
    approver.browser.submit(action="/approve")
    ticket = approver.browser.page.xpath("//input[@name='second_factor_ticket']/@value")[0]
    other = make_officer(approver.spending.region.id, Role.BUDGET_APPROVAL)
    secret, browser = enrol_authenticator(other, keys), sign_in(other)
    browser.get(f"/account/second-factor/confirm?next={approver.page}/approve")
    values = {"second_factor_code": code_now(secret), "second_factor_ticket": ticket}
    assert browser.submit(values, action="/second-factor/confirm").status_code == 400
    approver.browser.get(f"/account/second-factor/confirm?next={approver.page}/refuse")
    values = {"second_factor_code": code_now(approver.secret), "second_factor_ticket": ticket}
    assert approver.browser.submit(values, action="/second-factor/confirm").status_code == 400
    assert state(session) is DisbursementState.WAITING


def test_a_stranger_s_form_is_not_made_one_of_this_site_s(approver: Approver) -> None:
    answer = approver.browser.post(f"{approver.page}/approve", data={"note": "from elsewhere"})
    assert answer.status_code == 400
    assert not approver.browser.page.xpath("//input[@name='second_factor_ticket']")


def test_a_file_has_to_be_chosen_again(approver: Approver, session: Session) -> None:
    approver.browser.get(approver.page)
    token = approver.browser.page.xpath("//input[@name='csrf_token']/@value")[0]
    answer = approver.browser.post(
        f"{approver.page}/approve",
        data={"csrf_token": token, "paper": (io.BytesIO(b"%PDF-1.7"), "bill.pdf")},
        headers={"Referer": f"http://localhost{approver.page}?after=1"},
    )
    assert answer.status_code == 403
    assert "파일을 다시 골라 주십시오" in approver.browser.text()
    assert not approver.browser.page.xpath("//input[@name='second_factor_ticket']")
    assert approver.confirm(follow=False).headers["Location"] == f"{approver.page}?after=1"
    assert payments(session) == 0


def test_giving_and_withdrawing_roles_asks_anew(
    session: Session, approver: Approver, sign_in: Any, keys: KeyRing, shown: Shown
) -> None:
    region = approver.spending.region
    administrator = make_officer(region.id, Role.ADMINISTRATOR)
    make_person("김하나", email="hana@example.org")
    secret, browser = enrol_authenticator(administrator, keys), sign_in(administrator)
    shown(administrator, A_WHILE)
    before = session.scalar(sa.select(sa.func.count()).select_from(RoleGrant))
    browser.get(f"/regions/{region.slug}/desk/roles")
    assert browser.submit({"email": "hana@example.org", "role": "expert"}, button="역할 주기").status_code == 403
    session.expire_all()
    assert session.scalar(sa.select(sa.func.count()).select_from(RoleGrant)) == before
    browser.submit({"second_factor_code": code_now(secret)}, action="/second-factor/confirm")
    assert "김하나님에게 역할을 주었습니다" in browser.text()
    shown(administrator, A_WHILE)
    withdrawals = [" ".join(each.text_content().split()) for each in browser.page.xpath("//button")]
    assert browser.submit(button=next(text for text in withdrawals if "전문가" in text)).status_code == 403


def test_who_never_set_one_up_is_led_there_and_nothing_is_done(
    approver: Approver, session: Session, sign_in: Any
) -> None:
    other = make_officer(approver.spending.region.id, Role.BUDGET_APPROVAL)
    browser = sign_in(other, with_second_factor=False)
    browser.get("/me")
    token = browser.page.xpath("//input[@name='csrf_token']/@value")[0]
    sent_from = {"Referer": f"http://localhost{approver.page}"}
    answer = browser.post(f"{approver.page}/approve", data={"csrf_token": token}, headers=sent_from)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/account/second-factor?next={approver.page}")
    browser.get(answer.headers["Location"])
    assert "아직 처리하지 않았습니다" in browser.text()
    assert payments(session) == 0


ACCOUNT_PAGES = ["password", "mail-address", "data", "close"]


@pytest.mark.parametrize("page", ACCOUNT_PAGES)
def test_the_account_of_whoever_has_a_factor_asks_for_it_and_of_others_does_not(
    sign_in: Any, keys: KeyRing, shown: Shown, page: str
) -> None:
    owner, neighbour = make_person(), make_person()
    enrol_authenticator(owner, keys)
    browser, other = sign_in(owner), sign_in(neighbour, with_second_factor=False)
    assert browser.get(f"/me/account/{page}").status_code == 200
    shown(owner, A_WHILE)
    assert "/second-factor/confirm" in browser.get(f"/me/account/{page}").headers["Location"]
    assert other.get(f"/me/account/{page}").status_code == 200


def test_a_password_is_carried_by_no_page(session: Session, sign_in: Any, keys: KeyRing, shown: Shown) -> None:
    """The factor ran out between the page and its form: nothing is done, and the password stands in no hidden field."""
    owner = make_person()
    secret = enrol_authenticator(owner, keys)
    browser = sign_in(owner)
    browser.get("/me/account/close")
    shown(owner, A_WHILE)
    answer = browser.submit({"current_password": "고래가 세 번 노래한다"}, action="/account/close")
    assert answer.status_code == 403
    assert "고래" not in answer.text
    assert "비밀번호는 다시 입력" in browser.text()
    session.expire_all()
    assert session.get_one(Person, owner.id).closed_at is None
    browser.submit({"second_factor_code": code_now(secret)}, action="/second-factor/confirm")
    assert browser.address.endswith("/me/account/close")
