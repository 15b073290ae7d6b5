"""The account in its owner's hands: password, address, devices, language."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from civicvote.domain.accounts.links import LIFETIMES, LinkPurpose
from civicvote.domain.accounts.models import AccountSession, Person
from civicvote.domain.accounts.queries_account import FRESH
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.models import OutboxMessage
from civicvote.kernel import clock
from civicvote.web.throttle import RATES, Limit
from tests.factories.mail import last_mail_to, link_in_last_mail
from tests.factories.people import session_token_for
from tests.strict_client import StrictClient
from tests.web.accounts.conftest import NEW_PASSWORD, PASSWORD, sign_in_by_page, try_password

USE_PASSWORD = "이 비밀번호 쓰기"


def _is_signed_in(client: StrictClient) -> bool:
    return client.get("/me").status_code == 200


def _kinds(session: Session) -> list[tuple[str, NotificationKind]]:
    mails = session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id))
    return [(mail.address, mail.kind) for mail in mails]


# --- a forgotten password


def test_a_forgotten_password_is_replaced_by_mail_and_every_device_signed_out(
    app: Flask, client: StrictClient, new_client: Any, session: Session, member: Person
) -> None:
    other = sign_in_by_page(new_client(), member)
    client.get("/account/sign-in")
    client.get("/account/reset")
    client.submit({"email": " HANA@example.org"}, action="/account/reset")
    path = link_in_last_mail(app, "hana@example.org")
    client.get(path)
    assert client.submit({"password": "1234567890"}, button=USE_PASSWORD).status_code == 422
    client.submit({"password": NEW_PASSWORD}, button=USE_PASSWORD)
    assert client.address == "/me"
    assert not _is_signed_in(other)
    assert try_password(new_client(), member.email, PASSWORD).status_code == 422
    assert try_password(new_client(), member.email, NEW_PASSWORD).status_code == 303
    assert _kinds(session)[-1] == ("hana@example.org", NotificationKind.PASSWORD_CHANGED)
    assert new_client().get(path).status_code == 404, "once"


def test_asking_for_a_reset_is_answered_alike_and_only_the_mailbox_learns(
    app: Flask, new_client: Any, session: Session, member: Person
) -> None:
    pages = []
    for email in ("hana@example.org", "nobody@example.org"):
        visitor = new_client()
        visitor.get("/account/reset")
        answer = visitor.submit({"email": email}, action="/account/reset").get_data(as_text=True)
        pages.append([line for line in answer.replace(email, "ADDRESS").splitlines() if "csrf" not in line])
    assert pages[0] == pages[1]
    assert _kinds(session) == [
        ("hana@example.org", NotificationKind.RESET_LINK),
        ("nobody@example.org", NotificationKind.NO_ACCOUNT),
    ]
    assert link_in_last_mail(app, "nobody@example.org") == "/account/sign-up"


def test_a_reset_link_lives_an_hour_and_dies_with_the_address(
    app: Flask, client: StrictClient, session: Session, member: Person
) -> None:
    client.get("/account/reset")
    client.submit({"email": member.email}, action="/account/reset")
    path = link_in_last_mail(app, "hana@example.org")
    with clock.frozen_at(clock.now() + LIFETIMES[LinkPurpose.RESET_PASSWORD]):
        assert client.get(path).status_code == 404
    client.get(path)
    member.email = "moved@example.org"
    session.commit()
    assert client.submit({"password": NEW_PASSWORD}, button=USE_PASSWORD).status_code == 404


# --- the password


def test_a_changed_password_renews_this_session_and_ends_the_others(
    client: StrictClient, new_client: Any, session: Session, member: Person
) -> None:
    sign_in_by_page(client, member)
    other = sign_in_by_page(new_client(), member)
    with client.session_transaction() as cookie:
        copied = dict(cookie)
    client.get("/me/account/password")
    wrong = client.submit({"current_password": "nope", "password": NEW_PASSWORD}, button=USE_PASSWORD)
    assert wrong.status_code == 422
    assert _is_signed_in(other)
    client.get("/me/account/password")
    client.submit({"current_password": PASSWORD, "password": NEW_PASSWORD}, button=USE_PASSWORD)
    assert client.address == "/me/account"
    assert not _is_signed_in(other)
    thief = new_client()
    with thief.session_transaction() as cookie:
        cookie.update(copied)
    assert not _is_signed_in(thief), "a copy of the cookie from before is worth nothing"
    assert try_password(new_client(), member.email, NEW_PASSWORD).status_code == 303
    assert _kinds(session) == [("hana@example.org", NotificationKind.PASSWORD_CHANGED)]


def test_a_second_factor_that_was_shown_counts_on_after_the_change(
    sign_in: Any, session: Session, member: Person
) -> None:
    browser = sign_in(member)
    shown_at = session.scalars(sa.select(AccountSession.second_factor_at)).one()
    browser.get("/me/account/password")
    browser.submit({"current_password": PASSWORD, "password": NEW_PASSWORD}, button=USE_PASSWORD)
    open_ones = session.scalars(sa.select(AccountSession).where(AccountSession.ended_at.is_(None))).all()
    assert [each.second_factor_at for each in open_ones] == [shown_at]


def test_a_signed_in_device_is_no_place_to_guess_the_password(client: StrictClient, member: Person) -> None:
    sign_in_by_page(client, member)
    answers = []
    for _ in range(RATES[Limit.PASSWORD_AGAIN].amount + 1):
        client.get("/me/account/close")
        answers.append(client.submit({"current_password": "nope"}, action="/me/account/close").status_code)
    assert answers == [422] * RATES[Limit.PASSWORD_AGAIN].amount + [429]


def test_without_a_password_one_is_chosen_by_mail(app: Flask, sign_in: Any, session: Session, member: Person) -> None:
    member.password_hash = None
    session.commit()
    browser = sign_in(member)
    browser.get("/me/account/password")
    browser.submit(button="링크 받기")
    browser.get(link_in_last_mail(app, "hana@example.org"))
    browser.submit({"password": NEW_PASSWORD}, button=USE_PASSWORD)
    assert try_password(app.test_client(), member.email, NEW_PASSWORD).status_code == 303  # type: ignore[arg-type]


# --- the mail address


def _ask_to_move(client: StrictClient, email: str) -> int:
    client.get("/me/account/mail-address")
    values = {"email": email, "current_password": PASSWORD}
    return client.submit(values, action="/me/account/mail-address").status_code


def test_a_new_address_counts_once_its_mailbox_says_so_and_the_old_one_is_told(
    app: Flask, client: StrictClient, new_client: Any, session: Session, member: Person
) -> None:
    sign_in_by_page(client, member)
    assert _ask_to_move(client, "New@example.org") == 200
    assert "ne…@example.org" in last_mail_to(app, "hana@example.org")
    path = link_in_last_mail(app, "new@example.org")
    client.get(path)
    session.refresh(member)
    assert member.email == "hana@example.org"
    client.submit(button="이 주소 쓰기")
    session.refresh(member)
    assert member.email == "new@example.org"
    assert "new@example.org" in client.text()
    assert "마지막" in last_mail_to(app, "hana@example.org")
    assert try_password(new_client(), "new@example.org", PASSWORD).status_code == 303
    assert try_password(new_client(), "hana@example.org", PASSWORD).status_code == 422


def test_the_address_of_somebody_else_is_answered_alike_and_its_owner_told(
    client: StrictClient, session: Session, member: Person, neighbour: Person
) -> None:
    sign_in_by_page(client, member)
    assert _ask_to_move(client, "free@example.org") == 200
    free = client.text().replace("free@example.org", "ADDRESS")
    assert _ask_to_move(client, "duri@example.org") == 200
    assert client.text().replace("duri@example.org", "ADDRESS") == free
    assert _kinds(session)[-2] == ("duri@example.org", NotificationKind.ACCOUNT_EXISTS)
    assert _ask_to_move(client, "hana@example.org") == 422


def test_a_new_password_stops_an_address_that_somebody_else_asked_for(
    app: Flask, client: StrictClient, member: Person
) -> None:
    sign_in_by_page(client, member)
    _ask_to_move(client, "thief@example.org")
    path = link_in_last_mail(app, "thief@example.org")
    assert link_in_last_mail(app, "hana@example.org") == "/me/account/password"
    client.get("/me/account/password")
    client.submit({"current_password": PASSWORD, "password": NEW_PASSWORD}, button=USE_PASSWORD)
    assert client.get(path).status_code == 404


def test_without_a_password_a_fresh_sign_in_stands_for_it(sign_in: Any, session: Session, member: Person) -> None:
    member.password_hash = None
    session.commit()
    browser = sign_in(member)
    with clock.frozen_at(clock.now() + FRESH + timedelta(seconds=1)):
        assert _ask_to_move(browser, "new@example.org") == 422
    assert "다시 로그인" in browser.text()
    assert _ask_to_move(browser, "new@example.org") == 200


# --- devices


def test_devices_are_listed_and_signed_out_one_by_one_or_all(
    client: StrictClient, new_client: Any, member: Person, neighbour: Person
) -> None:
    phone, tablet, strange = (new_client() for _ in range(3))
    phone.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone) Version/18.1 Mobile Safari/604.1"
    for each in (client, phone, tablet):
        sign_in_by_page(each, member)
    sign_in_by_page(strange, neighbour)
    client.get("/me/account")
    rows = client.page.xpath("//section[@id='devices']//li[.//*[@class='row__title']]")
    assert len(rows) == 3
    assert sum("지금 쓰는 기기" in row.text_content() for row in rows) == 1
    (phones,) = [row for row in rows if "Safari, iPhone" in row.text_content()]
    client.submit(action=phones.xpath(".//form/@action")[0])
    assert not _is_signed_in(phone)
    assert _is_signed_in(tablet)
    client.get("/me/account")
    client.submit(button="다른 기기 모두 로그아웃")
    assert not _is_signed_in(tablet)
    assert _is_signed_in(client)
    assert _is_signed_in(strange)


def test_nobody_ends_the_session_of_somebody_else(
    client: StrictClient, new_client: Any, session: Session, member: Person, neighbour: Person
) -> None:
    sign_in_by_page(client, member)
    theirs = sign_in_by_page(new_client(), neighbour)
    theirs.get("/me/account")
    other = session.scalars(sa.select(AccountSession.id).where(AccountSession.person_id == member.id)).one()
    data = {"csrf_token": theirs.page.xpath("//input[@name='csrf_token']/@value")[0]}
    with theirs.application.test_request_context():
        address = theirs.application.url_for("accounts.end_session", session_id=other)
    assert theirs.post(address, data=data).status_code == 404
    assert _is_signed_in(client)


def test_the_list_of_devices_costs_the_same_at_any_length(
    sign_in: Any, session: Session, member: Person, count_queries: Any
) -> None:
    browser = sign_in(member)
    counts = []
    for _ in range(2):
        for _ in range(30):
            session_token_for(member)
        with count_queries() as statements:
            assert browser.get("/me/account").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]
    seen: list[str] = []
    while True:
        seen += browser.page.xpath("//section[@id='devices']//form/@action")
        more = browser.page.xpath("//section[@id='devices']//a[@rel='next']/@href")
        if not more:
            break
        browser.get(more[0].partition("#")[0])
    ends = [action for action in seen if action.endswith("/end")]
    assert len(ends) == len(set(ends)) == 60


@pytest.mark.parametrize(("locale", "subject"), [("en", "Choose a new password"), ("ko", "새 비밀번호 정하기")])
def test_mails_come_in_the_language_that_was_chosen(
    app: Flask, client: StrictClient, new_client: Any, member: Person, locale: str, subject: str
) -> None:
    sign_in_by_page(client, member)
    client.get("/me/account")
    client.submit({"locale": locale}, action="/me/account/language")
    visitor = new_client()
    visitor.get("/account/reset")
    visitor.submit({"email": member.email}, action="/account/reset")
    assert last_mail_to(app, "hana@example.org").startswith(subject)
