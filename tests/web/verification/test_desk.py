"""The clerk's desk, and guardians."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.domain.accounts.models import Residency
from civicvote.domain.accounts.residency import ExcludedGroup
from civicvote.domain.regions.models import Region
from civicvote.domain.verification.models import GuardianConsent, IdentityClash
from civicvote.kernel import clock
from civicvote.kernel.permissions import Role
from tests.factories.people import make_officer, make_person, make_resident
from tests.factories.places import make_region
from tests.strict_client import StrictClient

DESK = "/regions/bitgoeul/desk/residency"
GUARDIANS = "/regions/bitgoeul/desk/guardians"


@pytest.fixture
def region(session: Session) -> Region:
    made = make_region("bitgoeul", name_ko="빛고을")
    session.commit()
    return made


@pytest.fixture
def clerk(region: Region, sign_in: Any) -> StrictClient:
    made: StrictClient = sign_in(make_officer(region.id, Role.CLERK))
    return made


def confirm(clerk: StrictClient, *, htmx: bool = False, **values: str) -> Any:
    clerk.get(DESK)
    typed = {"email": "hana@example.org", "legal_name": "김하나", "born_on": "1980. 2. 29.", "evidence": "운전면허증"}
    return clerk.submit(typed | values, action="/desk/residency", htmx=htmx)


def test_a_clerk_confirms_a_person_and_the_desk_is_ready_for_the_next(clerk: StrictClient, session: Session) -> None:
    person = make_person("하나", email="hana@example.org")
    confirm(clerk, residency_class="work", email=" HANA@example.org")
    assert "하나님을 주민으로 확인했습니다" in clerk.text()
    assert "오늘 확인한 사람: 1명" in clerk.text()
    first = clerk.page.xpath("//form//input[@autofocus]")[0]
    assert (first.get("name"), first.get("value", "")) == ("email", "")
    assert clerk.page.xpath("//input[@name='residency_class'][@checked]/@value") == ["work"], "stays for the next"
    assert clerk.page.xpath("//input[@name='legal_name' or @name='born_on']/@value") in ([], ["", ""])
    assert session.scalars(sa.select(Residency)).one().person_id == person.id


def test_with_htmx_the_desk_comes_back_as_a_fragment_that_says_the_name(clerk: StrictClient) -> None:
    make_person("하나", email="hana@example.org")
    answer = confirm(clerk, htmx=True).get_data(as_text=True)
    assert "<html" not in answer
    assert 'data-announce="하나님을 주민으로 확인했습니다' in answer
    assert "data-focus" in answer


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"evidence": "주민등록증 900101-1234567"}, "주민등록번호로 보이는"),
        ({"email": "900101-1234567@example.org"}, "주민등록번호로 보이는"),
        ({"legal_name": "김하나 900101-1234567"}, "주민등록번호로 보이는"),
        ({"born_on": "900101-1234567"}, "주민등록번호로 보이는"),
        ({"born_on": "80-02-29"}, "네 자리"),
        ({"born_on": "1981-02-29"}, "네 자리"),
        ({"legal_name": "1234"}, "이름"),
        ({"email": "nobody@example.org"}, "이 주소로 만든 계정이 없습니다"),
        ({"evidence": ""}, "무엇을 보고 확인했는지"),
        ({"legal_name": ""}, "이름"),
    ],
)
def test_a_refused_confirmation_says_why_and_keeps_what_was_typed(
    clerk: StrictClient, session: Session, values: dict[str, str], said: str
) -> None:
    make_person("하나", email="hana@example.org")
    assert confirm(clerk, **values).status_code == 422
    field = next(iter(values))
    assert said in " ".join(clerk.page.xpath(f"//p[@id='{field}-error']")[0].text_content().split())
    assert clerk.page.xpath(f"//input[@name='{field}']/@value") in ([values[field]], [])
    assert session.scalar(sa.select(sa.func.count()).select_from(Residency)) == 0


def test_a_second_account_with_the_same_papers_is_stopped_and_the_clerk_is_told(
    clerk: StrictClient, session: Session, sign_in: Any
) -> None:
    make_person("하나", email="hana@example.org")
    second = make_person("또하나", email="second@example.org")
    confirm(clerk)
    confirm(clerk, email="second@example.org", legal_name="김 하나", born_on="19800229")
    assert "또하나님을 확인하지 못했습니다" in clerk.text()
    assert session.get(Residency, (session.scalars(sa.select(Region.id)).one(), second.id)) is None
    assert session.scalars(sa.select(IdentityClash)).one().later_person_id == second.id
    resident = sign_in(second)
    resident.get("/regions/bitgoeul/residency")
    assert "결정을 기다리고 있습니다" in resident.text()


def test_staff_are_confirmed_without_a_ballot_and_read_the_clause(
    clerk: StrictClient, session: Session, sign_in: Any
) -> None:
    person = make_person("하나", email="hana@example.org")
    confirm(clerk, excluded_as="staff")
    assert "투표할 수 없습니다" in clerk.text()
    assert session.scalars(sa.select(Residency)).one().excluded_as is ExcludedGroup.STAFF
    resident = sign_in(person)
    resident.get("/regions/bitgoeul/residency")
    assert "주민으로 확인받으셨지만 투표할 수 없습니다" in resident.text()


def test_districts_below_the_region_can_be_noted(clerk: StrictClient, session: Session, region: Region) -> None:
    make_person("하나", email="hana@example.org")
    clerk.get(DESK)
    assert not clerk.page.xpath("//select[@name='district_code']")
    dong = make_region(name_ko="무등동")
    dong.parent_id, dong.code = region.id, "2911056000"
    session.commit()
    confirm(clerk, district_code="2911056000")
    assert session.scalars(sa.select(Residency.district_code)).one() == "2911056000"


def test_the_desk_is_for_clerks_of_this_region_only(region: Region, sign_in: Any, client: StrictClient) -> None:
    elsewhere = sign_in(make_officer(make_region().id, Role.CLERK))
    assert elsewhere.get(DESK).status_code == 403
    assert sign_in(make_resident(region.id)).get(DESK).status_code == 403
    assert client.get(DESK).headers["Location"].startswith("/account/sign-in?next=")


def test_a_clerk_does_not_confirm_themselves(region: Region, sign_in: Any, session: Session) -> None:
    officer = make_officer(region.id, Role.CLERK)
    own = sign_in(officer)
    assert confirm(own, email=officer.email).status_code == 403
    assert session.scalar(sa.select(sa.func.count()).select_from(Residency)) == 0


def record_consent(clerk: StrictClient, **values: str) -> Any:
    clerk.get(GUARDIANS)
    typed = {
        "email": "hana@example.org",
        "guardian_name": "이두리",
        "relation": "어머니",
        "evidence": "가족관계증명서",
    }
    return clerk.submit(typed | values, action="/desk/guardians")


def test_a_guardians_consent_is_recorded_read_and_withdrawn(
    clerk: StrictClient, session: Session, sign_in: Any
) -> None:
    child = make_person("하나", email="hana@example.org")
    born_on = clock.today() - timedelta(days=12 * 366)
    confirm(clerk, born_on=born_on.isoformat())
    resident = sign_in(child)
    resident.get("/regions/bitgoeul/residency")
    assert "함께 창구로 와 주십시오" in resident.text()
    record_consent(clerk)
    assert "하나님에 대한 동의를 기록했습니다" in clerk.text()
    assert "이두리" not in clerk.text(), "the list names no guardian"
    assert session.scalars(sa.select(Residency)).one().guardian_consented_at is not None
    resident.get("/regions/bitgoeul/residency")
    assert "동의가 기록되어 있습니다" in resident.text()
    clerk.submit(button="하나님에 대한 동의 거두기")
    session.expire_all()
    assert session.scalars(sa.select(Residency)).one().guardian_consented_at is None
    assert session.scalars(sa.select(GuardianConsent)).one().withdrawn_at is not None
    record_consent(clerk)
    session.expire_all()
    assert session.scalars(sa.select(GuardianConsent)).one().withdrawn_at is None


@pytest.mark.parametrize("field", ["email", "guardian_name", "relation", "evidence"])
def test_no_field_of_a_consent_takes_a_personal_number(clerk: StrictClient, session: Session, field: str) -> None:
    make_person("하나", email="hana@example.org")
    confirm(clerk, born_on=(clock.today() - timedelta(days=12 * 366)).isoformat())
    assert record_consent(clerk, **{field: "900101-1234567"}).status_code == 422
    assert session.scalar(sa.select(sa.func.count()).select_from(GuardianConsent)) == 0


def test_there_is_no_consent_for_an_adult_or_somebody_unknown(clerk: StrictClient) -> None:
    make_person("하나", email="hana@example.org")
    confirm(clerk)
    assert record_consent(clerk).status_code == 422
    assert "확인된 주민이 없습니다" in clerk.text()
    assert record_consent(clerk, email="nobody@example.org").status_code == 422
