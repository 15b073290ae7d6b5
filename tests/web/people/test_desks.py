"""The clerk's desk and the administrator's."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.domain.accounts.models import Person, Residency, RoleGrant
from civicvote.domain.regions.models import Region
from civicvote.kernel.permissions import Role
from tests.factories.people import make_officer, make_person, make_resident
from tests.factories.places import make_region
from tests.strict_client import StrictClient


@pytest.fixture
def region(session: Session) -> Region:
    made = make_region("bitgoeul", name_ko="빛고을")
    session.commit()
    return made


@pytest.fixture
def clerk(region: Region, sign_in: Any) -> StrictClient:
    made: StrictClient = sign_in(make_officer(region.id, Role.CLERK))
    return made


RESIDENCY = "/regions/bitgoeul/desk/residency"
ROLES = "/regions/bitgoeul/desk/roles"


def _confirm(clerk: StrictClient, *, htmx: bool = False, **values: str) -> Any:
    clerk.get(RESIDENCY)
    typed = {"email": "hana@example.org", "evidence": "운전면허증"} | values
    return clerk.submit(typed, action="/desk/residency", htmx=htmx)


def test_a_clerk_confirms_a_person_and_the_desk_is_ready_for_the_next(clerk: StrictClient, session: Session) -> None:
    person = make_person("김하나", email="hana@example.org")
    _confirm(clerk, residency_class="work", email=" HANA@example.org")
    assert "김하나님을 주민으로 확인했습니다" in clerk.text()
    assert "오늘 확인한 사람: 1명" in clerk.text()
    first = clerk.page.xpath("//form//input[@autofocus]")[0]
    assert (first.get("name"), first.get("value", "")) == ("email", "")
    assert clerk.page.xpath("//input[@name='residency_class'][@checked]/@value") == ["work"], "stays for the next"
    assert session.scalars(sa.select(Residency)).one().person_id == person.id


def test_with_htmx_the_desk_comes_back_as_a_fragment_that_says_the_name(clerk: StrictClient) -> None:
    make_person("김하나", email="hana@example.org")
    answer = _confirm(clerk, htmx=True).get_data(as_text=True)
    assert "<html" not in answer
    assert 'data-announce="김하나님을 주민으로 확인했습니다' in answer
    assert "data-focus" in answer


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"evidence": "주민등록증 900101-1234567"}, "주민등록번호로 보이는"),
        ({"email": "900101-1234567@example.org"}, "주민등록번호로 보이는"),
        ({"email": "nobody@example.org"}, "이 주소로 만든 계정이 없습니다"),
        ({"evidence": ""}, "무엇을 보고 확인했는지"),
    ],
)
def test_a_refused_confirmation_says_why_and_keeps_what_was_typed(
    clerk: StrictClient, session: Session, values: dict[str, str], said: str
) -> None:
    make_person("김하나", email="hana@example.org")
    assert _confirm(clerk, **values).status_code == 422
    assert said in clerk.text()
    field = next(iter(values))
    assert clerk.page.xpath(f"//input[@name='{field}']/@value") in ([values[field]], [])
    assert session.scalar(sa.select(sa.func.count()).select_from(Residency)) == 0


def test_the_desk_is_for_clerks_of_this_region_only(region: Region, sign_in: Any, client: StrictClient) -> None:
    elsewhere = sign_in(make_officer(make_region().id, Role.CLERK))
    assert elsewhere.get(RESIDENCY).status_code == 403
    assert sign_in(make_resident(region.id)).get(RESIDENCY).status_code == 403
    assert client.get(RESIDENCY).headers["Location"].startswith("/account/sign-in?next=")


def test_an_administrator_gives_and_withdraws_roles(region: Region, sign_in: Any, session: Session) -> None:
    administrator = sign_in(make_officer(region.id, Role.ADMINISTRATOR, name="최관리"))
    make_person("김하나", email="hana@example.org")
    administrator.get(ROLES)
    administrator.submit({"email": "hana@example.org", "role": "moderator"}, button="역할 주기")
    assert "김하나님에게 역할을 주었습니다" in administrator.text()
    assert "ha…@example.org" in administrator.text()
    assert "hana@example.org" not in administrator.text()
    assert session.scalar(sa.select(sa.func.count()).select_from(RoleGrant)) == 2
    administrator.submit(button=_withdrawals(administrator)[1])
    assert "김하나님의 역할을 거두었습니다" in administrator.text()
    assert session.scalars(sa.select(RoleGrant.role)).all() == [Role.ADMINISTRATOR]


def _withdrawals(page: StrictClient) -> list[str]:
    texts = (" ".join(each.text_content().split()) for each in page.page.xpath("//button"))
    return [text for text in texts if text.startswith("거두기")]


def test_the_last_administrator_stays(region: Region, sign_in: Any, session: Session) -> None:
    administrator = sign_in(make_officer(region.id, Role.ADMINISTRATOR))
    administrator.get(ROLES)
    answer = administrator.submit(button=_withdrawals(administrator)[0])
    assert answer.status_code == 409
    assert "하나뿐인 운영자" in administrator.text()
    assert session.scalar(sa.select(sa.func.count()).select_from(RoleGrant)) == 1


def test_nobody_gives_a_role_to_themselves(region: Region, sign_in: Any, session: Session) -> None:
    me: Person = make_officer(region.id, Role.ADMINISTRATOR)
    administrator = sign_in(me)
    administrator.get(ROLES)
    answer = administrator.submit({"email": me.email, "role": "budget_approval"}, button="역할 주기")
    assert answer.status_code == 422
    assert "자기 자신에게 역할을 줄 수 없습니다" in administrator.text()


def test_roles_page_by_key_with_as_many_statements_at_any_size(
    region: Region, sign_in: Any, session: Session, count_queries: Any
) -> None:
    administrator = sign_in(make_officer(region.id, Role.ADMINISTRATOR))
    for _ in range(60):
        make_officer(region.id, Role.CLERK, Role.MODERATOR)
    with count_queries() as few:
        administrator.get(ROLES)
    shown = administrator.page.xpath("//p[@class='row__title']")
    rest = administrator.page.xpath("//a[@rel='next']/@href")[0]
    for _ in range(1_940):
        make_officer(region.id, Role.CLERK)
    session.commit()
    with count_queries() as many:
        administrator.get(ROLES)
    assert len(shown) == 20
    assert len(few) == len(many)
    administrator.get(rest)
    assert len(administrator.page.xpath("//p[@class='row__title']")) == 20
