"""The whole way with a real provider in a process of its own: sign up, sign in, residency, clash, linking, denial."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.domain.accounts.models import AccountSession, Person, ProviderSignIn, Residency
from civicvote.domain.accounts.passwords import hash_password
from civicvote.domain.accounts.providers import Provider
from civicvote.domain.accounts.queries_account import FRESH
from civicvote.domain.accounts.residency import Assurance, ResidencyClass
from civicvote.domain.notifications.models import OutboxMessage
from civicvote.domain.regions.models import Region
from civicvote.domain.verification.models import IdentityClash, IdentityMark
from civicvote.kernel import clock
from tests.factories.issuer import RealProvider
from tests.factories.people import make_person
from tests.strict_client import StrictClient
from tests.web.providers.conftest import Travel, hop

HONG = {"ci": "ci-of-hong", "name": "홍길동", "birthdate": "1950-03-07", "email": "hong@example.org"}


@pytest.fixture
def city(real: RealProvider, offer: Callable[..., Provider]) -> Provider:
    return offer("city", real.address)


def count(session: Session, table: Any) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def person_named(session: Session, name: str) -> Person:
    return session.scalars(sa.select(Person).where(Person.display_name == name)).one()


def sign_up(client: StrictClient, name: str, **values: str) -> Any:
    return client.submit({"display_name": name, "agrees": "y", **values}, action="/account/providers/sign-up")


def test_the_sign_in_page_leads_to_the_provider_and_asks_for_a_code(
    client: StrictClient, city: Provider, real: RealProvider, session: Session
) -> None:
    client.get("/account/sign-in?next=/regions")
    link = client.page.xpath("//a[contains(@href, '/account/providers/city/start')]")[0]
    assert "city 로그인" in link.text_content()
    answer = client.get(link.get("href"))
    where = answer.headers["Location"]
    assert answer.status_code == 303
    assert where.startswith(f"{real.address}/oauth2/authorize?")
    for part in ("response_type=code", "code_challenge_method=S256", "state=", "nonce=", "scope=openid+profile+email"):
        assert part in where
    assert len(answer.headers["Set-Cookie"]) < 1200
    assert "SameSite=Lax" in answer.headers["Set-Cookie"]


def test_a_newcomer_chooses_a_name_and_is_a_resident(
    client: StrictClient, city: Provider, real: RealProvider, session: Session, region: Region, travel_real: Travel
) -> None:
    real.knows("hong", **HONG, email_verified=True)
    page = travel_real(client, "city", "hong")
    assert page.request.path == "/account/providers/sign-up"
    assert client.form("/account/providers/sign-up").fields["email"] == "hong@example.org"
    assert count(session, Person) == 0, "nothing is stored before the person agreed"
    answer = sign_up(client, "무등산 주민")
    assert answer.request.path == "/me"
    assert "광주 주민으로 확인되었습니다" in answer.get_data(as_text=True)
    person = person_named(session, "무등산 주민")
    assert (person.email, person.password_hash) == ("hong@example.org", None)
    residency = session.get_one(Residency, (region.id, person.id))
    assert (residency.residency_class, residency.assurance) == (ResidencyClass.ADDRESS, Assurance.IDENTITY_PROVIDER)
    assert residency.birth_year == 1950
    assert count(session, IdentityMark) == 2


def test_of_the_claims_only_the_subject_and_hashes_are_stored(
    client: StrictClient, city: Provider, real: RealProvider, session: Session, travel_real: Travel
) -> None:
    real.knows("hong-2", **HONG, email_verified=True, gender="male")
    travel_real(client, "city", "hong-2")
    sign_up(client, "무등산 주민")
    session.commit()
    stored = "".join(
        str(row) for table in Person.metadata.sorted_tables for row in session.execute(sa.select(table)).all()
    )
    assert "hong-2" in stored
    for secret in ("홍길동", "ci-of-hong", "1950-03-07", "1950, 3, 7"):
        assert secret not in stored


def test_the_second_time_the_provider_signs_in_at_once_and_confirms_nothing_anew(
    client: StrictClient, new_client: Any, city: Provider, real: RealProvider, session: Session, travel_real: Travel
) -> None:
    real.knows("hong", **HONG)
    travel_real(client, "city", "hong")
    sign_up(client, "무등산 주민")
    mails = count(session, OutboxMessage)
    again = new_client()
    answer = travel_real(again, "city", "hong")
    assert answer.request.path == "/me"
    assert "무등산 주민" in again.text()
    assert count(session, Person) == 1
    assert count(session, OutboxMessage) == mails


def test_signing_in_renews_the_cookie_and_goes_where_the_person_wanted_but_never_off_the_site(
    client: StrictClient, new_client: Any, city: Provider, real: RealProvider, session: Session, travel_real: Travel
) -> None:
    real.knows("hong", **HONG)
    travel_real(client, "city", "hong")
    sign_up(client, "무등산 주민")
    visitor = new_client()
    visitor.get("/account/sign-in")  # a CSRF token is in the cookie now
    with visitor.session_transaction() as cookie:
        before = dict(cookie)
    answer = travel_real(visitor, "city", "hong", start="/account/providers/city/start?next=/en/regions?a=b")
    assert answer.request.full_path == "/en/regions?a=b"
    with visitor.session_transaction() as cookie:
        assert cookie.get("csrf_token") != before["csrf_token"]
        assert not [name for name in cookie if name.startswith("openid")]
    for evil in ("https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example"):
        start = f"/account/providers/city/start?next={evil}"
        assert travel_real(new_client(), "city", "hong", start=start, follow=False).headers["Location"] == "/me"


def test_the_language_survives_the_way_there_and_back(
    client: StrictClient, city: Provider, real: RealProvider, travel_real: Travel
) -> None:
    real.knows("hong", **HONG)
    travel_real(client, "city", "hong", start="/en/account/providers/city/start")
    assert client.page.get("lang") == "en"
    assert "city sign-on" in client.text()


def test_another_account_with_the_same_identity_waits_for_an_administrator(
    client: StrictClient,
    new_client: Any,
    city: Provider,
    offer: Callable[..., Provider],
    real: RealProvider,
    session: Session,
    region: Region,
    travel_real: Travel,
) -> None:
    real.knows("hong", **HONG)
    real.knows("hong-elsewhere", **HONG)
    offer("simple", real.address)
    travel_real(client, "city", "hong")
    sign_up(client, "무등산 주민")
    second = new_client()
    travel_real(second, "simple", "hong-elsewhere")
    answer = sign_up(second, "또 다른 나", email="")
    assert second.page.xpath("//*[contains(@class, 'notice--warning')]"), "told that an administrator looks at it"
    assert session.get(Residency, (region.id, person_named(session, "또 다른 나").id)) is None
    assert count(session, IdentityClash) == 1
    mails = count(session, OutboxMessage)
    answer = travel_real(new_client(), "simple", "hong-elsewhere")
    assert answer.request.path == "/me", "the sign-in works, the residency waits"
    assert (count(session, IdentityClash), count(session, OutboxMessage)) == (1, mails)


def test_whoever_stops_at_the_provider_is_told_that_nothing_happened(
    client: StrictClient, city: Provider, real: RealProvider, session: Session
) -> None:
    there = client.get("/account/providers/city/start").headers["Location"]
    answer = client.get(hop(real.deny(there)))
    assert answer.status_code == 403
    assert "로그인하지 않았습니다" in client.text()
    assert (count(session, Person), count(session, AccountSession)) == (0, 0)


def test_an_address_works_once(client: StrictClient, city: Provider, real: RealProvider, session: Session) -> None:
    there = client.get("/account/providers/city/start").headers["Location"]
    back = hop(real.consent(there, "hong"))
    assert client.get(back).status_code == 303
    assert client.get(back).status_code == 400


def test_linking_takes_a_form_of_ours_and_unlinking_leaves_the_password(
    sign_in: Any, city: Provider, real: RealProvider, session: Session, region: Region, travel_real: Travel
) -> None:
    real.knows("hong", **HONG)
    person = make_person("기존 주민")
    person.password_hash = hash_password("다섯 단어로 된 비밀번호")
    client = sign_in(person)
    client.get("/me/providers")
    page = travel_real(client, "city", "hong")
    assert page.request.path == "/me/providers/link"
    assert count(session, ProviderSignIn) == 0, "coming back alone links nothing"
    for wrong in ("", "남의 비밀번호"):
        assert client.submit({"current_password": wrong}, action="/me/providers/link").status_code == 422
    assert count(session, ProviderSignIn) == 0, "a borrowed device opens no way in that stays"
    answer = client.submit({"current_password": "다섯 단어로 된 비밀번호"}, action="/me/providers/link")
    assert answer.request.path == "/me/providers"
    assert session.get_one(ProviderSignIn, ("city", "hong")).person_id == person.id
    assert session.get(Residency, (region.id, person.id)) is not None
    assert "city 로그인" in client.text()
    client.submit(action="/me/providers/city/unlink")
    assert count(session, ProviderSignIn) == 0
    kinds = session.scalars(sa.select(OutboxMessage.kind).order_by(OutboxMessage.id)).all()
    assert [kind.value for kind in kinds] == ["provider_linked", "residency_confirmed", "provider_unlinked"]


def test_without_a_password_a_new_way_in_needs_a_fresh_sign_in(
    sign_in: Any, city: Provider, real: RealProvider, session: Session, travel_real: Travel
) -> None:
    real.knows("hong", **HONG)
    person = make_person("기존 주민")
    person.password_hash = None
    client = sign_in(person)
    session.execute(sa.update(AccountSession).values(created_at=clock.now() - 2 * FRESH))
    travel_real(client, "city", "hong")
    assert client.submit(action="/me/providers/link").status_code == 422
    assert count(session, ProviderSignIn) == 0
    session.execute(sa.update(AccountSession).values(created_at=clock.now()))
    assert client.submit(action="/me/providers/link").request.path == "/me/providers"
    assert count(session, ProviderSignIn) == 1


def test_what_opens_one_account_is_not_linked_to_another(
    client: StrictClient, sign_in: Any, city: Provider, real: RealProvider, session: Session, travel_real: Travel
) -> None:
    real.knows("hong", **HONG)
    travel_real(client, "city", "hong")
    sign_up(client, "무등산 주민")
    other = sign_in(make_person("다른 주민"))
    assert travel_real(other, "city", "hong").status_code == 409
    assert session.get_one(ProviderSignIn, ("city", "hong")).person_id == person_named(session, "무등산 주민").id


def test_a_second_identity_of_one_provider_is_refused(
    client: StrictClient, city: Provider, real: RealProvider, session: Session, travel_real: Travel
) -> None:
    real.knows("hong", **HONG)
    real.knows("kim", ci="ci-of-kim", name="김", birthdate="1990-01-01")
    travel_real(client, "city", "hong")
    sign_up(client, "무등산 주민")
    travel_real(client, "city", "kim")
    assert client.submit(action="/me/providers/link").status_code == 409
    assert count(session, ProviderSignIn) == 1


def test_the_only_way_to_sign_in_stays(
    client: StrictClient, city: Provider, real: RealProvider, session: Session, travel_real: Travel
) -> None:
    real.knows("hong", **HONG)
    travel_real(client, "city", "hong")
    sign_up(client, "무등산 주민", email="")
    client.get("/me/providers")
    assert not client.page.xpath("//form[contains(@action, 'unlink')]")
    client.get("/me/providers")
    token = client.page.xpath("//input[@name='csrf_token']/@value")[0]
    assert client.post("/me/providers/city/unlink", data={"csrf_token": token}).status_code == 409
    assert count(session, ProviderSignIn) == 1


def test_an_address_that_has_an_account_is_never_joined(
    client: StrictClient, city: Provider, real: RealProvider, session: Session, travel_real: Travel
) -> None:
    owner = make_person("주소의 주인", email="hong@example.org")
    session.commit()
    real.knows("hong", **HONG, email_verified=True)
    travel_real(client, "city", "hong")
    answer = sign_up(client, "무등산 주민")
    assert answer.status_code == 422
    assert client.form("/account/providers/sign-up").fields["display_name"] == "무등산 주민"
    assert count(session, ProviderSignIn) == 0
    assert sign_up(client, "무등산 주민", email="").request.path == "/me"
    assert person_named(session, "무등산 주민").email is None
    assert session.get_one(Person, owner.id).display_name == "주소의 주인"


def test_an_address_nobody_vouches_for_gets_a_link_and_the_answer_tells_nothing(
    client: StrictClient, new_client: Any, city: Provider, real: RealProvider, session: Session, travel_real: Travel
) -> None:
    make_person("주소의 주인", email="taken@example.org")
    session.commit()
    pages = []
    for number, address in enumerate(["free@example.org", "taken@example.org"]):
        real.knows(f"p{number}", ci=f"ci-{number}", name=f"김{'가나'[number]}", birthdate="1990-01-01", email=address)
        visitor = new_client()
        travel_real(visitor, "city", f"p{number}")
        assert visitor.form("/account/providers/sign-up").fields["email"] == "", "not verified, so not offered"
        sign_up(visitor, "이름", email=address)
        pages.append(visitor.text())
    assert pages[0] == pages[1]
    people = session.scalars(sa.select(Person).where(Person.display_name == "이름")).all()
    assert [person.email for person in people] == [None, None]
    addressed = session.scalars(sa.select(OutboxMessage.address)).all()
    assert sorted(addressed) == ["free@example.org", "taken@example.org"]


def test_a_newcomer_who_does_not_agree_or_has_no_name_has_no_account(
    client: StrictClient, city: Provider, real: RealProvider, session: Session, travel_real: Travel
) -> None:
    real.knows("hong", **HONG)
    travel_real(client, "city", "hong")
    assert client.submit({"display_name": "주민"}, action="/account/providers/sign-up").status_code == 422
    assert sign_up(client, "").status_code == 422
    answer = sign_up(client, "900101-1234567")
    assert answer.status_code == 422
    assert count(session, Person) == 0


def test_the_list_of_links_costs_the_same_however_long_it_is(
    sign_in: Any, offer: Callable[..., Provider], real: RealProvider, session: Session, count_queries: Any
) -> None:
    person = make_person()
    client = sign_in(person)
    costs = []
    for number in range(12):
        offer(f"p{number}", real.address)
        session.add(
            ProviderSignIn(
                provider=f"p{number}",
                subject="s",
                person_id=person.id,
                created_at=clock.now(),
                last_used_at=clock.now(),
            )
        )
        session.commit()
        with count_queries() as queries:
            assert client.get("/me/providers").status_code == 200
        costs.append(len(queries))
    assert len(client.page.xpath("//form[contains(@action, '/unlink')]")) == 12
    assert costs[1] == costs[-1]
