"""The administrator's desk."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civicvote.db import db
from civicvote.domain.accounts.models import Person, RoleGrant
from civicvote.domain.notifications.kinds import NotificationKind
from civicvote.domain.notifications.models import OutboxMessage
from civicvote.domain.regions.kinds import InstitutionKind
from civicvote.domain.regions.models import Institution, InstitutionMembership, Region
from civicvote.kernel import ids
from civicvote.kernel.permissions import Role
from tests.factories.people import make_officer, make_person
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


ROLES = "/regions/bitgoeul/desk/roles"


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


def _institution(region: Region, name: str) -> int:
    made = Institution(id=ids.new_id(), kind=InstitutionKind.UNIVERSITY_OR_EXPERT, name_ko=name, name_en="College")
    db.session.add(made)
    db.session.flush()
    db.session.add(InstitutionMembership(region_id=region.id, institution_id=made.id, source="test"))
    db.session.commit()
    return made.id


def test_a_reviewer_has_a_department_and_a_representative_an_institution(
    region: Region, sign_in: Any, session: Session
) -> None:
    administrator = sign_in(make_officer(region.id, Role.ADMINISTRATOR))
    make_person("김하나", email="hana@example.org")
    college, elsewhere = _institution(region, "빛고을대학"), _institution(make_region(), "먼대학")
    typed = {"email": "hana@example.org", "department": "", "institution": ""}
    for role, values, said in (
        ("reviewer", {"institution": str(college)}, "부서를 적어"),
        ("representative", {"department": "도로과"}, "기관을 골라"),
    ):
        administrator.get(ROLES)
        assert administrator.submit({**typed, **values, "role": role}, button="역할 주기").status_code == 422
        assert said in administrator.text()
    administrator.get(ROLES)
    answer = administrator.submit(
        {**typed, "role": "representative", "institution": str(elsewhere)}, button="역할 주기"
    )
    assert answer.status_code == 422
    assert session.scalar(sa.select(sa.func.count()).select_from(RoleGrant)) == 1, "nothing of it was stored"

    both = {**typed, "department": "도로과", "institution": str(college)}
    for role in ("reviewer", "representative", "expert"):
        administrator.get(ROLES)
        assert administrator.submit({**both, "role": role}, button="역할 주기").status_code == 200
    rows = session.execute(
        sa.select(RoleGrant.role, RoleGrant.department, RoleGrant.institution_id).where(RoleGrant.department != "")
    ).all()
    assert rows == [(Role.REVIEWER, "도로과", None)], "each role has its own, and no other's"
    granted = {row.role: row.institution_id for row in session.scalars(sa.select(RoleGrant))}
    assert granted[Role.REPRESENTATIVE] == college
    assert granted[Role.EXPERT] is None
    assert "도로과" in administrator.text()
    assert "빛고을대학" in administrator.text()


def test_who_gets_or_loses_a_role_is_told(region: Region, sign_in: Any, session: Session) -> None:
    administrator = sign_in(make_officer(region.id, Role.ADMINISTRATOR))
    person = make_person("김하나", email="hana@example.org")
    administrator.get(ROLES)
    administrator.submit({"email": "hana@example.org", "role": "moderator"}, button="역할 주기")
    administrator.submit(button=_withdrawals(administrator)[1])
    theirs = sign_in(person)
    theirs.get("/me/messages")
    assert "새 역할을 맡게 되었습니다" in theirs.text()
    assert "이 역할을 더는 맡지 않습니다" in theirs.text()
    mailed = session.scalars(
        sa.select(OutboxMessage.kind).where(OutboxMessage.address == "hana@example.org").order_by(OutboxMessage.id)
    ).all()
    assert mailed == [NotificationKind.ROLE_GRANTED, NotificationKind.ROLE_WITHDRAWN]
