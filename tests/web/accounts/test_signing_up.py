"""An account begins with the click in the mail; whoever signs up learns nothing about an address that is not theirs."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from civicvote.domain.accounts.links import LIFETIMES, LinkPurpose
from civicvote.domain.accounts.models import AccountLink, Person
from civicvote.domain.notifications.models import OutboxMessage
from civicvote.kernel import clock
from civicvote.web import throttle
from civicvote.web.throttle import RATES, Limit
from tests.factories.mail import last_mail_to, link_in_last_mail
from tests.strict_client import StrictClient
from tests.web.accounts.conftest import ELSEWHERE, NEW_PASSWORD, PASSWORD, try_password
from tests.web.accounts.stopwatch import Taken, assert_taking_as_long, timed

BEGIN = "이 계정으로 시작하기"


def _sign_up(client: StrictClient, email: str = "new@example.org", *, next_path: str = "") -> int:
    client.get("/account/sign-up", query_string={"next": next_path} if next_path else {})
    values = {"display_name": " 새  주민 ", "email": email, "password": PASSWORD, "agrees": "y"}
    return client.submit(values, action="/account/sign-up").status_code


def _people(session: Session) -> list[Person]:
    return list(session.scalars(sa.select(Person).order_by(Person.id)))


def test_the_account_begins_with_the_click_and_the_person_is_signed_in(
    app: Flask, client: StrictClient, session: Session
) -> None:
    assert _sign_up(client, " New@Example.org ") == 200
    assert "메일을 확인해 주십시오" in client.text()
    assert "new@example.org" in client.text().lower()
    assert _people(session) == []
    assert client.get("/me").status_code == 303
    client.get(link_in_last_mail(app, "new@example.org"))
    assert _people(session) == [], "looking at the link makes nothing: mail programs look too"
    client.submit(button=BEGIN)
    assert client.address == "/me"
    assert "새 주민님, 반갑습니다" in client.text()
    (person,) = _people(session)
    assert (person.email, person.display_name, person.locale) == ("new@example.org", "새 주민", "ko")


@pytest.mark.parametrize("page", ["/account/sign-up", "/account/reset"])
@pytest.mark.parametrize("email", ["me\ufe6bevil.org@example.org", "a\ufe50b@example.org", "a\u2024@example.org"])
def test_an_address_that_becomes_another_thing_once_it_is_kept_is_none(
    client: StrictClient, session: Session, page: str, email: str
) -> None:
    """Small and narrow signs are kept as the usual ones: two @, a comma, a dot at the end."""
    client.get(page)
    values = {"email": email, "display_name": "주민", "password": PASSWORD, "agrees": "y"}
    sent = values if page == "/account/sign-up" else {"email": email}
    assert client.submit(sent, action=page).status_code == 422
    assert email in [field.get("value") for field in client.page.xpath("//input[@name='email']")], "kept as typed"
    assert session.scalar(sa.select(sa.func.count()).select_from(OutboxMessage)) == 0


def test_a_link_works_once(app: Flask, client: StrictClient, new_client: Any, session: Session) -> None:
    _sign_up(client)
    path = link_in_last_mail(app, "new@example.org")
    client.get(path)
    client.submit(button=BEGIN)
    other = new_client()
    assert other.get(path).status_code == 404
    assert "더 쓸 수 없습니다" in other.text()
    assert other.page.xpath("//main//a[@href='/account/reset']")
    assert session.scalars(sa.select(AccountLink)).one().payload == {}, "the password's hash does not stay there"


def test_an_expired_link_and_a_forged_one_say_the_same(app: Flask, client: StrictClient) -> None:
    _sign_up(client)
    path = link_in_last_mail(app, "new@example.org")
    forged = path[:-1] + ("a" if path[-1] != "a" else "b")
    of_another_purpose = path.replace("/begin/", "/new-password/")
    with clock.frozen_at(clock.now() + LIFETIMES[LinkPurpose.SIGN_UP]):
        answers = [client.get(path)]
    answers += [client.get(each) for each in (forged, of_another_purpose, "/account/begin/x", "/account/begin/1-")]
    assert {answer.status_code for answer in answers} == {404}
    pages = {_without(answer.get_data(as_text=True), "csrf_token", "hreflang") for answer in answers}
    assert len(pages) == 1
    assert client.get(path).status_code == 200, "none of this used it up"


def _without(page: str, *marks: str) -> str:
    return "\n".join(line for line in page.splitlines() if not any(mark in line for mark in marks))


def test_another_device_asks_for_the_password_so_that_nobody_confirms_a_strangers_sign_up(
    app: Flask, client: StrictClient, new_client: Any, session: Session
) -> None:
    _sign_up(client)
    path = link_in_last_mail(app, "new@example.org")
    phone = new_client()
    phone.get(path)
    assert phone.submit({"current_password": NEW_PASSWORD}, button=BEGIN).status_code == 422
    assert _people(session) == []
    phone.submit({"current_password": PASSWORD}, button=BEGIN)
    assert phone.address == "/me"


def test_the_way_that_was_interrupted_goes_on_after_the_click(app: Flask, client: StrictClient) -> None:
    for email, target, reached in (
        ("a@example.org", "/me/messages", "/me/messages"),
        ("b@example.org", "//evil.example", "/me"),
    ):
        _sign_up(client, email, next_path=target)
        client.get(link_in_last_mail(app, email))
        client.submit(button=BEGIN)
        assert client.address == reached
        client.submit(action="/account/sign-out")


def test_a_known_address_is_answered_alike_and_its_owner_is_told(
    app: Flask, client: StrictClient, new_client: Any, session: Session, member: Person
) -> None:
    pages = []
    for email in ("other@example.org", str(member.email)):
        visitor = new_client()
        assert _sign_up(visitor, email) == 200
        pages.append(_without(visitor.get("/account/mailed").get_data(as_text=True).replace(email, "ADDRESS"), "csrf_"))
        refused = try_password(visitor, email, PASSWORD + "!")
        assert refused.status_code == 422
        pages.append(_without(refused.get_data(as_text=True).replace(email, "ADDRESS"), "csrf_token"))
    assert pages[:2] == pages[2:]
    assert [person.id for person in _people(session)] == [member.id]
    assert "이미 ‘김하나’ 이름의 계정이 있습니다" in last_mail_to(app, "hana@example.org")
    client.get(link_in_last_mail(app, "hana@example.org"))
    client.submit({"password": NEW_PASSWORD}, button="이 비밀번호 쓰기")
    assert "김하나님" in client.text()


def test_signing_up_takes_as_long_for_a_known_address(app: Flask, new_client: Any, member: Person) -> None:
    def attempt(email: str) -> Taken:
        visitor = new_client()
        visitor.get("/account/sign-up")
        values = {"display_name": "새 주민", "email": email, "password": PASSWORD, "agrees": "y"}
        return timed(lambda: visitor.submit(values, action="/account/sign-up", follow=False))

    def rounds() -> Iterator[dict[str, list[Taken]]]:
        for round_number in count():
            throttle.init_app(app, redis_url="")
            taken: dict[str, list[Taken]] = {"free": [], "known": []}
            for number in range(RATES[Limit.MAIL_TO_ADDRESS].amount):
                taken["free"].append(attempt(f"free{round_number}-{number}@example.org"))
                taken["known"].append(attempt(str(member.email)))
            yield taken

    assert_taking_as_long(rounds())


def test_neither_the_tables_nor_the_log_hold_what_opens_a_link(
    app: Flask, client: StrictClient, session: Session
) -> None:
    with capture_logs() as logs:
        _sign_up(client)
        path = link_in_last_mail(app, "new@example.org")
        client.get(path)
        client.submit(button=BEGIN)
    mac = path.rpartition("-")[2]
    assert len(mac) == 52
    tables = sa.MetaData()
    tables.reflect(session.connection())
    # The index of search keeps no texts to read out: what it made of them stands in the tables beside it.
    readable = [table for table in tables.sorted_tables if table.name != "findable_index"]
    stored = "\n".join(str(row) for table in readable for row in session.execute(sa.select(table)))
    assert "new@example.org" in stored
    assert mac not in stored
    assert mac not in str(logs)


def test_two_sign_ups_with_one_address_make_one_account(app: Flask, new_client: Any, session: Session) -> None:
    first, second = new_client(), new_client()
    _sign_up(first)
    early = link_in_last_mail(app, "new@example.org")
    _sign_up(second)
    late = link_in_last_mail(app, "new@example.org")
    first.get(early)
    second.get(late)
    first.submit(button=BEGIN)
    assert first.address == "/me"
    assert second.submit(button=BEGIN).status_code == 404
    assert len(_people(session)) == 1


def test_a_mailbox_is_not_filled_through_us_and_others_go_on(browser_at: Any, session: Session) -> None:
    visitor = browser_at()
    for _ in range(RATES[Limit.MAIL_TO_ADDRESS].amount):
        assert _sign_up(visitor) == 200
    assert _sign_up(visitor) == 429
    assert "이후에 다시 하실 수 있습니다" in visitor.text()
    assert visitor.page.xpath("//input[@name='email']/@value") == ["new@example.org"]
    assert _sign_up(browser_at(ELSEWHERE)) == 429
    assert _sign_up(visitor, "other@example.org") == 200
    count = session.scalar(
        sa.select(sa.func.count()).select_from(OutboxMessage).where(OutboxMessage.address == "new@example.org")
    )
    assert count == RATES[Limit.MAIL_TO_ADDRESS].amount


@pytest.mark.parametrize("language", ["", "/en"])
def test_every_page_on_the_way_reads_in_both_languages(app: Flask, client: StrictClient, language: str) -> None:
    client.get(f"{language}/account/sign-up")
    values = {"display_name": "새 주민", "email": "new@example.org", "password": PASSWORD, "agrees": "y"}
    client.submit(values, action="/sign-up")
    path = link_in_last_mail(app, "new@example.org")
    assert path.startswith(f"{language}/account/begin/")
    client.get(path)
    client.submit(action=path)
    assert client.address == f"{language}/me"


def test_after_its_time_a_link_says_so_even_to_whoever_had_the_page_open(app: Flask, client: StrictClient) -> None:
    _sign_up(client)
    client.get(link_in_last_mail(app, "new@example.org"))
    with clock.frozen_at(clock.now() + LIFETIMES[LinkPurpose.SIGN_UP] + timedelta(seconds=1)):
        assert client.submit(button=BEGIN).status_code == 404
