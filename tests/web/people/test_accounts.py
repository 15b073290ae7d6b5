"""Refused sign-ups, sign in, sign out, my page."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.db import intends_to_write
from civicvote.domain.accounts.models import AccountLink, AccountSession, Person
from civicvote.domain.accounts.passwords import hash_password
from civicvote.domain.notifications.models import OutboxMessage
from civicvote.kernel.permissions import Role
from civicvote.web import passwords
from tests.factories.people import make_officer, make_person, make_resident
from tests.factories.places import make_region
from tests.strict_client import StrictClient

PASSWORD = "초록 우산 아래 고양이"


@pytest.fixture
def member(session: Session) -> Person:
    person = make_person("김하나", email="hana@example.org")
    person.password_hash = hash_password(PASSWORD)
    session.commit()
    return person


def _sign_up(client: StrictClient, **changes: Any) -> int:
    client.get("/account/sign-up")
    values = {"display_name": "새 주민", "email": "new@example.org", "password": PASSWORD, "agrees": "y"}
    return client.submit(values | changes, action="/account/sign-up", follow=False).status_code


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"password": "짧다"}, "10자 이상"),
        ({"password": "1234567890"}, "가장 먼저 넣어 볼"),
        ({"email": "no address"}, "이메일 주소를 끝까지"),
        ({"display_name": "\u200b"}, "읽을 수 있는 이름"),
        ({"display_name": "900101-1234567"}, "주민등록번호로 보이는"),
        ({"agrees": []}, "동의하지 않으면"),
    ],
)
def test_a_refused_sign_up_says_why_and_stores_nothing(
    client: StrictClient, session: Session, changes: dict[str, Any], said: str
) -> None:
    assert _sign_up(client, **changes) == 422
    assert said in client.text()
    assert client.page.xpath("//*[@id='error-summary']//a")
    assert not any(client.page.xpath("//input[@name='password']/@value")), "a password is never sent back"
    for kind in (Person, AccountLink, OutboxMessage):
        assert session.scalar(sa.select(sa.func.count()).select_from(kind)) == 0


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(client: StrictClient, member: Person) -> None:
    answers = []
    for email in (member.email, "nobody@example.org"):
        client.get("/account/sign-in")
        response = client.submit({"email": email, "password": "another password"}, action="/account/sign-in")
        assert response.status_code == 422
        answers.append(response.get_data(as_text=True).replace(email, "ADDRESS"))
    lines = [[line for line in answer.splitlines() if "csrf_token" not in line] for answer in answers]
    assert lines[0] == lines[1]


def test_sign_in_renews_the_session_and_keeps_nothing_of_the_old_one(client: StrictClient, member: Person) -> None:
    client.get("/account/sign-in")
    with client.session_transaction() as cookie:
        cookie["planted"] = "by an attacker"
        before = cookie["csrf_token"]
    client.submit({"email": member.email, "password": PASSWORD}, action="/account/sign-in")
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.get("csrf_token") != before


def test_the_password_is_checked_before_the_writing_transaction_begins(
    client: StrictClient, member: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Watches the real check: on SQLite a connection in use now would hold the lock of all writers."""
    statements: list[bool] = []
    during: list[int] = []

    def note(*_args: Any) -> None:
        statements.append(intends_to_write.get())

    real = passwords.password_fits

    def watched(password: str, password_hash: str | None) -> bool:
        during.append(sum(statements))
        return real(password, password_hash)

    monkeypatch.setattr(passwords, "password_fits", watched)
    client.get("/account/sign-in")
    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        client.submit({"email": member.email, "password": PASSWORD}, action="/account/sign-in", follow=False)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    assert during == [0], "no statement of a writing transaction ran before the check"
    assert sum(statements) > 0, "the session was written after it"


@pytest.mark.parametrize(
    ("target", "reached"),
    [("/me/messages", "/me/messages"), ("//evil.example", "/me"), ("/\\evil.example", "/me"), ("https://evil", "/me")],
)
def test_next_stays_on_the_site(client: StrictClient, member: Person, target: str, reached: str) -> None:
    client.get("/account/sign-in", query_string={"next": target})
    client.submit({"email": member.email, "password": PASSWORD}, action="/account/sign-in")
    assert client.address == reached


def test_signing_out_ends_the_session_even_for_a_copied_cookie(
    client: StrictClient, new_client: Any, member: Person, session: Session
) -> None:
    client.get("/account/sign-in")
    client.submit({"email": member.email, "password": PASSWORD}, action="/account/sign-in")
    with client.session_transaction() as cookie:
        copied = dict(cookie)
    thief = new_client()
    with thief.session_transaction() as cookie:
        cookie.update(copied)
    assert thief.get("/me").status_code == 200
    client.submit(action="/account/sign-out")
    assert client.get("/me").status_code == 303
    assert thief.get("/me").status_code == 303
    assert session.scalars(sa.select(AccountSession)).one().ended_at is not None


def test_my_page_tells_what_waits(sign_in: Any, session: Session) -> None:
    region = make_region(name_ko="빛고을")
    resident = make_resident(region.id, "이두리")
    session.commit()
    page = sign_in(resident)
    assert page.get("/me").status_code == 200
    assert "주민 확인됨" in page.text()
    stranger = sign_in(make_person("박세라"))
    stranger.get("/me")
    assert "아직 주민 확인을 받지 않았습니다" in stranger.text()
    officer = sign_in(make_officer(region.id, Role.MODERATOR, Role.BUDGET_APPROVAL))
    officer.get("/en/me")
    assert "Moderator" in officer.text()
