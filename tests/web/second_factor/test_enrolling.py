"""Setting up, showing, losing and taking away a second factor, through the pages."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from civicvote.config import Environment
from civicvote.domain.accounts.models import Authenticator, Passkey, Person, RecoveryCode
from civicvote.domain.accounts.services_second_factor import reset_second_factors
from civicvote.domain.audit.models import AuditEntry
from civicvote.domain.notifications.models import OutboxMessage
from civicvote.kernel.keys import KeyRing
from civicvote.kernel.permissions import Role
from civicvote.web.settings import settings
from civicvote.web.settings import store as keep_settings
from tests.factories.people import make_officer, make_person
from tests.factories.places import make_region
from tests.factories.second_factors import SoftPasskey, code_now, enrol_authenticator
from tests.strict_client import StrictClient
from tests.web.second_factor.conftest import Shown

HERE = "/account/second-factor"
ROLES = "/regions/haneul/desk/roles"


@pytest.fixture
def officer(session: Session) -> Person:
    region = make_region("haneul", name_ko="하늘시")
    made = make_officer(region.id, Role.ADMINISTRATOR, name="최관리")
    session.commit()
    return made


@pytest.fixture
def own(officer: Person, sign_in: Any) -> StrictClient:
    made: StrictClient = sign_in(officer, with_second_factor=False)
    return made


def changes(session: Session) -> list[str]:
    """What was mailed and what was audited, which are the same."""
    session.expire_all()
    mailed = [mail.params["change"] for mail in session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id))]
    audited = session.scalars(
        sa.select(AuditEntry.detail).where(AuditEntry.verb == "second_factor:change").order_by(AuditEntry.sequence)
    )
    assert [json.loads(detail)["change"] for detail in audited] == mailed
    return mailed


def set_up_app(own: StrictClient) -> str:
    """Set up an app and return its secret; the browser shows recovery codes where there were none."""
    if not own.page.xpath("//form[contains(@action, '/authenticator/new')]"):
        own.get(HERE)
    own.submit(action="/authenticator/new")
    secret = "".join(own.page.xpath("string(//p[@class='secret'])").split())
    assert own.submit({"code": code_now(secret)}, action="/authenticator").status_code == 200
    return secret


def codes_on(own: StrictClient) -> list[str]:
    return [code.text_content() for code in own.page.xpath("//ol[@class='codes']//code")]


def test_the_first_use_of_a_role_leads_to_setting_up_and_back(own: StrictClient, session: Session) -> None:
    own.get(ROLES, follow_redirects=True)
    assert own.address == f"{HERE}?next={ROLES}"
    assert "업무 화면에 들어가기 전에" in own.text()
    secret = set_up_app(own)
    assert "인증 앱을 등록했습니다" in own.text()
    assert len(codes_on(own)) == 10
    (on,) = own.page.xpath("//a[contains(., '계속하기')]/@href")
    assert on == ROLES
    assert own.get(on).status_code == 200, "what was shown while setting up counts"
    assert changes(session) == ["authenticator_added", "recovery_codes_made"]
    row = session.scalars(sa.select(Authenticator)).one()
    assert row.secret is not None
    assert row.new_secret is None
    assert secret.encode() not in row.secret, "sealed"


def test_a_secret_that_waits_is_shown_to_its_own_browser_only(
    own: StrictClient, officer: Person, sign_in: Any, session: Session
) -> None:
    """Whoever else has the password would copy it, and hold the owner's factor from its first code on."""
    own.get(HERE)
    own.submit(action="/authenticator/new")
    secret = "".join(own.page.xpath("string(//p[@class='secret'])").split())
    stranger = sign_in(officer, with_second_factor=False)
    answer = stranger.get(f"{HERE}/authenticator", follow_redirects=True)
    assert stranger.address == HERE
    assert secret not in answer.get_data(as_text=True).replace(" ", "")
    assert own.submit({"code": code_now(secret)}, action="/authenticator").status_code == 200
    assert session.get_one(Authenticator, officer.id).secret is not None


def test_the_picture_holds_the_secret_without_style_or_script(own: StrictClient) -> None:
    own.get(HERE)
    own.submit(action="/authenticator/new")
    (picture,) = own.page.xpath("//main//svg[@role='img']")
    assert picture.get("aria-label")
    assert len(picture.xpath("./path/@d")[0]) > 1000
    (address,) = own.page.xpath("//a[starts-with(@href, 'otpauth://totp/')]/@href")
    assert "".join(own.page.xpath("string(//p[@class='secret'])").split()) in address


def test_a_wrong_first_code_is_said_beside_the_field_and_opens_nothing(
    own: StrictClient, session: Session, officer: Person
) -> None:
    own.get(HERE)
    own.submit(action="/authenticator/new")
    assert own.submit({"code": "000000"}, action="/authenticator").status_code == 422
    assert "번호가 맞지 않습니다" in own.page.xpath("string(//*[@id='code-error'])")
    assert session.get_one(Authenticator, officer.id).secret is None
    assert own.get(ROLES).headers["Location"].startswith(HERE)


def test_recovery_codes_are_stored_as_macs_and_work_once(
    own: StrictClient, session: Session, officer: Person, shown: Shown
) -> None:
    own.get(HERE)
    set_up_app(own)
    codes = codes_on(own)
    stored = set(session.scalars(sa.select(RecoveryCode.code_mac)))
    assert len(stored) == 10
    assert not any(code.replace("-", "") in mac for code in codes for mac in stored)
    for code, status in ((codes[0].upper(), 303), (codes[0], 422), ("7k2m-9xqr-4tbn", 422), (codes[1], 303)):
        shown(officer, None)
        own.get(f"{HERE}/confirm?next={ROLES}")
        answer = own.submit({"second_factor_recovery_code": code}, action="/confirm", follow=False)
        assert answer.status_code == status, code
        if status == 303:
            assert answer.headers["Location"] == ROLES
    assert changes(session)[-2:] == ["recovery_code_used", "recovery_code_used"]


def test_a_second_page_of_codes_ends_the_first(
    own: StrictClient, officer: Person, session: Session, keys: KeyRing, shown: Shown
) -> None:
    own.get(HERE)
    set_up_app(own)
    old = codes_on(own)
    own.get(f"{HERE}/recovery-codes")
    own.submit(action="/recovery-codes")
    new = codes_on(own)
    assert not set(old) & set(new)
    shown(officer, None)
    own.get(f"{HERE}/confirm")
    assert own.submit({"second_factor_recovery_code": old[0]}, action="/confirm").status_code == 422
    assert own.submit({"second_factor_recovery_code": new[0]}, action="/confirm", follow=False).status_code == 303


def test_a_code_that_was_seen_being_typed_is_worth_nothing(officer: Person, sign_in: Any, keys: KeyRing) -> None:
    secret = enrol_authenticator(officer, keys)
    code = code_now(secret)
    mine, thief = sign_in(officer, with_second_factor=False), sign_in(officer, with_second_factor=False)
    for each, status in ((mine, 303), (thief, 422)):
        each.get(ROLES, follow_redirects=True)
        assert each.address == f"{HERE}/confirm?next={ROLES}"
        answer = each.submit({"second_factor_code": code}, action="/confirm", follow=False)
        assert answer.status_code == status
    assert "이미 쓴 번호입니다" in thief.page.xpath("string(//*[@id='second_factor_code-error'])")
    assert mine.get(ROLES).status_code == 200
    assert thief.get(ROLES).status_code == 303


def test_guessing_ends_after_ten_tries(officer: Person, own: StrictClient, keys: KeyRing) -> None:
    secret = enrol_authenticator(officer, keys)
    own.get(f"{HERE}/confirm")
    statuses = [own.submit({"second_factor_code": "000000"}, action="/confirm").status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert own.submit({"second_factor_code": code_now(secret)}, action="/confirm").status_code == 429


def test_the_last_factor_stays_while_a_role_is_held(own: StrictClient, officer: Person, session: Session) -> None:
    own.get(HERE)
    set_up_app(own)
    own.get(HERE)
    answer = own.submit(button="인증 앱 삭제")
    assert answer.status_code == 409
    assert "하나는 남아 있어야 합니다" in own.text()
    assert session.scalar(sa.select(sa.func.count()).select_from(Authenticator)) == 1
    assert "authenticator_removed" not in changes(session)


def test_without_a_role_the_last_one_goes_and_the_codes_with_it(session: Session, sign_in: Any) -> None:
    own = sign_in(make_person(), with_second_factor=False)
    own.get(HERE)
    set_up_app(own)
    own.get(HERE)
    assert own.submit(button="인증 앱 삭제").status_code == 200
    assert "인증 앱을 삭제했습니다" in own.text()
    for table in (Authenticator, RecoveryCode):
        assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0


def test_changing_factors_asks_for_one_that_is_there(
    officer: Person, own: StrictClient, keys: KeyRing, session: Session
) -> None:
    """Or a stolen password would bring its own second factor."""
    enrol_authenticator(officer, keys)
    own.get(HERE)
    assert own.submit(action="/authenticator/new").status_code == 403
    assert own.get(f"{HERE}/passkeys/new").headers["Location"].startswith(f"{HERE}/confirm?next=")
    assert own.get(f"{HERE}/authenticator").status_code == 303
    own.get(f"{HERE}/recovery-codes")
    assert own.submit(action="/recovery-codes").status_code == 403
    session.expire_all()
    assert session.get_one(Authenticator, officer.id).new_secret is None
    assert session.scalar(sa.select(sa.func.count()).select_from(RecoveryCode)) == 0


def test_moving_to_another_phone_ends_what_other_sessions_showed(
    officer: Person, sign_in: Any, keys: KeyRing, session: Session
) -> None:
    enrol_authenticator(officer, keys)
    mine, other = sign_in(officer), sign_in(officer)
    mine.get(HERE)
    secret = set_up_app(mine)
    assert mine.get(ROLES).status_code == 200
    assert other.get(ROLES).headers["Location"].startswith(f"{HERE}/confirm")
    other.get(f"{HERE}/confirm")
    used = {"second_factor_code": code_now(secret)}
    assert other.submit(used, action="/confirm").status_code == 422, "the first code was used while moving"
    assert changes(session)[0] == "authenticator_replaced"


def test_the_operator_takes_all_away_from_who_lost_it_all(
    officer: Person, own: StrictClient, keys: KeyRing, session: Session
) -> None:
    enrol_authenticator(officer, keys)
    assert officer.email
    reset_second_factors(email=officer.email.upper())
    session.commit()
    assert changes(session) == ["reset"]
    assert own.get(ROLES).headers["Location"].startswith(f"{HERE}?next=")


def options(own: StrictClient, address: str) -> dict[str, Any]:
    token = own.page.xpath("//input[@name='csrf_token']/@value")[0]
    answer = own.post(f"{HERE}{address}", headers={"X-CSRFToken": token})
    assert answer.mimetype == "application/json"
    found: dict[str, Any] = json.loads(answer.data)
    return found


def add_passkey(own: StrictClient, device: SoftPasskey, name: str = "내 휴대전화") -> int:
    own.get(f"{HERE}/passkeys/new")
    answer = device.create(options(own, "/passkeys/options"))
    return own.submit({"name": name, "passkey": answer}, action="/passkeys/new").status_code


def test_a_passkey_is_added_listed_shown_and_removed(
    own: StrictClient, officer: Person, session: Session, shown: Shown
) -> None:
    device = SoftPasskey()
    assert add_passkey(own, device) == 200
    assert len(codes_on(own)) == 10
    own.get(HERE)
    assert "내 휴대전화" in own.text()
    assert add_passkey(own, device) == 422, "the same device twice"
    assert add_passkey(own, SoftPasskey(credential_id=b"number 2"), "열쇠") == 200

    shown(officer, None)
    own.get(f"{HERE}/confirm?next={ROLES}")
    asked = options(own, "/confirm/options")
    assert len(asked["allowCredentials"]) == 2
    answer = own.submit({"second_factor_passkey": device.get(asked)}, action="/confirm", follow=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, ROLES)
    assert session.scalars(sa.select(Passkey.sign_count).order_by(Passkey.id)).all() == [1, 0]

    own.get(HERE)
    own.submit(button="삭제: 열쇠")
    assert "패스키를 삭제했습니다" in own.text()
    assert own.submit(button="삭제: 내 휴대전화").status_code == 409, "the last one of a role"
    assert changes(session) == ["passkey_added", "recovery_codes_made", "passkey_added", "passkey_removed"]


def test_a_replayed_answer_and_one_for_another_site_are_refused(
    own: StrictClient, officer: Person, shown: Shown
) -> None:
    device = SoftPasskey()
    add_passkey(own, device)
    shown(officer, None)
    own.get(f"{HERE}/confirm?next={ROLES}")
    answer = device.get(options(own, "/confirm/options"))
    assert own.submit({"second_factor_passkey": answer}, action="/confirm", follow=False).status_code == 303

    shown(officer, None)
    own.get(f"{HERE}/confirm")
    assert own.submit({"second_factor_passkey": answer}, action="/confirm").status_code == 422, "no challenge waits"
    options(own, "/confirm/options")
    assert own.submit({"second_factor_passkey": answer}, action="/confirm").status_code == 422, "another one waits"
    device.origin = "http://evil.example"
    phished = device.get(options(own, "/confirm/options"))
    assert own.submit({"second_factor_passkey": phished}, action="/confirm").status_code == 422
    assert "응답이 맞지 않습니다" in own.text()
    assert own.get(ROLES).status_code == 303


def test_a_challenge_is_spent_by_an_answer_that_does_not_fit(own: StrictClient, officer: Person, shown: Shown) -> None:
    device = SoftPasskey()
    add_passkey(own, device)
    shown(officer, None)
    own.get(f"{HERE}/confirm")
    asked = options(own, "/confirm/options")
    stranger = SoftPasskey(credential_id=device.credential_id)
    assert own.submit({"second_factor_passkey": stranger.get(asked)}, action="/confirm").status_code == 422
    assert own.submit({"second_factor_passkey": device.get(asked)}, action="/confirm").status_code == 422


def test_somebody_else_s_passkey_is_no_passkey_of_mine(
    own: StrictClient, officer: Person, sign_in: Any, shown: Shown, session: Session
) -> None:
    device = SoftPasskey()
    add_passkey(own, device)
    other = sign_in(make_person(), with_second_factor=False)
    assert add_passkey(other, device) == 422, "a credential belongs to one account"
    assert add_passkey(other, SoftPasskey(credential_id=b"theirs")) == 200
    other.get(f"{HERE}/confirm")
    answer = device.get(options(other, "/confirm/options"))
    assert other.submit({"second_factor_passkey": answer}, action="/confirm").status_code == 422
    passkey = session.scalars(sa.select(Passkey).where(Passkey.person_id == officer.id)).one()
    token = other.page.xpath("//input[@name='csrf_token']/@value")[0]
    own.get(HERE)
    (mine,) = re.findall(r"/passkeys/\w+/remove", own.page.xpath("//form[contains(@action,'/remove')]/@action")[0])
    assert other.post(f"{HERE}{mine}", data={"csrf_token": token}).status_code == 409
    assert session.get(Passkey, passkey.id) is not None


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_pages_hold_in_both_languages(own: StrictClient, language: str) -> None:
    own.get(f"{language}{HERE}")
    set_up_app(own)
    for page in ("", "/confirm", "/passkeys/new", "/recovery-codes"):
        assert own.get(f"{language}{HERE}{page}").status_code == 200


def test_the_code_stands_on_the_page_in_a_demonstration_only(
    app: Flask, own: StrictClient, officer: Person, keys: KeyRing
) -> None:
    enrol_authenticator(officer, keys)
    own.get(f"{HERE}/confirm?next={ROLES}")
    assert "체험판에서는" not in own.text()
    kept = settings()
    keep_settings(app, replace(kept, environment=Environment.DEMO))
    try:
        own.get(f"{HERE}/confirm?next={ROLES}")
        (code,) = re.findall(r"체험판에서는 번호가 (\d{6})입니다", own.text())
        answer = own.submit({"second_factor_code": code}, action="/confirm", follow=False)
        own.get(f"{HERE}/confirm")
        assert code not in own.text(), "the next one is another"
    finally:
        keep_settings(app, kept)
    assert answer.headers["Location"] == ROLES


_LONG_AGO = timedelta(hours=13)


def test_a_desk_asks_again_after_half_a_day(officer: Person, sign_in: Any, keys: KeyRing, shown: Shown) -> None:
    enrol_authenticator(officer, keys)
    own = sign_in(officer)
    shown(officer, timedelta(hours=11))
    assert own.get(ROLES).status_code == 200
    shown(officer, _LONG_AGO)
    assert own.get(ROLES).headers["Location"] == f"{HERE}/confirm?next={ROLES}"
    assert own.get("/me").status_code == 200, "what is everybody's own asks for nothing"
