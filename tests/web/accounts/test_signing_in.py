"""Guessing is slowed down without keeping anybody out, and answers tell nothing about accounts."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from civicvote.domain.accounts.models import AccountSession, Person
from civicvote.web import throttle
from civicvote.web.throttle import RATES, Limit
from tests.factories.mail import link_in_last_mail
from tests.factories.people import make_person
from tests.web.accounts.conftest import ELSEWHERE, HOME, NEW_PASSWORD, PASSWORD, sign_in_by_page, try_password
from tests.web.accounts.stopwatch import Taken, assert_taking_as_long, timed

WRONG = "남의 비밀번호 추측"
PER_PAIR = RATES[Limit.SIGN_IN_HERE].amount
TRIES = 40


def _guess(client: Any, email: str | None, times: int) -> list[int]:
    return [try_password(client, email, WRONG).status_code for _ in range(times)]


def test_twenty_wrong_passwords_throttle_there_and_nobody_else(
    browser_at: Any, member: Person, neighbour: Person
) -> None:
    attacker = browser_at(HOME)
    answers = _guess(attacker, member.email, 20)
    assert answers == [422] * PER_PAIR + [429] * (20 - PER_PAIR)
    assert "이후에 다시 하실 수 있습니다" in attacker.text()
    assert attacker.page.xpath("//main//a[@href='/account/reset']"), "the way out stands on the page"
    refused = try_password(browser_at(HOME), member.email, PASSWORD)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert try_password(browser_at(HOME), neighbour.email, PASSWORD).status_code == 303, "another account, same address"
    assert try_password(browser_at(ELSEWHERE), member.email, PASSWORD).status_code == 303, "same account, elsewhere"


def test_an_unknown_address_is_throttled_alike(browser_at: Any, member: Person) -> None:
    assert _guess(browser_at(HOME), member.email, 12) == _guess(browser_at(HOME), "nobody@example.org", 12)


@pytest.mark.parametrize("email", ["\0", "hana\0@example.org", "\0" * 5000])
def test_an_address_with_a_sign_that_no_keyboard_writes_is_refused(browser_at: Any, email: str) -> None:
    assert try_password(browser_at(HOME), email, PASSWORD).status_code == 400


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "True-Client-IP", "X-Client-IP"])
def test_forged_headers_reset_nothing(browser_at: Any, member: Person, header: str) -> None:
    attacker = browser_at(HOME)
    _guess(attacker, member.email, PER_PAIR)
    attacker.get("/account/sign-in")
    values = {"email": member.email, "password": WRONG}
    data = {"csrf_token": attacker.page.xpath("//main//input[@name='csrf_token']/@value")[0]} | values
    assert attacker.post("/account/sign-in", data=data, headers={header: "192.0.2.1"}).status_code == 429


def test_a_known_device_gets_in_whatever_strangers_do(browser_at: Any, member: Person) -> None:
    """Many hosts guess until the account is closed to strangers; its owner, at home, notices nothing."""
    own = sign_in_by_page(browser_at(HOME), member)
    own.get("/me")
    own.submit(action="/account/sign-out")
    tries, host = 0, 0
    while tries < RATES[Limit.SIGN_IN_ACCOUNT].amount:
        tries += _guess(browser_at(f"198.51.100.{(host := host + 1)}"), member.email, PER_PAIR).count(422)
    assert try_password(browser_at("192.0.2.9"), member.email, PASSWORD).status_code == 429
    assert try_password(own, member.email, WRONG).status_code == 422
    assert try_password(own, member.email, PASSWORD).status_code == 303


def test_a_known_device_is_known_for_its_person_only_and_limited_too(
    browser_at: Any, member: Person, neighbour: Person
) -> None:
    own = sign_in_by_page(browser_at(HOME), member)
    own.get("/me")
    own.submit(action="/account/sign-out")
    assert _guess(own, neighbour.email, PER_PAIR + 1)[-1] == 429
    most = RATES[Limit.SIGN_IN_DEVICE].amount
    assert _guess(own, member.email, most + 1) == [422] * most + [429]


def test_the_device_cookie_names_nobody_and_can_not_be_made_up(browser_at: Any, member: Person) -> None:
    own = sign_in_by_page(browser_at(HOME), member)
    cookie = own.get_cookie("civicvote-device")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert "hana" not in cookie.value
    assert str(member.id) not in cookie.value
    forger = browser_at(HOME)
    forger.set_cookie("civicvote-device", f"abc.{'a' * 52}~{cookie.value[:-1]}")
    assert _guess(forger, member.email, PER_PAIR + 1)[-1] == 429


def test_a_throttled_person_comes_in_by_mail_at_once(app: Flask, browser_at: Any, member: Person) -> None:
    browser = browser_at(HOME)
    _guess(browser, member.email, PER_PAIR + 1)
    browser.get("/account/reset")
    browser.submit({"email": member.email}, action="/account/reset")
    browser.get(link_in_last_mail(app, str(member.email)))
    browser.submit({"password": NEW_PASSWORD}, button="이 비밀번호 쓰기")
    assert browser.address == "/me"


def test_a_success_forgets_the_slips(browser_at: Any, member: Person) -> None:
    for _ in range(3):
        browser = browser_at(HOME)
        assert set(_guess(browser, member.email, PER_PAIR - 1)) == {422}
        assert try_password(browser, member.email, PASSWORD).status_code == 303


def test_known_and_unknown_accounts_take_as_long(app: Flask, browser_at: Any, session: Session, member: Person) -> None:
    """40 interleaved tries each from as many places; an account without a password counts as one that exists."""
    without = make_person("박세라", email="sera@example.org")
    without.password_hash = None
    session.commit()
    addresses = {"known": member.email, "without": without.email, "unknown": "nobody@example.org"}

    def attempt(email: str | None, host: str) -> Taken:
        browser = browser_at(host)
        browser.get("/account/sign-in")
        values = {"email": email, "password": WRONG}
        return timed(lambda: browser.submit(values, action="/account/sign-in"))

    def rounds() -> Iterator[dict[str, list[Taken]]]:
        while True:
            throttle.init_app(app, redis_url="")
            taken: dict[str, list[Taken]] = {kind: [] for kind in addresses}
            for number in range(TRIES):
                for kind, email in addresses.items():
                    taken[kind].append(attempt(email, f"192.0.2.{number}"))
            yield taken

    assert_taking_as_long(rounds())


def test_a_session_says_on_which_device_and_ends_after_thirty_days(
    browser_at: Any, session: Session, member: Person
) -> None:
    browser = browser_at(HOME)
    browser.environ_base["HTTP_USER_AGENT"] = (
        "Mozilla/5.0 (Linux; Android 14; SM-S921N) AppleWebKit/537.36 SamsungBrowser/25.0 Chrome/121.0 Mobile"
    )
    sign_in_by_page(browser, member)
    stored = session.scalars(sa.select(AccountSession)).one()
    assert stored.device == "Samsung Internet, Android"
    assert (stored.expires_at - stored.created_at).days == 30
